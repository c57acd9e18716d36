package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/ui/widget"
	"centrapos/ui/words"
)

// Codes of calls whose end is not known, and of those that need a person.
const (
	codeUnknown = "OUTCOME_UNKNOWN"
	codeLogin   = string(api.CodeLoginRequired)
	// codeLoginFailed is a login that could not be made, or not be renewed.
	codeLoginFailed = "LOGIN_FAILED"
)

// onService makes a command of work at the service, with no till and no record.
func (p *program) onService(cmd *cobra.Command, what access, work func(context.Context, *line, []string) (*result, error), needs ...config.Key) *cobra.Command {
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		settings, err := p.settings(cmd)
		if err != nil {
			return nil, err
		}
		if account := cmd.Flags().Lookup("account"); account != nil && account.Changed {
			settings.AccountID = account.Value.String()
		}
		l, err := p.connectFor(ctx, what, settings, sandbox.Manual, needs...)
		if err != nil {
			return nil, err
		}
		defer l.close()
		ctx, cancel := p.interrupts.bind(ctx)
		defer cancel()
		r, err := work(ctx, l, args)
		if what == forAccounts && turnedAway(err) {
			r, err = p.withLogin(ctx, l, err, func(l *line) (*result, error) { return work(ctx, l, args) })
		} else if turnedAway(err) {
			err = withNote(err, "It was asked with "+l.credential.name()+".")
		}
		if err != nil && p.interrupts.wasAsked() && api.OutcomeOf(err) != api.Refused {
			return nil, interruptedCall(err)
		}
		return r, err
	})
	return cmd
}

// lookWith says of an error of a call, whose end may not be known, by which command
// one sees what became of it.
func lookWith(err error, command string) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || e.Outcome != api.Unknown || e.Method == http.MethodGet {
		return err
	}
	f := unknownCall(e)
	f.Message = fmt.Sprintf("it is not known whether Centrapay carried this out: look with %q before you try again", command)
	return f
}

// interruptedCall is the failure of a call that an interrupt cut off. What may
// have been carried out is said to be so.
func interruptedCall(err error) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || e.Outcome != api.Unknown || e.Method == http.MethodGet {
		return errInterrupted
	}
	f := unknownCall(e)
	if said, ok := errors.AsType[*failure](err); ok {
		*f = *said
	}
	f.exit = exitInterrupt
	return f
}

// callFailure is the failure that an error of a call amounts to.
func callFailure(e *api.Error) *failure {
	switch e.Outcome {
	case api.Refused:
		return refusedCall(e)
	case api.NotSent:
		return unsentCall(e)
	case api.Unknown, api.Done:
	}
	if e.Method == http.MethodGet { // nothing was changed, however it ended
		return &failure{exit: exitRefused, Code: pos.CodeNetwork, Status: statusOf(e), Retryable: true, cause: e,
			Message: "Centrapay could not be reached or understood; check the network, then try again", Reason: e.Error()}
	}
	return unknownCall(e)
}

// refusedCall is a definite no: nothing of the call was done.
func refusedCall(e *api.Error) *failure {
	f := &failure{exit: exitRefused, Code: string(e.Code), Status: statusOf(e), Reason: widget.Clean(e.Detail()), cause: e}
	if e.Code == api.CodeLoginRequired {
		f.Message = "Centrapay no longer takes the login: it was ended, or is too old. Nothing was changed. Log in again with \"centrapos login\"."
		f.Reason = firstOf(issuerSaid(e), f.Reason)
		return f
	}
	says, next := meaningOf(e.Code)
	f.Message = strings.TrimSpace("Centrapay refused this: " + says + ". Nothing was changed. " + next)
	return f
}

// meaningOf says what a code means and what to do: of bank accounts, of any call, or
// of the first generation of the API.
func meaningOf(code api.Code) (says, next string) {
	if says, next = bankRefusal(code); says != "" {
		return says, next
	}
	if _, known := words.Of(words.Read, string(code)); !known {
		for _, numbered := range legacy.ErrorCodes() {
			if numbered.Code == code {
				return numbered.Description + " (" + string(code) + ")", ""
			}
		}
	}
	return refusedCode(words.Read, pos.Refusal{Code: string(code)}, "")
}

// unsentCall is a call that had no effect, since it was not made or not dealt with.
func unsentCall(e *api.Error) *failure {
	var invalid *api.ValidationError
	var issuer *auth.Error
	switch {
	case errors.As(e, &invalid):
		return &failure{exit: exitUsage, Code: string(invalid.Code), cause: e,
			Message: "this could only be refused, so nothing was sent: " + invalid.Error()}
	case e.Code == api.CodeLoginRequired:
		return &failure{exit: exitUsage, Code: codeLogin, Reason: issuerSaid(e), cause: e,
			Message: "the login has ended, so nothing was sent; log in again with \"centrapos login\""}
	case e.Code == api.CodeRateLimitExceeded:
		return &failure{exit: exitRefused, Code: string(api.CodeRateLimitExceeded), Status: statusOf(e), Retryable: true, cause: e,
			Message: tooManyCalls(e.RetryAfter), Reason: widget.Clean(e.Detail())}
	case errors.As(e, &issuer) && (issuer.Status != 0 || issuer.Code != ""):
		return unrenewed(e, issuer)
	}
	return &failure{exit: exitRefused, Code: pos.CodeNetwork, Status: statusOf(e), Retryable: true, cause: e,
		Message: "Centrapay could not be reached, so nothing was sent; check the network, then try again", Reason: e.Error()}
}

// tooManyCalls says that the service takes no call for a while.
func tooManyCalls(wait time.Duration) string {
	until := "a minute"
	if wait > time.Minute {
		until = wait.Round(time.Second).String()
	}
	return "Centrapay takes no more calls of this account for the moment, so nothing was sent; wait " + until + ", then try again"
}

// unrenewed is a call that could not go out because whoever gives out logins
// answered, and gave no new token.
func unrenewed(e *api.Error, issuer *auth.Error) *failure {
	f := &failure{exit: exitRefused, Code: codeLoginFailed, Status: statusOf(e), Reason: issuer.Error(), cause: e,
		Message: "the login could not be renewed, so nothing was sent: the login service refused; log in again with \"centrapos login\""}
	if issuer.Status >= http.StatusInternalServerError || issuer.Status == http.StatusTooManyRequests {
		f.Message, f.Retryable = "the login could not be renewed, so nothing was sent: the login service is in trouble; try again in a minute", true
	}
	return f
}

// issuerSaid is what whoever gives out logins said of one; "" where it said nothing.
func issuerSaid(err error) string {
	if issuer, ok := errors.AsType[*auth.Error](err); ok {
		return issuer.Error()
	}
	return ""
}

func unknownCall(e *api.Error) *failure {
	return &failure{exit: exitUnresolved, Code: codeUnknown, Status: statusOf(e), cause: e,
		Message: "it is not known whether Centrapay carried this out; look (\"centrapos activities\", \"centrapos status\") before you try again", Reason: e.Error()}
}

func statusOf(e *api.Error) *int {
	if e.Status == 0 {
		return nil
	}
	return &e.Status
}

// answered is the document of a call: the service's own object, and what came of
// the command.
func answered(model any, outcome string) (*object, error) {
	own, err := json.Marshal(model)
	if err != nil {
		return nil, err
	}
	doc := &object{own: own}
	doc.add("outcome", outcome)
	return doc, nil
}
