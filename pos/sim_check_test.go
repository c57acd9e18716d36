package pos_test

import (
	"slices"
	"time"

	"centrapos/pos"
)

// check holds what must be true of a history when all has healed and time has passed.
func (w *world) check() {
	w.checkCalls()
	for _, p := range w.tills {
		w.checkTill(p)
	}
}

func (w *world) checkTill(p *simTill) {
	rec := pos.Replay(p.disk)
	w.checkForeign(p, rec)
	if len(p.disk) == 0 {
		w.checkNeverWas(p)
		return
	}
	if !p.running && rec.Kind != "" && len(p.backlog) == 0 && p.facts == len(p.disk) && p.state.Record.Closed() {
		p.compare(p.state.Record)
	}
	if w.isAction() && rec.Outcome == pos.OutcomeOpen && p.running && p.state.NeedsPerson(p.clock()) && w.mayNeedPerson(rec) {
		w.checkAction(rec)
		return
	}
	if rec.Word != nil {
		w.checkWord(p, rec)
		return
	}
	lostForGood := w.barcode() && !w.canLookUp() && rec.Request.ID == "" && rec.Unaccounted > 0
	if rec.Outcome == pos.OutcomeOpen && w.options.PaidVoidRefused != "" && w.options.PaidVoidRefused != pos.RefusedRequestPaid && rec.VoidOf(rec.Request.ID).Unsure() && w.svc.Holds(rec.Request.ID) {
		return // a void was lost, and what the next ones are told does not say what it did
	}
	if !rec.Closed() && !lostForGood {
		w.breaks("still open: %+v", rec)
		return
	}
	switch {
	case w.kind == pos.KindVoid:
		w.checkVoid(rec)
		return
	case w.isAction():
		w.checkAction(rec)
		return
	}
	if !lostForGood {
		w.checkSale(p, rec)
	}
}

// checkNeverWas: where no intent is durable, nothing was sent.
func (w *world) checkNeverWas(p *simTill) {
	for _, req := range w.requestsOf(p) {
		if w.kind == pos.KindSale {
			w.breaks("%s was made without a durable intent", req.ID)
		}
	}
	if w.kind != pos.KindSale && len(w.calls) > 0 {
		w.breaks("%d calls without a durable intent", len(w.calls))
	}
}

// checkWord holds that a person settled only what needed one, and was believed.
func (w *world) checkWord(p *simTill, rec pos.Record) {
	moved := w.moved(p)
	if !rec.Closed() || moved != (rec.Word.Verdict == w.kind.Verdicts()[0]) || w.kind == pos.KindSale && w.canLookUp() && w.healed() && rec.WordAt.After(noon.Add(w.heal+time.Minute)) {
		w.breaks("settled by hand as %s: %+v", rec.Word.Verdict, rec)
	}
}

func (w *world) checkSale(p *simTill, rec pos.Record) {
	held := 0
	for _, req := range w.requestsOf(p) {
		mine := req.ID == rec.Request.ID
		late := slices.ContainsFunc(rec.Late, func(l pos.Request) bool { return l.ID == req.ID })
		if w.svc.Holds(req.ID) {
			held++
			if !late && (!mine || !rec.Outcome.Successful()) {
				w.breaks("%s was paid, and the ledger says %s of %q", req.ID, rec.Outcome, rec.Request.ID)
			}
		} else if late || mine && rec.Outcome.Successful() && rec.Outcome != pos.OutcomePaidLate {
			w.breaks("the ledger says %s of %s, and it is %s", rec.Outcome, req.ID, req.Status)
		}
		// A code that nobody has seen may run out by itself where it cannot be looked up.
		if w.svc.Payable(req.ID) && (w.canLookUp() || mine || w.barcode()) {
			w.breaks("%s can be paid, and nobody watches it", req.ID)
		}
		if mine {
			w.checkTruth(rec, req)
		}
	}
	if held > 1 != rec.PaidTwice() {
		w.breaks("paid %d times, told that it was paid twice: %v", held, rec.PaidTwice())
	}
}

// checkTruth holds what the ledger says of the sale's request against the service.
func (w *world) checkTruth(rec pos.Record, req pos.Request) {
	back := w.svc.Returned(req.ID)
	if back.IsKnown() != rec.Returned.IsKnown() || back.IsKnown() && !back.Equal(rec.Returned) {
		w.breaks("%s was given back of %s, and the ledger says %s", back, req.ID, rec.Returned)
	}
	want := map[pos.Outcome]bool{rec.Outcome: true}
	switch {
	case rec.Outcome == pos.OutcomePaidLate: // what is held is known by Late
	case back.IsKnown() && rec.Outcome == pos.OutcomeExpired && req.ExpiresAt.Before(w.now.Add(w.options.Skew+w.options.StampClock)):
		// It ran out, was paid all the same, and given back by a void that had no answer.
	case w.svc.Holds(req.ID) && req.Authorized():
		want = map[pos.Outcome]bool{pos.OutcomeAuthorized: true}
	case w.svc.Holds(req.ID) && req.Remaining.Sign() > 0:
		want = map[pos.Outcome]bool{pos.OutcomePartlyPaid: true}
	case w.svc.Holds(req.ID):
		want = map[pos.Outcome]bool{pos.OutcomePaid: true}
	case req.Status == pos.StatusExpired:
		want = map[pos.Outcome]bool{pos.OutcomeExpired: true}
	case req.CancellationReason == "CANCELLED_BY_PATRON" || req.CancellationReason == "DECLINED_BY_PATRON" || req.CancellationReason == "DECLINED_BY_MERCHANT":
		want = map[pos.Outcome]bool{pos.OutcomeCancelled: true}
	case req.CancellationReason == "CANCELLED_BY_MERCHANT" || back.IsKnown():
		want = map[pos.Outcome]bool{pos.OutcomeCancelled: true, pos.OutcomeVoided: true}
	}
	if rec.Stop == pos.WhyDiffers && rec.Outcome == pos.OutcomeRefused && !w.svc.Holds(req.ID) {
		return
	}
	if !want[rec.Outcome] {
		w.breaks("%s is %s (%s, %s left), and the ledger says %s", req.ID, req.Status, req.CancellationReason, req.Remaining, rec.Outcome)
	}
}

func (w *world) checkVoid(rec pos.Record) {
	req, _ := w.svc.Request(rec.Request.ID)
	back := w.svc.Returned(req.ID)
	switch rec.Outcome {
	case pos.OutcomeVoided, pos.OutcomeCancelled:
		if w.svc.Holds(req.ID) || w.svc.Payable(req.ID) {
			w.breaks("the ledger says %s, and %s is %s", rec.Outcome, req.ID, req.Status)
		}
		if rec.Outcome == pos.OutcomeVoided && req.CancellationReason != "CANCELLED_BY_MERCHANT" && !back.IsKnown() {
			w.breaks("the ledger says that %s was voided, and it was cancelled: %s", req.ID, req.CancellationReason)
		}
		if back.IsKnown() != rec.Returned.IsKnown() {
			w.breaks("%s was given back, and the ledger says %s", back, rec.Returned)
		}
	case pos.OutcomeRefused, pos.OutcomeNotMade:
		if back.IsKnown() || req.CancellationReason == "CANCELLED_BY_MERCHANT" {
			w.breaks("the ledger says %s (%+v), and %s is %s: %s was given back", rec.Outcome, rec.Refusal, req.ID, req.CancellationReason, back)
		}
	default:
		w.breaks("a void ended as %s", rec.Outcome)
	}
}

// checkCalls: no service in trouble is hammered. One account has 200 calls a minute.
func (w *world) checkCalls() {
	const window, most = 10 * time.Second, 45
	for i := most; i < len(w.calls); i++ {
		if w.calls[i].Sub(w.calls[i-most]) < window {
			w.breaks("%d calls in %s", most, w.calls[i].Sub(w.calls[i-most]))
			return
		}
	}
}
