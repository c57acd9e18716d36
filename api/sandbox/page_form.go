package sandbox

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// payForm is how a customer pays: the wallets, and how much.
type payForm struct {
	Wallets []payWallet
	// Odd wallets misbehave; OddOpen shows them from the start.
	Odd     []payWallet
	OddOpen bool
	// Also are ways to pay for which the customer has no wallet.
	Also   string
	Button string
	// Part is the form for a part of what is left, at most Most; Counter says that
	// the shop takes the rest in another way. Amount and RestAtCounter are what was
	// chosen before.
	Part          bool
	Most          string
	Counter       bool
	Amount        string
	RestAtCounter bool
	Switch        *link
}

// stable is the form without what the customer himself has filled in.
func (f payForm) stable() *payForm {
	f.OddOpen, f.Amount, f.RestAtCounter = false, "", false
	f.Wallets, f.Odd = unchosen(f.Wallets), unchosen(f.Odd)
	return &f
}

func unchosen(wallets []payWallet) []payWallet {
	all := slices.Clone(wallets)
	for i := range all {
		all[i].Chosen = false
	}
	return all
}

type payWallet struct {
	ID, Wallet, Name, Note, Mark string
	Chosen                       bool
	// enough tells whether it can pay all that is left.
	enough bool
}

// payPerson is a customer that one can be.
type payPerson struct {
	Name, Note, Href string
	Current          bool
}

// payToken is a token and what it would buy.
type payToken struct{ ID, Wallet, Name, Buys, Price string }

// offerPayment shows who can pay, and with what.
func (t *tx) offerPayment(r *request, how shown, v *payView) {
	payers := t.svc.payers(r)
	if len(payers) == 0 {
		v.Payer = "nobody known here"
		return
	}
	index := payerIndex(how.query, len(payers))
	payer := payers[index]
	v.Payer = payer.Name
	part := !r.Asked.PreAuth && how.query.Get("part") != ""
	for i, c := range payers {
		if len(payers) > 1 {
			v.People = append(v.People, payPerson{
				Name: c.Name, Note: t.personNote(r, c), Href: payAddress(i, part), Current: i == index,
			})
		}
	}
	v.Form = t.form(r, payer, how, part)
	v.Tokens = t.tokenOffers(r, payer)
	currency := r.Asked.Value.Currency
	left := money(r.remaining(), currency)
	switch {
	case r.Asked.PreAuth:
		v.Form.Button = "Authorise " + left
	case part:
		v.Form.Button = "Pay this part"
		v.Form.Most, v.Form.Counter = left, r.Asked.PartialAllowed
		v.Form.Amount, v.Form.RestAtCounter = how.form.Get("amount"), how.form.Get("rest") == "counter"
		v.Form.Switch = &link{Href: template.URL(payAddress(index, false)), Text: "Pay all of it instead"}
	default:
		v.Form.Button = "Pay " + left
		v.Form.Switch = &link{Href: template.URL(payAddress(index, true)), Text: "Pay a part instead"}
	}
}

// payers are the customers who can pay a request: the one whose code was scanned,
// or everybody who can scan a code. A card cannot.
func (s *Service) payers(r *request) []Customer {
	if r.Barcode != "" || r.PatronAccountID != "" {
		c := s.customerFor(r)
		if len(c.Wallets) == 0 {
			return nil
		}
		return []Customer{c}
	}
	return s.scanners()
}

// payerIndex is which of the payers the page is for.
func payerIndex(query url.Values, payers int) int {
	i, err := strconv.Atoi(query.Get("as"))
	if err != nil || i < 0 || i >= payers {
		return 0
	}
	return i
}

// stay is the part of an address that says who the customer is and how they want to
// pay, to be kept after something else than a payment.
func (d *directory) stay(query, form url.Values) string {
	index := payerIndex(query, len(d.customers))
	part := query.Get("part") != "" && form.Get("wallet") == ""
	if index == 0 && !part {
		return ""
	}
	return payAddress(index, part)
}

// payAddress is the address of the page for a payer, beside the one it stands on.
func payAddress(index int, part bool) string {
	address := "?as=" + itoa(index)
	if part {
		address += "&part=1"
	}
	return address
}

// form lists the payer's wallets that are among the payment options.
func (t *tx) form(r *request, payer Customer, how shown, part bool) *payForm {
	f := &payForm{Part: part}
	held := map[api.AssetType]bool{}
	for _, option := range r.Options {
		for _, w := range payer.Wallets {
			if w.AssetType != option.AssetType || payer.BoundWallet != "" && w.ID != payer.BoundWallet {
				continue
			}
			held[w.AssetType] = true
			if w.CollectionID != "" {
				continue
			}
			if shown := t.payWallet(r, w); odd(r, w) {
				f.Odd = append(f.Odd, shown)
			} else {
				f.Wallets = append(f.Wallets, shown)
			}
		}
	}
	f.choose(how.form.Get("wallet"))
	var also []string
	for _, option := range r.Options {
		if !held[option.AssetType] {
			also = append(also, describe(option.AssetType))
		}
	}
	f.Also = strings.Join(also, ", ")
	return f
}

// choose marks the wallet that was chosen before, otherwise the first that can pay
// all of it, or the first.
func (f *payForm) choose(before string) {
	for _, wallets := range []*[]payWallet{&f.Wallets, &f.Odd} {
		if i := slices.IndexFunc(*wallets, func(w payWallet) bool { return w.Wallet == before }); i >= 0 {
			(*wallets)[i].Chosen = true
			f.OddOpen = wallets == &f.Odd
			return
		}
	}
	if len(f.Wallets) > 0 {
		i := slices.IndexFunc(f.Wallets, func(w payWallet) bool { return w.enough })
		f.Wallets[max(i, 0)].Chosen = true
	}
}

func (t *tx) payWallet(r *request, w Wallet) payWallet {
	left, limited := t.available(w)
	shown := payWallet{
		ID: "wallet-" + w.ID, Wallet: w.ID, Name: w.name(), Note: walletNote(w, left, limited, r.Asked.Value.Currency),
		enough: !limited || !left.LessThan(r.remaining()),
	}
	if refusesLines(r, w) {
		shown.Note = "Cannot pay for restricted items"
	} else if !odd(r, w) && !shown.enough {
		shown.Note += ", not enough for all of it"
	}
	shown.Mark = initial(shown.Name)
	return shown
}

// initial is the first letter of a name, as a capital.
func initial(name string) string {
	for _, letter := range name {
		return strings.ToUpper(string(letter))
	}
	return ""
}

// odd tells whether a wallet is one to practise with, not one to pay with.
func odd(r *request, w Wallet) bool { return w.awkward() || refusesLines(r, w) }

func refusesLines(r *request, w Wallet) bool {
	a, known := assetOf(w.AssetType)
	return known && a.refusesRestricted && hasRestricted(r.Asked.LineItems)
}

// personNote is what of a customer one wants to know before being it.
func (t *tx) personNote(r *request, c Customer) string {
	count := 0
	var note string
	for _, w := range c.Wallets {
		if !r.offers(w.AssetType) || w.CollectionID != "" || odd(r, w) {
			continue
		}
		count++
		left, limited := t.available(w)
		note = walletNote(w, left, limited, r.Asked.Value.Currency)
	}
	switch count {
	case 0:
		return "No wallet for this"
	case 1:
		return note
	default:
		return plural(count, "wallet")
	}
}

// tokenOffers are the payer's tokens that can buy something here.
func (t *tx) tokenOffers(r *request, payer Customer) []payToken {
	var all []payToken
	for _, w := range payer.Wallets {
		if w.CollectionID == "" || !r.offers(w.AssetType) || t.spent(w.ID).IsPositive() {
			continue
		}
		lines, err := r.tokenLines(w.CollectionID, nil)
		if err != nil || r.remaining().LessThan(sumOf(lines)) {
			continue
		}
		all = append(all, payToken{
			ID: "token-" + w.ID, Wallet: w.ID, Name: w.name(), Buys: lineNames(lines), Price: money(sumOf(lines), r.Asked.Value.Currency),
		})
	}
	return all
}

func lineNames(lines []api.LineItem) string {
	var names []string
	for _, l := range lines {
		names = append(names, l.Name)
	}
	return strings.Join(names, ", ")
}

// typedAmount reads dollars and cents as a customer types them, in smallest units.
func typedAmount(text string) (decimal.Decimal, bool) {
	text = strings.Replace(strings.TrimPrefix(strings.TrimSpace(text), "$"), ",", ".", 1)
	whole, cents, _ := strings.Cut(text, ".")
	const most = 9
	if whole+cents == "" || len(whole) > most || len(cents) > 2 || !isDigits(whole+cents) {
		return decimal.Zero, false
	}
	amount, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Zero, false
	}
	return amount.Shift(2), true
}
