package cli

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

// sayList shows lines of the record, newest first, in columns.
func (p *program) sayList(rows []ledger.Row, filter ledger.Filter) {
	switch {
	case len(rows) == 0 && filter.OnlyUnfinished:
		p.say("Nothing is unfinished.")
		return
	case len(rows) == 0:
		p.say("The record has no payments yet.")
		return
	}
	table := [][]string{{"Begun", "Kind", "Amount", "State", "Short code", "Reference", "Ledger id"}}
	unfinished := 0
	for _, row := range rows {
		amount := "-"
		if row.Amount.IsKnown() {
			amount = amountText(row.Amount)
		}
		code := row.ShortCode
		if row.ActivityCode != "" { // a refund's own code is the one on its receipt
			code = row.ActivityCode
		}
		table = append(table, []string{clock(row.OpenedAt), kindWord(row.Kind), amount, rowState(row), orDash(code), orDash(row.ExternalRef), string(row.Op)})
		if !row.Closed && !row.OwnerAlive {
			unfinished++
		}
	}
	for _, line := range columns(table, 2) {
		p.say("%s", line)
	}
	if unfinished > 0 {
		p.warn("%s unfinished: \"centrapos recover\" finds out what became of it.", countAre(unfinished))
	}
}

func countAre(n int) string {
	if n == 1 {
		return "1 payment is"
	}
	return countOf(n, "payment") + " are"
}

func orDash(text string) string {
	if text = widget.Clean(text); text == "" {
		return "-"
	}
	return text
}

// columns lays cells out in columns as wide as their widest, the column numbered
// right flush to the right.
func columns(table [][]string, right int) []string {
	var widths []int
	for _, row := range table {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], ansi.StringWidth(cell))
		}
	}
	lines := make([]string, len(table))
	for r, row := range table {
		var b strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-ansi.StringWidth(cell))
			if i == right {
				b.WriteString(pad + cell)
			} else {
				b.WriteString(cell + pad)
			}
			b.WriteString("  ")
		}
		lines[r] = strings.TrimRight(b.String(), " ")
	}
	return lines
}
