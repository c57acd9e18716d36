package postest

import (
	"slices"
	"sync"
	"time"

	"centrapos/pos"
)

// Options are how a Service behaves. The zero Options are a service that is
// prompt, exact and permits everything, with a customer who does nothing.
type Options struct {
	// Now is the clock of the machine; time.Now when nil.
	Now func() time.Time
	// Skew is how far the service's clock runs ahead of the machine's.
	Skew time.Duration
	// Latency is the round trip of every call; the effect is in its middle.
	Latency time.Duration
	// LookUpRefused is the message code that every look-up by reference is
	// refused with; empty permits them.
	LookUpRefused string
	// AutoPay and AutoCancel are how long after its creation the customer pays or
	// cancels each request by himself; zero for never.
	AutoPay, AutoCancel time.Duration
	// QuickPay pays a request made from a barcode once it is polled first
	// (Payment Requests, quick pay).
	QuickPay bool
	// VoidedStaysPaid leaves the status of a paid request paid when it is voided;
	// Centrapay's documents do not settle whether it turns cancelled.
	VoidedStaysPaid bool
	// PaidVoidRefused is the message code that voids of paid requests are refused
	// with, such as REFUND_NOT_SUPPORTED; empty gives the money back.
	PaidVoidRefused string
	// VoidedAgainCancelled refuses the void of what is voided already with
	// REQUEST_CANCELLED instead of ALREADY_REFUNDED; the documents leave it open.
	VoidedAgainCancelled bool
	// ActionRefused is the message code that every refund, confirmation and release
	// is refused with which could be done; empty does them.
	ActionRefused string
	// RepeatsJudgedLast looks whether a refund or a confirmation is a repeat only
	// after everything else was found in order, so that the repeat of a full refund is
	// refused; the documents leave the order open.
	RepeatsJudgedLast bool
	// HistoryShowsRefs lets refunds show their external reference, which no published
	// example does.
	HistoryShowsRefs bool
	// HistoryRefused is the message code that reading a history is refused with.
	HistoryRefused string
	// HistoryLag is how long after it was made a refund, a confirmation or a release is
	// listed in the history: refunds are asynchronous, and no document says how soon.
	HistoryLag time.Duration
	// HistoryClock is how far the times in histories run ahead of the service's clock,
	// as by another machine of the service.
	HistoryClock time.Duration
	// SaysRefunded is the amount that refunds say instead of their own, as one
	// published example does.
	SaysRefunded pos.Money
	// MakesFor is the amount that requests are made for instead of the one asked for.
	MakesFor pos.Money
	// StampClock is how far the times in payment requests run ahead of the service's
	// clock as the Date header says it.
	StampClock time.Duration
	// Abridged lists requests by reference without the till that asked for them, as the
	// published example does.
	Abridged bool
	// NoDate leaves the Date header out of every answer.
	NoDate bool
}

// Service is Centrapay in memory. It implements pos.Payments and is safe for
// concurrent use.
type Service struct {
	mu       sync.Mutex
	opt      Options
	requests []*request // oldest first
	due      []arrival  // what will happen by itself
	faults   faults
	calls    []Call
}

// request is a payment request with what only the service knows of it.
type request struct {
	pos.Request
	account  string
	asked    pos.Asked
	barcode  bool
	preAuth  bool
	polled   bool
	wanted   pos.Money // what the customer approved, while conditions hold it up
	returned pos.Money
	history  []pos.Activity // oldest first
	stamps   time.Duration  // how far the times that are shown run ahead
	clock    func() time.Time
}

// arrival is something that happens at a time by the machine's clock.
type arrival struct {
	at time.Time
	do func()
}

// NewService gives a service without payment requests.
func NewService(o Options) *Service {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Service{opt: o, faults: newFaults()}
}

// Change alters how the service behaves from now on.
func (s *Service) Change(change func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	change(&s.opt)
}

// clock is the time by the service's clock. The caller holds the lock.
func (s *Service) clock() time.Time { return s.opt.Now().Add(s.opt.Skew) }

// settle lets everything happen that is due by now, in order. The caller holds the lock.
func (s *Service) settle() {
	now := s.opt.Now()
	for {
		next := -1
		for i, a := range s.due {
			if !a.at.After(now) && (next < 0 || a.at.Before(s.due[next].at)) {
				next = i
			}
		}
		if next < 0 {
			s.expireAt(now)
			return
		}
		a := s.due[next]
		s.due = slices.Delete(s.due, next, next+1)
		s.expireAt(a.at)
		a.do()
	}
}

func (s *Service) schedule(at time.Time, do func()) {
	s.due = append(s.due, arrival{at: at, do: do})
}

func (s *Service) expireAt(machine time.Time) {
	for _, r := range s.requests {
		if r.Status == pos.StatusNew && !r.ExpiresAt.After(machine.Add(s.opt.Skew)) && !r.Authorized() {
			r.Status = pos.StatusExpired
			r.record(pos.Activity{Type: pos.ActivityExpiry, Value: r.Value})
		}
	}
}

func (s *Service) find(id string) *request {
	for _, r := range s.requests {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Request gives a payment request as it stands now; false for an unknown id.
func (s *Service) Request(id string) (pos.Request, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if r := s.find(id); r != nil {
		return r.view(), true
	}
	return pos.Request{}, false
}

// Requests gives every payment request as it stands now, oldest first.
func (s *Service) Requests() []pos.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	out := make([]pos.Request, 0, len(s.requests))
	for _, r := range s.requests {
		out = append(out, r.view())
	}
	return out
}

// Newest gives the payment request made last; false when there is none.
func (s *Service) Newest() (pos.Request, bool) {
	all := s.Requests()
	if len(all) == 0 {
		return pos.Request{}, false
	}
	return all[len(all)-1], true
}

// Returned is the money of a request that was given back; the zero Money when none was.
func (s *Service) Returned(id string) pos.Money {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if r := s.find(id); r != nil {
		return r.returned
	}
	return pos.Money{}
}

// Holds reports whether the merchant has money of a request: it was paid or
// authorized, and not all of it was given back or released.
func (s *Service) Holds(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	r := s.find(id)
	return r != nil && (r.Status == pos.StatusPaid || r.Authorized()) && !r.returned.IsKnown() && r.kept().Sign() > 0
}

// Payable reports whether the customer can still pay a request.
func (s *Service) Payable(id string) bool {
	r, found := s.Request(id)
	return found && r.Status == pos.StatusNew && !r.Authorized()
}

// view is the request as an answer carries it: no slice is shared.
func (r *request) view() pos.Request {
	out := r.Request
	out.Conditions = slices.Clone(r.Conditions)
	out.PaidBy = slices.Clone(r.PaidBy)
	out.CreatedAt, out.ExpiresAt = r.CreatedAt.Add(r.stamps), r.ExpiresAt.Add(r.stamps)
	return out
}

// kept is what came in and did not go back.
func (r *request) kept() pos.Money {
	in := r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityPayment) || a.Is(pos.ActivityAuthorization) })
	return in.Sub(r.total(func(a pos.Activity) bool { return a.Is(pos.ActivityRefund) || a.Is(pos.ActivityRelease) }))
}
