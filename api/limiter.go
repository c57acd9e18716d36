package api

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// DefaultCallsPerMinute is the service's general limit for one account. Source:
// Centrapay docs, rate limits.
const DefaultCallsPerMinute = 200

// maxHold is the longest wait that a Retry-After can impose. The service counts
// by the minute; whatever asks for more is not the service. maxRetryWait is the
// longest that a call waits for another attempt of its own: the wait is then not
// one that the service's limit explains, and somebody sits before it.
const (
	maxHold      = 5 * time.Minute
	maxRetryWait = time.Minute
)

var (
	errHeldTooLong = errors.New("the service asked to wait longer than the call may take")
	errNoTurn      = errors.New("more calls are waiting than the service takes in that time")
)

// Limiter keeps all calls of one credential, together, under the service's
// limit, and holds them all when the service asks to wait. Urgent calls are
// served before all others, each kind in the order it came. It is safe for
// concurrent use.
//
// No span of a minute ever sees more calls than the limit: a tenth of the limit
// may be called at once and the rest is spread over the minute. With the default
// of 200 that is 20 at once and 3 a second, so three sales that are polled each
// second are never delayed. The zero Limiter has that default; NewLimiter makes
// one with another limit.
type Limiter struct {
	mu sync.Mutex
	// bucket is nil in the zero Limiter until the first call.
	bucket *rate.Limiter
	// held is the moment until which the service asked to wait, and because the
	// answer by which it did; nil where Hold was called from outside.
	held             time.Time
	because          *Error
	urgent, ordinary []*turn
}

// turn is one call waiting; wake is signalled when it should look again.
type turn struct{ wake chan struct{} }

func (t *turn) signal() {
	select {
	case t.wake <- struct{}{}:
	default: // a signal is pending already
	}
}

// NewLimiter returns a limiter of perMinute calls a minute, at least one.
func NewLimiter(perMinute int) *Limiter { return &Limiter{bucket: newBucket(perMinute)} }

func newBucket(perMinute int) *rate.Limiter {
	perMinute = max(perMinute, 1)
	burst := max(perMinute/10, 1)
	perSecond := rate.Limit(float64(max(perMinute-burst, 1)) / 60)
	return rate.NewLimiter(perSecond, burst)
}

// Wait returns when the call may be made. It fails when ctx ends first, and at
// once when the service asked to wait until after ctx's deadline. An error that
// comes of the waiting is context.DeadlineExceeded for errors.Is.
func (l *Limiter) Wait(ctx context.Context, urgent bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	me := l.join(urgent)
	defer l.leave(me)
	for {
		wait, err := l.take(ctx, me)
		if err != nil || wait <= 0 {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-me.wake:
		case <-ctx.Done():
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return l.waitedInVain(err)
		}
	}
}

// waitedInVain is why a call had no turn before its context ended.
func (l *Limiter) waitedInVain(ended error) error {
	switch {
	case !errors.Is(ended, context.DeadlineExceeded):
		return ended
	case l.Held() > 0:
		return heldTooLong(l.Held())
	}
	return &worded{words: errNoTurn.Error(), err: errors.Join(errNoTurn, ended), whole: true}
}

func heldTooLong(more time.Duration) error {
	words := fmt.Sprintf("%v, %s more", errHeldTooLong, more.Round(time.Second))
	return &worded{words: words, err: errors.Join(errHeldTooLong, context.DeadlineExceeded), whole: true}
}

// Hold lets no call pass until d has passed, at most five minutes. A shorter
// hold never ends a longer one.
func (l *Limiter) Hold(d time.Duration) { l.hold(d, nil) }

// hold is Hold because of an answer.
func (l *Limiter) hold(d time.Duration, because *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := time.Now().Add(min(d, maxHold))
	if until.After(l.held) {
		l.held, l.because = until, because
	}
	for _, t := range slices.Concat(l.urgent, l.ordinary) {
		t.signal()
	}
}

// Held returns how much longer the service asked to wait, 0 when it did not.
func (l *Limiter) Held() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(time.Until(l.held), 0)
}

// heldBy returns the answer by which the service asked to wait; nil when it was none.
func (l *Limiter) heldBy() *Error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.because
}

func (l *Limiter) join(urgent bool) *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &turn{wake: make(chan struct{}, 1)}
	if urgent {
		l.urgent = append(l.urgent, t)
	} else {
		l.ordinary = append(l.ordinary, t)
	}
	return t
}

func (l *Limiter) leave(t *turn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	same := func(o *turn) bool { return o == t }
	l.urgent = slices.DeleteFunc(l.urgent, same)
	l.ordinary = slices.DeleteFunc(l.ordinary, same)
	if next := l.first(); next != nil {
		next.signal()
	}
}

func (l *Limiter) first() *turn {
	switch {
	case len(l.urgent) > 0:
		return l.urgent[0]
	case len(l.ordinary) > 0:
		return l.ordinary[0]
	default:
		return nil
	}
}

// take lets t pass when it is first and there is room, or tells how long to
// wait before looking again.
func (l *Limiter) take(ctx context.Context, t *turn) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if hold := l.held.Sub(now); hold > 0 {
		if deadline, ok := ctx.Deadline(); ok && deadline.Before(l.held) {
			return 0, heldTooLong(hold)
		}
		return hold, nil
	}
	if l.first() != t {
		return time.Hour, nil // until it is signalled
	}
	if l.bucket == nil {
		l.bucket = newBucket(DefaultCallsPerMinute)
	}
	if l.bucket.AllowN(now, 1) {
		return 0, nil
	}
	missing := (1 - l.bucket.TokensAt(now)) / float64(l.bucket.Limit())
	wait := time.Duration(math.Ceil(missing * float64(time.Second)))
	return max(wait, time.Millisecond), nil
}
