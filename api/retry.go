package api

import (
	"crypto/tls"
	"errors"
	"net/http"
	"time"
)

// RetryPolicy says how often and how soon a call is attempted again. Whether it
// may be attempted again at all is not a matter of policy: see the package
// documentation.
type RetryPolicy struct {
	// MaxAttempts counts all attempts, the first included.
	MaxAttempts int
	// MinDelay is the first delay after an immediate retry; it doubles from
	// attempt to attempt up to MaxDelay. Half of each delay is random. Zero is the
	// default: half a second and five seconds, or the other one where that is
	// shorter or longer.
	MinDelay, MaxDelay time.Duration
}

// DefaultRetryPolicy returns three attempts with delays from half a second to
// five seconds.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{MaxAttempts: 3, MinDelay: 500 * time.Millisecond, MaxDelay: 5 * time.Second}
}

// withDefaults fills in the delays that are zero: a policy that says only how
// often must not hammer a service that is down.
func (p RetryPolicy) withDefaults() RetryPolicy {
	def := DefaultRetryPolicy()
	if p.MaxDelay == 0 {
		p.MaxDelay = max(def.MaxDelay, p.MinDelay)
	}
	if p.MinDelay == 0 {
		p.MinDelay = min(def.MinDelay, p.MaxDelay)
	}
	return p
}

// attempted is all that the decision on a retry is made from.
type attempted struct {
	method     string
	replaySafe bool
	// number counts from 1.
	number int
	// ended says that the caller's context has ended.
	ended bool
	err   error
}

// verdict is a decision on a retry, with its reason.
type verdict struct {
	again  bool
	wait   time.Duration
	reason string
}

func stop(reason string) verdict { return verdict{reason: reason} }

// decide tells whether to attempt a call again. It is a pure function; the rows
// of its table stand in the test.
func (p RetryPolicy) decide(a attempted) verdict {
	e, isError := errors.AsType[*Error](a.err)
	outcome := OutcomeOf(a.err)
	switch {
	case outcome == Done:
		return stop("it is done")
	case outcome == Refused:
		return stop("the service understood and said no")
	case !isError:
		return stop("it did not come from the service or the network")
	case a.ended:
		return stop("the caller no longer waits")
	case a.number >= p.MaxAttempts:
		return stop("it was attempted often enough")
	}
	if reason := hopeless(e); reason != "" {
		return stop(reason)
	}
	switch {
	case e.Status == http.StatusTooManyRequests:
		return verdict{true, 0, "turned away before it was acted on; the limiter holds it until Retry-After has passed"}
	case outcome == NotSent:
		return verdict{true, p.atOnceThenLater(a.number), "nothing was sent"}
	case a.method == http.MethodGet:
		return verdict{true, max(p.atOnceThenLater(a.number), e.RetryAfter), "reading changes nothing"}
	case a.replaySafe:
		return verdict{true, max(p.delay(a.number), e.RetryAfter), "the service remembers its key"}
	default:
		return stop("it may have been carried out, and a repeat would do it again")
	}
}

// hopeless names why another attempt could not end better, "" when it could.
func hopeless(e *Error) string {
	_, invalid := errors.AsType[*ValidationError](e.Err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](e.Err)
	switch {
	case invalid:
		return "the call itself is invalid"
	case untrusted:
		return "whatever answers is not the service"
	case e.Status >= 300 && e.Status < 400:
		return "it would be redirected again"
	case errors.Is(e.Err, errBodyTooLarge):
		return "the answer would be too large again"
	case e.Code == CodePaymentUnconfirmed:
		return "the service answered; the payment request tells what became of it"
	case e.Code == CodeLoginRequired:
		return "it needs a person to log in first"
	case errors.Is(e.Err, errHeldTooLong):
		return "it would be held again"
	case e.RetryAfter > maxRetryWait:
		return "the service asks for a longer wait than a caller would sit through"
	default:
		return ""
	}
}

// atOnceThenLater is no delay before the second attempt, then delays.
func (p RetryPolicy) atOnceThenLater(number int) time.Duration {
	if number <= 1 {
		return 0
	}
	return p.delay(number - 1)
}

// delay is MinDelay, doubled n-1 times, at most MaxDelay.
func (p RetryPolicy) delay(n int) time.Duration {
	d := p.MinDelay
	for range n - 1 {
		if d >= p.MaxDelay {
			break
		}
		d *= 2
	}
	return min(d, p.MaxDelay)
}
