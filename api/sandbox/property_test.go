package sandbox_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// purse is a wallet that runs dry in the histories below.
const (
	purse        = "purse"
	purseBalance = 5000
)

// history drives a sandbox through random calls and checks after each of them what
// must always hold. It looks at the sandbox only from outside.
type history struct {
	*rapid.T
	rig  *rig
	path string
	opts []sandbox.Option
	// seen is each request as it was last looked at.
	seen map[string]sandbox.Snapshot
	ids  []string
	// gone are those that are forgotten.
	gone []string
	// keys are the pay calls that were made, by request and key.
	calls map[string]m
	// voided are the requests that a void was asked for.
	voided map[string]bool
	// topUps is what was put into the purse.
	topUps decimal.Decimal
	// moved are the refunds and confirmations that were made, by request and key.
	moved map[string]movement
}

// leastCalls is how long the random histories go on at the least:
//
//	go test -race -run RandomHistories ./api/sandbox -histories.calls=100000 -rapid.seed=1
var leastCalls = flag.Int64("histories.calls", 2000, "how many calls the random histories make at the least")

// callsOfOneHistory is a little less than how many there are on average.
const callsOfOneHistory = 25

// longHistories lets rapid draw as many histories as the calls need.
func longHistories() error {
	flag.Parse()
	if checks := *leastCalls / callsOfOneHistory; checks > 100 { // what rapid draws anyway
		return flag.Set("rapid.checks", strconv.FormatInt(checks, 10))
	}
	return nil
}

// tally counts what random histories did.
type tally struct{ histories, calls atomic.Int64 }

func (c *tally) see(sandbox.Call) { c.calls.Add(1) }

// enough fails a test that did not do what it was to do.
func (c *tally) enough(t *testing.T) {
	t.Helper()
	t.Logf("%d calls in %d histories", c.calls.Load(), c.histories.Load())
	if least := *leastCalls; c.calls.Load() < least && !t.Failed() {
		t.Errorf("want at least %d calls", least)
	}
}

func newHistory(t *rapid.T, tb testing.TB, counted *tally) *history {
	balance := decimal.NewFromInt(purseBalance)
	customers := sandbox.Customers()
	customers[1].Wallets = append([]sandbox.Wallet{{ID: purse, AssetType: "centrapay.nzd.test", Balance: &balance}}, customers[1].Wallets...)
	c := &clock{t: start}
	h := &history{
		T: t, seen: map[string]sandbox.Snapshot{}, calls: map[string]m{}, voided: map[string]bool{}, moved: map[string]movement{},
		opts: []sandbox.Option{
			sandbox.WithClock(c.now), sandbox.WithRateLimit(0), sandbox.WithCustomers(customers...), sandbox.WithObserver(counted.see),
			sandbox.WithPatron(rapid.SampledFrom([]sandbox.Patron{
				sandbox.Manual, sandbox.Manual, sandbox.Automatic(0), sandbox.Automatic(90 * time.Second),
			}).Draw(t, "patron")),
		},
	}
	if rapid.IntRange(0, 5).Draw(t, "file") == 0 {
		dir, err := os.MkdirTemp("", "sandbox")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		h.path = filepath.Join(dir, "sandbox.jsonl")
		h.opts = append(h.opts, sandbox.WithFile(h.path))
	}
	h.rig = &rig{TB: tb, clock: c, key: sandbox.DemoAPIKey}
	h.restart()
	return h
}

// restart makes the sandbox anew; with a file it must know what it knew.
func (h *history) restart() {
	svc, err := sandbox.New(h.opts...)
	if err != nil {
		h.Fatal(err)
	}
	h.rig.svc = svc
	if h.path == "" && len(h.ids) > 0 {
		h.Fatal("only a sandbox with a file can be made anew")
	}
}

// openShop begins a history with money to move: a pre-auth, a payment from two
// wallets and one in the middle of being made with a token.
func (h *history) openShop() {
	day := m{"expirySeconds": 86400}
	held := h.rig.create(day.with(m{"preAuth": true})).ID
	shared := h.rig.create(day).ID
	begun := h.rig.create(day.with(withToken()).with(m{"value": nzd("1250")})).ID
	h.ids = append(h.ids, held, shared, begun)
	h.check(nil)
	fromPurse := payBody("k1").with(m{"assetId": purse})
	h.payWith(held, fromPurse)
	h.payWith(shared, fromPurse.with(m{"amount": "1000", "mode": "multi-asset-payment"}))
	h.payWith(shared, payBody("k2"))
	h.payWith(begun, tokenBody("k1", sandbox.TokenCoffee1))
	h.check(nil)
}

func (h *history) pick() string {
	if len(h.ids) == 0 {
		h.Skip("no request yet")
	}
	return rapid.SampledFrom(h.ids).Draw(h.T, "request")
}

// pickWhere is mostly a request to which a call means something.
func (h *history) pickWhere(means func(sandbox.Snapshot) bool) string {
	var some []string
	for _, id := range h.ids {
		if means(h.seen[id]) {
			some = append(some, id)
		}
	}
	if len(some) == 0 || rapid.IntRange(0, 9).Draw(h.T, "any") == 0 {
		return h.pick()
	}
	return rapid.SampledFrom(some).Draw(h.T, "request")
}

func isNew(s sandbox.Snapshot) bool  { return s.Status == api.StatusNew }
func isPaid(s sandbox.Snapshot) bool { return s.Status == api.StatusPaid }

func (h *history) create(t *rapid.T) {
	body := m{
		"configId": sandbox.DemoConfigID, "externalRef": "ref", "conditionsEnabled": rapid.Bool().Draw(t, "conditionsEnabled"),
		"value":         nzd(fmt.Sprint(rapid.IntRange(1, 3000).Draw(t, "value"))),
		"expirySeconds": rapid.SampledFrom([]int{1, 120, 86400}).Draw(t, "expirySeconds"),
	}
	if rapid.Bool().Draw(t, "partial") {
		body["partialAllowed"], body["basketAmount"] = true, "3000"
	}
	body["preAuth"] = rapid.IntRange(0, 2).Draw(t, "preAuth") == 0
	if barcode := rapid.SampledFrom([]string{
		"", "", sandbox.BarcodeCustomer, sandbox.BarcodeCustomer2, sandbox.BarcodePhotoID, sandbox.BarcodeLowFunds,
		sandbox.CardActive, sandbox.CardNoBalance, sandbox.CardExpired,
	}).Draw(t, "barcode"); barcode != "" {
		body["barcode"] = barcode
	} else if rapid.IntRange(0, 2).Draw(t, "tokens") == 0 {
		body = body.with(withToken()).with(m{"value": nzd("1250")})
	}
	h.ids = append(h.ids, h.rig.create(body).ID)
}

func (h *history) pay(t *rapid.T) {
	id := h.pickWhere(isNew)
	body := m{
		"idempotencyKey": rapid.SampledFrom([]string{"k1", "k2", "k3"}).Draw(t, "key"),
		"assetType":      "centrapay.nzd.test",
		"assetId": rapid.SampledFrom([]string{
			purse, purse, sandbox.WalletOf("centrapay.nzd.test"), sandbox.WalletLowFunds, sandbox.WalletDeclined, sandbox.WalletUnconfirmed,
		}).Draw(t, "wallet"),
	}
	left := h.seen[id].RemainingAmount
	amount := rapid.SampledFrom([]string{
		"1", "100", left.String(), api.NewBigNumber(left.Decimal().Div(decimal.NewFromInt(2)).Ceil()).String(), "3000",
	})
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		body["amount"], body["mode"] = amount.Draw(t, "amount"), "partial-payment"
	case 1, 2:
		body["amount"], body["mode"] = amount.Draw(t, "amount"), "multi-asset-payment"
	case 3:
		body["assetType"] = "external.test"
		delete(body, "assetId")
	case 4:
		id = h.pickWhere(func(s sandbox.Snapshot) bool { return isNew(s) && s.ConfigID == sandbox.DemoTokenConfigID })
		body["assetType"], body["assetId"], body["mode"] = "centrapay.token.test", sandbox.TokenCoffee1, "multi-asset-payment"
	}
	h.payWith(id, body)
}

// payWith pays; a repeat of a payment that was made must be answered as the first
// and change nothing.
func (h *history) payWith(id string, body m) {
	before := h.look(id)
	w := h.rig.call(post, at(id, "pay"), body)
	key := id + " " + body["idempotencyKey"].(string)
	first, made := h.calls[key]
	after := h.look(id)
	switch {
	case made && reflect.DeepEqual(first, body) && w.Code != 200:
		h.Fatalf("a payment that was made is refused when repeated: %d %s", w.Code, w.Body)
	case made && len(after.Activities) != len(before.Activities):
		h.Fatalf("a repeated payment had a second effect: %+v", after)
	case w.Code == 200 && !made:
		h.calls[key] = body
	}
	if w.Code != 200 {
		h.refusedByCode(w.Code, w.Body.Bytes())
	}
}

func (h *history) refusedByCode(status int, body []byte) {
	var refusal api.ErrorBody
	if err := json.Unmarshal(body, &refusal); err != nil || refusal.Message == "" || status != 400 && status != 403 {
		h.Fatalf("refused with %d %s", status, body)
	}
}

func (h *history) repeatPay(t *rapid.T) {
	id := h.pick()
	if body, made := h.calls[id+" "+rapid.SampledFrom([]string{"k1", "k2", "k3"}).Draw(t, "key")]; made {
		h.payWith(id, body)
	}
}

// now is the moment by the sandbox's clock.
func (h *history) now() time.Time {
	state, err := h.rig.svc.Clock()
	if err != nil {
		h.Fatal(err)
	}
	return state.Now.Time()
}

func (h *history) void(*rapid.T) {
	id := h.pick()
	before := h.look(id)
	h.voided[id] = true
	w := h.rig.call(post, at(id, "void"), nil)
	if after := h.look(id); w.Code == 200 && after.Status != api.StatusCancelled {
		h.Fatalf("after a void the request is %s", after.Status)
	} else if w.Code != 200 && len(after.Activities) != len(before.Activities) {
		h.Fatalf("a refused void changed the request from %+v to %+v", before, after)
	}
}

func (h *history) decide(t *rapid.T) {
	answer := rapid.SampledFrom([]string{"accept", "decline"}).Draw(t, "answer")
	h.rig.call(post, at(h.pick(), "conditions", rapid.SampledFrom([]string{"1", "2"}).Draw(t, "condition"), answer), nil)
}

func (h *history) actAsCustomer(t *rapid.T) {
	id := h.pick()
	var err error
	switch rapid.IntRange(0, 4).Draw(t, "act") {
	case 0:
		err = h.rig.svc.Pay(id, sandbox.PayOptions{})
	case 1:
		err = h.rig.svc.Cancel(id)
	case 2:
		err = h.rig.svc.Expire(id)
	case 3:
		err = h.rig.svc.RaiseCondition(id, sandbox.Condition{AwaitsPatron: rapid.Bool().Draw(t, "awaitsPatron")})
	case 4:
		err = h.rig.svc.AnswerCondition(id, "1", rapid.Bool().Draw(t, "accept"))
	}
	if err != nil {
		if _, refused := err.(*sandbox.Refusal); !refused { //nolint:errorlint // nothing wraps it
			h.Fatal(err)
		}
	}
}

func (h *history) wait(t *rapid.T) {
	d := rapid.SampledFrom([]time.Duration{
		time.Millisecond, time.Second, time.Minute, time.Hour, 25 * time.Hour, 40 * 24 * time.Hour,
	}).Draw(t, "time")
	if rapid.Bool().Draw(t, "by a call") {
		if _, err := h.rig.svc.Advance(d); err != nil {
			t.Fatal(err)
		}
		return
	}
	h.rig.clock.advance(d)
}

// die loses the process; sometimes it had just failed to save.
func (h *history) die(t *rapid.T) {
	if h.path == "" {
		t.Skip("nothing to come back to")
	}
	before, err := h.rig.svc.Requests()
	if err != nil {
		t.Fatal(err)
	}
	if rapid.Bool().Draw(t, "full disk") {
		if err := os.Mkdir(h.path+".tmp", 0o700); err != nil {
			t.Fatal(err)
		}
		if w := h.rig.call(post, requests, coffee()); w.Code != http.StatusInternalServerError {
			t.Fatalf("created on a full disk: %d", w.Code)
		}
		for _, id := range h.ids {
			_ = h.rig.svc.Cancel(id) // fails one way or the other
		}
		if err := os.Remove(h.path + ".tmp"); err != nil {
			t.Fatal(err)
		}
	}
	h.restart()
	after, err := h.rig.svc.Requests()
	if err != nil {
		t.Fatal(err)
	}
	remembered := map[string]sandbox.Snapshot{}
	for _, s := range after {
		remembered[s.ID] = s
	}
	for _, s := range before {
		again, there := remembered[s.ID]
		switch {
		case there && !reflect.DeepEqual(s, again):
			t.Fatalf("was %+v, came back as %+v", s, again)
		case !there && !h.longAgo(s):
			t.Fatalf("%s is forgotten", s.ID)
		}
	}
	h.forget()
}

// longAgo tells whether a request ended so long ago that it may be forgotten.
func (h *history) longAgo(s sandbox.Snapshot) bool {
	return s.Status.IsFinal() && s.PreAuthStatus != api.PreAuthAuthorized && h.now().Sub(s.UpdatedAt.Time()) > 90*24*time.Hour
}

// forget no longer expects what the sandbox has forgotten, as it may.
func (h *history) forget() {
	all, err := h.rig.svc.Requests()
	if err != nil {
		h.Fatal(err)
	}
	known := map[string]bool{}
	for _, s := range all {
		known[s.ID] = true
	}
	h.ids = slices.DeleteFunc(h.ids, func(id string) bool {
		if !known[id] {
			if was, seen := h.seen[id]; seen && !h.longAgo(was) {
				h.Fatalf("%s is forgotten: %+v", id, was)
			}
			h.gone = append(h.gone, id)
		}
		return !known[id]
	})
}

func (h *history) look(id string) sandbox.Snapshot {
	s, err := h.rig.svc.Request(id)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

// checkTransition allows what the docs do; see also checkMoney.
func (h *history) checkTransition(was, now sandbox.Snapshot) {
	legal := was.ID == "" || was.Status == api.StatusNew || was.Status == now.Status ||
		was.Status == api.StatusPaid && now.Status == api.StatusCancelled && h.voided[now.ID]
	reopened := was.PreAuthStatus == api.PreAuthReleased && now.PreAuthStatus != api.PreAuthReleased
	if !legal || reopened {
		h.Fatalf("%s went from %s to %s", now.ID, was.Status, now.Status)
	}
	if (now.CancellationReason != "") != (now.Status == api.StatusCancelled) {
		h.Fatalf("%s with the reason %q", now.Status, now.CancellationReason)
	}
}

// checkRecord holds the activities to be whole, numbered and in the order of time.
func (h *history) checkRecord(s sandbox.Snapshot) {
	for i, a := range s.Activities {
		if want := api.BigNumberFromInt(int64(len(s.Activities) - i)); a.ActivityNumber != want || a.PaymentRequestID != s.ID {
			h.Fatalf("activity %+v, want number %s", a, want)
		}
		if i > 0 && a.CreatedAt.Time().After(s.Activities[i-1].CreatedAt.Time()) {
			h.Fatalf("%s at %s stands before %s at %s", a.Type, a.CreatedAt, s.Activities[i-1].Type, s.Activities[i-1].CreatedAt)
		}
	}
	if was := h.seen[s.ID]; len(was.Activities) > 0 {
		if tail := s.Activities[len(s.Activities)-len(was.Activities):]; !reflect.DeepEqual(tail, was.Activities) {
			h.Fatalf("the record was rewritten from %+v to %+v", was.Activities, tail)
		}
	}
}

// check is what must always hold.
func (h *history) check(*rapid.T) {
	h.forget()
	for _, id := range h.ids {
		now := h.look(id)
		h.checkTransition(h.seen[id], now)
		h.checkMoney(now)
		h.checkRecord(now)
		h.seen[id] = now
	}
	h.checkPurse()
}

func TestRandomHistories(t *testing.T) {
	t.Parallel()
	var counted tally
	rapid.Check(t, func(rt *rapid.T) {
		counted.histories.Add(1)
		h := newHistory(rt, t, &counted)
		h.openShop()
		actions := map[string]func(*rapid.T){
			"create":        h.create,
			"pay":           h.pay,
			"repeat pay":    h.repeatPay,
			"void":          h.void,
			"poll":          func(*rapid.T) { h.rig.get(h.pick()) },
			"refund":        h.refund,
			"confirm":       h.confirm,
			"repeat move":   h.repeatMove,
			"release":       h.release,
			"top up":        h.topUp,
			"decide":        h.decide,
			"as a customer": h.actAsCustomer,
			"wait":          h.wait,
			"die":           h.die,
			"":              h.check,
		}
		rt.Repeat(actions)
	})
	counted.enough(t)
}
