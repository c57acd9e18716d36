package cli

import (
	"context"
	"slices"
	"sync"

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

// listen checks the whole record, once what earlier runs left open is taken up, and
// listens for late payments, all behind the screens. Each piece of news is passed to
// tell as it comes, which may be nil. What it gives ends the listening and gives all
// the news there were.
func (s *session) listen(ctx context.Context, rest *recovery, tell func(tillNews)) (heard func() []tillNews) {
	ctx, cancel := context.WithCancel(ctx)
	var mu sync.Mutex
	var all []tillNews
	hear := func(news tillNews) {
		mu.Lock()
		all = append(all, news)
		mu.Unlock()
		if tell != nil {
			tell(news)
		}
	}
	var work sync.WaitGroup
	lates := func(till *pos.Till) {
		for late, more := till.NextLate(ctx); more; late, more = till.NextLate(ctx) {
			hear(tillNews{late: &late})
		}
	}
	work.Go(func() { lates(s.till) })
	work.Go(func() {
		<-rest.taken // the tills of the first generation are made by then
		for _, till := range s.older {
			work.Go(func() { lates(till) })
		}
		report, err := s.ledger.CheckAll(ctx)
		if err == nil && len(report.Problems) > 0 {
			hear(tillNews{damaged: &report.Problems[0]})
		}
	})
	return func() []tillNews {
		cancel()
		work.Wait()
		return slices.Clone(all)
	}
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
