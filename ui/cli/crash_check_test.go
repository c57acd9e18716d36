//go:build unix

package cli

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// crashTruth is a payment request as the service has it.
type crashTruth struct {
	sandbox.Snapshot
	paid, back decimal.Decimal // what came in, and what was given back, in cents
}

// kept is the money that the merchant has, or holds.
func (r crashTruth) kept() decimal.Decimal { return r.paid.Sub(r.back) }

// of gives the activities of a type.
func (r crashTruth) of(kind api.ActivityType) []api.PaymentActivity {
	return slices.DeleteFunc(slices.Clone(r.Activities), func(a api.PaymentActivity) bool { return !a.Type.Is(kind) })
}

func (r crashTruth) sum(kind api.ActivityType) decimal.Decimal {
	var sum decimal.Decimal
	for _, a := range r.of(kind) {
		sum = sum.Add(a.Value.Amount.Decimal())
	}
	return sum
}

func truthOf(s sandbox.Snapshot) crashTruth {
	r := crashTruth{Snapshot: s}
	r.paid = r.sum(api.ActivityPayment).Add(r.sum(api.ActivityAuthorization))
	r.back = r.sum(api.ActivityRefund).Add(r.sum(api.ActivityRelease))
	return r
}

// check holds the ledger against the service, and gives the operations it has.
func (c *crashCase) check() []crashOp {
	again := c.run("recover")
	if got := again.document(c.t); again.code != exitDone || len(got["items"].([]any)) > 0 || len(got["left"].([]any)) > 0 {
		c.problem("one more recovery: exit %d, %s", again.code, again.stdout)
	}
	ops, report, err := c.operations(c.t.Context())
	if err != nil || !report.Sound() {
		c.problem("the record: %v %v", err, report.Problems)
		return nil
	}
	truths := map[string]crashTruth{}
	for _, s := range c.requests() {
		truths[s.ID] = truthOf(s)
	}
	for _, op := range ops {
		c.checkOperation(op, ops, truths)
	}
	for _, r := range truths {
		c.checkRequest(r, ops)
	}
	c.checkPaidOnce(ops, truths)
	return ops
}

// checkOperation holds one operation against what the service has of its request.
func (c *crashCase) checkOperation(op crashOp, ops []crashOp, truths map[string]crashTruth) {
	rec := op.rec
	r, known := truths[rec.Request.ID]
	if !rec.Closed() {
		c.problem("%s of %s is not finished", rec.Kind, op.id)
	}
	if rec.Request.ID != "" && !known {
		c.problem("%s is about %q, which the service does not have", op.id, rec.Request.ID)
		return
	}
	switch rec.Kind {
	case pos.KindSale:
		c.checkSale(op, ops, r)
	case pos.KindVoid:
		c.checkVoid(op, r)
	case pos.KindRefund, pos.KindConfirm, pos.KindRelease: // with the request, since several can be on one
	}
}

func (c *crashCase) checkSale(op crashOp, ops []crashOp, r crashTruth) {
	rec := op.rec
	voided := slices.ContainsFunc(ops, func(o crashOp) bool {
		return o.rec.Kind == pos.KindVoid && o.rec.Request.ID == r.ID && o.rec.Outcome == pos.OutcomeVoided
	})
	became := map[api.Status][]pos.Outcome{
		api.StatusPaid:      {pos.OutcomePaid},
		api.StatusCancelled: {pos.OutcomeCancelled, pos.OutcomeVoided},
		api.StatusExpired:   {pos.OutcomeExpired},
		"":                  {pos.OutcomeNotMade, pos.OutcomeRefused},
	}[r.Status]
	if r.PreAuthStatus != "" && r.paid.IsPositive() {
		became = []pos.Outcome{pos.OutcomeAuthorized}
	}
	if voided && r.paid.IsPositive() {
		became = append(became, pos.OutcomePaid) // and then given back, on purpose
	}
	if !slices.Contains(became, rec.Outcome) {
		c.problem("the sale %s is %q in the record, and %s %q (%s) at the service", op.id, rec.Outcome, r.ID, r.Status, r.CancellationReason)
	}
	if !rec.Outcome.Successful() {
		c.checkReturned(op, r)
	}
}

// checkReturned: what the record says was given back is what was given back.
func (c *crashCase) checkReturned(op crashOp, r crashTruth) {
	said := decimal.Zero
	if op.rec.Returned.IsKnown() {
		said = op.rec.Returned.Minor()
	}
	if !said.Equal(r.back) {
		c.problem("the record says that the %s %s gave %s back, and the service gave %s", op.rec.Kind, op.id, said, r.back)
	}
}

func (c *crashCase) checkVoid(op crashOp, r crashTruth) {
	byMerchant := r.Status == api.StatusCancelled && r.CancellationReason == api.CancelledByMerchant
	switch {
	case op.rec.Outcome == pos.OutcomeVoided && !byMerchant:
		c.problem("the record says that %s was voided, and it is %q (%s)", r.ID, r.Status, r.CancellationReason)
	case op.rec.Outcome == pos.OutcomeVoided:
		c.checkReturned(op, r)
	}
}

// checkRequest holds one payment request against what the ledger has of it.
func (c *crashCase) checkRequest(r crashTruth, ops []crashOp) {
	mine := func(kind pos.Kind, outcomes ...pos.Outcome) []crashOp {
		return slices.DeleteFunc(slices.Clone(ops), func(o crashOp) bool {
			return o.rec.Kind != kind || o.rec.Request.ID != r.ID || !slices.Contains(outcomes, o.rec.Outcome)
		})
	}
	otherTills := c.plan.variant == "elsewhere" // its sale is in another ledger
	sold := mine(pos.KindSale, pos.OutcomePaid, pos.OutcomeAuthorized, pos.OutcomePartlyPaid)
	if r.Status == api.StatusNew && !otherTills {
		c.problem("%s can still be paid, and nobody watches it", r.ID)
	}
	if r.kept().IsPositive() && len(sold) != 1 && !otherTills {
		c.problem("%s holds %s, and %d sales in the record say so", r.ID, r.kept(), len(sold))
	}
	refunded := mine(pos.KindRefund, pos.OutcomeRefunded)
	voided := slices.Concat(mine(pos.KindVoid, pos.OutcomeVoided), mine(pos.KindSale, pos.OutcomeVoided, pos.OutcomeCancelled))
	if refunds := r.of(api.ActivityRefund); len(voided) == 0 && len(refunds) != len(refunded) || len(voided) > 0 && len(refunds) > 1 {
		c.problem("%s was refunded %d times, and the record has %d refunds", r.ID, len(refunds), len(refunded))
	}
	if asked := sumOf(refunded); len(refunded) > 0 && !asked.Equal(r.sum(api.ActivityRefund)) {
		c.problem("of %s %s was refunded, and %s was asked for", r.ID, r.sum(api.ActivityRefund), asked)
	}
	if r.Status == api.StatusCancelled && r.CancellationReason == api.CancelledByMerchant && len(voided) == 0 {
		c.problem("%s was voided, and nothing in the record says so", r.ID)
	}
	c.checkConfirmations(r, mine(pos.KindConfirm, pos.OutcomeConfirmed))
	released := mine(pos.KindRelease, pos.OutcomeReleased)
	if n := len(r.of(api.ActivityRelease)); n != min(1, len(released)) || n == 1 && !slices.ContainsFunc(released, func(o crashOp) bool {
		return !o.rec.Returned.IsKnown() || o.rec.Returned.Minor().Equal(r.sum(api.ActivityRelease))
	}) {
		c.problem("%s was released %d times, of %s, and the record has %d releases", r.ID, n, r.sum(api.ActivityRelease), len(released))
	}
}

func (c *crashCase) checkConfirmations(r crashTruth, confirmed []crashOp) {
	drawn := map[string][]api.PaymentActivity{}
	for _, a := range r.of(api.ActivityConfirmation) {
		drawn[a.IdempotencyKey] = append(drawn[a.IdempotencyKey], a)
	}
	for _, op := range confirmed {
		key := op.rec.Confirm.Key
		if got := drawn[key]; len(got) != 1 || !got[0].Value.Amount.Decimal().Equal(op.rec.Confirm.Value.Minor()) {
			c.problem("the record says that %s was confirmed under %q, and the service has that %d times", op.rec.Confirm.Value.Format(), key, len(got))
		}
		delete(drawn, key)
	}
	for key := range drawn {
		c.problem("the service has a confirmation under %q that the record does not have", key)
	}
}

func sumOf(ops []crashOp) decimal.Decimal {
	var sum decimal.Decimal
	for _, op := range ops {
		sum = sum.Add(op.rec.Amount().Minor())
	}
	return sum
}

// checkPaidOnce: however many requests a sale led to, the customer paid one.
func (c *crashCase) checkPaidOnce(ops []crashOp, truths map[string]crashTruth) {
	for _, op := range ops {
		holding := 0
		for _, r := range truths {
			if op.rec.Kind == pos.KindSale && r.ExternalRef == op.rec.Sale.ExternalRef && r.kept().IsPositive() {
				holding++
			}
		}
		if holding > 1 {
			c.problem("the sale %s is paid %d times", op.id, holding)
		}
	}
}

// checkInterrupted holds what the interrupted program said, and how it ended if it
// did so by itself, against what its operation came to, which it gives.
func (c *crashCase) checkInterrupted(ops []crashOp) string {
	run := c.runs[0]
	if len(ops) <= c.before {
		if c.sent > 0 {
			c.problem("%d calls to %s left, and nothing of it is in the record", c.sent, c.plan.kind.endpoint())
		}
		return "never begun"
	}
	op := ops[c.before]
	if said := saidOutcome(run.out.String()); said != "" && said != op.rec.Outcome {
		c.problem("it said %q, and the record says %q", said, op.rec.Outcome)
	}
	code, want := run.code(), saleExit(op.rec.Outcome)
	if op.rec.Kind == pos.KindVoid && op.rec.Outcome == pos.OutcomeVoided {
		want = exitDone
	}
	switch {
	case code == -1, code == exitUnresolved, run.pty != nil:
	case code == exitInterrupt && !op.rec.Outcome.Successful():
	case code != want:
		c.problem("it ended with exit %d, and its operation is %q", code, op.rec.Outcome)
	}
	return string(op.rec.Outcome)
}

// saidOutcome is the outcome that the program told people of, in capitals at the
// beginning of a line; empty while it told none.
func saidOutcome(text string) pos.Outcome {
	words := map[string]pos.Outcome{
		"PAID": pos.OutcomePaid, "AUTHORIZED": pos.OutcomeAuthorized, "CANCELLED": pos.OutcomeCancelled, "EXPIRED": pos.OutcomeExpired,
		"VOIDED": pos.OutcomeVoided, "REFUNDED": pos.OutcomeRefunded, "CONFIRMED": pos.OutcomeConfirmed, "RELEASED": pos.OutcomeReleased,
		"REFUSED": pos.OutcomeRefused,
	}
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 0 && words[fields[0]] != "" {
			return words[fields[0]]
		}
	}
	return ""
}

// checkRepeated: done twice by name, it was done once; and what has no name is
// over now.
func (c *crashCase) checkRepeated() {
	s, err := c.service.Request(c.target)
	if err != nil {
		c.problem("read %s: %v", c.target, err)
		return
	}
	r, more := truthOf(s), 0
	if c.plan.variant == "second" || c.plan.variant == "confirmed" {
		more = 1
	}
	want, got := 1, 0
	switch c.plan.kind {
	case crashRefund:
		want, got = 1+more, len(r.of(api.ActivityRefund))
	case crashConfirm:
		want, got = 1+more, len(r.of(api.ActivityConfirmation))
	case crashRelease:
		got = len(r.of(api.ActivityRelease))
	case crashVoid:
		if r.Status == api.StatusCancelled || r.Status == api.StatusExpired {
			got = 1
		}
	default:
	}
	if got != want {
		c.problem("asked for twice, %s of %s was done %d times, not %d", c.plan.kind, c.target, got, want)
	}
	if c.plan.kind == crashVoid && r.kept().IsPositive() {
		c.problem("%s was voided, and still holds %s", r.ID, r.kept())
	}
}
