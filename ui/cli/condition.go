package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui/widget"
)

const conditionHelp = `Answers a condition that Centrapay has put to a payment, such as a look at the
customer's photo id. "centrapos status" shows the conditions of a payment request
with their numbers. Declining cancels the payment request.

With --json the document is the payment request as Centrapay has it afterwards, and
  outcome      accepted or declined
An answer that Centrapay refuses is an "error" with its code, and exit code 69.`

func (p *program) conditionCommand() *cobra.Command {
	return p.group("condition", "Answer a condition of a payment",
		p.answerCommand(true), p.answerCommand(false))
}

func (p *program) answerCommand(accept bool) *cobra.Command {
	name, short := "decline", "Say no to a condition, which cancels the payment request"
	if accept {
		name, short = "accept", "Say yes to a condition"
	}
	return &cobra.Command{
		Use:   name + " ID|SHORTCODE CONDITION",
		Short: short,
		Long:  conditionHelp,
		Args:  takes(2, 2, "an ID or SHORTCODE and the number of a CONDITION"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.answer(ctx, cmd, args[0], args[1], accept)
		}),
	}
}

func (p *program) answer(ctx context.Context, cmd *cobra.Command, key, conditionID string, accept bool) (*result, error) {
	if strings.TrimSpace(key) == "" || strings.TrimSpace(conditionID) == "" {
		return nil, usage("the ID or SHORTCODE and the CONDITION must not be empty")
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	l, err := p.connect(ctx, settings, sandbox.Manual)
	if err != nil {
		return nil, err
	}
	defer l.close()
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	req, reply := find(bound, l.payments, key)
	if reply.Answer != pos.AnswerDone {
		return nil, p.unread(key, reply)
	}
	if err := answerable(req, conditionID); err != nil {
		return nil, err
	}
	// What has been sent is seen through: the answer may make the money move.
	p.moves = true
	if p.interrupts.wasAsked() {
		return nil, errInterrupted
	}
	reply = l.payments.Decide(ctx, req.ID, conditionID, accept)
	return p.answered(ctx, l, req, conditionID, accept, reply)
}

// answerable refuses what could only be refused, and names what is there.
func answerable(req pos.Request, conditionID string) error {
	at := slices.IndexFunc(req.Conditions, func(c pos.Condition) bool { return c.ID == conditionID })
	switch {
	case at >= 0 && req.Conditions[at].Status == pos.ConditionAwaitingPatron:
		return &failure{exit: exitRefused, Code: string(api.CodeMerchantNotAuthorized),
			Message: fmt.Sprintf("condition %s is for the customer to answer: %s", conditionID, widget.Clean(req.Conditions[at].Message))}
	case at >= 0 || len(req.Conditions) == 0: // none may mean none yet: they are computed as the request is read
		return nil
	}
	var there []string
	for _, c := range req.Conditions {
		there = append(there, fmt.Sprintf("%s (%s, %s)", widget.Clean(c.ID), widget.Clean(c.Message), widget.Clean(string(c.Status))))
	}
	return usage(fmt.Sprintf("the payment request has no condition %q; it has %s", conditionID, strings.Join(there, ", ")))
}

// answered is the result of an answer to a condition: the payment request is read
// again, since conditions can add or void one another.
func (p *program) answered(ctx context.Context, l *line, req pos.Request, conditionID string, accept bool, reply pos.Reply) (*result, error) {
	outcome := "declined"
	if accept {
		outcome = "accepted"
	}
	after, again := find(ctx, l.payments, req.ID)
	switch {
	case reply.Answer == pos.AnswerDone:
	case reply.Answer == pos.AnswerRefused:
		return nil, refusedCondition(req.ID, conditionID, reply.Refusal)
	case again.Answer == pos.AnswerDone && settledAs(after, conditionID, accept):
	case reply.Answer == pos.AnswerNotSent:
		return nil, unanswered("condition "+widget.Clean(conditionID), reply)
	default:
		return nil, &failure{exit: exitUnresolved, Code: codeUnknown, Reason: reply.Detail,
			Message: "it is not known whether Centrapay has the answer; look with \"centrapos status " + widget.Clean(req.ID) + "\""}
	}
	doc := &object{own: req.Document}
	if again.Answer == pos.AnswerDone {
		doc.own, req = after.Document, after
	}
	p.say("Condition %s is %s; the payment request is %s.", widget.Clean(conditionID), outcome, outcomeOf(req))
	doc.add("outcome", outcome)
	return &result{document: doc}, nil
}

// settledAs reports whether the request shows the condition as it was answered.
func settledAs(req pos.Request, conditionID string, accept bool) bool {
	want := pos.ConditionDeclined
	if accept {
		want = pos.ConditionAccepted
	}
	return slices.ContainsFunc(req.Conditions, func(c pos.Condition) bool { return c.ID == conditionID && c.Status == want })
}
