package widget_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"centrapos/ui/widget"
)

// drawn makes a block with colours from nasty text, which may be ragged.
func drawn() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		texts := rapid.SliceOfN(nasty(), 1, 6).Draw(t, "lines")
		for i, s := range texts {
			if s = widget.Clean(s); i%2 == 0 {
				s = "\x1b[1;31m" + s + "\x1b[m"
			}
			texts[i] = s
		}
		return strings.Join(texts, "\n")
	})
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		block      string
		w, h       int
		horizontal widget.Align
		vertical   widget.Align
		want       string
	}{
		{"middle", "ab\nc", 6, 4, widget.Middle, widget.Middle, "      |  ab  |  c   |      "},
		{"end", "ab\nc", 4, 3, widget.End, widget.End, "    |  ab|  c "},
		{"too large", "abc\nd\ne", 2, 2, widget.Middle, widget.End, "ab|d "},
		{"nothing", "", 2, 1, widget.Middle, widget.Middle, "  "},
	} {
		got := strings.ReplaceAll(widget.Place(c.block, c.w, c.h, c.horizontal, c.vertical), "\n", "|")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestBeside(t *testing.T) {
	t.Parallel()
	got := widget.Beside(2, widget.Block{Text: "QR\nQR\nQR", Width: 3}, widget.Block{Text: "", Width: 1}, widget.Block{Text: "waiting", Width: 4})
	if want := "QR  wait\nQR      "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOverlay(t *testing.T) {
	t.Parallel()
	base := "aaaaaa\nbb世bb\ncccccc"
	for _, c := range []struct {
		name string
		top  string
		x, y int
		want string
	}{
		{"inside", "XX\nYY", 2, 1, "aaaaaa|bbXXbb|ccYYcc"},
		{"over the left half of a wide character", "X", 2, 1, "aaaaaa|bbX bb|cccccc"},
		{"over its right half", "X", 3, 1, "aaaaaa|bb Xbb|cccccc"},
		{"over the corner at the top left", "XX\nYY", -1, -1, "Yaaaaa|bb世bb|cccccc"},
		{"over the corner at the bottom right", "XX\nYY", 5, 2, "aaaaaa|bb世bb|cccccX"},
		{"outside", "XX", 6, 0, "aaaaaa|bb世bb|cccccc"},
		{"above", "XX", 0, -1, "aaaaaa|bb世bb|cccccc"},
	} {
		got := strings.ReplaceAll(ansi.Strip(widget.Overlay(base, c.top, c.x, c.y)), "\n", "|")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Colours of neither block may run into the other.
func TestOverlayKeepsColoursApart(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 10, 1)
	s.Draw(widget.Overlay("\x1b[31mrrrrrrrr\x1b[m", "\x1b[44mXX", 3, 0))
	plain := s.Cell(9, 0)
	red := s.Cell(0, 0)
	for x := range 8 {
		cell := s.Cell(x, 0)
		switch x {
		case 3, 4:
			if cell.Text != "X" || cell.Foreground != plain.Foreground || cell.Background == plain.Background {
				t.Errorf("column %d: %+v, want X in its own colours", x, cell)
			}
		default:
			if cell != red {
				t.Errorf("column %d: %+v, want the colours of the base", x, cell)
			}
		}
	}
}

func TestLayoutWidths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		block, top := drawn().Draw(t, "block"), drawn().Draw(t, "top")
		w, h := sizes(40).Draw(t, "w"), sizes(8).Draw(t, "h")
		align := rapid.SampledFrom([]widget.Align{widget.Start, widget.Middle, widget.End})
		wantLines(t, widget.Place(block, w, h, align.Draw(t, "h-align"), align.Draw(t, "v-align")), w, h)
		clipped := widget.Clip(block, w, h)
		wantLines(t, clipped, w, h)
		x, y := rapid.IntRange(-5, 45).Draw(t, "x"), rapid.IntRange(-3, 10).Draw(t, "y")
		wantLines(t, widget.Overlay(clipped, top, x, y), w, h)
		w2 := sizes(20).Draw(t, "w2")
		wantLines(t, widget.Beside(h, widget.Block{Text: block, Width: w}, widget.Block{Text: top, Width: w2}), max(w, 0)+max(w2, 0), h)
	})
}
