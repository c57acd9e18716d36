package sandbox

import (
	"bytes"
	"crypto/rand"
	_ "embed" // for the page
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

//go:embed page.html
var pageHTML string

// page is what the pay page shows a customer.
type page struct {
	Title, Nonce string
	Found        bool
	Merchant     string
	Amount, Left string
	Status       string
	// Problem is why what the customer pressed was not done.
	Problem   string
	ShortCode string
	Lines     []pageLine
	Questions []api.PaymentCondition
	// Payable shows the buttons; Watch follows changes; Version tells states apart.
	Payable, Watch bool
	Version        string
}

type pageLine struct{ Name, Qty, Price string }

// pageRoutes are the pages behind the QR codes: whoever has the link may look and
// pay, as with the real ones.
func (s *Service) pageRoutes() {
	shape := template.Must(template.New("pay").Parse(pageHTML))
	s.mux.HandleFunc("GET /pay/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.showPage(w, r, shape, nil)
	})
	s.mux.HandleFunc("GET /pay/{id}/version", s.pageVersion)
	s.mux.HandleFunc("POST /pay/{id}", func(w http.ResponseWriter, r *http.Request) {
		if s.origins.Check(r) != nil {
			s.refuse(w, forbidden())
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := s.press(r); err != nil {
			s.showPage(w, r, shape, err)
			return
		}
		http.Redirect(w, r, r.URL.EscapedPath(), http.StatusSeeOther)
	})
}

// press does what a button of the page says.
func (s *Service) press(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return unreadableBody(err)
	}
	id := r.PathValue("id")
	switch do := r.PostForm.Get("do"); do {
	case "pay":
		return s.Pay(id, PayOptions{})
	case "cancel":
		return s.Cancel(id)
	case "accept", "decline":
		return s.AnswerCondition(id, r.PostForm.Get("condition"), do == "accept")
	default:
		return malformed("the form has no such button")
	}
}

func (s *Service) showPage(w http.ResponseWriter, r *http.Request, shape *template.Template, problem error) {
	p := page{Title: "Payment not found", Nonce: rand.Text()}
	status := http.StatusNotFound
	found, err := s.Request(r.PathValue("id"))
	var refusal *Refusal
	switch {
	case err == nil:
		status = http.StatusOK
		p.describe(found)
	case !errors.As(err, &refusal):
		s.refuse(w, err)
		return
	}
	if problem != nil {
		status, p.Problem = http.StatusForbidden, problemText(problem)
	}
	var out bytes.Buffer
	if err := shape.Execute(&out, p); err != nil {
		s.refuse(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; script-src 'nonce-"+p.Nonce+
		"'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// pageVersion lets the page see cheaply whether it is still true.
func (s *Service) pageVersion(w http.ResponseWriter, r *http.Request) {
	found, err := s.Request(r.PathValue("id"))
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	plain(w, http.StatusOK, "text/plain; charset=utf-8", versionOf(found))
}

func versionOf(s Snapshot) string {
	return string(s.Status) + "-" + strconv.Itoa(len(s.MerchantConditions)) + "-" + strconv.FormatInt(s.UpdatedAt.Time().UnixMilli(), 10)
}

func (p *page) describe(s Snapshot) {
	currency := s.Value.Currency
	p.Found, p.Merchant, p.ShortCode = true, s.MerchantName, s.ShortCode
	p.Amount, p.Left = dollars(s.Value.Amount, currency), dollars(s.RemainingAmount, currency)
	p.Title = "Pay " + p.Amount + " to " + s.MerchantName
	p.Payable = s.Status == api.StatusNew
	p.Watch = p.Payable
	p.Version = versionOf(s)
	p.Status = statusText(s)
	for _, l := range s.LineItems {
		line := pageLine{Name: l.Name, Price: dollars(l.Price, currency)}
		if !l.Qty.Decimal().Equal(decimal.NewFromInt(1)) {
			line.Qty = l.Qty.String()
		}
		p.Lines = append(p.Lines, line)
	}
	if p.Watch {
		p.ask(s.MerchantConditions)
	}
}

// ask shows what has to be answered before the customer can pay.
func (p *page) ask(conditions []api.PaymentCondition) {
	for _, c := range conditions {
		switch c.Status {
		case api.ConditionAwaitingPatron:
			p.Questions = append(p.Questions, c)
			p.Payable = false
		case api.ConditionAwaitingMerchant:
			p.Status = "Staff have to answer first: " + c.Message
			p.Payable = false
		default: // answered
		}
	}
}

func statusText(s Snapshot) string {
	switch s.Status {
	case api.StatusNew:
		return "Waiting for you to pay"
	case api.StatusPaid:
		if s.PreAuthStatus != "" {
			return "Authorised. Nothing has been charged yet."
		}
		return "Paid. Thank you!"
	case api.StatusCancelled:
		return "Cancelled. Anything you had paid goes back to you."
	case api.StatusExpired:
		return "Too late: the time to pay has run out. You have not been charged."
	}
	return string(s.Status)
}

// problemText says to a customer why the button did nothing.
func problemText(err error) string {
	switch codeOf(err) {
	case api.CodeRequestPaid:
		return "This has already been paid."
	case api.CodeRequestCancelled:
		return "This payment was cancelled."
	case api.CodeRequestExpired:
		return "The time to pay has run out."
	case api.CodeInsufficientAssetValue:
		return "There is not enough money in the wallet."
	case api.CodePaymentDeclined:
		return "The payment was declined."
	default:
		return "That did not work. Nothing was charged."
	}
}

// dollars writes an amount in smallest units for people.
func dollars(amount api.BigNumber, currency string) string {
	const cents = -2
	text := amount.Decimal().Shift(cents).StringFixed(2)
	if currency == "EUR" {
		return text + " " + currency
	}
	if debt, negative := strings.CutPrefix(text, "-"); negative {
		return "-$" + debt + " " + currency
	}
	return "$" + text + " " + currency
}
