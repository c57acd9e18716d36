package widget

import (
	"strconv"

	"centrapos/ui/theme"
)

// BasketRow is one line of a basket as it is shown; sums are formatted by the
// caller.
type BasketRow struct {
	Item string
	// Restricted marks what some kinds of money may not pay for.
	Restricted bool
	// Qty, Each, Disc and Total are numbers; an empty one shows nothing.
	Qty, Each, Disc, Total string
}

// BasketData is the basket's lines. The fields are as in TableData; lines are
// numbered from 1.
type BasketData struct {
	Len      int
	Row      func(i int) BasketRow
	Selected int
	Top      int
	Empty    string
}

// restricted is the mark of a line that some kinds of money may not pay for.
const restricted = "⊘"

// Basket draws the lines of a basket in exactly width columns by height lines.
func Basket(st *theme.Styles, width, height int, b BasketData) string {
	return Table(st, width, height, TableData{
		Columns: []Column{
			{Title: "#", Width: max(2, len(strconv.Itoa(b.Len))), Align: End, Rank: 2},
			{Title: "Item", Gap: 2, Width: 8, Flex: true},
			{Gap: 1, Width: 1, Rank: 1},
			{Title: "Qty", Gap: 1, Width: 5, Number: true},
			{Title: "Each", Gap: 1, Width: 9, Number: true, Rank: 4},
			{Title: "Disc", Gap: 1, Width: 9, Number: true, Rank: 3},
			{Title: "Total", Gap: 1, Width: 12, Number: true},
		},
		Len: b.Len,
		Row: func(i int) []string {
			row, mark := b.Row(i), ""
			if row.Restricted {
				mark = restricted
			}
			return []string{strconv.Itoa(i + 1), row.Item, mark, row.Qty, row.Each, row.Disc, row.Total}
		},
		Selected: b.Selected,
		Top:      b.Top,
		Margin:   2,
		Empty:    b.Empty,
	})
}
