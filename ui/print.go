package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file gets receipts printed. The till's printer works behind the screens: a
// receipt that does not come out is told here and holds nobody up.

// printTimeout is how long staff are left without a word about a receipt.
const printTimeout = 15 * time.Second

// printReceipt has the receipt of an operation printed.
type printReceipt struct{ op pos.OpID }

func (printReceipt) isAction() {}

// receiptPrinted says what became of a receipt.
type receiptPrinted struct {
	op   pos.OpID
	told string
	err  error
}

// printing has a receipt printed, where the till has a printer.
func (w work) printing(op pos.OpID) tea.Cmd {
	if w.print == nil || op == "" {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, printTimeout)
		defer cancel()
		told, err := w.print(ctx, op)
		return receiptPrinted{op: op, told: told, err: err}
	}
}

// printCommand prints the receipt of an operation; nothing without a printer.
func (l *look) printCommand(op pos.OpID) commands {
	if !l.prints || op == "" {
		return nil
	}
	return commands{{keys: letter("P", "Print"), name: "print", does: "print the receipt", act: printReceipt{op: op}, foot: footLeft}}
}

// print starts the printing of a receipt and says so.
func (m model) print(a printReceipt) (model, tea.Cmd) {
	return m.printNote(a.op, toneInfo, "The receipt goes to the printer."), m.work.printing(a.op)
}

// receiptPrinted tells what became of a receipt, on the screen that it was asked for.
func (m model) receiptPrinted(msg receiptPrinted) (tea.Model, tea.Cmd) {
	if msg.err != nil {
		return m.printNote(msg.op, toneWarn, sentence(msg.err.Error())), nil
	}
	return m.printNote(msg.op, toneInfo, msg.told), nil
}

// printNote puts a word about a receipt on the result or the story that it is of.
func (m model) printNote(op pos.OpID, t tone, text string) model {
	if m.result.now.id == op {
		m.result.printed = note{text: text, tone: t}
	}
	if m.story.about.Op == op {
		m.story.note.text, m.story.note.tone = text, t
	}
	return m
}

// printable reports whether there is a receipt to give for an operation: money was
// taken or given back.
func printable(rec pos.Record) bool {
	switch {
	case rec.Kind == pos.KindSale:
		return rec.Outcome == pos.OutcomePaid || rec.Outcome == pos.OutcomePartlyPaid || rec.Outcome == pos.OutcomePaidLate
	case rec.Kind == pos.KindRefund:
		return rec.Outcome == pos.OutcomeRefunded
	}
	return rec.Kind != pos.KindRelease && rec.Outcome != pos.OutcomeOpen && rec.Returned.IsKnown() && rec.Returned.Sign() > 0
}
