package cli

import (
	"context"
	"errors"

	"centrapos/api"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/ledger"
)

// Codes of failures that neither the service nor another of our packages names.
const (
	codeUsage       = "USAGE"
	codeInternal    = "INTERNAL"
	codeInterrupted = "INTERRUPTED"
	codeNoTerminal  = "NO_TERMINAL"
	codeNotFound    = "NOT_IN_LEDGER"
	codeDamaged     = "LEDGER_DAMAGED"
)

// failure is why a command did not do its work: the "error" of the JSON
// document, and the exit code.
type failure struct {
	Code string `json:"code"`
	// Status is the HTTP status of the service's answer; null when there was none.
	Status    *int   `json:"status"`
	Message   string `json:"message"`
	Reason    string `json:"reason"`
	Retryable bool   `json:"retryable"`

	exit  int
	cause error
	// op is the operation that the failure is about; "" for none.
	op pos.OpID
}

// document is the failure as the one document of a run. What is not known yet says
// so by its outcome too, as every document with exit code 5 does.
func (f *failure) document() *object {
	doc := &object{}
	doc.add("error", f)
	if f.exit == exitUnresolved || f.exit == exitInterrupt && f.Code == pos.CodeOutcomeUnknown {
		doc.add("outcome", outcomeUnresolved)
	}
	if f.op != "" {
		doc.add("ledgerId", f.op)
	}
	return doc
}

func (f *failure) Error() string {
	if f.Reason != "" {
		return f.Message + " (" + f.Reason + ")"
	}
	return f.Message
}

func (f *failure) Unwrap() error { return f.cause }

// errInterrupted is the cause of a context that an interrupt ended.
var errInterrupted = errors.New("interrupted")

// usage is a failure of the command line itself.
func usage(message string) *failure {
	return &failure{exit: exitUsage, Code: codeUsage, Message: message}
}

// refusal is the failure that a definite no of the service amounts to.
func refusal(what string, r pos.Refusal) *failure {
	f := &failure{exit: exitRefused, Code: r.Code, Message: what + ": " + r.Code, Reason: r.Reason}
	if r.Status != 0 {
		f.Status = &r.Status
	}
	return f
}

// unanswered is the failure of a call that only reads: nothing was changed,
// however it ended.
func unanswered(what string, reply pos.Reply) *failure {
	if reply.Answer == pos.AnswerRefused {
		return refusedReading(what, reply.Refusal)
	}
	switch {
	case reply.Answer != pos.AnswerNotSent:
	case reply.Code == string(api.CodeRateLimitExceeded):
		return &failure{exit: exitRefused, Code: reply.Code, Retryable: true, Message: what + ": " + tooManyCalls(reply.RetryAfter), Reason: reply.Detail}
	case reply.Code == codeLogin:
		return &failure{exit: exitUsage, Code: codeLogin, Reason: reply.Detail,
			Message: what + ": the login has ended, so nothing was sent; log in again with \"centrapos login\""}
	}
	return &failure{exit: exitRefused, Code: pos.CodeNetwork, Retryable: true,
		Message: what + ": Centrapay could not be reached or understood; check the network, then try again",
		Reason:  reply.Detail}
}

// failureOf gives every error its code and exit code.
func failureOf(err error) *failure {
	var (
		f     *failure
		input *pos.InputError
		conf  *config.Error
		store *ledger.Error
		write *pos.LedgerError
		call  *api.Error
	)
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &call):
		return callFailure(call)
	case errors.Is(err, errInterrupted), errors.Is(err, pos.ErrTillClosed), errors.Is(err, context.Canceled):
		return &failure{exit: exitInterrupt, Code: codeInterrupted, Message: "interrupted; nothing was left open", cause: err}
	case errors.As(err, &input):
		return &failure{exit: exitUsage, Code: input.Code, Message: err.Error(), cause: err}
	case errors.As(err, &conf):
		return &failure{exit: exitUsage, Code: string(conf.Code()), Message: err.Error(), cause: err}
	case errors.Is(err, ledger.ErrOlderSchema): // no fault of the machine: somebody has to open it
		return &failure{exit: exitUsage, Code: pos.CodeLedger, Message: err.Error(), cause: err}
	case errors.As(err, &write), errors.As(err, &store):
		passing := errors.Is(err, ledger.ErrLocked) || errors.Is(err, ledger.ErrFull)
		return &failure{exit: exitInternal, Code: pos.CodeLedger, Message: err.Error(), Retryable: passing, cause: err}
	}
	return &failure{exit: exitInternal, Code: codeInternal, Message: err.Error(), cause: err}
}
