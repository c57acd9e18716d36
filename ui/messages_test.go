package ui

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"centrapos/pos"
)

// outcomes are all the ends a payment has.
var outcomes = []pos.Outcome{
	pos.OutcomePaid, pos.OutcomePartlyPaid, pos.OutcomeAuthorized, pos.OutcomeCancelled, pos.OutcomeExpired,
	pos.OutcomeVoided, pos.OutcomeRefused, pos.OutcomeNotMade,
}

// Every end says what happened, whether money moved and what to do next.
func TestEveryOutcomeIsToldInFull(t *testing.T) {
	t.Parallel()
	seen := map[string]pos.Outcome{}
	for _, o := range append(outcomes, "something-new", pos.OutcomeOpen) {
		v := verdictOf(pos.State{Record: pos.Record{Outcome: o}})
		if v.word == "" || v.happened == "" || v.next == "" {
			t.Errorf("%q is told as %+v", o, v)
		}
		if !o.Successful() && o != pos.OutcomeOpen && o != "something-new" && v.moved == "" {
			t.Errorf("%q does not say whether money moved", o)
		}
		if other, twice := seen[v.word]; twice {
			t.Errorf("%q and %q are both told as %s", o, other, v.word)
		}
		seen[v.word] = o
		if paid := v.tone == verdictPaid; paid != (o == pos.OutcomePaid || o == pos.OutcomeAuthorized) {
			t.Errorf("%q is green: %v", o, paid)
		}
	}
}

func TestWhatIsSaidOfACancelledPayment(t *testing.T) {
	t.Parallel()
	sale := func(change func(*pos.Record)) pos.State {
		r := pos.Record{Kind: pos.KindSale, Outcome: pos.OutcomeCancelled, Request: pos.Request{ID: "r", Value: cents(500)}}
		change(&r)
		return pos.State{Record: r}
	}
	for name, c := range map[string]struct {
		state           pos.State
		happened, moved string
	}{
		"by the customer": {sale(func(r *pos.Record) { r.Request.CancellationReason = "CANCELLED_BY_PATRON" }), "The customer cancelled", "No money moved."},
		"by staff":        {sale(func(r *pos.Record) { r.Stop = pos.WhyStaff }), "You stopped this payment.", "No money moved."},
		"by staff, the customer was quicker": {sale(func(r *pos.Record) { r.Stop, r.Request.CancellationReason = pos.WhyStaff, "PAYMENT_DECLINED" }),
			"The customer's payment was declined.", "No money moved."},
		"by closing":   {sale(func(r *pos.Record) { r.Stop = pos.WhyShutdown }), "The till was closed", "No money moved."},
		"given back":   {sale(func(r *pos.Record) { r.Stop, r.Returned = pos.WhyStaff, cents(500) }), "You stopped", "NZD 5.00 has been given back"},
		"paid, voided": {sale(func(r *pos.Record) { r.Request.PaidBy = []pos.Tender{{Total: cents(300)}} }), "The payment was cancelled.", "had paid NZD 3.00"},
		"a lost void":  {sale(func(r *pos.Record) { r.Voids = []pos.Voiding{{RequestID: "r", Sent: 1, Unanswered: 1}} }), "The payment was cancelled.", "If anything was paid, Centrapay has given it back."},
		"a new reason": {sale(func(r *pos.Record) { r.Request.CancellationReason = "MOON_PHASE" }), "The payment was cancelled: MOON_PHASE.", "No money moved."},
	} {
		v := verdictOf(c.state)
		if !strings.Contains(v.happened, c.happened) || !strings.Contains(v.moved, c.moved) {
			t.Errorf("%s: %q %q, want %q %q", name, v.happened, v.moved, c.happened, c.moved)
		}
	}
}

// Codes the till has never heard of are shown, with the service's reason.
func TestUnknownCodesAreShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[A-Z][A-Z_]{2,30}`).Draw(t, "code")
		v := verdictOf(pos.State{Record: pos.Record{Outcome: pos.OutcomeRefused, Refusal: &pos.Refusal{Code: code, Status: 403, Reason: "because"}}})
		if !strings.Contains(v.code, code) || !strings.Contains(v.code, "403") || !strings.Contains(v.happened, "Because") || v.next == "" {
			t.Fatalf("the refusal %s is told as %+v", code, v)
		}
	})
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0.0 s", 449 * time.Millisecond: "0.4 s", 9999 * time.Millisecond: "9.9 s", 10 * time.Second: "10 s", 119 * time.Second: "119 s", 5 * time.Minute: "5 min",
	} {
		if got := lasted(d); got != want {
			t.Errorf("%v is said as %q, want %q", d, got, want)
		}
	}
}

func TestTheGuideIsDrawn(t *testing.T) {
	t.Parallel()
	m, _ := fixed(t)
	lines := drawGuide(m.look.styles, 60, "# Title\n\nSome `code` and a\nsecond line.\n\n- an item that is long enough to need another line of the page\n\n| the till says | it means |\n| --- | --- |\n| PAID | money |\n")
	text := plain(t, strings.Join(lines, "\n"), 60, len(lines))
	for _, want := range []string{"Title", "Some code and a second line.", "· an item that is long", "  page", "PAID                      money"} {
		if !strings.Contains(text, want) {
			t.Errorf("the guide does not show %q:\n%s", want, text)
		}
	}
	for _, mark := range []string{"#", "`", "|", "---"} {
		if strings.Contains(text, mark) {
			t.Errorf("the guide shows Markdown's %q:\n%s", mark, text)
		}
	}
}
