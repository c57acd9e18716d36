package pos_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// crash ends a process at its n-th moment: ahead of and behind every append of
// the ledger and every call to the service. From then on the process does nothing.
type crash struct {
	mu   sync.Mutex
	left int
	dead chan struct{}
}

func newCrash(n int) *crash { return &crash{left: n, dead: make(chan struct{})} }

// moment counts one moment, and reports whether the process is dead.
func (c *crash) moment() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left == 0 {
		close(c.dead)
	}
	return c.left <= 0
}

// crashing is a ledger and a service as a process sees them that is going to crash.
type crashing struct {
	*postest.Ledger
	svc *postest.Service
	c   *crash
}

func (p *crashing) Append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	if p.c.moment() {
		return postest.ErrDead
	}
	err := p.Ledger.Append(ctx, op, entries, summary)
	if p.c.moment() {
		return postest.ErrDead
	}
	return err
}

func (p *crashing) Open(ctx context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	if p.c.moment() {
		return postest.ErrDead
	}
	err := p.Ledger.Open(ctx, op, intent, summary, seen)
	if p.c.moment() {
		return postest.ErrDead
	}
	return err
}

// crashingCall makes a call, unless the process dies ahead of it; when it dies
// behind it, the answer is never seen.
func crashingCall[T any](ctx context.Context, p *crashing, do func() (T, pos.Reply)) (T, pos.Reply) {
	if p.c.moment() {
		<-ctx.Done()
		var none T
		return none, unknown
	}
	result, reply := do()
	if p.c.moment() {
		<-ctx.Done()
		return result, unknown
	}
	return result, reply
}

func (p *crashing) Create(ctx context.Context, sale pos.Sale) (pos.Request, pos.Reply) {
	return crashingCall(ctx, p, func() (pos.Request, pos.Reply) { return p.svc.Create(ctx, sale) })
}

func (p *crashing) Get(ctx context.Context, id string) (pos.Request, pos.Reply) {
	return crashingCall(ctx, p, func() (pos.Request, pos.Reply) { return p.svc.Get(ctx, id) })
}

func (p *crashing) GetByShortCode(ctx context.Context, code string) (pos.Request, pos.Reply) {
	return p.svc.GetByShortCode(ctx, code)
}

func (p *crashing) LookUp(ctx context.Context, ref string, origin pos.Origin) ([]pos.Request, pos.Reply) {
	return crashingCall(ctx, p, func() ([]pos.Request, pos.Reply) { return p.svc.LookUp(ctx, ref, origin) })
}

func (p *crashing) Void(ctx context.Context, id string) (pos.Reversal, pos.Reply) {
	return crashingCall(ctx, p, func() (pos.Reversal, pos.Reply) { return p.svc.Void(ctx, id) })
}

func (p *crashing) Decide(ctx context.Context, id, condition string, accept bool) pos.Reply {
	_, reply := crashingCall(ctx, p, func() (struct{}, pos.Reply) { return struct{}{}, p.svc.Decide(ctx, id, condition, accept) })
	return reply
}

func (p *crashing) Refund(ctx context.Context, refund pos.Refund) (pos.Activity, pos.Reply) {
	return crashingCall(ctx, p, func() (pos.Activity, pos.Reply) { return p.svc.Refund(ctx, refund) })
}

func (p *crashing) Confirm(ctx context.Context, confirm pos.Confirm) (pos.Activity, pos.Reply) {
	return crashingCall(ctx, p, func() (pos.Activity, pos.Reply) { return p.svc.Confirm(ctx, confirm) })
}

func (p *crashing) Release(ctx context.Context, id string) (pos.Activity, pos.Reply) {
	return crashingCall(ctx, p, func() (pos.Activity, pos.Reply) { return p.svc.Release(ctx, id) })
}

func (p *crashing) Activities(ctx context.Context, id string) ([]pos.Activity, pos.Reply) {
	return crashingCall(ctx, p, func() ([]pos.Activity, pos.Reply) { return p.svc.Activities(ctx, id) })
}

// story is a sale or a void, as people and the network play it.
type story struct {
	options postest.Options
	sale    pos.Sale
	void    bool                                           // void a paid request instead of selling
	action  pos.Kind                                       // or do this with it
	before  func(*postest.Service)                         // what the network has in store
	play    func(*postest.Service, *pos.Operation, string) // half a second after the beginning
}

func stories() map[string]story {
	check := pos.Condition{ID: "1", Status: pos.ConditionAwaitingMerchant}
	nothing := func(*postest.Service) {}
	pay := func(s *postest.Service, _ *pos.Operation, id string) { _ = s.Pay(id) }
	leave := func(*postest.Service, *pos.Operation, string) {}
	stop := func(_ *postest.Service, op *pos.Operation, _ string) { op.Stop(pos.WhyStaff) }
	return map[string]story{
		"paid":       {sale: aSale(), before: nothing, play: pay},
		"stopped":    {sale: aSale(), before: nothing, play: stop},
		"quick pay":  {options: postest.Options{QuickPay: true}, sale: barcodeSale(), before: nothing, play: leave},
		"no look-up": {sale: blind(aSale()), before: nothing, play: pay},
		"paid and stopped": {sale: aSale(), before: nothing, play: func(s *postest.Service, op *pos.Operation, id string) {
			_ = s.Pay(id)
			op.Stop(pos.WhyStaff)
		}},
		"condition": {sale: aSale(), before: nothing, play: func(s *postest.Service, op *pos.Operation, id string) {
			_ = s.RaiseCondition(id, check)
			_ = s.Pay(id)
			time.Sleep(1200 * time.Millisecond)
			op.Answer("1", true)
		}},
		"lost QR": {sale: aSale(), before: func(s *postest.Service) {
			s.Next(postest.CallCreate, postest.LostAfter)
			s.Next(postest.CallLookUp, postest.LostBefore, postest.LostAfter, postest.NotSent)
		}, play: pay},
		"late QR": {sale: aSale(), before: func(s *postest.Service) {
			s.Next(postest.CallCreate, postest.Late(9*time.Second))
		}, play: pay},
		"lost barcode": {sale: barcodeSale(), before: func(s *postest.Service) {
			s.Next(postest.CallCreate, postest.LostAfter)
		}, play: pay},
		"lost void": {sale: aSale(), before: func(s *postest.Service) {
			s.Next(postest.CallVoid, postest.LostAfter, postest.NotSent)
		}, play: stop},
		"void": {void: true, before: func(s *postest.Service) {
			s.Next(postest.CallVoid, postest.LostAfter)
		}, play: leave},
		"refund": {action: pos.KindRefund, before: func(s *postest.Service) {
			s.Next(postest.CallRefund, postest.LostAfter, postest.NotSent)
		}, play: leave},
		"lost refund": {action: pos.KindRefund, before: func(s *postest.Service) {
			s.Next(postest.CallRefund, postest.LostBefore, postest.NotSent)
		}, play: leave},
		"refund refused after it worked": {action: pos.KindRefund, options: postest.Options{HistoryShowsRefs: true}, before: func(s *postest.Service) {
			s.Next(postest.CallRefund, postest.LostAfter, postest.Refuse("INVALID_AMOUNT"))
			s.Next(postest.CallActivities, postest.LostBefore)
		}, play: leave},
		"refund refused after it was lost": {action: pos.KindRefund, options: postest.Options{HistoryShowsRefs: true}, before: func(s *postest.Service) {
			s.Next(postest.CallRefund, postest.LostBefore)
			s.Always(postest.Refuse("REFUND_DECLINED"), postest.CallRefund)
		}, play: leave},
		"refund stopped": {action: pos.KindRefund, before: func(s *postest.Service) {
			s.Next(postest.CallRefund, postest.NotSent, postest.LostAfter)
		}, play: stop},
		"confirm": {action: pos.KindConfirm, before: func(s *postest.Service) {
			s.Next(postest.CallConfirm, postest.LostAfter, postest.LostBefore)
		}, play: leave},
		"release": {action: pos.KindRelease, before: func(s *postest.Service) {
			s.Next(postest.CallRelease, postest.LostAfter)
			s.Next(postest.CallGet, postest.LostBefore)
		}, play: leave},
		"lost release": {action: pos.KindRelease, before: func(s *postest.Service) {
			s.Next(postest.CallRelease, postest.LostBefore)
		}, play: leave},
	}
}

// TestCrashAtEveryMoment ends the process ahead of and behind every write of the
// ledger and every call of each story, begins another, and holds that what was
// paid is known as paid and nothing payable is left unwatched.
func TestCrashAtEveryMoment(t *testing.T) {
	t.Parallel()
	for name, st := range stories() {
		for _, after := range []time.Duration{0, 20 * time.Second, 10 * time.Minute} {
			t.Run(fmt.Sprint(name, " then ", after), func(t *testing.T) {
				t.Parallel()
				n := 1
				for crashes(t, st, n, after) && n < 500 {
					n++
				}
				if n < 10 || n == 500 {
					t.Errorf("the story has %d moments", n)
				}
			})
		}
	}
}

// crashes plays a story that ends at its n-th moment, and reports whether it
// had as many.
func crashes(t *testing.T, st story, n int, after time.Duration) (crashed bool) {
	t.Helper()
	st.options.Latency = 40 * time.Millisecond
	inShop(t, st.options, func(t *testing.T, s *shop) {
		switch {
		case st.action == pos.KindConfirm || st.action == pos.KindRelease:
			s.authorized()
		case st.void || st.action != "":
			s.bought()
		}
		c := newCrash(n)
		p := &crashing{Ledger: s.ledger, svc: s.svc, c: c}
		s.till.Kill()
		s.till = pos.NewTill(p, p, pos.RandomIDs{}, "here")
		go tell(t, st, s)
		synctest.Wait()
		time.Sleep(15 * time.Second)
		select {
		case <-c.dead:
			crashed = true
		default:
		}
		s.restart()
		time.Sleep(after)
		for _, op := range s.recover() {
			s.personSettles(op)
			s.closes(op, 5*time.Minute)
		}
		if st.sale.Origin.MerchantAccountID != "" || st.void || st.action != "" {
			s.settled()
		} else {
			s.settledUnseen()
		}
		if t.Failed() {
			t.Logf("crashed at moment %d", n)
		}
	})
	return crashed && !t.Failed()
}

// personSettles lets somebody ask Centrapay, which knows, of what the till cannot find
// out.
func (s *shop) personSettles(op *pos.Operation) {
	s.t.Helper()
	for range 600 {
		select {
		case <-op.Closed():
			return
		case <-time.After(100 * time.Millisecond):
		}
		if st := op.State(); st.NeedsPerson(time.Now()) {
			verdict := st.Record.Kind.Verdicts()[1]
			if s.did(st.Record) > 0 {
				verdict = st.Record.Kind.Verdicts()[0]
			}
			_, err := s.till.Settle(s.timeout(time.Minute), op.ID(), verdict, "Mia", "asked")
			s.must(err)
			return
		}
	}
}

// tell plays the story to its end, or to where the process crashes.
func tell(t *testing.T, st story, s *shop) {
	begin := func() (*pos.Operation, error) { return s.till.Sell(t.Context(), st.sale) }
	if st.void {
		id := s.newest().ID
		begin = func() (*pos.Operation, error) {
			return s.till.Void(t.Context(), pos.Target{RequestID: id, Value: cents(1250)})
		}
	}
	if st.action != "" {
		target := pos.Target{RequestID: s.newest().ID, Value: cents(1250)}
		begin = func() (*pos.Operation, error) { return s.act(st.action, target) }
	}
	st.before(s.svc)
	op, err := begin()
	if err != nil {
		return // crashed at the intent: nothing was sent
	}
	time.Sleep(500 * time.Millisecond)
	switch id := s.ledger.Record(op.ID()).Request.ID; {
	case id != "": // written down, and then shown
		st.play(s.svc, op, id)
	case st.sale.Barcode != "" && len(s.svc.Requests()) > 0: // the customer's app has it all the same
		st.play(s.svc, op, s.newest().ID)
	}
}

// act begins an action of a kind.
func (s *shop) act(kind pos.Kind, target pos.Target) (*pos.Operation, error) {
	refund, confirm := aRefund(), aConfirm()
	refund.Target, confirm.Target = target, target
	switch kind {
	case pos.KindConfirm:
		return s.till.Confirm(s.t.Context(), confirm)
	case pos.KindRelease:
		return s.till.Release(s.t.Context(), pos.Release{Target: target})
	default:
		return s.till.Refund(s.t.Context(), refund)
	}
}

// settledUnseen is settled at a till that may not look requests up: a request
// that nobody has seen the code of may run out by itself.
func (s *shop) settledUnseen() {
	s.t.Helper()
	time.Sleep(2 * time.Minute)
	s.settled()
}
