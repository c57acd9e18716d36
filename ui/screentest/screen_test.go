package screentest_test

import (
	"errors"
	"image/color"
	"reflect"
	"strings"
	"sync"
	"testing"

	"rsc.io/qr"

	"centrapos/ui/screentest"
)

var (
	black = color.RGBA{A: 0xff}
	white = color.RGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}
)

func newScreen(t *testing.T, cols, rows int) *screentest.Screen {
	t.Helper()
	s := screentest.NewScreen(cols, rows)
	t.Cleanup(s.Close)
	return s
}

func TestScreenShowsText(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 3)
	s.Draw("Kia ora\n  \x1b[1m世界 12.50\x1b[m")
	if want := []string{"Kia ora", "  世界 12.50", ""}; !reflect.DeepEqual(s.Lines(), want) {
		t.Errorf("lines %q, want %q", s.Lines(), want)
	}
	if col, row, ok := s.Find("12.50"); !ok || col != 7 || row != 1 {
		t.Errorf("found at %d,%d %v, want 7,1 true", col, row, ok)
	}
	if _, _, ok := s.Find("13.50"); ok || s.Contains("13.50") {
		t.Error("found a text that is not there")
	}
	if col, row := s.Cursor(); col != 12 || row != 1 {
		t.Errorf("cursor at %d,%d, want 12,1", col, row)
	}
	s.Resize(10, 2)
	if cols, rows := s.Size(); cols != 10 || rows != 2 {
		t.Errorf("size %dx%d, want 10x2", cols, rows)
	}
}

func TestCellColours(t *testing.T) {
	t.Parallel()
	amber := color.RGBA{R: 0xff, G: 0xb0, A: 0xff}
	theme := color.RGBA{R: 1, G: 2, B: 3, A: 0xff}
	for _, c := range []struct {
		name, text string
		fg, bg     color.RGBA
		bold       bool
	}{
		{"defaults of a light terminal", "x", black, white, false},
		{"reverse", "\x1b[7mx", white, black, false},
		{"RGB", "\x1b[1;38;2;255;176;0mx", amber, white, true},
		{"a themed palette colour", "\x1b[34mx", theme, white, false},
		{"the same by its 256-colour number", "\x1b[38;5;4mx", theme, white, false},
		{"a fixed palette colour", "\x1b[38;5;231;48;5;16mx", white, black, false},
	} {
		s := newScreen(t, 4, 1)
		s.SetDefaults(black, white)
		s.SetPalette(color.Black, color.Black, color.Black, color.Black, theme)
		s.Draw(c.text)
		got := s.Cell(0, 0)
		if got.Text != "x" || got.Foreground != c.fg || got.Background != c.bg || got.Bold != c.bold {
			t.Errorf("%s: %+v, want %v on %v bold=%v", c.name, got, c.fg, c.bg, c.bold)
		}
	}
}

// Writing and reading at once is what every test of a running program does; the
// race detector judges it. The queries make the emulator send replies.
func TestScreenIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 20, 5)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				s.Draw("hello\x1b[6n\x1b]11;?\x07")
				_ = s.String()
				_ = s.Cell(1, 1)
			}
		})
	}
	all.Wait()
	if !s.Contains("hello") {
		t.Errorf("screen shows %q", s)
	}
}

// halfBlocks draws a code without the widget's help: two module rows to a line,
// dark modules as ink, with SGR colours as given.
func halfBlocks(t *testing.T, text, sgr string) string {
	t.Helper()
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for y := -2; y < code.Size+2; y += 2 {
		b.WriteString("some text \x1b[" + sgr + "m")
		for x := -2; x < code.Size+2; x++ {
			b.WriteString(map[[2]bool]string{
				{false, false}: " ", {true, true}: "█", {true, false}: "▀", {false, true}: "▄",
			}[[2]bool{code.Black(x, y), code.Black(x, y+1)}])
		}
		b.WriteString("\x1b[m more text\n")
	}
	return b.String()
}

func TestDecodeQR(t *testing.T) {
	t.Parallel()
	const url = "https://app.centrapay.com/pay/TGNcLBKoRFlC4vyqMkBNw"
	s := newScreen(t, 90, 30)
	for _, ground := range []color.Color{black, white} {
		s.SetDefaults(color.Gray{Y: 0x80}, ground)
		s.Draw("TRAINING\n\n" + halfBlocks(t, url, "30;107"))
		if got, err := screentest.DecodeQR(s); err != nil || got != url {
			t.Errorf("on %v: %q, %v, want %q", ground, got, err, url)
		}
		s.Draw(halfBlocks(t, url, "97;40"))
		if got, err := screentest.DecodeQR(s); !errors.Is(err, screentest.ErrNoQR) {
			t.Errorf("a light-on-dark code on %v was read: %q, %v", ground, got, err)
		}
		s.Draw(halfBlocks(t, url, "30;40"))
		if got, err := screentest.DecodeQR(s); !errors.Is(err, screentest.ErrNoQR) {
			t.Errorf("a black-on-black code on %v was read: %q, %v", ground, got, err)
		}
	}
}
