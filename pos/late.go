package pos

import "time"

// This file holds what the record knows of payments that arrive after the till has
// given up. "Cancelled" and "expired" are final (Payment Requests, statuses), but
// whether a payment that is in flight at that moment still lands is not documented,
// nor is how late a create can arrive, or that it arrives once. So the till looks
// back, at times that are bounded, at endings in which money could still move.

// lookPoints are how long after its end a sale is looked at again.
var lookPoints = []time.Duration{10 * time.Second, 30 * time.Second, 5 * time.Minute}

// LookedBack says that a sale was looked at again after its end, and that nothing
// more needs to be noted of it. Points is how many of the times to do so are over.
type LookedBack struct {
	Points int `json:"points"`
}

// PaidLate says that a request of a sale that had ended holds the customer's money
// all the same: the sale's own one, or another that was made for it.
type PaidLate struct {
	Request Request `json:"request"`
}

// FactName implements Fact.
func (LookedBack) FactName() string { return "looked-back" }

// FactName implements Fact.
func (PaidLate) FactName() string { return "paid-late" }

// paidLate applies the fact that money arrived after the end. It is the one thing
// that changes an outcome: a sale that was given up is paid after all.
func (r Record) paidLate(req Request) Record {
	r.Late = append(r.Late[:len(r.Late):len(r.Late)], req)
	if r.Outcome != OutcomeOpen && !r.Outcome.Successful() {
		r.Outcome = OutcomePaidLate
	}
	if req.ID == r.Request.ID {
		r.Request = req
	}
	return r
}

// PaidTwice reports whether the customer paid for the same sale more than once, and
// the till could not give it back by itself: all but one should be refunded.
func (r Record) PaidTwice() bool {
	if r.Outcome == OutcomePaidLate {
		return len(r.Late) > 1
	}
	return r.Outcome.Successful() && len(r.Late) > 0
}

// LateRequest is the request that money arrived on after the end, the first where
// there are several; false where there is none. It can be voided or refunded.
func (r Record) LateRequest() (Request, bool) {
	if len(r.Late) == 0 {
		return Request{}, false
	}
	return r.Late[0], true
}

func (r Record) isLate(requestID string) bool {
	for _, l := range r.Late {
		if l.ID == requestID {
			return true
		}
	}
	return false
}

// Doubtful reports whether money could still move although the sale has ended, so
// that it is worth looking at it again. What has been paid late is so until the times to
// look at it are over: another request that was made for it may be paid as well.
func (r Record) Doubtful() bool {
	return r.Watched && (r.Outcome != OutcomePaidLate || r.Looks < r.looks())
}

// mayStillMove decides, as a sale ends, whether money could still move:
//
//   - it was voided or ran out while unpaid, and a payment may have been in flight;
//   - it was called off because it was not the one asked for, and its customer has the
//     barcode it was made from;
//   - nothing was found of a create whose answer was lost, and it may arrive later;
//   - it was made from a barcode, and the network may have delivered that twice: the
//     customer can approve a request that the till knows nothing of.
//
// Certain are all other endings: what the customer or the service cancelled, what
// gave its money back, what a person settled, and what nobody ever saw the code of
// and nothing can be asked about.
func (r Record) mayStillMove() bool {
	if r.Kind != KindSale || r.Word != nil {
		return false
	}
	known, listed := r.Request.ID != "", r.Sale.Origin.MerchantAccountID != ""
	twin := !r.Sale.showsCode() && listed
	switch r.Outcome {
	case OutcomePaid, OutcomePartlyPaid, OutcomeAuthorized:
		return twin
	case OutcomeExpired:
		return known
	case OutcomeCancelled, OutcomeVoided:
		return known && (!r.Returned.IsKnown() && r.mayBeInFlight() || twin)
	case OutcomeNotMade, OutcomeRefused:
		return listed && r.WrittenOff || known && !r.Sale.showsCode() && r.mayBeInFlight()
	case OutcomeOpen, OutcomePaidLate, OutcomeRefunded, OutcomeConfirmed, OutcomeReleased:
	}
	return false
}

// mayBeInFlight reports whether a request that was ended unpaid could have had a
// payment under way: not one that the customer or the service ended.
func (r Record) mayBeInFlight() bool {
	return r.Request.Status != StatusCancelled || r.Request.cancelledByMerchant()
}

// looks is how often a doubtful sale is looked at again by itself.
func (r Record) looks() int {
	if r.Outcome.Successful() && r.Outcome != OutcomePaidLate && len(r.Strays) == 0 {
		return 1 // a second request is there at once, or was there never
	}
	return len(lookPoints)
}

// NextLook is when the till looks again at a sale that has ended, by the till's
// clock; zero when it does not.
func (r Record) NextLook() time.Time {
	if !r.Closed() || !r.Doubtful() || r.Looks >= r.looks() {
		return time.Time{}
	}
	return r.EndedAt.Add(lookPoints[r.Looks])
}

// pointsBehind is how many of the times to look again are over.
func (r Record) pointsBehind(at time.Time) int {
	points := r.Looks
	for points < r.looks() && !at.Before(r.EndedAt.Add(lookPoints[points])) {
		points++
	}
	return points
}

// givenBackSince are the requests whose money, it is known now and was not before, has
// arrived and been given back, and of which staff know nothing: the own one of a sale that
// had ended, and others that were made for it.
func (r Record) givenBackSince(before Record) []Request {
	if r.Kind != KindSale {
		return nil
	}
	var list []Request
	if before.Outcome != OutcomeOpen && r.cameBack(r.Request.ID) && !before.cameBack(r.Request.ID) {
		list = append(list, r.Request)
	}
	for _, stray := range r.Strays {
		if stray.ID != r.Request.ID && r.cameBack(stray.ID) && !before.cameBack(stray.ID) {
			list = append(list, stray)
		}
	}
	return list
}

// StraysGivenBack are the further requests made for the sale that the customer had paid
// and whose money was given back; VoidOf says how much.
func (r Record) StraysGivenBack() []Request {
	var list []Request
	for _, stray := range r.Strays {
		if stray.ID != r.Request.ID && r.cameBack(stray.ID) {
			list = append(list, stray)
		}
	}
	return list
}

// cameBack reports whether a request's money is known to have been given back.
func (r Record) cameBack(requestID string) bool {
	return r.VoidOf(requestID).gaveBack() || requestID == r.Request.ID && r.Returned.IsKnown()
}
