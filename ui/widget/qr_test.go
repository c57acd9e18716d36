package widget_test

import (
	"fmt"
	"image/color"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"pgregory.net/rapid"

	"centrapos/ui/screentest"
	"centrapos/ui/widget"
)

// payURL is as long as the ones the service sends: 52 characters.
const payURL = "https://app.centrapay.com/pay/TGNcLBKoRFlC4vyqMkBNwQ"

func newCode(t testing.TB, text string, o widget.QROptions) widget.QRCode {
	t.Helper()
	code, err := widget.NewQRCode(text, o)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func grey(y uint8) color.Color { return color.Gray{Y: y} }

// terminals are the grounds and themes a code is shown on.
var terminals = map[string]struct {
	text, ground color.Color
	palette      []color.Color
}{
	"black":     {grey(0xff), grey(0), nil},
	"white":     {grey(0), grey(0xff), nil},
	"mid grey":  {grey(0xff), grey(0x60), nil},
	"Solarized": {color.RGBA{0x83, 0x94, 0x96, 0xff}, color.RGBA{0x00, 0x2b, 0x36, 0xff}, solarized},
	"a theme with black and white exchanged": {grey(0), grey(0xff), []color.Color{
		0: grey(0xff), 1: grey(0x80), 2: grey(0x80), 3: grey(0x80), 4: grey(0xe0), 5: grey(0x80), 6: grey(0x80), 7: grey(0x20),
		8: grey(0xe0), 9: grey(0x80), 10: grey(0x80), 11: grey(0x80), 12: grey(0x80), 13: grey(0x80), 14: grey(0x80), 15: grey(0),
	}},
}

var solarized = []color.Color{
	color.RGBA{0x07, 0x36, 0x42, 0xff}, color.RGBA{0xdc, 0x32, 0x2f, 0xff}, color.RGBA{0x85, 0x99, 0x00, 0xff}, color.RGBA{0xb5, 0x89, 0x00, 0xff},
	color.RGBA{0x26, 0x8b, 0xd2, 0xff}, color.RGBA{0xd3, 0x36, 0x82, 0xff}, color.RGBA{0x2a, 0xa1, 0x98, 0xff}, color.RGBA{0xee, 0xe8, 0xd5, 0xff},
	color.RGBA{0x00, 0x2b, 0x36, 0xff}, color.RGBA{0xcb, 0x4b, 0x16, 0xff}, color.RGBA{0x58, 0x6e, 0x75, 0xff}, color.RGBA{0x65, 0x7b, 0x83, 0xff},
	color.RGBA{0x83, 0x94, 0x96, 0xff}, color.RGBA{0x6c, 0x71, 0xc4, 0xff}, color.RGBA{0x93, 0xa1, 0xa1, 0xff}, color.RGBA{0xfd, 0xf6, 0xe3, 0xff},
}

func TestQRLadder(t *testing.T) {
	t.Parallel()
	type rung struct {
		cols, rows int
		level      rune
		quiet      int
		mark, fits bool
	}
	marked := newCode(t, payURL, widget.QROptions{Mark: true})
	plain := newCode(t, payURL, widget.QROptions{})
	for _, c := range []struct {
		name       string
		code       widget.QRCode
		cols, rows int
		want       rung
	}{
		{"80x24 with the mark", marked, 80, 24, rung{41, 21, 'Q', 2, true, true}},
		{"just enough for the mark", marked, 41, 21, rung{41, 21, 'Q', 2, true, true}},
		{"without the mark", plain, 80, 24, rung{41, 21, 'M', 4, false, true}},
		{"a column short", marked, 40, 21, rung{37, 19, 'M', 2, false, true}},
		{"a row short", marked, 41, 20, rung{37, 19, 'M', 2, false, true}},
		{"narrower", marked, 36, 24, rung{33, 17, 'L', 2, false, true}},
		{"lower", marked, 80, 16, rung{31, 16, 'L', 1, false, true}},
		{"just enough for the last", marked, 31, 16, rung{31, 16, 'L', 1, false, true}},
		{"too narrow", marked, 30, 24, rung{cols: 31, rows: 16}},
		{"too low", marked, 80, 15, rung{cols: 31, rows: 16}},
		{"nothing", marked, 0, -1, rung{cols: 31, rows: 16}},
	} {
		view, fits := c.code.Fit(c.cols, c.rows)
		got := rung{view.Cols, view.Rows, view.Level, view.Quiet, view.Mark, fits}
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if fits {
			wantLines(t, view.Text, view.Cols, view.Rows)
		} else if view.Text != "" {
			t.Errorf("%s: does not fit and yet draws %q", c.name, view.Text)
		}
	}
}

// Every size of the ladder is decoded from the cells of every kind of terminal,
// with other text around it.
func TestQRDecodesFromTheScreen(t *testing.T) {
	t.Parallel()
	for name, terminal := range terminals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 100, 42)
			s.SetDefaults(terminal.text, terminal.ground)
			s.SetPalette(terminal.palette...)
			for _, o := range []widget.QROptions{{}, {Mark: true}, {Mark: true, Colour: true}} {
				code := newCode(t, payURL, o)
				for _, size := range [][2]int{{41, 21}, {37, 19}, {33, 17}, {31, 16}} {
					wantDecoded(t, s, widget.QR(styles(termenv.Ascii), size[0], size[1], code), payURL)
				}
				large, ok := code.FitLarge(100, 42)
				if !ok || large.Cols != 82 || large.Rows != 41 {
					t.Errorf("large is %dx%d, want 82x41", large.Cols, large.Rows)
				}
				wantDecoded(t, s, large.Text, payURL)
			}
		})
	}
}

func wantDecoded(t testing.TB, s *screentest.Screen, block, want string) {
	t.Helper()
	var framed strings.Builder
	for line := range strings.SplitSeq(block, "\n") {
		framed.WriteString("Kia ora " + line + " NZD 34.40\n")
	}
	s.Draw(framed.String())
	if got, err := screentest.DecodeQR(s); err != nil || got != want {
		t.Errorf("decoded %q, %v, want %q from\n%s", got, err, want, s)
	}
}

// A terminal keeps of the three ways to say black on white those it understands.
func TestQRDecodesOnTerminalsWithFewColours(t *testing.T) {
	t.Parallel()
	extended := regexp.MustCompile(`\x1b\[[34]8;5;\d+m`)
	aixterm := regexp.MustCompile(`\x1b\[107m`)
	view, _ := newCode(t, payURL, widget.QROptions{Mark: true, Colour: true}).Fit(80, 24)
	sixteen := extended.ReplaceAllString(view.Text, "")
	eight := aixterm.ReplaceAllString(sixteen, "")
	for name, text := range map[string]string{"16 colours": sixteen, "8 colours": eight} {
		if text == view.Text {
			t.Fatal("nothing was taken away")
		}
		for _, ground := range []string{"black", "white", "Solarized"} {
			s := newScreen(t, 80, 24)
			s.SetDefaults(terminals[ground].text, terminals[ground].ground)
			s.SetPalette(terminals[ground].palette...)
			s.Draw(text)
			if got, err := screentest.DecodeQR(s); err != nil || got != payURL {
				t.Errorf("%s on %s: %q, %v", name, ground, got, err)
			}
		}
	}
}

// NO_COLOR is about decoration; the code is the same with and without it.
func TestQRIsTheSameUnderNoColour(t *testing.T) {
	t.Parallel()
	code := newCode(t, payURL, widget.QROptions{Mark: true})
	want := widget.QR(styles(termenv.TrueColor), 60, 22, code)
	if got := widget.QR(styles(termenv.Ascii), 60, 22, code); got != want {
		t.Error("the code changes with the colour profile")
	}
	if strings.Contains(want, "38;2") || strings.Contains(want, "48;2") {
		t.Error("the code is drawn in RGB, which some terminals take for other attributes")
	}
}

func TestQRDecodesForManyIDs(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2, 52))
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	s := newScreen(t, 80, 24)
	for i := range 200 {
		id := make([]byte, 22)
		for j := range id {
			id[j] = alphabet[random.IntN(len(alphabet))]
		}
		url := "https://app.centrapay.com/pay/" + string(id)
		s.SetDefaults(grey(0x80), grey(uint8(255*(i%2))))
		s.Draw(widget.QR(styles(termenv.TrueColor), 80, 24, newCode(t, url, widget.QROptions{Mark: true, Colour: true})))
		if got, err := screentest.DecodeQR(s); err != nil || got != url {
			t.Fatalf("decoded %q, %v, want %q", got, err, url)
		}
	}
}

// This address makes a code whose mark is right and which ZXing cannot find the
// corners of; it is given in the next size instead.
func TestQRThatCannotBeReadBackIsNotGiven(t *testing.T) {
	t.Parallel()
	const url = "https://app.centrapay.com/pay/NAtcGyBdNkVzxl3SPt5WwX"
	code := newCode(t, url, widget.QROptions{Mark: true})
	view, ok := code.Fit(80, 24)
	if !ok || view.Level != 'M' || view.Quiet != 4 || view.Mark {
		t.Fatalf("given level %c, quiet zone %d, mark %v, %v; want M, 4, without mark", view.Level, view.Quiet, view.Mark, ok)
	}
	wantDecoded(t, newScreen(t, 80, 24), view.Text, url)
}

// The mark leaves the code room for other damage: glare, a scratch, a pixel.
func TestQRWithTheMarkStandsDamage(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 7))
	view, _ := newCode(t, payURL, widget.QROptions{Mark: true}).Fit(80, 24)
	s := newScreen(t, 80, 24)
	for range 50 {
		s.Draw(view.Text)
		// Four cells within the code, away from the corners that find it.
		for range 4 {
			_, _ = fmt.Fprintf(s, "\x1b[%d;%dH\x1b[38;5;16;48;5;231m█", 8+random.IntN(6), 12+random.IntN(18))
		}
		if got, err := screentest.DecodeQR(s); err != nil || got != payURL {
			t.Fatalf("%q, %v from\n%s", got, err, s)
		}
	}
}

func TestQROfOtherLengths(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 60)
	long := "http://127.0.0.1:40123/pay/" + strings.Repeat("Zx3-Qw_7k", 30)
	for _, n := range []int{1, 8, 20, 30, 40, 46, 50, 62, 80, 106, 134, 150, 180, 200, 250} {
		for _, o := range []widget.QROptions{{}, {Mark: true, Colour: true}} {
			view, ok := newCode(t, long[:n], o).Fit(100, 60)
			if !ok {
				t.Fatalf("%d characters do not fit: %dx%d", n, view.Cols, view.Rows)
			}
			if wantMark := o.Mark && n > 20; view.Mark != wantMark {
				t.Errorf("%d characters: mark %v, want %v", n, view.Mark, wantMark)
			}
			s.Draw(view.Text)
			if got, err := screentest.DecodeQR(s); err != nil || got != long[:n] {
				t.Errorf("%d characters, %+v: %q, %v", n, o, got, err)
			}
		}
	}
	// The longest that still shows in the smallest window the till works in.
	if view, ok := newCode(t, long[:134], widget.QROptions{}).Fit(80, 23); !ok {
		t.Errorf("134 characters need %dx%d", view.Cols, view.Rows)
	}
}

func TestQRRefusesWhatHasNoCode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", strings.Repeat("x", 5000)} {
		if _, err := widget.NewQRCode(text, widget.QROptions{}); err == nil {
			t.Errorf("%d characters gave no error", len(text))
		}
	}
	if _, err := widget.NewQRCode(strings.Repeat("x", 2900), widget.QROptions{Mark: true}); err != nil {
		t.Errorf("2900 characters: %v", err)
	}
}

func TestQRFillsItsArea(t *testing.T) {
	t.Parallel()
	code := newCode(t, payURL, widget.QROptions{Mark: true})
	rapid.Check(t, func(t *rapid.T) {
		cols, rows := sizes(120).Draw(t, "cols"), sizes(50).Draw(t, "rows")
		block := widget.QR(styles(termenv.Ascii), cols, rows, code)
		wantLines(t, block, cols, rows)
		if view, ok := code.Fit(cols, rows); ok && (view.Cols > cols || view.Rows > rows) {
			t.Fatalf("%dx%d given for %dx%d", view.Cols, view.Rows, cols, rows)
		}
	})
	if got := widget.QR(styles(termenv.Ascii), 60, 10, code); !strings.Contains(got, "31x16") {
		t.Errorf("a code that does not fit does not say what it needs: %q", got)
	}
}

func BenchmarkNewQRCode(b *testing.B) {
	for b.Loop() {
		if _, err := widget.NewQRCode(payURL, widget.QROptions{Mark: true, Colour: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkQR(b *testing.B) {
	code, st := newCode(b, payURL, widget.QROptions{Mark: true, Colour: true}), styles(termenv.TrueColor)
	for b.Loop() {
		widget.QR(st, 60, 22, code)
	}
}
