package api

import "errors"

// Outcome is what is known of a call after it returned. A status code alone
// never decides it: a 403 may come from a captive portal that the service never
// heard of, a 200 may be the portal's login page.
type Outcome int

// The four outcomes. The zero value is Unknown, so that nothing is ever taken
// as decided by oversight.
const (
	// Unknown means that the call may or may not have been carried out: time
	// ran out or the connection broke after the request went out, the service
	// failed (5xx, 408, 425), redirected, or answered with a body that is not
	// what it should be.
	Unknown Outcome = iota
	// Done means that the service carried the call out and said so.
	Done
	// Refused means that the service understood the call and said no, with a
	// message.
	Refused
	// NotSent means that the call cannot have had an effect: it was invalid, no
	// connection was made, time ran out while it waited for its turn, or the
	// service turned it away at its rate limit. It may be repeated.
	NotSent
)

// String returns the outcome in lower case words.
func (o Outcome) String() string {
	switch o {
	case Done:
		return "done"
	case Refused:
		return "refused"
	case NotSent:
		return "not sent"
	case Unknown:
		return "unknown"
	}
	return "unknown"
}

// OutcomeOf tells the outcome of a call from the error it returned: Done for
// nil, and Unknown for every error that did not come from a call of this
// package, such as a bare context.Canceled.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return Done
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return Unknown
}
