package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// controlPath is where the trainer's page stands. It is the one path that ends in a
// slash.
const controlPath = "/sandbox/"

// controlPageRoutes is the page from which a trainer acts, for this machine only.
// Its forms do what the control calls do.
func (s *Service) controlPageRoutes(shapes pages) {
	s.mux.HandleFunc("GET "+controlPath+"{$}", s.local(func(w http.ResponseWriter, _ *http.Request) {
		s.showControlPage(w, shapes, nil)
	}))
	// Who opens the address that the sandbox says it serves at, in a browser, wants to
	// see something. For a program there is nothing, as at the real service.
	s.mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "text/html") || !fromThisMachine(r) {
			s.notFound(w, r)
			return
		}
		http.Redirect(w, r, controlPath, http.StatusSeeOther)
	})
	s.mux.HandleFunc("GET /sandbox/version", s.local(func(w http.ResponseWriter, _ *http.Request) {
		view, err := s.controlView()
		s.showVersion(w, view.Version, err)
	}))
	s.mux.HandleFunc("POST "+controlPath+"{$}", s.local(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := r.ParseForm()
		if err == nil {
			err = s.controlPressed(r.PostForm)
		}
		if err != nil {
			s.showControlPage(w, shapes, err)
			return
		}
		target := controlPath
		if id := r.PostForm.Get("id"); id != "" {
			target += "#r-" + url.PathEscape(id)
		}
		http.Redirect(w, r, target, http.StatusSeeOther)
	}))
}

func (s *Service) showControlPage(w http.ResponseWriter, shapes pages, problem error) {
	view, err := s.controlView()
	if err != nil {
		s.refuse(w, err)
		return
	}
	status := http.StatusOK
	if problem != nil {
		status = http.StatusForbidden
		view.Problem = controlProblem(problem)
		view.Title = "Not done: " + view.Title
	}
	s.show(w, status, shapes, "control", &view.sheet, &view)
}

// controlProblem tells a trainer what a customer would be told, and the code that a
// till or an app would be.
func controlProblem(err error) string {
	text := problemWords(err)
	var refusal *Refusal
	if errors.As(err, &refusal) {
		text = "Refused: " + refusal.Message + "."
		if refusal.Reason != "" {
			text += " " + refusal.Reason
		}
	}
	return text
}

// controlPressed does what a button of the trainer's page says.
func (s *Service) controlPressed(form url.Values) error {
	id := form.Get("id")
	switch do := form.Get("do"); do {
	case "pay":
		return s.payFromControl(id, form)
	case "cancel":
		return s.Cancel(id)
	case "expire":
		return s.Expire(id)
	case "raise":
		return s.RaiseCondition(id, Condition{
			Name: conditionName(form.Get("message")), Message: form.Get("message"), AwaitsPatron: form.Get("who") == "patron",
		})
	case "accept", "decline":
		return s.AnswerCondition(id, form.Get("condition"), do == "accept")
	case "advance":
		d, err := time.ParseDuration(form.Get("advance"))
		if err != nil || d <= 0 {
			return notice("Type how far the clock moves: 90s, 25h or 2208h.")
		}
		_, err = s.Advance(d)
		return err
	case "fault":
		f, err := ParseFault(form.Get("spec"))
		if err != nil {
			return notice(err.Error())
		}
		s.AddFault(f)
		return nil
	case "clear-faults":
		s.ClearFaults()
		return nil
	case "top-up":
		amount, err := wholeMoney(form.Get("amount"))
		if err != nil {
			return err
		}
		_, err = s.TopUp(form.Get("wallet"), amount)
		return err
	default:
		return malformed("the form has no such button")
	}
}

// conditionName is that of a condition which a trainer made up.
func conditionName(message string) string {
	if message == "" {
		return ""
	}
	return "sandbox-condition"
}

func (s *Service) payFromControl(id string, form url.Values) error {
	o := PayOptions{AssetID: form.Get("wallet")}
	if text := form.Get("amount"); text != "" {
		amount, err := wholeMoney(text)
		if err != nil {
			return err
		}
		o.Amount, o.Mode = amount, api.PayMode(form.Get("mode"))
	}
	if w, _, ok := s.dir.wallet(o.AssetID); ok && w.CollectionID != "" {
		o.Mode = api.PayModeMultiAsset
	}
	return s.Pay(id, o)
}

// wholeMoney reads dollars and cents that somebody typed.
func wholeMoney(text string) (api.BigNumber, error) {
	amount, ok := typedAmount(text)
	if !ok || !amount.GreaterThan(decimal.Zero) {
		return "", notice("Type an amount in dollars and cents, such as 12.50.")
	}
	return api.NewBigNumber(amount), nil
}
