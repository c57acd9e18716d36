package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

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
An answer that Centrapay refuses is an "error" with its code, and exit code 69. When it
is not known whether the answer counts, the document has an "error", outcome
unresolved, and the exit code is 5.`

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
// again, since conditions can add or void one another. What the service answered and
// what it then shows have to agree; where they do not, nothing is known.
func (p *program) answered(ctx context.Context, l *line, req pos.Request, conditionID string, accept bool, reply pos.Reply) (*result, error) {
	if reply.Answer == pos.AnswerRefused {
		return nil, refusedCondition(req.ID, conditionID, reply.Refusal)
	}
	outcome := "declined"
	if accept {
		outcome = "accepted"
	}
	after, again := p.readAfter(ctx, l, req.ID, func(r pos.Request) bool {
		return settledAs(r, conditionID, accept) && (accept || r.Status != pos.StatusNew)
	})
	read := again.Answer == pos.AnswerDone
	switch {
	case read && settledAs(after, conditionID, accept):
	case reply.Answer == pos.AnswerNotSent:
		return nil, unanswered("condition "+widget.Clean(conditionID), reply)
	case reply.Answer != pos.AnswerDone:
		return nil, undecided(req.ID, conditionID, "it is not known whether Centrapay has the answer", reply.Detail)
	case read && contradicts(after, conditionID, accept):
		return nil, undecided(req.ID, conditionID, "Centrapay took the answer and still shows the condition as "+
			widget.Clean(string(statusOfCondition(after, conditionID))), "")
	}
	if !read { // what was read before the answer is no longer so
		p.say("Condition %s is %s.", widget.Clean(conditionID), outcome)
		p.warn("The payment request could not be read again; \"centrapos status %s\" shows it.", widget.Clean(req.ID))
		doc := &object{}
		doc.add("id", req.ID)
		doc.add("outcome", outcome)
		return &result{document: doc}, nil
	}
	p.say("Condition %s is %s; the payment request is %s.", widget.Clean(conditionID), outcome, outcomeOf(after))
	if !accept && after.Status == pos.StatusNew {
		p.warn("Declining cancels the payment request, and Centrapay does not show that yet; \"centrapos status %s\" shows it.", widget.Clean(req.ID))
	}
	doc := &object{own: after.Document}
	doc.add("outcome", outcome)
	return &result{document: doc}, nil
}

// rereadEvery is how often a request is read again that does not show yet what was
// done to it.
const rereadEvery = 500 * time.Millisecond

// readAfter reads a request after something was done to it, until it shows that or
// it has had time enough.
func (p *program) readAfter(ctx context.Context, l *line, id string, shown func(pos.Request) bool) (pos.Request, pos.Reply) {
	until := time.Now().Add(p.times.reread)
	req, reply := find(ctx, l.payments, id)
	for reply.Answer == pos.AnswerDone && !shown(req) && time.Now().Before(until) {
		select {
		case <-time.After(min(rereadEvery, time.Until(until))):
		case <-ctx.Done():
			return req, reply
		}
		if next, again := find(ctx, l.payments, id); again.Answer == pos.AnswerDone {
			req = next
		}
	}
	return req, reply
}

// undecided is the failure of an answer of which it is not known whether it counts.
func undecided(requestID, conditionID, why, detail string) *failure {
	return &failure{exit: exitUnresolved, Code: codeUnknown, Reason: detail,
		Message: fmt.Sprintf("%s; look with \"centrapos status %s\" before condition %s is answered again",
			why, widget.Clean(requestID), widget.Clean(conditionID))}
}

// statusOfCondition is how a request shows a condition; "" when it has it no more.
func statusOfCondition(req pos.Request, conditionID string) pos.ConditionStatus {
	for _, c := range req.Conditions {
		if c.ID == conditionID {
			return c.Status
		}
	}
	return ""
}

// settledAs reports whether the request shows the condition as it was answered.
func settledAs(req pos.Request, conditionID string, accept bool) bool {
	want := pos.ConditionDeclined
	if accept {
		want = pos.ConditionAccepted
	}
	return statusOfCondition(req, conditionID) == want
}

// contradicts reports whether the request shows the condition as what it cannot be
// once it was answered. One that is gone, or void, was done away with by another.
func contradicts(req pos.Request, conditionID string, accept bool) bool {
	now := statusOfCondition(req, conditionID)
	return now != "" && now != pos.ConditionVoid && !settledAs(req, conditionID, accept)
}
