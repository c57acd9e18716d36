package centrapay_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/pos/postest"
)

// These tests run the payment rules over the first generation of the API at a
// sandbox, in virtual time, and end the process at every moment there is.

// crash ends a process at its n-th moment: ahead of and behind every append of
// the ledger and every call. From then on the process does nothing.
type crash struct {
	mu   sync.Mutex
	left int
	dead bool
}

func (c *crash) moment() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.left--
	c.dead = c.dead || c.left == 0
	return c.dead
}

func (c *crash) happened() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.dead
}

// crashingLedger is a ledger as a process has it that is going to crash.
type crashingLedger struct {
	*postest.Ledger
	c *crash
}

func (l crashingLedger) Append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	if l.c.moment() {
		return postest.ErrDead
	}
	err := l.Ledger.Append(ctx, op, entries, summary)
	if l.c.moment() {
		return postest.ErrDead
	}
	return err
}

func (l crashingLedger) Open(ctx context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	if l.c.moment() {
		return postest.ErrDead
	}
	err := l.Ledger.Open(ctx, op, intent, summary, seen)
	if l.c.moment() {
		return postest.ErrDead
	}
	return err
}

var errLost = errors.New("the connection broke")

// wire is the network to the sandbox: it carries a call there and its answer back,
// or loses either, as told for the next calls of a name.
type wire struct {
	service *sandbox.Service
	c       *crash

	mu   sync.Mutex
	lose map[string][]string // "before", "after" or "" for each next call, by its name
}

func (w *wire) next(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.lose[name]
	if len(list) == 0 {
		return ""
	}
	w.lose[name] = list[1:]
	return list[0]
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	fault := w.next(path.Base(r.URL.Path))
	if w.c.moment() {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if fault == "before" {
		return nil, errLost
	}
	answer := httptest.NewRecorder()
	w.service.ServeHTTP(answer, r.Clone(context.WithoutCancel(r.Context())))
	if w.c.moment() {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if fault == "after" {
		return nil, errLost
	}
	return answer.Result(), nil
}

// story is an operation, as people and the network play it.
type story struct {
	form centrapay.LegacyForm
	// begin begins it; bought is a request that was paid before.
	begin func(t *pos.Till, bought string) (*pos.Operation, error)
	lose  map[string][]string
	// play happens half a second later, if a request is known by then.
	play func(s *sandbox.Service, op *pos.Operation, id string)
}

func legacySale() pos.Sale {
	sale := coffee()
	sale.Origin = pos.Origin{ConfigID: sandbox.DemoConfigID, TerminalID: "till-1"}
	return sale
}

func legacyStories() map[string]story {
	sell := func(t *pos.Till, _ string) (*pos.Operation, error) { return t.Sell(context.Background(), another()) }
	void := func(t *pos.Till, bought string) (*pos.Operation, error) {
		return t.Void(context.Background(), pos.Target{RequestID: bought})
	}
	refund := func(t *pos.Till, bought string) (*pos.Operation, error) {
		return t.Refund(context.Background(), pos.Refund{Target: pos.Target{RequestID: bought}, Value: cents(500)})
	}
	leave := func(*sandbox.Service, *pos.Operation, string) {}
	pay := func(s *sandbox.Service, _ *pos.Operation, id string) { _ = s.Pay(id, sandbox.PayOptions{}) }
	stop := func(_ *sandbox.Service, op *pos.Operation, _ string) { op.Stop(pos.WhyStaff) }
	payAndStop := func(s *sandbox.Service, op *pos.Operation, id string) { pay(s, op, id); op.Stop(pos.WhyStaff) }
	const today, first = centrapay.LegacyToday, centrapay.LegacyFirst
	lost := func(name string, how ...string) map[string][]string { return map[string][]string{name: how} }
	return map[string]story{
		"paid":                        {today, sell, nil, pay},
		"paid, first form":            {first, sell, nil, pay},
		"stopped":                     {today, sell, nil, stop},
		"stopped, first form":         {first, sell, lost("requests.cancel", "after"), stop},
		"paid and stopped":            {today, sell, nil, payAndStop},
		"paid and stopped, first":     {first, sell, nil, payAndStop},
		"nobody comes":                {today, sell, nil, leave},
		"lost create":                 {today, sell, lost("requests.create", "after", "before"), pay},
		"lost create, first form":     {first, sell, lost("requests.create", "after"), pay},
		"lost void":                   {today, sell, lost("requests.void", "after", "before"), payAndStop},
		"void of a paid one":          {today, void, nil, leave},
		"lost void of a paid one":     {today, void, lost("requests.void", "after"), leave},
		"void that cannot be read":    {today, void, lost("requests.info", "before", "before", "before"), leave},
		"cancel of a paid one":        {centrapay.LegacyCancel, void, nil, leave},
		"lost cancel of a paid one":   {centrapay.LegacyCancel, void, lost("requests.cancel", "after"), leave},
		"refund":                      {today, refund, nil, leave},
		"lost refund":                 {today, refund, lost("transactions.refund", "after", "before"), leave},
		"refund that cannot be begun": {today, refund, lost("requests.info", "before", "before"), leave},
	}
}

// TestLegacyCrashAtEveryMoment: what the ledger says of the money is what the
// service did, however the process ended, and recovery needs none of what a request
// is made with.
func TestLegacyCrashAtEveryMoment(t *testing.T) {
	t.Parallel()
	for name, st := range legacyStories() {
		for _, after := range []time.Duration{0, 10 * time.Minute} {
			t.Run(fmt.Sprint(name, " then ", after), func(t *testing.T) {
				t.Parallel()
				n := 1
				for crashes(t, st, n, after) && n < 300 {
					n++
				}
				if n < 8 || n == 300 {
					t.Errorf("the story has %d moments", n)
				}
			})
		}
	}
}

// crashes plays a story that ends at its n-th moment, and reports whether it had as
// many.
func crashes(t *testing.T, st story, n int, after time.Duration) (crashed bool) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := openHouse(t, st.form)
		bought := h.buy()
		c := &crash{left: n}
		till := h.till(crashingLedger{h.ledger, c}, &wire{service: h.service, c: c, lose: clone(st.lose)}, everythingAt(sandbox.DemoMerchantID))
		if op, err := st.begin(till, bought); err == nil {
			time.Sleep(500 * time.Millisecond)
			// A code is shown once its request is on record, and not before.
			if id := op.State().Record.Request.ID; id != "" && op.LedgerTrouble() == nil {
				st.play(h.service, op, id)
			}
		}
		time.Sleep(15 * time.Second)
		crashed = c.happened()
		h.ledger = h.ledger.Restart()
		kill(till)
		time.Sleep(after)
		h.recover()
		h.booksAgree()
		if t.Failed() {
			t.Logf("crashed at moment %d", n)
		}
	})
	return crashed && !t.Failed()
}

func everythingAt(merchant string) centrapay.LegacySale {
	return centrapay.LegacySale{MerchantID: merchant, Description: "Two coffees", NotifyURL: "/api/service.notify"}
}

func clone(lose map[string][]string) map[string][]string {
	out := map[string][]string{}
	for name, list := range lose {
		out[name] = list
	}
	return out
}

// kill ends a till whose ledger is dead.
func kill(till *pos.Till) {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	till.Drain(now)
}

// house is a merchant of a sandbox with a ledger.
type house struct {
	t       *testing.T
	form    centrapay.LegacyForm
	service *sandbox.Service
	ledger  *postest.Ledger
}

func openHouse(t *testing.T, form centrapay.LegacyForm) *house {
	t.Helper()
	service, err := sandbox.New(sandbox.WithRateLimit(0), sandbox.WithPatron(sandbox.Manual))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(service.Close)
	return &house{t: t, form: form, service: service, ledger: postest.NewLedger()}
}

// till is a till of the house, over a wire of its own.
func (h *house) till(ledger pos.Ledger, w *wire, sale centrapay.LegacySale) *pos.Till {
	h.t.Helper()
	client, err := api.New("http://localhost", api.WithAPIKey(sandbox.DemoAPIKey), api.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(client.Close)
	return pos.NewTill(centrapay.NewLegacy(client, h.form, sale), ledger, pos.RandomIDs{}, "here#legacy")
}

// calm is a wire that loses nothing.
func (h *house) calm() *wire { return &wire{service: h.service, c: &crash{}} }

// buy sells something that is paid, and gives its request.
func (h *house) buy() string {
	h.t.Helper()
	till := h.till(h.ledger, h.calm(), everythingAt(sandbox.DemoMerchantID))
	op, err := till.Sell(h.t.Context(), legacySale())
	if err != nil {
		h.t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	id := op.State().Record.Request.ID
	if err := h.service.Pay(id, sandbox.PayOptions{}); err != nil {
		h.t.Fatal(err)
	}
	<-op.Closed()
	h.ledger = h.ledger.Restart()
	kill(till)
	return id
}

// recover finishes what is open, knowing nothing of how requests are made.
func (h *house) recover() {
	h.t.Helper()
	till := h.till(h.ledger, h.calm(), centrapay.LegacySale{})
	ops, err := till.Recover(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, op := range ops {
		select {
		case <-op.Closed():
		case <-time.After(5 * time.Minute):
			h.t.Errorf("not closed: %+v", op.State())
		}
	}
	time.Sleep(5 * time.Minute) // what nobody knows of runs out
	kill(till)
}

// booksAgree holds the ledger against what the service did.
func (h *house) booksAgree() {
	h.t.Helper()
	kept := map[string]pos.Money{}
	for _, id := range h.ledger.Ops() {
		rec := h.ledger.Record(id)
		request := rec.Request.ID
		switch {
		case !rec.Closed():
			h.t.Errorf("left open: %+v", rec)
		case rec.Kind == pos.KindSale && rec.Outcome == pos.OutcomePaid:
			kept[request] = rec.Sale.Amount
		case rec.Returned.IsKnown() && rec.Kind != pos.KindSale:
			kept[request] = kept[request].Sub(rec.Returned)
		}
	}
	all, err := h.service.Requests()
	if err != nil {
		h.t.Fatal(err)
	}
	for _, r := range all {
		if r.Status == api.StatusNew {
			h.t.Errorf("%s can be paid, and nobody watches it", r.ID)
		}
		if got := keptBy(r); !got.Equal(kept[r.ID].Minor()) {
			h.t.Errorf("%s, %s: the service has kept %s, the ledger says %s", r.ID, r.Status, got, kept[r.ID])
		}
	}
}

// keptBy is the money that a request has kept.
func keptBy(r sandbox.Snapshot) (kept decimal.Decimal) {
	for _, a := range r.Activities {
		switch {
		case a.Type.Is(api.ActivityPayment):
			kept = kept.Add(a.Value.Amount.Decimal())
		case a.Type.Is(api.ActivityRefund):
			kept = kept.Sub(a.Value.Amount.Decimal())
		}
	}
	return kept
}

// TestLegacyOutcomes: how each story ends when nothing happens to the process.
func TestLegacyOutcomes(t *testing.T) {
	t.Parallel()
	want := map[string]struct {
		outcome  pos.Outcome
		returned pos.Money
	}{
		"paid":                        {outcome: pos.OutcomePaid},
		"paid, first form":            {outcome: pos.OutcomePaid},
		"stopped":                     {outcome: pos.OutcomeCancelled},
		"stopped, first form":         {outcome: pos.OutcomeCancelled},
		"paid and stopped":            {pos.OutcomeCancelled, cents(1250)},
		"paid and stopped, first":     {outcome: pos.OutcomePaid}, // there is no void
		"nobody comes":                {outcome: pos.OutcomeExpired},
		"lost create":                 {outcome: pos.OutcomePaid},
		"lost create, first form":     {outcome: pos.OutcomePaid},
		"lost void":                   {pos.OutcomeCancelled, cents(1250)},
		"void of a paid one":          {pos.OutcomeVoided, cents(1250)},
		"lost void of a paid one":     {pos.OutcomeVoided, cents(1250)},
		"void that cannot be read":    {pos.OutcomeVoided, cents(1250)},
		"cancel of a paid one":        {outcome: pos.OutcomeRefused},
		"lost cancel of a paid one":   {outcome: pos.OutcomeRefused},
		"refund":                      {pos.OutcomeRefunded, cents(500)},
		"lost refund":                 {pos.OutcomeRefunded, cents(500)},
		"refund that cannot be begun": {pos.OutcomeRefunded, cents(500)},
	}
	for name, st := range legacyStories() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := openHouse(t, st.form)
				w := h.calm()
				w.lose = clone(st.lose)
				bought := h.buy()
				till := h.till(h.ledger, w, everythingAt(sandbox.DemoMerchantID))
				op, err := st.begin(till, bought)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(500 * time.Millisecond)
				st.play(h.service, op, op.State().Record.Request.ID)
				select {
				case <-op.Closed():
				case <-time.After(5 * time.Minute):
				}
				rec := op.State().Record
				if rec.Outcome != want[name].outcome || !rec.Returned.Equal(want[name].returned) {
					t.Errorf("%s, returned %s (%+v); want %+v", rec.Outcome, rec.Returned, rec.Refusal, want[name])
				}
				time.Sleep(5 * time.Minute)
				h.booksAgree()
				kill(till)
			})
		})
	}
}

// another is a sale beside the one that the house begins with.
func another() pos.Sale {
	sale := legacySale()
	sale.Again = true
	return sale
}
