package sandbox

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"

	"centrapos/api"
)

// connectView is what the page behind a connection's QR code shows: a shop, and the
// wallets that can be linked to it. The documents say of the real one only that the
// customer authorizes the connection there. Source: Centrapay docs, connections.
type connectView struct {
	sheet

	Found, Connected  bool
	Merchant, Heading string
	Sentence          string
	// Said is what a screen reader is told when the page has changed.
	Said string

	Payer   string
	People  []payPerson
	Wallets []payWallet
	// Pay leads to what the shop asks for by the connection, nil while it asks for
	// nothing.
	Pay *link
}

// connectRoutes are for whoever has the link, as the pay pages are.
func (s *Service) connectRoutes(shapes pages) {
	s.mux.HandleFunc("GET /connect/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.showConnectPage(w, r, shapes, nil)
	})
	s.mux.HandleFunc("GET /connect/{id}/version", func(w http.ResponseWriter, r *http.Request) {
		view, err := s.connectView(r.PathValue("id"), r.URL.Query())
		s.showVersion(w, view.Version, err)
	})
	s.mux.HandleFunc("POST /connect/{id}", func(w http.ResponseWriter, r *http.Request) {
		if s.origins.Check(r) != nil {
			s.refuse(w, forbidden())
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := s.connectPressed(r); err != nil {
			s.showConnectPage(w, r, shapes, err)
			return
		}
		http.Redirect(w, r, r.URL.EscapedPath()+s.dir.stay(r.URL.Query(), r.PostForm), http.StatusSeeOther)
	})
}

func (s *Service) showConnectPage(w http.ResponseWriter, r *http.Request, shapes pages, problem error) {
	view, err := s.connectView(r.PathValue("id"), r.URL.Query())
	status := http.StatusOK
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		status = http.StatusNotFound
		view.Title = "Nothing to connect to here"
	case err != nil:
		s.refuse(w, err)
		return
	}
	if problem != nil && view.Found {
		status = http.StatusForbidden
		view.Problem = connectProblem(problem)
		view.Title = "Not done: " + view.Title
	}
	s.show(w, status, shapes, "connect", &view.sheet, &view)
}

func connectProblem(err error) string {
	var n notice
	if errors.As(err, &n) {
		return string(n)
	}
	return "That did not work. Nothing was changed."
}

func (s *Service) connectView(id string, query url.Values) (connectView, error) {
	var view connectView
	err := s.transact(func(t *tx) error {
		c, ok := t.connection(id)
		if !ok {
			return forbidden()
		}
		t.describeConnection(c, query, &view)
		return nil
	})
	if err != nil {
		return connectView{}, err
	}
	view.Version, err = versionOf(view)
	return view, err
}

func (t *tx) describeConnection(c connection, query url.Values, v *connectView) {
	merchant, _ := t.svc.dir.merchant(c.MerchantID)
	v.Found, v.Merchant, v.Watch = true, merchant.Name, watchEvery.Milliseconds()
	if c.Status == api.ConnectionAuthorized {
		t.describeConnected(c, v)
		return
	}
	v.Title = "Connect to " + v.Merchant
	v.Heading = "wants to connect to your wallet"
	v.Sentence = "Once it is connected, what " + v.Merchant + " asks you to pay comes up on this phone. Connecting pays nothing."
	v.Said = v.Merchant + " " + v.Heading
	payers := t.svc.scanners()
	if len(payers) == 0 {
		v.Payer = "Nobody known here"
		return
	}
	index := payerIndex(query, len(payers))
	v.Payer = payers[index].Name
	for i, p := range payers {
		note := "No wallet for this"
		if wallets := t.connectable(merchant, p); len(wallets) > 0 {
			note = plural(len(wallets), "wallet")
		}
		v.People = append(v.People, payPerson{Name: p.Name, Note: note, Href: payAddress(i, false), Current: i == index})
	}
	v.Wallets = t.connectable(merchant, payers[index])
}

// describeConnected shows whose wallet it is, and what there is to pay.
func (t *tx) describeConnected(c connection, v *connectView) {
	v.Connected, v.Title, v.Heading = true, "Connected to "+v.Merchant, "is connected to a wallet"
	v.Sentence = "A wallet is connected to " + v.Merchant + "."
	holder, known := t.svc.dir.customerByAccount(c.WalletAccountID)
	if known && c.WalletName != "" {
		v.Sentence = c.WalletName + " of " + holder.Name + " is connected to " + v.Merchant + "."
	}
	v.Said = "Connected. " + v.Sentence
	all := t.store.byConnection[c.ID]
	if len(all) == 0 {
		return
	}
	latest, ok := t.find(all[len(all)-1])
	if !ok || latest.Status != api.StatusNew {
		return
	}
	left := money(latest.remaining(), latest.Asked.Value.Currency)
	index := slices.IndexFunc(t.svc.scanners(), func(p Customer) bool { return p.AccountID == c.WalletAccountID })
	v.Pay = &link{Href: template.URL("/pay/" + url.PathEscape(latest.ID) + payAddress(max(index, 0), false)), Text: "Pay " + left}
	v.Said = v.Merchant + " asks for " + left
}

// scanners are the customers who can scan a code. A card cannot.
func (s *Service) scanners() []Customer {
	return slices.DeleteFunc(slices.Clone(s.dir.customers), func(c Customer) bool { return c.BoundWallet != "" })
}

// connectable are a customer's wallets that a merchant takes, the first one chosen.
func (t *tx) connectable(m Merchant, holder Customer) []payWallet {
	var all []payWallet
	for _, w := range holder.Wallets {
		taken := slices.ContainsFunc(m.eachConfig(), func(c Merchant) bool { return slices.Contains(c.AssetTypes, w.AssetType) })
		if !taken || w.awkward() {
			continue
		}
		left, limited := t.available(w)
		a, _ := assetOf(w.AssetType)
		all = append(all, payWallet{
			ID: "wallet-" + w.ID, Wallet: w.ID, Name: w.name(), Note: walletNote(w, left, limited, a.currencies[0]),
			Mark: initial(w.name()), Chosen: len(all) == 0,
		})
	}
	return all
}

// connectPressed links the wallet that was chosen, one of the customer's own.
func (s *Service) connectPressed(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return unreadableBody(err)
	}
	return s.transact(func(t *tx) error {
		payers := s.scanners()
		if len(payers) == 0 {
			return forbidden()
		}
		holder := payers[payerIndex(r.URL.Query(), len(payers))]
		i := slices.IndexFunc(holder.Wallets, func(w Wallet) bool { return w.ID == r.PostForm.Get("wallet") })
		if i < 0 {
			return notice("Choose a wallet. Nothing was changed.")
		}
		_, err := t.authorize(r.PathValue("id"), holder.Wallets[i], holder.AccountID, holder.crn())
		var refusal *Refusal
		if errors.As(err, &refusal) {
			return notice("Another wallet is connected already. Nothing was changed.")
		}
		return err
	})
}
