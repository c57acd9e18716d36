package pos_test

import (
	"fmt"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// actionPlan is what a history of a refund, a confirmation or a release is about.
type actionPlan struct {
	kind   pos.Kind
	value  pos.Money
	before string // how its payment request stands: paid, held, confirmed, released, new, voided
	rivals []rival
}

// rival is another till, or a person at the service, who does something to the
// same payment request.
type rival struct {
	at    time.Duration
	does  string // refund, confirm, release, void, lapse
	value pos.Money
}

func newActionPlan(d draw, kind pos.Kind) actionPlan {
	a := actionPlan{kind: kind, value: cents(pick(d, int64(1250), 1250, 500, 500, 2000)), before: "held"}
	switch kind {
	case pos.KindRefund:
		a.before = pick(d, "paid", "paid", "paid", "paid", "confirmed", "voided", "new")
	case pos.KindConfirm:
		a.before = pick(d, "held", "held", "held", "confirmed", "released", "new")
	case pos.KindRelease:
		a.before = pick(d, "held", "held", "confirmed", "released", "new", "paid")
	case pos.KindSale, pos.KindVoid:
	}
	for d.chance(0.35) {
		what := pick(d, "refund", "refund", "refund", "void", "lapse")
		if a.before != "paid" {
			what = pick(d, "refund", "confirm", "release", "void", "lapse")
		}
		a.rivals = append(a.rivals, rival{at: d.upTo(40 * time.Second), does: what, value: cents(pick(d, int64(1250), 500, 500, 100))})
	}
	return a
}

func (a actionPlan) drawService(d draw, o *postest.Options) {
	o.RepeatsJudgedLast = d.chance(0.4)
	o.HistoryShowsRefs = d.chance(0.5)
	if d.chance(0.1) {
		o.HistoryRefused = "FORBIDDEN"
	}
	o.HistoryLag = pick(d, 0, 0, 0, 2*time.Second, 30*time.Second, 2*time.Minute, 24*time.Hour)
	o.HistoryClock = pick(d, 0, 0, 5*time.Second, -5*time.Second, time.Hour, -time.Hour)
	if d.chance(0.08) {
		o.ActionRefused = pick(d, "REFUND_DECLINED", "PARTIAL_REFUNDS_NOT_ALLOWED", "INACTIVE_ASSET", "REFUND_WINDOW_EXCEEDED")
	}
	if d.chance(0.05) {
		o.SaysRefunded = cents(100)
	}
}

func (a actionPlan) String() string {
	return fmt.Sprintf("%s of %s of a request that is %s, rivals %v", a.kind, a.value, a.before, a.rivals)
}

const (
	simRef    = "T1-REFUND"
	simKey    = "T1-CONFIRM"
	simBefore = "T1-BEFORE" // of the confirmation that there was
)

// intent is what the till sets out to do to a request.
func (a actionPlan) intent(id string) pos.Opened {
	target := pos.Target{RequestID: id, Value: cents(1250)}
	intent := pos.Opened{Kind: a.kind, Service: "s"}
	switch a.kind {
	case pos.KindRefund:
		intent.Refund = &pos.Refund{Target: target, Value: a.value, ExternalRef: simRef}
		if a.before == "confirmed" {
			intent.Refund.ConfirmationKey = simBefore
		}
	case pos.KindConfirm:
		intent.Confirm = &pos.Confirm{Target: target, Value: a.value, Key: simKey, InvoiceRef: "INV-7"}
	case pos.KindRelease:
		intent.Release = &pos.Release{Target: target}
	case pos.KindSale, pos.KindVoid:
	}
	return intent
}

// actedOn is the request that the action is about, as earlier sales left it.
func (w *world) actedOn() string {
	sale := w.sale
	sale.ExternalRef, sale.PreAuth = "T1-0000", w.action.before != "paid" && w.action.before != "voided"
	sale.Partial, sale.Basket, sale.Barcode = false, pos.Money{}, ""
	req, _ := w.svc.Create(background, sale)
	if w.action.before == "new" {
		w.seen = append(w.seen, req.ID) // the customer may authorize it yet
		return req.ID
	}
	_ = w.svc.Pay(req.ID)
	switch w.action.before {
	case "confirmed":
		w.svc.Confirm(background, pos.Confirm{Target: pos.Target{RequestID: req.ID}, Value: cents(600), Key: simBefore})
	case "released":
		w.svc.Release(background, req.ID)
	case "voided":
		w.svc.Void(background, req.ID)
	}
	return req.ID
}

// rivals lets others do what they do to the request.
func (w *world) rivals(id string) {
	for i, r := range w.action.rivals {
		w.at(r.at, func() {
			ref := fmt.Sprintf("T2-%d", i)
			var reply pos.Reply
			target := pos.Target{RequestID: id}
			switch r.does {
			case "refund":
				refund := pos.Refund{Target: target, Value: r.value, ExternalRef: ref}
				if w.action.before == "confirmed" {
					refund.ConfirmationKey = simBefore
				}
				_, reply = w.svc.Refund(background, refund)
			case "confirm":
				_, reply = w.svc.Confirm(background, pos.Confirm{Target: target, Value: r.value, Key: ref})
			case "release":
				_, reply = w.svc.Release(background, id)
			case "void":
				_, reply = w.svc.Void(background, id)
			case "lapse":
				w.svc.Lapse(id)
			}
			w.logf("a rival's %s: %s %s", r.does, reply.Answer, reply.Refusal.Code)
		})
	}
}

// done counts how often the service did what the action asks for.
func (w *world) done() int {
	count := 0
	for _, a := range w.svc.History(w.target0) {
		switch {
		case w.kind == pos.KindRefund && a.Is(pos.ActivityRefund) && a.ExternalRef != "" && a.ExternalRef[:2] == "T1",
			w.kind == pos.KindConfirm && a.Is(pos.ActivityConfirmation) && a.Key != simBefore && a.Key[:2] == "T1":
			count++
			if !a.Value.Equal(w.action.value) {
				w.breaks("%s was done, of %s asked", a.Value, w.action.value)
			}
		}
	}
	if w.kind == pos.KindRelease {
		return w.released
	}
	return count
}

// checkShown holds an outcome of an action against the service as soon as it is shown.
func (w *world) checkShown(outcome pos.Outcome) {
	did := w.done()
	switch outcome {
	case pos.OutcomeRefunded, pos.OutcomeConfirmed:
		if did != 1 {
			w.breaks("shown as %s, and the service did it %d times", outcome, did)
		}
	case pos.OutcomeReleased:
		if req, _ := w.svc.Request(w.target0); !req.Released() {
			w.breaks("shown as released, and it holds the money")
		}
	case pos.OutcomeCancelled:
		if req, _ := w.svc.Request(w.target0); w.kind != pos.KindRelease || req.Status != pos.StatusCancelled {
			w.breaks("shown as cancelled, and it is %s", req.Status)
		}
	case pos.OutcomeRefused, pos.OutcomeNotMade:
		if did != 0 {
			w.breaks("shown as %s, and the service did it %d times", outcome, did)
		}
	default:
		w.breaks("a %s ended as %q", w.kind, outcome)
	}
}

// checkAction holds what must be true of an action when all has healed and time has passed.
func (w *world) checkAction(rec pos.Record) {
	if rec.Outcome != pos.OutcomeOpen {
		w.checkShown(rec.Outcome)
	}
	if did := w.done(); did > 1 {
		w.breaks("done %d times", did)
	}
	w.checkReleased(rec)
	if rec.Outcome == pos.OutcomeRefunded {
		said := w.action.value
		if other := w.options.SaysRefunded; other.IsKnown() {
			said = other
		}
		if !rec.Returned.Equal(said) || rec.AmountDiffers() == said.Equal(w.action.value) {
			w.breaks("the service says %s, the ledger %s, differs %v", said, rec.Returned, rec.AmountDiffers())
		}
	}
}

// checkReleased holds how much a release gave back against what the service says.
func (w *world) checkReleased(rec pos.Record) {
	if rec.Outcome != pos.OutcomeReleased {
		return
	}
	quiet := w.netTrouble == 0 && w.crash == 0 && w.ledgerTrouble == 0 && w.options.HistoryRefused == "" && w.options.HistoryLag == 0
	for _, a := range w.svc.History(w.target0) {
		if a.Is(pos.ActivityRelease) && (!rec.Returned.Equal(a.Value) && (rec.Returned.IsKnown() || quiet)) {
			w.breaks("%s was released, and the ledger says %s", a.Value, rec.Returned)
		}
	}
}

// mayNeedPerson reports whether the history leaves an action open for a person: an
// answer was lost, what was sent again was refused or is not to be sent again, and no
// entry under its name has been there to be read.
func (w *world) mayNeedPerson(rec pos.Record) bool {
	if w.kind == pos.KindRelease || !rec.Action.Unsure() || rec.Action.Refusal == nil && !w.till.settling {
		return false
	}
	if w.options.HistoryRefused != "" {
		return true
	}
	for _, a := range w.svc.History(w.target0) {
		named := w.kind == pos.KindConfirm && a.Key == simKey ||
			w.kind == pos.KindRefund && a.ExternalRef == simRef && w.options.HistoryShowsRefs && !w.options.SaysRefunded.IsKnown()
		listed := a.CreatedAt.Add(w.options.HistoryLag - w.options.Skew)
		if named && listed.Add(looksAgain).Before(w.now) && noon.Add(w.heal+looksAgain).Before(w.now) {
			return false
		}
	}
	return true
}

// looksAgain is how long it may take until a till that is in doubt looks again.
const looksAgain = 6 * time.Minute
