package pos

import (
	"slices"
	"time"
)

// Record is what the ledger knows of one operation: its facts, applied in
// order. Everything else about an operation may be lost with the process.
type Record struct {
	Kind     Kind
	Service  string
	OpenedAt time.Time
	Sale     Sale    // of a sale
	Target   Target  // of all others
	Refund   Refund  // of a refund
	Confirm  Confirm // of a confirmation

	// Request is the payment request the operation stands on; its ID is empty
	// until one is known.
	Request Request
	// Strays are further requests made for the same sale by creates whose
	// answers were lost.
	Strays []Request
	// Creates counts the creates that left, and LastCreate is when the last did.
	Creates    int
	LastCreate time.Time
	// Unaccounted counts the creates that may have made a request nobody has found yet.
	Unaccounted int

	// Action is where a refund, a confirmation or a release stands.
	Action    Action
	Voids     []Voiding
	Decisions []Decided
	Stop      Why
	// Returned is money that a void or a refund gave back to the customer, or that
	// a release no longer holds; for a refund what the service answered.
	Returned Money

	Outcome Outcome
	Refusal *Refusal
	Detail  string
	EndedAt time.Time
	// Word is a person's word, where the operation was settled by hand; WordAt is when
	// it was given.
	Word   *Word
	WordAt time.Time
	// WrittenOff: lost creates were given up, of which no look-up found anything.
	WrittenOff bool
	// Watched: the sale ended in doubt.
	Watched bool
	// Looks counts the times to look again after the end that are over.
	Looks int
	// LastLook is when one was last answered.
	LastLook time.Time
	// Late are requests of the sale that hold money which arrived after its end.
	Late []Request
}

// Voiding is where the voiding of one request stands.
type Voiding struct {
	RequestID string
	Sent      int // voids that left and may have reached the service
	// Unanswered counts the voids that left and have no definite answer: each
	// may have taken effect, or may yet.
	Unanswered int
	Done       bool // the service's word that the request is over
	Refusal    *Refusal
	// Returned is the money that the void gave back, as its answer says.
	Returned Money
	// ReturnUnknown: its answer does not say whether it gave money back.
	ReturnUnknown bool
}

// Unsure reports whether a void may have taken effect without the till knowing.
func (v Voiding) Unsure() bool { return v.Unanswered > 0 }

// mayStillArrive reports whether a void that left may not have reached the service
// yet: its own answer was lost, whatever a later one was answered.
func (v Voiding) mayStillArrive() bool { return v.Unsure() || v.Sent > 1 }

// gaveBack reports whether a void is known to have given money back.
func (v Voiding) gaveBack() bool {
	return v.Returned.IsKnown() || v.Refusal != nil && v.Refusal.Code == RefusedAlreadyRefunded
}

// Replay gives the record that entries, an operation's facts in order, amount to.
func Replay(entries []Entry) Record {
	var r Record
	for _, e := range entries {
		r = r.apply(e)
	}
	return r
}

// apply gives the record with one more fact. Facts that follow the end are about
// what it left behind, and change nothing of how it ended.
func (r Record) apply(e Entry) Record {
	next := r.with(e)
	if r.Outcome != OutcomeOpen {
		next.Outcome, next.EndedAt, next.Refusal, next.Detail, next.Watched = r.Outcome, r.EndedAt, r.Refusal, r.Detail, r.Watched
	}
	if f, late := e.Fact.(PaidLate); late {
		return next.paidLate(f.Request)
	}
	return next
}

// with gives the record with one more fact. It never changes slices in place,
// since earlier records share them.
func (r Record) with(e Entry) Record {
	switch f := e.Fact.(type) {
	case Opened:
		return r.opened(e.At, f)
	case CreateSent:
		r.Creates++
		r.Unaccounted++
		r.LastCreate = e.At
	case CreateNotSent:
		r.Unaccounted = max(0, r.Unaccounted-1)
		r.Detail = f.Detail
	case CreateRefused:
		r.Unaccounted = max(0, r.Unaccounted-1)
		r.Refusal = &f.Refusal
	case LostWrittenOff:
		r.WrittenOff = r.WrittenOff || r.Unaccounted > 0
		r.Unaccounted = 0
	case WordGiven:
		r.Word, r.WordAt = &f.Word, e.At
	case LookedBack:
		r.Looks, r.LastLook = max(r.Looks, f.Points), e.At
	case NoAnswer:
		r.Detail = f.Detail
	case Adopted:
		r.Unaccounted = max(0, r.Unaccounted-1)
		r.Request = f.Request
	case Noted:
		r.Request = f.Request
		if r.Outcome != OutcomeOpen && f.Request.wasGivenBack() && !r.Returned.IsKnown() {
			r.Returned = f.Request.PaidTotal()
		}
	case StrayFound:
		r.Unaccounted = max(0, r.Unaccounted-1)
		return r.withStray(f.Request)
	case Decided:
		r.Decisions = append(slices.Clip(r.Decisions), f)
	case StopWanted:
		r.Stop = f.Why
	case Ended:
		r.Outcome, r.EndedAt, r.Refusal, r.Detail, r.Watched = f.Outcome, e.At, f.Refusal, f.Detail, f.Doubtful
		if !r.Returned.IsKnown() {
			r.Returned = r.givenBack()
		}
	case VoidSent, VoidNotSent, VoidDone, VoidRefused:
		return r.voiding(f)
	case ActionSent, ActionNotSent, ActionRefused, ActionDone, ActionFound:
		return r.acting(e)
	}
	return r
}

func (r Record) opened(at time.Time, f Opened) Record {
	r.Kind, r.Service, r.OpenedAt = f.Kind, f.Service, at
	if f.Sale != nil {
		r.Sale = *f.Sale
		r.Creates, r.Unaccounted, r.LastCreate = 1, 1, at
	}
	switch {
	case f.Void != nil:
		r.Target = *f.Void
	case f.Refund != nil:
		r.Refund, r.Target = *f.Refund, f.Refund.Target
	case f.Confirm != nil:
		r.Confirm, r.Target = *f.Confirm, f.Confirm.Target
	case f.Release != nil:
		r.Target = f.Release.Target
	}
	if f.Sale == nil {
		r.Request = Request{ID: r.Target.RequestID, ShortCode: r.Target.ShortCode, Value: r.Target.Value}
	}
	return r
}

// withStray adds a request that must be voided. One that was voided before is to be
// voided again.
func (r Record) withStray(req Request) Record {
	r.Strays = slices.DeleteFunc(slices.Clone(r.Strays), func(s Request) bool { return s.ID == req.ID })
	r.Strays = append(r.Strays, req)
	if r.VoidOf(req.ID).Done {
		return r.withVoiding(req.ID, func(v *Voiding) { v.Done, v.Refusal = false, nil })
	}
	return r
}

// voiding applies the facts about voids.
func (r Record) voiding(fact Fact) Record {
	switch f := fact.(type) {
	case VoidSent:
		return r.withVoiding(f.RequestID, func(v *Voiding) { v.Sent++; v.Unanswered++ })
	case VoidNotSent:
		return r.withVoiding(f.RequestID, func(v *Voiding) { v.Sent--; v.Unanswered = max(0, v.Unanswered-1) })
	case VoidDone:
		if f.RequestID == r.Request.ID {
			r.Returned = f.Reversal.Returned
		}
		return r.withVoiding(f.RequestID, func(v *Voiding) {
			v.Unanswered, v.Done, v.Refusal, v.Returned, v.ReturnUnknown = 0, true, nil, f.Reversal.Returned, f.Reversal.Unsure
		})
	case VoidRefused:
		if f.Refusal.ofTheCaller() { // who asked was turned away: that says nothing of earlier voids
			return r.withVoiding(f.RequestID, func(v *Voiding) { v.Unanswered, v.Refusal = max(0, v.Unanswered-1), &f.Refusal })
		}
		if r.leavesDoubt(f) {
			return r.withVoiding(f.RequestID, func(v *Voiding) { v.Unanswered, v.Refusal = max(1, v.Unanswered-1), &f.Refusal })
		}
		unread := r.mustRead(f)
		return r.withVoiding(f.RequestID, func(v *Voiding) {
			v.Unanswered, v.Done, v.Refusal = 0, f.Refusal.over() && !unread, &f.Refusal
			if unread {
				v.Unanswered = 1
			}
		}).returnedAfterAll(f)
	}
	return r
}

// listsHistory reports whether the service lists what became of a request. Its first
// generation does not, and its refusals are of the state alone: a paid request is
// never cancelled there (Requests, Cancel), whatever was sent before.
func (r Record) listsHistory() bool { return r.Service == ServiceFamily(r.Service) }

// leavesDoubt reports whether a refused void of the operation's own request leaves it
// open what became of its money: an earlier one whose answer was lost may have given it
// back, whatever this one is told, and "already refunded" is said of a part as well. What
// is cancelled is over for certain, what is told to be paid is paid (rule 5 of the
// payment rules), and what has run out is over unless it was read as paid.
func (r Record) leavesDoubt(f VoidRefused) bool {
	over := f.Refusal.Code == RefusedRequestCancelled || f.Refusal.Code == RefusedRequestPaid ||
		f.Refusal.Code == RefusedRequestExpired && r.Kind == KindSale && !r.Request.moneyMoved()
	return !over && r.listsHistory() && f.RequestID == r.Request.ID && r.Outcome == OutcomeOpen && (r.VoidOf(f.RequestID).Unanswered > 1 || r.Kind == KindVoid && f.Refusal.Code == RefusedAlreadyRefunded)
}

// returnedAfterAll is what a void gave back whose own answer was lost and that was
// asked for again after the end, since the request turned out to be paid.
func (r Record) returnedAfterAll(f VoidRefused) Record {
	worked := f.Refusal.Code == RefusedAlreadyRefunded || f.Refusal.Code == RefusedRequestCancelled
	if r.Outcome == OutcomeOpen || f.RequestID != r.Request.ID || !r.Request.moneyMoved() || !worked || r.Returned.IsKnown() {
		return r
	}
	if r.Returned = r.Request.PaidTotal(); !r.Returned.IsKnown() {
		r.Returned = r.Request.Value
	}
	return r
}

// mustRead reports whether a refused void says that an earlier one worked, but
// not what that gave back: the request has not been read since the customer paid.
func (r Record) mustRead(f VoidRefused) bool {
	worked := f.Refusal.Code == RefusedAlreadyRefunded || f.Refusal.Code == RefusedRequestCancelled && r.VoidOf(f.RequestID).Sent > 1
	return worked && f.RequestID == r.Request.ID && !r.Request.Status.Final() && !r.Request.Authorized()
}

// givenBack is what a void gave back whose own answer was lost: what the request
// says it had been paid or, where it does not say, all of it.
func (r Record) givenBack() Money {
	if r.Kind.isAction() {
		return r.actionReturned()
	}
	v := r.VoidOf(r.Request.ID)
	var code string
	if v.Refusal != nil && (r.Kind == KindSale || v.Sent > 1) {
		code = v.Refusal.Code
	}
	paid := r.Request.PaidTotal()
	switch {
	case r.Outcome.Successful():
		return Money{}
	case code == RefusedAlreadyRefunded && !paid.IsKnown():
		return r.Request.Value
	case code == RefusedAlreadyRefunded || code == RefusedRequestCancelled || r.Request.Status == StatusCancelled:
		return paid
	}
	return Money{}
}

// cancelledBySomebody reports whether a reading of the operation's request says that
// it was cancelled, and not by a void: by the customer, or by a condition that was
// declined. What is paid can be cancelled by a void alone.
func (r Record) cancelledBySomebody(requestID string) bool {
	return requestID == r.Request.ID && r.Request.Status == StatusCancelled && !r.Request.cancelledByMerchant()
}

// NothingMoved reports whether it is known that no money moved by the operation, neither
// way and at no time: it came to nothing, and nothing was given back, may have been, or
// came late.
func (r Record) NothingMoved() bool {
	switch {
	case r.Outcome == OutcomeOpen || r.Outcome.Successful() || r.Returned.IsKnown() || r.ReturnUnknown() || len(r.Late) > 0:
		return false
	case r.Outcome == OutcomeRefunded || r.Outcome == OutcomeReleased:
		return false
	case r.Kind == KindSale && r.Request.PaidTotal().Sign() > 0:
		return false
	case r.Refusal != nil && (r.Kind == KindVoid && r.Refusal.Code == RefusedAlreadyRefunded || r.Kind == KindRelease && r.Refusal.Code == RefusedPreAuthReleased):
		return false // the network may have delivered it twice, and the first have worked
	}
	return !slices.ContainsFunc(r.Voids, func(v Voiding) bool { return v.gaveBack() && (r.Kind == KindSale || v.Returned.IsKnown()) })
}

// ReturnUnknown reports whether a void of the operation's request may have given money
// back without the service saying so: its own answer was lost or does not tell, and the
// request lists no payment. Whether money moved is not known then.
func (r Record) ReturnUnknown() bool {
	v := r.VoidOf(r.Request.ID)
	switch {
	case r.Kind.isAction() || r.Returned.IsKnown() || r.Outcome == OutcomeOpen || r.Outcome.Successful():
		return false
	case v.ReturnUnknown:
		return true
	case r.cancelledBySomebody(r.Request.ID):
		return false // nothing had been paid: what is paid can be cancelled by a void alone
	case v.Unsure():
		return true
	}
	return v.Sent > 1 && v.Refusal != nil && v.Refusal.Code == RefusedRequestCancelled && !r.Request.PaidTotal().IsKnown()
}

func (r Record) withVoiding(id string, change func(*Voiding)) Record {
	voids := slices.Clone(r.Voids)
	i := slices.IndexFunc(voids, func(v Voiding) bool { return v.RequestID == id })
	if i < 0 {
		voids = append(voids, Voiding{RequestID: id})
		i = len(voids) - 1
	}
	change(&voids[i])
	r.Voids = voids
	return r
}

// over reports whether a refused void says that the request can no longer be
// paid nor hold money: the void is as good as done.
func (f Refusal) over() bool {
	return f.Code == RefusedRequestExpired || f.Code == RefusedRequestCancelled || f.Code == RefusedAlreadyRefunded
}

// saidPaid reports whether the service refused to void a sale's request because it
// is paid, with no earlier void left unanswered that may have given the money back.
func (r Record) saidPaid(requestID string) bool {
	v := r.VoidOf(requestID)
	return r.Kind == KindSale && v.Refusal != nil && v.Refusal.Code == RefusedRequestPaid && !v.Unsure()
}

// VoidOf says where the voiding of a request stands; all zero when none was tried.
func (r Record) VoidOf(requestID string) Voiding {
	for _, v := range r.Voids {
		if v.RequestID == requestID {
			return v
		}
	}
	return Voiding{RequestID: requestID}
}

// openStrays are the strays not yet known to be over.
func (r Record) openStrays() []Request {
	var open []Request
	for _, s := range r.Strays {
		if !r.VoidOf(s.ID).Done && !r.isLate(s.ID) {
			open = append(open, s)
		}
	}
	return open
}

// Closed reports whether nothing at all is left to do: the outcome is known, no
// stray is open and no lost create is unaccounted for. What is not closed is
// listed under Unfinished and taken up by recovery.
func (r Record) Closed() bool {
	return r.Outcome != OutcomeOpen && r.Unaccounted == 0 && len(r.openStrays()) == 0
}

// Amount is what the operation was begun for: of a sale, a refund or a confirmation
// what the service was asked for, of a void the value of the request, and of a release,
// which asks for no amount, what the service says was released. What the service says
// is Answered.
func (r Record) Amount() Money {
	switch r.Kind {
	case KindSale:
		return r.Sale.Amount
	case KindRefund:
		return r.Refund.Value
	case KindConfirm:
		return r.Confirm.Value
	case KindRelease:
		return r.Action.Activity.Value
	case KindVoid:
	}
	return r.Request.Value
}

// moved is the amount that lists show: what the service says, else what was asked.
func (r Record) moved() Money {
	if answered := r.Answered(); answered.IsKnown() {
		return answered
	}
	return r.Amount()
}

// Reference is the operation's own name at the service: the external reference of
// a sale or a refund, the key of a confirmation. Voids and releases have none.
func (r Record) Reference() string {
	switch r.Kind {
	case KindSale:
		return r.Sale.ExternalRef
	case KindRefund:
		return r.Refund.ExternalRef
	case KindConfirm:
		return r.Confirm.Key
	case KindVoid, KindRelease:
	}
	return ""
}

// Summary is the line that lists show of an operation; the ledger keeps it
// beside the facts, as a projection that replay reproduces.
type Summary struct {
	Op          OpID
	Kind        Kind
	Service     string
	ExternalRef string // Record.Reference
	RequestID   string
	ShortCode   string // the payment request's
	// ActivityCode is the own short code of a refund, a confirmation or a release.
	ActivityCode string
	// Amount is what the service says was paid, given back, confirmed or released
	// (Record.Answered) and, until it has said so, what was asked for (Record.Amount).
	Amount   Money
	Status   Status // as last read from the service
	Outcome  Outcome
	OpenedAt time.Time
	Closed   bool
	// ByHand: the outcome is a person's word, not the service's.
	ByHand bool
	// Doubtful: the sale has ended, and is looked at again; see Record.Doubtful.
	Doubtful bool
}

// Summary gives the record's line for lists.
func (r Record) Summary(op OpID) Summary {
	return Summary{
		Op: op, Kind: r.Kind, Service: r.Service, ExternalRef: r.Reference(),
		RequestID: r.Request.ID, ShortCode: r.Request.ShortCode, ActivityCode: r.Action.Activity.ShortCode, Amount: r.moved(),
		Status: r.Request.Status, Outcome: r.Outcome, OpenedAt: r.OpenedAt, Closed: r.Closed(),
		ByHand: r.Word != nil, Doubtful: r.Doubtful(),
	}
}
