package cli

import (
	"context"
	"slices"
	"sync"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// This file is what the till finds out by itself while staff are at its screens:
// money that arrives after it had given a sale up, and a record that is damaged.

// tillNews is something of it that staff should be told at once; one of the two is set.
type tillNews struct {
	late    *pos.LatePayment
	damaged *ledger.Problem // the first of what is wrong; no new payments are taken from then on
}

// listener hears the news behind the screens.
type listener struct {
	stop func()
	work sync.WaitGroup
	tell func(tillNews) // called with each as it comes; nil for nobody

	mu   sync.Mutex
	all  []tillNews
	told int           // of all, those that NextLate is past
	came chan struct{} // has something in it when there may be more
}

// listen checks the whole record, once what earlier runs left open is taken up, and
// listens for late payments of every form of the till, until it is ended.
func (s *session) listen(ctx context.Context, rest *recovery, tell func(tillNews)) *listener {
	ctx, cancel := context.WithCancel(ctx)
	l := &listener{stop: cancel, tell: tell, came: make(chan struct{}, 1)}
	l.work.Go(func() { l.lates(ctx, s.till) })
	l.work.Go(func() {
		<-rest.taken // the tills of the first generation are made by then
		for _, till := range s.older {
			l.work.Go(func() { l.lates(ctx, till) })
		}
		report, err := s.ledger.CheckAll(ctx)
		if err == nil && len(report.Problems) > 0 {
			l.hear(tillNews{damaged: &report.Problems[0]})
			return
		}
		// A copy that cannot be made today is made tomorrow; selling goes on.
		_ = copyDaily(ctx, s.ledger.Reader, copiesDir(ledgerDir(s.settings)), time.Now())
	})
	return l
}

func (l *listener) lates(ctx context.Context, till *pos.Till) {
	for late, more := till.NextLate(ctx); more; late, more = till.NextLate(ctx) {
		l.hear(tillNews{late: &late})
	}
}

func (l *listener) hear(news tillNews) {
	l.mu.Lock()
	l.all = append(l.all, news)
	l.mu.Unlock()
	select {
	case l.came <- struct{}{}:
	default:
	}
	if l.tell != nil {
		l.tell(news)
	}
}

// NextLate waits for the next late payment, as pos.Till.NextLate does: each is given
// once, to one who asks. It is for the screens.
func (l *listener) NextLate(ctx context.Context) (pos.LatePayment, bool) {
	for {
		if late, heard := l.nextHeard(); heard {
			return late, true
		}
		select {
		case <-l.came:
		case <-ctx.Done():
			return pos.LatePayment{}, false
		}
	}
}

func (l *listener) nextHeard() (pos.LatePayment, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, news := range l.all[l.told:] {
		l.told++
		if news.late != nil {
			return *news.late, true
		}
	}
	return pos.LatePayment{}, false
}

// end ends the listening and gives all the news there were.
func (l *listener) end() []tillNews {
	l.stop()
	l.work.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.all)
}

// screensTill is the till as its screens have it: news of late payments come to them
// by the listener, which tells them once more when staff leave.
type screensTill struct {
	*pos.Till
	*listener
}

// NextLate is the listener's, not the till's own.
func (t screensTill) NextLate(ctx context.Context) (pos.LatePayment, bool) {
	return t.listener.NextLate(ctx)
}

// tellHeard tells the news once more when staff have left the screens.
func (p *program) tellHeard(all []tillNews) {
	for _, news := range all {
		switch {
		case news.late != nil:
			p.sayLate(*news.late)
		case news.damaged != nil:
			p.warn("The local record is damaged or was changed from outside (%s): no new payments are taken with it. "+
				"Keep a copy of its folder, and run \"centrapos ledger verify\" to see what is wrong.", news.damaged)
		}
	}
}
