package sandbox

import (
	"iter"
	"slices"
	"strings"
	"time"

	"centrapos/api"
)

// How many payments the trainer's page shows.
const (
	mostOpen = 50
	mostDone = 20
)

// controlView is what the trainer's page shows.
type controlView struct {
	sheet

	Said    string
	Patron  string
	PayBase string
	// Open are the newest payments that are open, Hidden how many more there are.
	Open   []controlRequest
	Hidden int
	Done   []controlRequest

	Clock    string
	Ahead    string
	Faults   []FaultState
	Examples []string
	Wallets  []controlWallet
}

type controlRequest struct {
	ID, ShortCode, Merchant, Amount, Heading string
	// Whose it is when a code was scanned.
	Whose     string
	Questions []api.PaymentCondition
	// Asks tells whether the till takes conditions.
	Asks    bool
	Choices []controlPerson
	// Age and Left are in seconds.
	Age, Left         int64
	AgeText, LeftText string
}

type controlPerson struct {
	Name    string
	Wallets []controlWallet
}

type controlWallet struct{ Value, Text, Note string }

func (s *Service) controlView() (controlView, error) {
	view := controlView{Patron: s.patron.String(), PayBase: s.payBase, Faults: s.Faults(), Examples: faultExamples()}
	view.Title, view.Watch = "Sandbox control", watchEvery.Milliseconds()
	err := s.transact(func(t *tx) error {
		t.describeControl(&view)
		return nil
	})
	if err != nil {
		return controlView{}, err
	}
	stable := view
	stable.Clock = ""
	stable.Open, stable.Done = ageless(view.Open), ageless(view.Done)
	if view.Version, err = versionOf(stable); err != nil {
		return controlView{}, err
	}
	return view, nil
}

// ageless are requests without what changes from second to second.
func ageless(requests []controlRequest) []controlRequest {
	all := slices.Clone(requests)
	for i := range all {
		all[i].Age, all[i].Left, all[i].AgeText, all[i].LeftText = 0, 0, "", ""
	}
	return all
}

func faultExamples() []string {
	return []string{
		"create:drop-after:1", "create:status=503", "get:delay=3s", "get:html", "get:status=429,5", "void:status=500:1-2",
		"pay:delay=2s", "*:hang=30s", "activities:lag=30s", "*:skew=-5m", "*:quirks", "*:status=502:5%",
	}
}

func (t *tx) describeControl(v *controlView) {
	open := 0
	for id := range t.store.unsettled {
		if r := t.store.requests[id]; r.Status == api.StatusNew && t.now.Before(r.ExpiresAt) {
			open++
		}
	}
	for r := range t.openRequests() {
		if len(v.Open) == mostOpen {
			v.Hidden = open - mostOpen
			break
		}
		v.Open = append(v.Open, t.controlRequest(r))
	}
	for _, id := range slices.Backward(t.store.order) {
		r, ok := t.find(id)
		if !ok || r.Status == api.StatusNew {
			continue
		}
		done := t.controlRequest(r)
		done.Choices = nil
		if v.Done = append(v.Done, done); len(v.Done) == mostDone {
			break
		}
	}
	for _, c := range t.svc.dir.customers {
		for _, w := range c.Wallets {
			if left, limited := t.available(w); limited {
				v.Wallets = append(v.Wallets, controlWallet{Value: w.ID, Text: c.Name + ": " + w.name(), Note: money(left, "NZD")})
			}
		}
	}
	v.Clock = t.now.Local().Format("2 January 2006, 15:04")
	if ahead := t.shop().Ahead; ahead > 0 {
		v.Ahead = strings.TrimSuffix(ahead.String(), "0s")
	}
	v.Said = plural(open, "open payment")
}

// openRequests are those that somebody can still pay, newest first.
func (t *tx) openRequests() iter.Seq[*request] {
	return func(yield func(*request) bool) {
		for _, id := range slices.Backward(t.store.order) {
			if _, unsettled := t.store.unsettled[id]; !unsettled {
				continue
			}
			if r, ok := t.find(id); ok && r.Status == api.StatusNew && !yield(r) {
				return
			}
		}
	}
}

func (t *tx) controlRequest(r *request) controlRequest {
	var seen payView
	t.describe(r, shown{}, &seen)
	age := max(0, t.now.Sub(r.CreatedAt))
	c := controlRequest{
		ID: r.ID, ShortCode: r.ShortCode, Merchant: r.MerchantName, Amount: seen.Amount + " " + seen.Currency, Heading: seen.Heading,
		Questions: seen.Questions, Asks: r.Asked.ConditionsEnabled,
		Age: int64(age / time.Second), AgeText: span(age), Left: seen.Left, LeftText: seen.LeftText,
	}
	switch {
	case seen.Open && len(seen.Sentences) > 0:
		c.Heading = "Waiting for staff. " + strings.Join(seen.Sentences, " ")
	case seen.Open && len(seen.Questions) > 0:
		c.Heading = "Waiting for the customer's answer"
	case seen.Open && r.paid().IsPositive():
		c.Heading = "Waiting for the other " + money(r.remaining(), seen.Currency)
	case seen.Open:
		c.Heading = "Waiting for the customer"
	case r.Status == api.StatusExpired:
		c.Heading = "Expired"
	}
	if payers := t.svc.payers(r); len(payers) == 1 && r.PatronAccountID != "" {
		c.Whose = payers[0].Name
	}
	for _, payer := range t.svc.payers(r) {
		if person := t.controlPerson(r, payer); len(person.Wallets) > 0 {
			c.Choices = append(c.Choices, person)
		}
	}
	return c
}

func (t *tx) controlPerson(r *request, payer Customer) controlPerson {
	person := controlPerson{Name: payer.Name}
	for _, w := range payer.Wallets {
		if !r.offers(w.AssetType) || payer.BoundWallet != "" && payer.BoundWallet != w.ID {
			continue
		}
		note := t.payWallet(r, w).Note
		if w.CollectionID != "" {
			note = "A token"
		}
		person.Wallets = append(person.Wallets, controlWallet{Value: w.ID, Text: w.name(), Note: note})
	}
	return person
}
