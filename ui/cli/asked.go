package cli

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/ui/widget"
)

// Codes of calls whose end is not known, and of those that need a person.
const (
	codeUnknown = "OUTCOME_UNKNOWN"
	codeLogin   = string(api.CodeLoginRequired)
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
		if err != nil && p.interrupts.wasAsked() && api.OutcomeOf(err) != api.Refused {
			return nil, interruptedCall(err)
		}
		return r, err
	})
	return cmd
}

// interruptedCall is the failure of a call that an interrupt cut off. What may
// have been carried out is said to be so.
func interruptedCall(err error) error {
	if e, ok := errors.AsType[*api.Error](err); ok && e.Outcome == api.Unknown && e.Method != http.MethodGet {
		f := unknownCall(e)
		f.exit = exitInterrupt
		return f
	}
	return errInterrupted
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

func refusedCall(e *api.Error) *failure {
	f := &failure{exit: exitRefused, Code: string(e.Code), Status: statusOf(e), Reason: widget.Clean(e.Detail()), cause: e}
	f.Message = "Centrapay refused: " + f.Code
	switch e.Code {
	case api.CodeForbidden:
		f.Message += "; either there is no such thing, or this credential may not see or do it (\"centrapos whoami\" tells what it may)"
	case api.CodeUnauthorized:
		f.Message += "; the credential is missing, expired or wrong: check the API key, or run \"centrapos login\""
	default:
	}
	return f
}

// unsentCall is a call that had no effect, since it was not made or not dealt with.
func unsentCall(e *api.Error) *failure {
	var invalid *api.ValidationError
	switch {
	case errors.As(e, &invalid):
		return &failure{exit: exitUsage, Code: string(invalid.Code), cause: e,
			Message: "this could only be refused, so nothing was sent: " + invalid.Error()}
	case e.Code == api.CodeLoginRequired:
		return &failure{exit: exitUsage, Code: codeLogin, Message: "the login has ended; run \"centrapos login\"", cause: e}
	case e.Status == http.StatusTooManyRequests:
		return &failure{exit: exitRefused, Code: string(api.CodeRateLimitExceeded), Status: statusOf(e), Retryable: true, cause: e,
			Message: "Centrapay takes no more calls of this account for the moment; wait a minute, then try again"}
	}
	return &failure{exit: exitRefused, Code: pos.CodeNetwork, Retryable: true, cause: e,
		Message: "Centrapay could not be reached, so nothing was sent; check the network, then try again", Reason: e.Error()}
}

func unknownCall(e *api.Error) *failure {
	return &failure{exit: exitUnresolved, Code: codeUnknown, Status: statusOf(e), cause: e,
		Message: "it is not known whether Centrapay carried this out; look before you try again", Reason: e.Error()}
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
