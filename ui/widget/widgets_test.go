package widget_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"pgregory.net/rapid"

	"centrapos/ui/screentest"
	"centrapos/ui/widget"
)

func binding(keys, help string) key.Binding {
	return key.NewBinding(key.WithKeys(keys), key.WithHelp(keys, help))
}

var saleKeys = []key.Binding{
	binding("?", "Help"), binding("F2", "Qty"), binding("F3", "More"), binding("F4", "Find"), binding("F5", "Hold"),
	binding("F6", "Recall"), binding("F7", "Remove"), binding("F8", "Price"),
}

var cafe = widget.HeaderData{
	Merchant: "Centrapay Café", Till: "till-1", Band: "TRAINING - no real money", Operator: "Mia", Clock: "14:02",
}

func TestHeader(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	live := cafe
	live.Band = ""
	busy := cafe
	busy.Notice = "2 unfinished"
	for _, c := range []struct {
		name  string
		h     widget.HeaderData
		width int
		want  string
	}{
		{"80", cafe, 80, " Centrapay Café · till-1    TRAINING - no real money                 Mia  14:02 "},
		{"live", live, 80, " Centrapay Café · till-1                                             Mia  14:02 "},
		{"with a notice", busy, 80, " Centrapay Café · till-1    TRAINING - no real money   2 unfinished  Mia  14:02 "},
		{"the operator goes first", busy, 76, " Centrapay Café · till-1  TRAINING - no real money      2 unfinished  14:02 "},
		{"then the clock", busy, 60, " Centr… · till-1  TRAINING - no real money     2 unfinished "},
		{"then the rest", busy, 40, " Cent…  TRAINING - no real money        "},
		{"only the band", busy, 26, " TRAINING - no real money "},
		{"the band is cut last", busy, 12, "TRAINING - …"},
	} {
		got := widget.Header(st, c.width, c.h)
		if got != c.want {
			t.Errorf("%s:\n%q, want\n%q", c.name, got, c.want)
		}
	}
}

func TestTheBandCoversItsWords(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 1)
	s.Draw(widget.Header(styles(termenv.TrueColor), 80, cafe))
	col, _, ok := s.Find("TRAINING")
	if !ok {
		t.Fatalf("no band in %q", s)
	}
	amber := s.Cell(col, 0).Background
	if amber == s.Cell(0, 0).Background || s.Cell(col-1, 0).Background != amber || s.Cell(col-2, 0).Background == amber {
		t.Error("the band is not set off from the rest of the line")
	}
}

func TestFooter(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	pay := []key.Binding{binding("F9", "PAY")}
	off := binding("F7", "Remove")
	off.SetEnabled(false)
	sale := widget.FooterData{Keys: saleKeys, Last: pay}
	live := widget.FooterData{
		Keys: []key.Binding{binding("?", "Help"), binding("B", "Barcode"), binding("S", "Split"), binding("Q", "Large code")},
		Last: []key.Binding{binding("Esc", "Cancel")}, Status: "● connected",
	}
	for _, c := range []struct {
		name  string
		f     widget.FooterData
		width int
		want  string
	}{
		{"wide", sale, 100, " ? Help  F2 Qty  F3 More  F4 Find  F5 Hold  F6 Recall  F7 Remove  F8 Price                   F9 PAY "},
		{"80", sale, 80, " ? Help F2 Qty F3 More F4 Find F5 Hold F6 Recall F7 Remove F8 Price      F9 PAY "},
		{"keys go from the right", sale, 50, " ? Help F2 Qty F3 More F4 Find F5 Hold     F9 PAY "},
		{"narrow", sale, 15, " ? Help F9 PAY "},
		{"labels go", sale, 10, " ?     F9 "},
		{"status", live, 80, " ? Help  B Barcode  S Split  Q Large code  Esc Cancel               ● connected "},
		{"status, narrow", live, 50, " ? Help B Barcode S Split Esc Cancel  ● connected "},
		{"status goes", live, 20, " ? Help  Esc Cancel "},
		{"only what works", widget.FooterData{Keys: []key.Binding{binding("?", "Help"), off, binding("F8", "Price")}}, 30, " ? Help  F8 Price             "},
		{"nothing", widget.FooterData{}, 5, "     "},
	} {
		if got := widget.Footer(st, c.width, c.f); got != c.want {
			t.Errorf("%s:\n%q, want\n%q", c.name, got, c.want)
		}
	}
}

// However narrow it is, the way to the list of keys is shown, if one cell can be.
func TestFooterKeepsHelp(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	for width := 5; width < 120; width++ {
		line := widget.Footer(st, width, widget.FooterData{Keys: saleKeys, Last: []key.Binding{binding("F9", "PAY")}, Status: "○ reconnecting"})
		if !strings.HasPrefix(line, " ?") {
			t.Errorf("%d columns: %q lacks ?", width, line)
		}
	}
}

func TestProgressBar(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	for _, c := range []struct {
		part, whole int
		want        string
	}{
		{0, 120, "──────────"}, {1, 120, "━─────────"}, {60, 120, "━━━━━─────"},
		{119, 120, "━━━━━━━━━─"}, {120, 120, "━━━━━━━━━━"}, {999, 120, "━━━━━━━━━━"},
		{-1, 120, "──────────"}, {1, 0, "──────────"}, {1 << 60, 1<<60 + 1, "━━━━━━━━━─"},
	} {
		if got := widget.ProgressBar(st, 10, c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestSpinnerTurns(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for i := -4; i < 4; i++ {
		seen[widget.Spinner(i)] = true
		if widget.Spinner(i) == widget.Spinner(i+1) {
			t.Errorf("the spinner stands still at %d", i)
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d symbols, want 4", len(seen))
	}
}

func TestEntryLine(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	for _, c := range []struct {
		name  string
		e     widget.EntryData
		width int
		want  string
	}{
		{"empty", widget.EntryData{Placeholder: "price, name or barcode"}, 30, " › █price, name or barcode    "},
		{"typed", widget.EntryData{Text: "3*scone", Cursor: 7}, 20, " › 3*scone█         "},
		{"blurred", widget.EntryData{Text: "3*scone", Cursor: 7, Blurred: true}, 12, " › 3*scone  "},
		{"within", widget.EntryData{Text: "scone", Cursor: 2}, 12, " › scone    "},
		{"too long", widget.EntryData{Text: "9421900000017", Cursor: 13}, 10, " › …00017█"},
		{"too long, cursor at the start", widget.EntryData{Text: "9421900000017"}, 10, " › 9421900"},
		{"wide", widget.EntryData{Text: "拿铁咖啡", Cursor: 4}, 9, " › …咖啡█"},
		{"cursor out of range", widget.EntryData{Text: "tea", Cursor: 99}, 9, " › tea█  "},
		{"no room", widget.EntryData{Text: "tea", Cursor: 3}, 2, " ›"},
	} {
		got := widget.EntryLine(st, c.width, c.e)
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEntryLineShowsTheCursorWithinTheText(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 1)
	s.Draw(widget.EntryLine(styles(termenv.TrueColor), 20, widget.EntryData{Text: "scone", Cursor: 2}))
	for x, want := range map[int]bool{4: false, 5: true, 6: false} {
		if got := s.Cell(x, 0).Reverse; got != want {
			t.Errorf("column %d (%q): reverse is %v, want %v", x, s.Cell(x, 0).Text, got, want)
		}
	}
}

func TestPanel(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	body := widget.Paragraph(st.Dialog, 20, "Please check that the customer is over 18.")
	got := widget.Panel(st, 24, 0, widget.PanelData{Title: "Check", Body: body, Dialog: true})
	want := strings.Join([]string{
		"┌─ Check ──────────────┐",
		"│ Please check that    │",
		"│ the customer is over │",
		"│ 18.                  │",
		"└──────────────────────┘",
	}, "\n")
	if got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	if got := widget.Panel(st, 12, 4, widget.PanelData{Body: "12.50"}); got != "┌──────────┐\n│ 12.50    │\n│          │\n└──────────┘" {
		t.Errorf("\n%s", got)
	}
	if got := widget.Panel(st, 12, 3, widget.PanelData{Title: "A long title"}); !strings.HasPrefix(got, "┌─ A lon… ─┐\n") {
		t.Errorf("\n%s", got)
	}
}

func TestTooSmall(t *testing.T) {
	t.Parallel()
	got := widget.TooSmall(styles(termenv.Ascii), 60, 20, 80, 24, "")
	for _, want := range []string{"80x24", "60x20"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %s", got, want)
		}
	}
}

func TestWidgetWidths(t *testing.T) {
	t.Parallel()
	plain, coloured := styles(termenv.Ascii), styles(termenv.TrueColor)
	rapid.Check(t, func(t *rapid.T) {
		st := rapid.SampledFrom([]int{0, 1}).Draw(t, "styles")
		s := plain
		if st == 1 {
			s = coloured
		}
		text := nasty()
		w, h := sizes(100).Draw(t, "w"), sizes(12).Draw(t, "h")
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		wantLines(t, widget.Header(s, w, widget.HeaderData{
			Merchant: a, Till: b, Band: text.Draw(t, "band"), Notice: text.Draw(t, "notice"), Operator: a, Clock: b,
		}), w, 1)
		wantLines(t, widget.Rule(s, w), w, 1)
		wantLines(t, widget.ProgressBar(s, w, rapid.Int().Draw(t, "part"), rapid.Int().Draw(t, "whole")), w, 1)
		wantLines(t, widget.Footer(s, w, widget.FooterData{
			Keys: []key.Binding{binding("?", "Help"), binding(a, b), binding(b, a)}, Last: []key.Binding{binding("F9", b)},
			Status: a, StatusStyle: s.OK,
		}), w, 1)
		wantLines(t, widget.EntryLine(s, w, widget.EntryData{
			Text: a, Cursor: rapid.IntRange(-1, 40).Draw(t, "cursor"), Placeholder: b, Blurred: rapid.Bool().Draw(t, "blurred"),
		}), w, 1)
		wantLines(t, widget.TooSmall(s, w, h, 80, 24, "NZD 6.00 · Waiting for the customer"), w, h)
		body := widget.Paragraph(s.Dialog, w, a)
		if body != "" {
			wantLines(t, body, w, len(strings.Split(body, "\n")))
		}
		if h > 0 {
			wantLines(t, widget.Panel(s, w, h, widget.PanelData{Title: b, Body: body}), w, h)
		}
	})
}

// The cursor stays in sight wherever it is.
func TestEntryLineAlwaysShowsTheCursor(t *testing.T) {
	t.Parallel()
	st := styles(termenv.TrueColor)
	s := screentest.NewScreen(40, 1)
	t.Cleanup(s.Close)
	rapid.Check(t, func(t *rapid.T) {
		text := widget.Clean(nasty().Draw(t, "text"))
		cursor := rapid.IntRange(0, len([]rune(text))).Draw(t, "cursor")
		line := widget.EntryLine(st, rapid.IntRange(6, 40).Draw(t, "w"), widget.EntryData{Text: text, Cursor: cursor})
		s.Draw(line)
		for x := range 40 {
			if c := s.Cell(x, 0); c.Reverse || c.Text == "█" {
				return
			}
		}
		t.Fatalf("no cursor in %q", ansi.Strip(line))
	})
}

// Two tills of one shop are told apart in the top line, however long its name is and
// whatever else stands there.
func TestTheTillsNameOutlastsTheMerchants(t *testing.T) {
	t.Parallel()
	st := styles(termenv.Ascii)
	for _, band := range []string{"", "TRAINING - no real money"} {
		for _, merchant := range []string{"A", "Centrapay Café", "The Very Long Name of a Shop in Palmerston North", "カプチーノの店カプチーノの店カプチーノの店"} {
			for width := 80; width < 200; width += 7 {
				line := widget.Header(st, width, widget.HeaderData{Merchant: merchant, Till: "till-12", Band: band, Notice: "Unfinished 2", Operator: "Mia", Clock: "14:02"})
				if !strings.Contains(line, "till-12 ") || widget.Width(line) != width {
					t.Errorf("%d columns: %q", width, line)
				}
			}
		}
	}
}
