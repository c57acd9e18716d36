package sandbox

import (
	"net/http"
	"sync"
	"time"

	"centrapos/api"
)

// rateLimit counts the calls of each account. The docs say neither what kind of
// window the service counts in nor whether refused calls count: here a minute
// begins with an account's first call, and refused calls do not count.
type rateLimit struct {
	perMinute int
	mu        sync.Mutex
	windows   map[string]window
}

type window struct {
	began time.Time
	calls int
}

// allow counts a call, or refuses it until the account's minute is over. Calls
// without a credential, and so without an account, are not counted.
func (l *rateLimit) allow(accountID string, now time.Time) error {
	if l.perMinute == 0 || accountID == "" {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.windows[accountID]
	age := now.Sub(w.began)
	if w.calls == 0 || age >= time.Minute || age < 0 {
		w = window{began: now}
		age = 0
	}
	if w.calls >= l.perMinute {
		left := time.Minute - age
		return rateLimited(int((left + time.Second - 1) / time.Second))
	}
	w.calls++
	l.windows[accountID] = w
	return nil
}

func rateLimited(retryAfter int) *Refusal {
	return &Refusal{
		Status: http.StatusTooManyRequests, Message: string(api.CodeRateLimitExceeded), RetryAfter: retryAfter,
	}
}
