package sandbox

import (
	"crypto/rand"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// payView is what the pay page shows of a payment request at one moment.
type payView struct {
	sheet

	Found     bool
	Merchant  string
	Amount    string
	Currency  string
	ShortCode string
	// Open is true while the customer can still do something. Kind is otherwise
	// "paid", "held" for an authorization, or "over".
	Open      bool
	Kind      string
	Heading   string
	Sentences []string
	PaidWith  []string
	// Said is what a screen reader is told when the page has changed.
	Said string

	Items     []payItem
	Sums      []paySum
	Questions []api.PaymentCondition
	Story     []payEvent
	Return    *link
	Cancel    bool

	Payer  string
	People []payPerson
	Tokens []payToken
	Form   *payForm
	// Owed is what is left, as the form says that it was told; Once tells a form
	// that is sent twice from two forms.
	Owed string
	Once string

	// Left is the seconds that are left of Lifetime. Ahead is how far the clock has
	// been moved, so that pages follow it.
	Left, Lifetime int64
	LeftText       string
	Ahead          time.Duration
	// Refresh is after how many seconds a browser without scripts loads the page
	// again, 0 for never.
	Refresh int64
}

type payItem struct {
	Name, Qty, Price string
	Restricted       bool
}

type paySum struct {
	Name, Amount string
	Strong       bool
}

type payEvent struct{ At, Clock, Text string }

type link struct {
	Href template.URL
	Text string
}

// payView describes a payment request to the customer. Looking is no poll.
func (s *Service) payView(id string, how shown) (payView, error) {
	view := payView{}
	err := s.with(id, func(t *tx, r *request) error {
		t.describe(r, how, &view)
		return nil
	})
	if err != nil {
		return payView{}, err
	}
	stable := view
	stable.Left, stable.LeftText, stable.Refresh, stable.Once = 0, "", 0, ""
	if view.Form != nil {
		stable.Form = view.Form.stable()
	}
	if view.Version, err = versionOf(stable); err != nil {
		return payView{}, err
	}
	view.Once = rand.Text()
	return view, nil
}

func (t *tx) describe(r *request, how shown, v *payView) {
	v.Found, v.Merchant, v.ShortCode = true, r.MerchantName, r.ShortCode
	v.Currency = r.Asked.Value.Currency
	v.Amount = money(r.value(), v.Currency)
	v.Owed = r.remaining().String()
	v.Open = r.Status == api.StatusNew
	v.Ahead = t.shop().Ahead
	for _, l := range r.Asked.LineItems {
		item := payItem{Name: l.Name, Price: money(l.Price.Decimal(), v.Currency), Restricted: bool(l.Restricted)}
		if !l.Qty.Decimal().Equal(decimal.NewFromInt(1)) {
			item.Qty = l.Qty.String()
		}
		v.Items = append(v.Items, item)
	}
	v.Sums = r.sums()
	if len(r.Activities) > 1 {
		v.Story = r.story()
	}
	v.Return = r.wayBack(v.Open)
	if v.Open {
		t.describeOpen(r, how, v)
	} else {
		r.describeEnd(v)
	}
	v.Said = v.Heading
	for _, more := range v.Sentences {
		v.Said += ". " + strings.TrimSuffix(more, ".")
	}
	for _, q := range v.Questions {
		v.Said += ": " + q.Message
	}
}

// describeOpen shows what the customer can do.
func (t *tx) describeOpen(r *request, how shown, v *payView) {
	v.Title = "Pay " + v.Amount + " to " + v.Merchant
	v.Cancel, v.Watch = true, watchEvery.Milliseconds()
	v.Lifetime = max(1, int64(r.ExpiresAt.Sub(r.CreatedAt)/time.Second))
	v.Left = max(0, int64(r.ExpiresAt.Sub(t.now)/time.Second))
	v.LeftText = span(time.Duration(v.Left)*time.Second) + " left"
	// Without a script nothing is loaded again under somebody's fingers before the
	// time is up; where one can only wait, it is.
	const soon = 5
	v.Refresh = v.Left + 1
	waiting := r.openConditions(api.ConditionAwaitingMerchant)
	v.Questions = r.openConditions(api.ConditionAwaitingPatron)
	switch {
	case len(waiting) > 0:
		v.Heading, v.Refresh = "Please wait for the shop", min(soon, v.Left+1)
		for _, c := range waiting {
			v.Sentences = append(v.Sentences, "Staff are asked: “"+c.Message+"”")
		}
	case len(v.Questions) > 0:
		v.Heading = "Please answer first"
	case r.Asked.PreAuth:
		v.Heading = "Waiting for you to authorise"
	case r.paid().IsPositive():
		v.Heading = "Waiting for the other " + money(r.remaining(), v.Currency)
	default:
		v.Heading = "Waiting for you to pay"
	}
	if r.QuickPay {
		v.Heading += " – or your card is charged by itself"
	} else if !r.VisitAt.IsZero() {
		v.Heading += " – or an automatic customer does, soon"
	}
	if !r.blocked() {
		t.offerPayment(r, how, v)
	}
}

func (r *request) openConditions(status api.ConditionStatus) []api.PaymentCondition {
	return slices.DeleteFunc(slices.Clone(r.Conditions), func(c api.PaymentCondition) bool { return c.Status != status })
}

// sums are the lines below the items: what was paid and what is left of it.
func (r *request) sums() []paySum {
	currency := r.Asked.Value.Currency
	var sums []paySum
	if basket := r.Asked.BasketAmount; basket.IsSet() && !basket.Decimal().Equal(r.value()) {
		sums = append(sums, paySum{Name: "Everything together", Amount: money(basket.Decimal(), currency)})
		sums = append(sums, paySum{Name: "Of this, to pay here", Amount: money(r.value(), currency), Strong: true})
	} else if len(r.Asked.LineItems) > 1 {
		sums = append(sums, paySum{Name: "Total", Amount: money(r.value(), currency), Strong: true})
	}
	if r.Status != api.StatusNew || len(r.Payments) == 0 {
		return sums
	}
	for _, p := range r.Payments {
		sums = append(sums, paySum{Name: "Paid with " + payerText(p), Amount: money(p.Amount.Neg(), currency)})
	}
	return append(sums, paySum{Name: "Left to pay", Amount: money(r.remaining(), currency), Strong: true})
}

func payerText(p payment) string {
	if a, ok := assetOf(p.Asked.AssetType); ok && a.external {
		return "another way of paying"
	}
	return describe(p.Asked.AssetType)
}

// story is what happened so far, oldest first.
func (r *request) story() []payEvent {
	var events []payEvent
	for _, a := range r.Activities {
		if text := storyText(a, r); text != "" {
			at := a.CreatedAt.Time()
			events = append(events, payEvent{At: at.Format(time.RFC3339), Clock: at.Local().Format("15:04:05"), Text: text})
		}
	}
	return events
}

// wayBack is where an online shop wants its customer to go from here: after the
// payment to one address, otherwise to another, with the id of the request added.
// Source: Centrapay docs, payment requests, redirectPaidUrl and redirectCancelUrl;
// redirectUrl stood for both until 2024.
func (r *request) wayBack(open bool) *link {
	target, text := r.Asked.RedirectCancelURL, "Back to "+r.MerchantName
	switch {
	case r.Status == api.StatusPaid:
		target = r.Asked.RedirectPaidURL
	case open:
		text += " without paying"
	}
	if target == "" {
		target = r.Asked.RedirectURL
	}
	u, err := url.Parse(target)
	if target == "" || err != nil || !leadsAway(u) {
		return nil
	}
	query := u.Query()
	query.Set("paymentRequestId", r.ID)
	u.RawQuery = query.Encode()
	return &link{Href: template.URL(u.String()), Text: text}
}

// leadsAway lets through web addresses, and those of apps: their schemes are domain
// names (RFC 8252, section 7.1), and no scheme that runs or shows something is.
func leadsAway(u *url.URL) bool {
	if u.Scheme == "http" || u.Scheme == "https" {
		return u.Host != ""
	}
	return strings.Contains(u.Scheme, ".")
}
