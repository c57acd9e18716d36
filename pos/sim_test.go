package pos_test

import (
	"flag"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"centrapos/pos"
)

var (
	simHistories = flag.Int("sim.histories", 20_000, "how many histories TestSimulation plays")
	simSeed      = flag.Uint64("sim.seed", 1, "the seed of its first history")
)

// tally counts how histories ended, so that a simulation in which nothing
// happens does not pass for one that finds nothing.
type tally struct {
	mu             sync.Mutex
	ends           map[string]int
	crashes, calls int
	replaced       int
}

func (c *tally) add(w *world) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range w.tills {
		rec := pos.Replay(p.disk)
		c.ends[fmt.Sprintf("%s %s", rec.Kind, rec.Outcome)]++
	}
	if len(w.tills) > 1 {
		c.replaced++
	}
	c.calls += len(w.calls)
	c.crashes += w.till.crashes
}

// TestSimulation plays histories of cashiers, customers, networks, clocks, disks
// and power supplies against Step, each drawn from its seed, and holds that no
// money is lost, taken twice or lied about. A history that breaks a rule is
// printed whole, with how to play it again.
func TestSimulation(t *testing.T) {
	t.Parallel()
	began := time.Now()
	count := &tally{ends: map[string]int{}}
	seed, found := violation(*simSeed, *simHistories, func() stepFunc { return pos.Step }, nil, count)
	t.Logf("%d histories from seed %d, %.0f a second; %d calls, %d crashes, %d sales replaced", *simHistories, *simSeed,
		float64(*simHistories)/time.Since(began).Seconds(), count.calls, count.crashes, count.replaced)
	t.Logf("ends: %v", count.ends)
	if found {
		var log strings.Builder
		w := newWorld(seed, pos.Step, &log)
		w.run()
		t.Fatalf("seed %d: %s\n%s\nplay it again: go test ./pos -run 'TestSimulation$' -sim.histories=1 -sim.seed=%d -v",
			seed, strings.Join(w.wrong, "\n"), &log, seed)
	}
	if *simHistories < 20_000 {
		return
	}
	if count.replaced < 100 {
		t.Errorf("%d sales were replaced", count.replaced)
	}
	for _, end := range []string{"sale paid", "sale partially-paid", "sale authorized", "sale cancelled", "sale expired", "sale voided", "sale not-made", "sale paid-late",
		"sale ", "void voided", "void cancelled", "void refused",
		"refund refunded", "refund refused", "refund not-made", "refund ", "confirm confirmed", "confirm refused", "confirm not-made",
		"release released", "release cancelled", "release refused", "release not-made"} {
		if count.ends[end] == 0 {
			t.Errorf("no history ended as %q", end)
		}
	}
}

// violation plays histories and gives the lowest seed that breaks a rule.
func violation(first uint64, n int, step func() stepFunc, change func(*world), count *tally) (uint64, bool) {
	var next, lowest atomic.Uint64
	lowest.Store(^uint64(0))
	next.Store(first)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for {
				seed := next.Add(1) - 1
				if seed >= first+uint64(n) || seed > lowest.Load() {
					return
				}
				w := newWorld(seed, step(), nil)
				if change != nil {
					change(w)
				}
				w.run()
				if count != nil {
					count.add(w)
				}
				for len(w.wrong) > 0 {
					old := lowest.Load()
					if seed >= old || lowest.CompareAndSwap(old, seed) {
						break
					}
				}
			}
		})
	}
	workers.Wait()
	return lowest.Load(), lowest.Load() != ^uint64(0)
}
