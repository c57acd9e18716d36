package widget_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"pgregory.net/rapid"

	"centrapos/ui/screentest"
	"centrapos/ui/widget"
)

var cafeLines = []widget.BasketRow{
	{Item: "Flat white", Qty: "2", Each: "5.50", Total: "11.00"},
	{Item: "Cheese scone", Qty: "1", Each: "6.00", Disc: "-0.60", Total: "5.40"},
	{Item: "Coffee grounds 250 g", Restricted: true, Qty: "1", Each: "18.00", Total: "18.00"},
}

func basketOf(rows []widget.BasketRow, selected int) widget.BasketData {
	return widget.BasketData{
		Len: len(rows), Row: func(i int) widget.BasketRow { return rows[i] }, Selected: selected,
		Empty: "Scan or type the first item.",
	}
}

// manyLines is a basket of n lines that counts how often a line is asked for.
func manyLines(n, selected int, asked *int) widget.BasketData {
	return widget.BasketData{Len: n, Selected: selected, Row: func(i int) widget.BasketRow {
		*asked++
		return widget.BasketRow{Item: "Item " + strconv.Itoa(i+1), Qty: "1", Each: "5.50", Disc: "-0.50", Total: "5.00"}
	}}
}

// The columns stand where the till's design draws them.
func TestBasketAsDrawn(t *testing.T) {
	t.Parallel()
	got := strings.Split(widget.Basket(styles(termenv.Ascii), 80, 5, basketOf(cafeLines, 2)), "\n")
	want := []string{
		"  #  Item                                 Qty      Each      Disc        Total  ",
		"  1  Flat white                             2      5.50                  11.00  ",
		"  2  Cheese scone                           1      6.00     -0.60         5.40  ",
		"▸ 3  Coffee grounds 250 g             ⊘     1     18.00                  18.00  ",
		strings.Repeat(" ", 80),
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d\n%q, want\n%q", i, got[i], want[i])
		}
	}
}

func TestBasketGoldens(t *testing.T) {
	t.Parallel()
	international := append([]widget.BasketRow{
		{Item: "拿铁咖啡 大杯", Qty: "2", Each: "5.50", Total: "11.00"},
		{Item: "קפה הפוך", Qty: "1", Each: "6.00", Total: "6.00"},
		{Item: "Café 👨\u200d👩\u200d👧 \x1b[31mspecial\x1b[0m 🇳🇿", Qty: "1", Each: "12.00", Total: "12.00"},
		{Item: "A name that is far longer than the column has room for", Qty: "0.425", Each: "123456.00", Disc: "-1000.00", Total: "51468.80"},
	}, cafeLines...)
	for _, width := range []int{40, 60, 80, 120} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			screentest.GoldenText(t, widget.Basket(styles(termenv.Ascii), width, 9, basketOf(international, 1)))
		})
	}
}

func TestBasketScrollsToTheSelectedLine(t *testing.T) {
	t.Parallel()
	asked := 0
	got := widget.Basket(styles(termenv.Ascii), 80, 11, manyLines(1000, 500, &asked))
	if asked != 10 {
		t.Errorf("%d lines were asked for to draw 10", asked)
	}
	for _, want := range []string{"▸ 501  Item 501", "Item 492-501 of 1000"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestScrollTop(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ top, selected, n, height, want int }{
		{0, 0, 3, 10, 0},
		{0, 9, 20, 10, 0},
		{0, 10, 20, 10, 1},
		{5, 3, 20, 10, 3},
		{5, 8, 20, 10, 5},
		{15, -1, 20, 10, 10},
		{99, -1, 3, 10, 0},
		{0, 19, 20, 0, 19},
		{4, 30, 20, 10, 4},
	} {
		if got := widget.ScrollTop(c.top, c.selected, c.n, c.height); got != c.want {
			t.Errorf("ScrollTop(%d, %d, %d, %d) = %d, want %d", c.top, c.selected, c.n, c.height, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n, height := rapid.IntRange(1, 50).Draw(t, "n"), rapid.IntRange(1, 20).Draw(t, "height")
		selected := rapid.IntRange(0, n-1).Draw(t, "selected")
		top := widget.ScrollTop(rapid.IntRange(-5, 60).Draw(t, "top"), selected, n, height)
		if selected < top || selected >= top+height {
			t.Fatalf("row %d is out of sight from %d, %d rows", selected, top, height)
		}
		if top < 0 || top > 0 && top > n-height {
			t.Fatalf("top %d leaves room unused for %d rows in %d", top, n, height)
		}
	})
}

func TestTableEmpty(t *testing.T) {
	t.Parallel()
	got := widget.Basket(styles(termenv.Ascii), 80, 3, basketOf(nil, -1))
	wantLines(t, got, 80, 3)
	if !strings.Contains(got, "\n Scan or type the first item.") {
		t.Errorf("%q does not say what to do", got)
	}
}

func TestTheSelectedRowStandsOut(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 5)
	s.Draw(widget.Basket(styles(termenv.TrueColor), 80, 5, basketOf(cafeLines, 1)))
	for x := range 80 {
		if s.Cell(x, 2).Background == s.Cell(x, 1).Background {
			t.Fatalf("column %d of the selected row has the ground of the others", x)
		}
	}
}

// Whatever the names, every line is as wide as promised, and an amount is whole or
// not there.
func TestTableWidths(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	rapid.Check(t, func(t *rapid.T) {
		w, h := sizes(100).Draw(t, "w"), sizes(12).Draw(t, "h")
		n := rapid.IntRange(0, 20).Draw(t, "n")
		item := nasty()
		items := make([]string, n)
		for i := range items {
			items[i] = item.Draw(t, "item")
		}
		total := rapid.SampledFrom([]string{"5.00", "-0.60", "999999.99", "-1234567890.50"}).Draw(t, "total")
		block := widget.Basket(st, w, h, widget.BasketData{
			Len: n, Selected: rapid.IntRange(-1, n).Draw(t, "selected"), Top: rapid.IntRange(-2, 30).Draw(t, "top"),
			Row: func(i int) widget.BasketRow {
				return widget.BasketRow{Item: items[i], Restricted: i%2 == 0, Qty: "3", Each: total, Disc: total, Total: total}
			},
			Empty: item.Draw(t, "empty"),
		})
		wantLines(t, block, w, h)
		if n == 0 || w < 8 || h < 2 {
			return
		}
		for i, line := range strings.Split(block, "\n")[1 : min(n, h-1)+1] {
			if rest := strings.TrimRight(line, " "); !strings.HasSuffix(rest, " "+total) && !strings.HasSuffix(rest, "#") {
				t.Fatalf("row %d of %d columns ends in a cut amount, not %q: %q", i, w, total, line)
			}
		}
	})
}

// The same on a terminal: the last digit of each total stands in its column.
func TestTotalsStandInTheirColumnOnATerminal(t *testing.T) {
	t.Parallel()
	st := styles(termenv.TrueColor)
	s := screentest.NewScreen(80, 4)
	t.Cleanup(s.Close)
	rapid.Check(t, func(t *rapid.T) {
		items := []string{nasty().Draw(t, "first"), nasty().Draw(t, "second"), "Flat white"}
		s.Draw(widget.Basket(st, 80, 4, widget.BasketData{Len: 3, Selected: 1, Row: func(i int) widget.BasketRow {
			return widget.BasketRow{Item: items[i], Qty: "1", Each: "5.50", Total: "5.50"}
		}}))
		for row := 1; row <= 3; row++ {
			for i, want := range "5.50" {
				if got := s.Cell(74+i, row).Text; got != string(want) {
					t.Fatalf("row %d, column %d shows %q, want %q in\n%s", row, 74+i, got, string(want), s)
				}
			}
		}
	})
}

func TestTableColumns(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"CP-X4V-6N", "Flat white, cheese scone", "34.40", "paid"}}
	table := widget.TableData{
		Columns: []widget.Column{
			{Title: "Code", Width: 9, Gap: 1}, {Title: "What", Width: 6, Gap: 2, Flex: true, Rank: 1},
			{Title: "Amount", Width: 7, Gap: 2, Number: true}, {Title: "State", Width: 6, Gap: 2, Align: widget.Middle, Rank: 2},
		},
		Len: 1, Row: func(i int) []string { return rows[i] }, Selected: -1,
	}
	for _, c := range []struct {
		width int
		want  string
	}{
		{52, "  Code       What                     Amount  State |  CP-X4V-6N  Flat white, cheese sc…    34.40   paid "},
		{30, "  Code       What       Amount|  CP-X4V-6N  Flat wh…    34.40"},
		{24, "  Code        Amount    |  CP-X4V-6N    34.40    "},
	} {
		got := strings.ReplaceAll(widget.Table(styles(termenv.Ascii), c.width, 2, table), "\n", "|")
		if got != c.want {
			t.Errorf("%d columns:\n%q, want\n%q", c.width, got, c.want)
		}
	}
}

func benchmarkBasket(b *testing.B, n int) {
	asked := 0
	st := styles(termenv.TrueColor)
	for b.Loop() {
		widget.Basket(st, 80, 16, manyLines(n, n-1, &asked))
	}
}

func BenchmarkBasket200(b *testing.B)  { benchmarkBasket(b, 200) }
func BenchmarkBasket1000(b *testing.B) { benchmarkBasket(b, 1000) }
