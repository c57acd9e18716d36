package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestThreeSalesPolledEachSecondAreNeverDelayed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(DefaultCallsPerMinute)
		for second := range 600 {
			start := time.Now()
			for range 3 {
				if err := l.Wait(t.Context(), true); err != nil {
					t.Fatal(err)
				}
			}
			if d := time.Since(start); d != 0 {
				t.Fatalf("a poll waited %s in second %d", d, second)
			}
			time.Sleep(time.Second)
		}
	})
}

func TestNoMinuteSeesMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(1, 300).Draw(rt, "limit")
		pauses := rapid.SliceOfN(rapid.IntRange(0, 20_000), 50, 400).Draw(rt, "pauses in ms")
		synctest.Test(t, func(t *testing.T) {
			l := NewLimiter(limit)
			var passed []time.Time
			for _, ms := range pauses {
				time.Sleep(time.Duration(ms/100) * time.Millisecond) // bursts mostly
				if err := l.Wait(t.Context(), false); err != nil {
					t.Fatal(err)
				}
				now := time.Now()
				passed = append(passed, now)
				passed = slices.DeleteFunc(passed, func(p time.Time) bool { return now.Sub(p) >= time.Minute })
				if len(passed) > max(limit, 2) {
					t.Fatalf("%d calls passed within a minute, limit %d", len(passed), limit)
				}
			}
		})
	})
}

// queue starts waiting calls one after the other and records the order in which
// they pass.
type queue struct {
	mu    sync.Mutex
	order []string
	wg    sync.WaitGroup
}

func (q *queue) add(ctx context.Context, l *Limiter, name string, urgent bool) {
	q.wg.Go(func() {
		err := l.Wait(ctx, urgent)
		q.mu.Lock()
		defer q.mu.Unlock()
		if err != nil {
			name += " failed"
		}
		q.order = append(q.order, name)
	})
	synctest.Wait() // it stands in the queue
}

func TestUrgentCallsGoFirstAndEachKindInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(60) // 6 at once
		for range 6 {
			if err := l.Wait(t.Context(), false); err != nil {
				t.Fatal(err)
			}
		}
		var q queue
		q.add(t.Context(), l, "o1", false)
		q.add(t.Context(), l, "o2", false)
		q.add(t.Context(), l, "u1", true)
		q.add(t.Context(), l, "u2", true)
		q.add(t.Context(), l, "o3", false)
		q.wg.Wait()
		if want := []string{"u1", "u2", "o1", "o2", "o3"}; !slices.Equal(q.order, want) {
			t.Errorf("got %v, want %v", q.order, want)
		}
	})
}

func TestAHoldStopsAllCallsUntilItHasPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(DefaultCallsPerMinute)
		l.Hold(30 * time.Second)
		l.Hold(10 * time.Second) // ends no longer one
		start := time.Now()
		var q queue
		q.add(t.Context(), l, "ordinary", false)
		q.add(t.Context(), l, "urgent", true)
		time.Sleep(20 * time.Second)
		if len(q.order) != 0 || l.Held() != 10*time.Second {
			t.Errorf("after 20s: %v passed, held for %s more", q.order, l.Held())
		}
		l.Hold(25 * time.Second) // while they wait
		q.wg.Wait()
		if got := time.Since(start); got != 45*time.Second {
			t.Errorf("held for %s, want 45s", got)
		}
		if !slices.Equal(q.order, []string{"urgent", "ordinary"}) || l.Held() != 0 {
			t.Errorf("got %v, held for %s more", q.order, l.Held())
		}
		l.Hold(24 * time.Hour)
		if l.Held() != maxHold {
			t.Errorf("held for %s by what cannot be the service", l.Held())
		}
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(10) // 1 at once, then one in 6.7 s
		if err := l.Wait(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		var q queue
		q.add(short, l, "first", false)
		q.add(t.Context(), l, "second", false)
		start := time.Now()
		q.wg.Wait()
		if !slices.Equal(q.order, []string{"first failed", "second"}) {
			t.Errorf("got %v", q.order)
		}
		if got := time.Since(start); got < 6*time.Second || got > 7*time.Second {
			t.Errorf("the one behind waited %s", got)
		}
		if err := l.Wait(short, true); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAHoldBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(DefaultCallsPerMinute)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		l.Hold(5 * time.Second)
		var q queue
		q.add(ctx, l, "waiting", false)
		l.Hold(time.Minute)
		start := time.Now()
		q.wg.Wait()
		if !slices.Equal(q.order, []string{"waiting failed"}) || time.Since(start) != 0 {
			t.Errorf("got %v after %s", q.order, time.Since(start))
		}
		if err := l.Wait(ctx, true); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 0 {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
	})
}

func TestManyCallersShareALimiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := NewLimiter(DefaultCallsPerMinute)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		var mu sync.Mutex
		passed := map[string]int{}
		for i := range 100 {
			wg.Go(func() {
				key := fmt.Sprint("urgent ", i%4 == 0)
				if l.Wait(ctx, i%4 == 0) != nil {
					key = "failed"
				}
				mu.Lock()
				defer mu.Unlock()
				passed[key]++
			})
		}
		wg.Wait()
		// 20 at once and 3 a second for 20 seconds: 80 of 100, all urgent ones
		// among them; one more or less is rounding.
		if passed["urgent true"] != 25 || passed["failed"] < 19 || passed["failed"] > 21 {
			t.Errorf("got %v", passed)
		}
		if len(l.urgent)+len(l.ordinary) != 0 {
			t.Error("someone still stands in the queue")
		}
	})
}

func TestTheZeroLimiterHasTheDefaultLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		zero, made := &Limiter{}, NewLimiter(DefaultCallsPerMinute)
		for _, l := range []*Limiter{zero, made} {
			start := time.Now()
			for range 50 {
				if err := l.Wait(t.Context(), false); err != nil {
					t.Fatal(err)
				}
			}
			equal(t, "50 calls take", time.Since(start).Round(time.Millisecond), 10*time.Second)
		}
	})
}
