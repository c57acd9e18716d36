package widget_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"centrapos/ui/widget"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"plain", "Flat white", "Flat white"},
		{"te reo Māori", "Kūmara wedges", "Kūmara wedges"},
		{"colours", "\x1b[31mred\x1b[0m scone", "red scone"},
		{"clearing the screen", "tea\x1b[2J\x1b[H!", "tea!"},
		{"window title", "tea\x1b]0;owned\x07!", "tea!"},
		{"hyperlink", "\x1b]8;;http://x\x1b\\tea\x1b]8;;\x1b\\", "tea"},
		{"lone escape", "te\x1b", "te"},
		{"8-bit control sequence in UTF-8", "tea\u009b2J", "tea2J"},
		{"bell, delete, null", "t\x07e\x7fa\x00", "tea"},
		{"line breaks and tabs", "flat\r\nwhite\tlarge", "flat  white large"},
		{"direction override", "price \u202e00.01", "price 00.01"},
		{"isolates and marks", "\u2066tea\u2069\u200f", "tea"},
		{"invisible", "te\u200ba\ufeff\u00ad", "tea"},
		{"invalid UTF-8", "te\xffa", "te\ufffda"},
		{"decomposed", "cafe\u0301", "café"},
		{"decomposed Hangul", "\u1112\u1161\u11ab", "한"},
		{"lone combining mark", "\u0301tea", "tea"},
		{"lone vowel sign", "\u093ftea", "tea"},
		{"lone skin tone", "🏽tea", "tea"},
		{"lone joiner", "👨\u200d", "👨"},
		{"Chinese", "拿铁咖啡", "拿铁咖啡"},
		{"Hindi is kept as written", "चाय", "चाय"},
		{"Thai am", "น้ำ", "น้ํา"},
		{"half-width voiced katakana", "ｶﾞ", "ｶ゛"},
		{"emoji", "☕ latte", "☕ latte"},
		{"family", "👨\u200d👩\u200d👧 meal", "👨 meal"},
		{"skin tone", "👍🏽", "👍"},
		{"emoji-style heart", "❤\ufe0f", "❤"},
		{"key cap", "1\ufe0f\u20e3", "1\u20e3"},
		{"flag", "🇳🇿 lamb", "NZ lamb"},
		{"regional flag", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴"},
		{"private use", "\ue0a0", "\ufffd"},
		{"Hebrew", "קפה", "קפה"},
	} {
		if got := widget.Clean(c.in); got != c.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
	if long := widget.Clean(strings.Repeat("é", 5000)); len(long) > 4096 || !utf8.ValidString(long) {
		t.Errorf("a long text became %d bytes", len(long))
	}
}

// checkClean holds for every text.
func checkClean(t rapid.TB, text string) {
	t.Helper()
	got := widget.Clean(text)
	if len(text) < 1000 && widget.Clean(got) != got {
		t.Fatalf("cleaning %q twice gives %q, then %q", text, got, widget.Clean(got))
	}
	if !utf8.ValidString(got) || ansi.Strip(got) != got {
		t.Fatalf("%q became %q, which is not plain text", text, got)
	}
	for _, r := range got {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d' {
			t.Fatalf("%q became %q, which holds %U", text, got, r)
		}
	}
	// What stands beside it in another column stays a character of its own.
	for _, other := range []string{"a", "☕", "가", "क"} {
		if w := ansi.StringWidth(got); w > 0 && (ansi.StringWidth(other+got) != ansi.StringWidth(other)+w || ansi.StringWidth(got+other) != ansi.StringWidth(other)+w) {
			t.Fatalf("%q became %q, which joins %q beside it", text, got, other)
		}
	}
	// A terminal that knows nothing of clusters adds up code points.
	if !hasSpacingMarks(got) && codePointWidth(got) != ansi.StringWidth(got) {
		t.Fatalf("%q became %q: %d columns by clusters, %d by code points",
			text, got, ansi.StringWidth(got), codePointWidth(got))
	}
}

func hasSpacingMarks(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Mc, r) })
}

func codePointWidth(text string) int {
	total := 0
	for _, r := range text {
		if !unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
			total += ansi.WcWidth.StringWidth(string(r))
		}
	}
	return total
}

func TestCleanProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkClean(t, nasty().Draw(t, "text")) })
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Flat white", "\x1b[31m\xe2\x1b", "👨\u200d👩\u200d👧🇳🇿", "\u1112\u1161\u11ab\u0301", "\u0e33\uff9e", "𝌍\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { checkClean(t, text) })
}

func TestFit(t *testing.T) {
	t.Parallel()
	const mark = "\u200e"
	for _, c := range []struct {
		text  string
		width int
		align widget.Align
		want  string
	}{
		{"tea", 6, widget.Start, "tea   "},
		{"tea", 6, widget.End, "   tea"},
		{"tea", 6, widget.Middle, " tea  "},
		{"flat white", 6, widget.Start, "flat …"},
		{"flat white", 1, widget.Start, "…"},
		{"flat white", 0, widget.Start, ""},
		{"拿铁咖啡", 6, widget.Start, "拿铁… "},
		{"拿铁咖啡", 2, widget.End, " …"},
		{"קפה", 6, widget.Start, "קפה" + mark + "   "},
		{"קפה", 3, widget.Start, "ק…" + mark + " "},
	} {
		if got := widget.Fit(c.text, c.width, c.align); got != c.want {
			t.Errorf("Fit(%q, %d, %v) = %q, want %q", c.text, c.width, c.align, got, c.want)
		}
	}
}

// A cut amount would be another amount.
func TestAmountIsWholeOrNotThere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"12.50": "  12.50", "1234.50": "1234.50", "12345.50": "#######", "-12345.5": "#######", "": "       ",
	} {
		if got := widget.Amount(text, 7); got != want {
			t.Errorf("Amount(%q, 7) = %q, want %q", text, got, want)
		}
	}
	if got := widget.Amount("1", -1); got != "" {
		t.Errorf("no room gives %q", got)
	}
}

func TestTextWidths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text, other := nasty().Draw(t, "text"), nasty().Draw(t, "other")
		width := sizes(30).Draw(t, "width")
		align := rapid.SampledFrom([]widget.Align{widget.Start, widget.Middle, widget.End}).Draw(t, "align")
		fitted := widget.Fit(text, width, align)
		wantLines(t, fitted, width, 1)
		wantLines(t, widget.Amount(text, width), width, 1)
		wantLines(t, widget.Pad("\x1b[1m"+widget.Clean(text)+"\x1b[m", width), width, 1)
		wantLines(t, widget.Between(width, "\x1b[1m"+widget.Clean(text)+"\x1b[m", widget.Clean(other)), width, 1)
		for _, line := range widget.Wrap(text, width) {
			if got := ansi.StringWidth(line); got > max(width, 0) {
				t.Fatalf("Wrap gives a line of %d for %d: %q", got, width, line)
			}
		}
		// The mark that keeps numbers in place needs something after it.
		if strings.HasSuffix(fitted, "\u200e") {
			t.Fatalf("a direction mark ends the field %q", fitted)
		}
	})
}

func TestBetween(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width       int
		left, right string
		want        string
	}{
		{20, "3 lines", "34.40", "3 lines        34.40"},
		{12, "GST included", "4.49", "GST inc 4.49"},
		{3, "GST", "4.49", "4.4"},
		{10, "", "4.49", "      4.49"},
	} {
		if got := widget.Between(c.width, c.left, c.right); got != c.want {
			t.Errorf("Between(%d, %q, %q) = %q, want %q", c.width, c.left, c.right, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	got := widget.Wrap("Please check that the customer\nis over 18. Supercalifragilistic", 12)
	want := "Please check|that the|customer|is over 18.|Supercalifra|gilistic"
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", strings.Join(got, "|"), want)
	}
	if lines := widget.Wrap("", 10); len(lines) != 0 {
		t.Errorf("empty text has lines %q", lines)
	}
}
