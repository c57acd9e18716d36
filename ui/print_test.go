package ui

import (
	"context"
	"errors"
	"testing"

	"centrapos/pos"
)

func TestTheReceiptIsPrintedFromTheResult(t *testing.T) {
	t.Parallel()
	m, _ := fixed(t)
	var asked []pos.OpID
	var trouble error
	m.look.prints = true
	m.work.print = func(_ context.Context, op pos.OpID) (string, error) {
		asked = append(asked, op)
		return "The receipt is printed.", trouble
	}
	paid := tell(noon, cents(3440)).created().paid().snapshot()
	m = m.resultFront(resultScreen{look: m.look, amount: cents(3440), now: paid, mine: true, at: noon})
	printed := func() string {
		t.Helper()
		c, there := m.front().Keys().named("print")
		if !there {
			t.Fatal("there is no key to print")
		}
		next, cmd := m.act(c.act)
		if next.result.printed.text == "" || cmd == nil {
			t.Fatal("nothing is said, or nothing is done")
		}
		updated, _ := next.Update(cmd())
		m = updated.(model)
		return m.result.printed.text
	}
	if got := printed(); got != "The receipt is printed." || len(asked) != 1 || asked[0] != paid.id {
		t.Errorf("said %q, asked for %v", got, asked)
	}
	trouble = errors.New("the printer at tcp://printer does not answer")
	if got := printed(); got != "The printer at tcp://printer does not answer." {
		t.Errorf("said %q", got)
	}
}

func TestNothingIsPrintedOfWhatTookNoMoney(t *testing.T) {
	t.Parallel()
	m, _ := fixed(t)
	m.look.prints = true
	for _, outcome := range []pos.Outcome{pos.OutcomeOpen, pos.OutcomeCancelled, pos.OutcomeExpired, pos.OutcomeNotMade, pos.OutcomeRefused, pos.OutcomeVoided} {
		now := tell(noon, cents(3440)).created().snapshot()
		now.state.Record.Outcome = outcome
		m = m.resultFront(resultScreen{look: m.look, amount: cents(3440), now: now, mine: true, at: noon})
		if _, there := m.front().Keys().named("print"); there {
			t.Errorf("a receipt of a payment that ended as %q", outcome)
		}
	}
	m.look.prints = false
	m = m.resultFront(resultScreen{look: m.look, amount: cents(3440), now: tell(noon, cents(3440)).created().paid().snapshot(), mine: true, at: noon})
	if _, there := m.front().Keys().named("print"); there {
		t.Error("a till without a printer offers to print")
	}
}
