package pos_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"centrapos/pos"
)

// reporter is what tests and properties fail by.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// walk takes one operation through Step, event by event, and holds what must be
// true after every one of them.
type walk struct {
	t       reporter
	s       pos.State
	at      time.Time
	written []pos.Entry
	last    []pos.Effect
}

func newWalk(t reporter) *walk { return &walk{t: t, at: noon, s: pos.State{Op: "op1"}} }

// begun is a walk whose sale has begun; its create is in flight.
func begun(t reporter, sale pos.Sale) *walk {
	t.Helper()
	w := newWalk(t)
	w.on(pos.Begun{Intent: pos.Opened{Kind: pos.KindSale, Service: "s", Sale: &sale}})
	return w
}

// shown is a walk whose payment request was made half a second after it began.
func shown(t reporter, sale pos.Sale) *walk {
	t.Helper()
	w := begun(t, sale).after(500 * time.Millisecond)
	w.on(pos.CreateReplied{Reply: w.done(), Request: w.made("pr1")})
	return w
}

// voiding is a walk of a void that staff asked for by itself.
func voiding(t reporter) *walk {
	t.Helper()
	w := newWalk(t)
	w.on(pos.Begun{Intent: pos.Opened{Kind: pos.KindVoid, Service: "s", Void: &pos.Target{RequestID: "pr1", Value: cents(1250)}}})
	return w
}

func (w *walk) after(d time.Duration) *walk {
	w.at = w.at.Add(d)
	return w
}

// on lets something happen and gives the walk back.
func (w *walk) on(e pos.Event) *walk {
	w.t.Helper()
	before := w.s.Record.Outcome
	w.s, w.last = pos.Step(w.s, w.at, e)
	for _, effect := range w.last {
		if write, ok := effect.(pos.Write); ok {
			w.written = append(w.written, write.Entry)
		}
	}
	if again := pos.Replay(w.written); !sameRecord(again, w.s.Record) {
		w.t.Fatalf("after %T the written facts give\n%+v\nand memory holds\n%+v", e, again, w.s.Record)
	}
	late := w.s.Record.Outcome == pos.OutcomePaidLate && !before.Successful()
	if before != pos.OutcomeOpen && w.s.Record.Outcome != before && !late {
		w.t.Fatalf("%T changed the outcome from %s to %s", e, before, w.s.Record.Outcome)
	}
	return w
}

// sameRecord compares records; an empty list and none are the same.
func sameRecord(a, b pos.Record) bool {
	return reflect.DeepEqual(a, b) || fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}

// restart loses all that is not written and takes the operation up again.
func (w *walk) restart() *walk {
	w.t.Helper()
	return w.restarted(pos.Resumed{})
}

func (w *walk) restarted(how pos.Resumed) *walk {
	w.t.Helper()
	w.s = pos.State{Op: w.s.Op, Record: pos.Replay(w.written)}
	return w.on(how)
}

// gives holds the last event's effects against what is wanted, in order.
func (w *walk) gives(want ...string) *walk {
	w.t.Helper()
	if got := w.effects(); !slices.Equal(got, want) {
		w.t.Errorf("%s\n got  %s\n want %s", w.at.Sub(noon), strings.Join(got, " · "), strings.Join(want, " · "))
	}
	return w
}

// ends holds the outcome against what is wanted.
func (w *walk) ends(want pos.Outcome) *walk {
	w.t.Helper()
	if w.s.Record.Outcome != want {
		w.t.Errorf("%s after the beginning the outcome is %q, want %q", w.at.Sub(noon), w.s.Record.Outcome, want)
	}
	return w
}

// closed holds whether anything is left to do.
func (w *walk) closed(want bool) *walk {
	w.t.Helper()
	if w.s.Record.Closed() != want {
		w.t.Errorf("closed is %v; %+v", !want, w.s.Record)
	}
	return w
}

func (w *walk) phase(want pos.Phase) *walk {
	w.t.Helper()
	if got := w.s.Phase(); got != want {
		w.t.Errorf("phase %d, want %d", got, want)
	}
	return w
}

// effects names the last event's effects; times are from now on.
func (w *walk) effects() []string {
	names := make([]string, 0, len(w.last))
	for _, e := range w.last {
		switch e := e.(type) {
		case pos.Write:
			names = append(names, "write "+e.Entry.Fact.FactName())
		case pos.Create:
			names = append(names, "create "+e.Sale.ExternalRef)
		case pos.LookUp:
			names = append(names, "look up "+e.Sale.ExternalRef)
		case pos.Poll:
			names = append(names, "poll "+e.RequestID)
		case pos.Void:
			names = append(names, "void "+e.RequestID)
		case pos.Decide:
			names = append(names, fmt.Sprintf("decide %s %v", e.ConditionID, e.Accept))
		case pos.SendRefund:
			names = append(names, "refund "+e.Refund.ExternalRef)
		case pos.SendConfirm:
			names = append(names, "confirm "+e.Confirm.Key)
		case pos.SendRelease:
			names = append(names, "release "+e.RequestID)
		case pos.ReadHistory:
			names = append(names, "history "+e.RequestID)
		case pos.Wake:
			names = append(names, fmt.Sprintf("wake %s +%s", e.Timer, e.At.Sub(w.at)))
		}
	}
	return names
}

// made is a new payment request as the service describes it now; the service's
// clock is the till's.
func (w *walk) made(id string) pos.Request {
	return pos.Request{ID: id, ShortCode: "CP-" + id, URL: "https://pay/" + id, Value: cents(1250), Remaining: cents(1250),
		Status: pos.StatusNew, ExternalRef: "T1-0001", CreatedAt: w.at, ExpiresAt: w.at.Add(2 * time.Minute)}
}

// reads lets the poll under way say something of the request.
func (w *walk) reads(change func(*pos.Request)) *walk {
	w.t.Helper()
	req := w.s.Record.Request
	if req.Status == "" {
		req.Status = pos.StatusNew
	}
	change(&req)
	return w.on(pos.PollReplied{RequestID: req.ID, Reply: w.done(), Request: req})
}

func paid(r *pos.Request) {
	r.Status, r.Remaining = pos.StatusPaid, cents(0)
	r.PaidBy = []pos.Tender{{AssetType: "centrapay.nzd.main", Description: "Centrapay NZD", Total: r.Value}}
}

func expired(r *pos.Request) { r.Status = pos.StatusExpired }

func cancelled(reason string) func(*pos.Request) {
	return func(r *pos.Request) { r.Status, r.CancellationReason = pos.StatusCancelled, reason }
}

func nothingNew(*pos.Request) {}

// awaits adds a condition that awaits the merchant.
func awaits(id string) func(*pos.Request) {
	return func(r *pos.Request) {
		r.Conditions = append(slices.Clone(r.Conditions), pos.Condition{ID: id, Message: "Please check ID", Status: pos.ConditionAwaitingMerchant})
	}
}

// pollFails lets the poll under way end without telling anything.
func (w *walk) pollFails(reply pos.Reply) *walk {
	w.t.Helper()
	return w.on(pos.PollReplied{RequestID: w.s.Record.Request.ID, Reply: reply})
}

func (w *walk) done() pos.Reply { return pos.Reply{Answer: pos.AnswerDone, Clock: w.clock()} }

// clock is a round trip of 200 ms that ends now, at a service whose clock is the till's.
func (w *walk) clock() pos.Clock {
	sent := w.at.Add(-200 * time.Millisecond)
	return pos.Clock{Sent: sent, Received: w.at, Server: sent.Add(100 * time.Millisecond).Truncate(time.Second)}
}

var (
	unknown = pos.Reply{Answer: pos.AnswerUnknown, Detail: "connection reset"}
	notSent = pos.Reply{Answer: pos.AnswerNotSent, Detail: "no connection"}
)

func refusedWith(code string) pos.Reply {
	return pos.Reply{Answer: pos.AnswerRefused, Refusal: pos.Refusal{Code: code, Status: 403}}
}

func tooMany(after time.Duration) pos.Reply {
	return pos.Reply{Answer: pos.AnswerNotSent, Detail: "too many requests", RetryAfter: after}
}

func stop(why pos.Why) pos.Event { return pos.StopAsked{Why: why} }

func due(timer pos.Timer) pos.Event { return pos.TimerDue{Timer: timer} }

func barcodeSale() pos.Sale {
	sale := aSale()
	sale.Barcode = "0001219210961929"
	return sale
}

// blind is a sale at a till that may not look requests up by reference.
func blind(sale pos.Sale) pos.Sale {
	sale.Origin.MerchantAccountID = ""
	return sale
}
