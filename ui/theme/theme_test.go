package theme_test

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"reflect"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"centrapos/ui/screentest"
	"centrapos/ui/theme"
)

// roles returns every style of s by its name.
func roles(s *theme.Styles) map[string]lipgloss.Style {
	out := map[string]lipgloss.Style{}
	v := reflect.ValueOf(*s)
	for i := range v.NumField() {
		if style, ok := v.Field(i).Interface().(lipgloss.Style); ok {
			out[v.Type().Field(i).Name] = style
		}
	}
	return out
}

func forced(p termenv.Profile) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(p)
	return r
}

// luminance and contrast are those of WCAG 2, sections "relative luminance" and
// "contrast ratio".
func luminance(c color.RGBA) float64 {
	channel := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(c.R) + 0.7152*channel(c.G) + 0.0722*channel(c.B)
}

func contrast(a, b color.RGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func hex(s string) color.RGBA {
	c := color.RGBA{A: 0xff}
	if _, err := fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		panic(err)
	}
	return c
}

// vga is the palette of the Linux console, the darkest in common use.
var vga = []color.Color{
	hex("#000000"), hex("#aa0000"), hex("#00aa00"), hex("#aa5500"),
	hex("#0000aa"), hex("#aa00aa"), hex("#00aaaa"), hex("#aaaaaa"),
	hex("#555555"), hex("#ff5555"), hex("#55ff55"), hex("#ffff55"),
	hex("#5555ff"), hex("#ff55ff"), hex("#55ffff"), hex("#ffffff"),
}

func TestContrast(t *testing.T) {
	t.Parallel()
	black, white := hex("#000000"), hex("#ffffff")
	for _, c := range []struct {
		tokens  theme.Tokens
		profile termenv.Profile
		text    color.RGBA
		grounds []color.RGBA
		palette []color.Color
	}{
		{theme.Dark(), termenv.TrueColor, white, []color.RGBA{black, hex("#1e1e2e"), hex("#282c34")}, nil},
		{theme.Dark(), termenv.ANSI256, white, []color.RGBA{black, hex("#1e1e2e"), hex("#282c34")}, nil},
		{theme.Dark(), termenv.ANSI, white, []color.RGBA{black}, nil},
		{theme.Dark(), termenv.ANSI, white, []color.RGBA{black}, vga},
		{theme.Light(), termenv.TrueColor, black, []color.RGBA{white, hex("#fdf6e3"), hex("#eff1f5")}, nil},
		{theme.Light(), termenv.ANSI256, black, []color.RGBA{white, hex("#fdf6e3"), hex("#eff1f5")}, nil},
		{theme.Light(), termenv.ANSI, black, []color.RGBA{white}, nil},
		{theme.HighContrast(), termenv.TrueColor, white, []color.RGBA{black, hex("#282c34")}, nil},
		{theme.HighContrast(), termenv.ANSI256, black, []color.RGBA{white}, nil},
		{theme.HighContrast(), termenv.ANSI, white, []color.RGBA{black}, vga},
		{theme.HighContrast(), termenv.ANSI, black, []color.RGBA{white}, nil},
		{theme.ColourBlind(), termenv.TrueColor, white, []color.RGBA{black, hex("#282c34")}, nil},
		{theme.ColourBlind(), termenv.TrueColor, black, []color.RGBA{white, hex("#fdf6e3")}, nil},
		{theme.ColourBlind(), termenv.ANSI256, black, []color.RGBA{white}, nil},
		{theme.ColourBlind(), termenv.ANSI, white, []color.RGBA{black}, vga},
		{theme.ColourBlind(), termenv.ANSI, black, []color.RGBA{white}, nil},
	} {
		screen := screentest.NewScreen(2, 1)
		screen.SetPalette(c.palette...)
		for _, ground := range c.grounds {
			screen.SetDefaults(c.text, ground)
			for role, style := range roles(theme.New(forced(c.profile), c.tokens)) {
				want := 4.5
				switch role {
				case "Rule", "Border", "DialogBorder", "BarDone", "BarLeft":
					want = 3
				}
				screen.Draw(style.Render("x"))
				cell := screen.Cell(0, 0)
				if got := contrast(cell.Foreground, cell.Background); got < want {
					t.Errorf("%s, %v colours, on %v: %s has a contrast of %.2f, want %.1f (%v on %v)",
						c.tokens.Name, c.profile, ground, role, got, want, cell.Foreground, cell.Background)
				}
			}
		}
		screen.Close()
	}
}

// environ is a fixed environment for termenv.
type environ map[string]string

func (e environ) Getenv(key string) string { return e[key] }

func (e environ) Environ() []string {
	var out []string
	for k, v := range e {
		out = append(out, k+"="+v)
	}
	return out
}

func terminal(env environ) *lipgloss.Renderer {
	return lipgloss.NewRenderer(io.Discard, termenv.WithUnsafe(), termenv.WithEnvironment(env))
}

func TestNoColourKeepsBoldAndReverse(t *testing.T) {
	t.Parallel()
	s := theme.New(terminal(environ{"TERM": "xterm-256color", "NO_COLOR": "1"}), theme.Dark())
	if s.Colour {
		t.Error("Colour is true under NO_COLOR")
	}
	screen := screentest.NewScreen(2, 1)
	defer screen.Close()
	ground := hex("#102030")
	text := hex("#e0e0e0")
	screen.SetDefaults(text, ground)
	reversed := map[string]bool{
		"Band": true, "RowSelected": true, "OKFill": true, "WarnFill": true, "DangerFill": true, "Cursor": true,
	}
	for role, style := range roles(s) {
		screen.Draw(style.Render("x"))
		cell := screen.Cell(0, 0)
		if cell.Reverse != reversed[role] {
			t.Errorf("%s: reverse is %v, want %v", role, cell.Reverse, reversed[role])
		}
		if cell.Reverse {
			cell.Foreground, cell.Background = cell.Background, cell.Foreground
		}
		if cell.Foreground != text || cell.Background != ground {
			t.Errorf("%s has a colour under NO_COLOR: %v on %v", role, cell.Foreground, cell.Background)
		}
	}
	for _, role := range []string{"Band", "Total", "Key", "OK", "Warn", "Danger", "OKFill"} {
		screen.Draw(roles(s)[role].Render("x"))
		if !screen.Cell(0, 0).Bold {
			t.Errorf("%s is not bold under NO_COLOR", role)
		}
	}
}

func TestATerminalWithoutAttributesGetsPlainText(t *testing.T) {
	t.Parallel()
	for name, env := range map[string]environ{
		"dumb":              {"TERM": "dumb"},
		"dumb and NO_COLOR": {"TERM": "dumb", "NO_COLOR": "1"},
	} {
		for role, style := range roles(theme.New(terminal(env), theme.Dark())) {
			if got := style.Render("x"); got != "x" {
				t.Errorf("%s: %s renders %q, want plain text", name, role, got)
			}
		}
	}
}

func TestTheBandIsUnmistakable(t *testing.T) {
	t.Parallel()
	for _, tokens := range []theme.Tokens{theme.Dark(), theme.Light()} {
		screen := screentest.NewScreen(2, 1)
		screen.Draw(theme.New(forced(termenv.TrueColor), tokens).Band.Render("x"))
		cell := screen.Cell(0, 0)
		if cell.Foreground != hex("#000000") || cell.Background != hex("#ffb000") {
			t.Errorf("%s: %v on %v, want black on amber", tokens.Name, cell.Foreground, cell.Background)
		}
		screen.Close()
	}
}

// Green is reserved for confirmed money: no other role may look like it.
func TestOnlyOKIsGreen(t *testing.T) {
	t.Parallel()
	green := func(c color.RGBA) bool { return int(c.G) > int(c.R)+20 && int(c.G) > int(c.B)+20 }
	for _, tokens := range []theme.Tokens{theme.Dark(), theme.Light()} {
		for _, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI256, termenv.ANSI} {
			screen := screentest.NewScreen(2, 1)
			for role, style := range roles(theme.New(forced(profile), tokens)) {
				screen.Draw(style.Render("x"))
				cell := screen.Cell(0, 0)
				isOK := role == "OK" || role == "OKFill"
				if got := green(cell.Foreground) || green(cell.Background); got != isOK {
					t.Errorf("%s, %v: %s green is %v: %v on %v", tokens.Name, profile, role, got, cell.Foreground, cell.Background)
				}
			}
			screen.Close()
		}
	}
}

// In the theme for the colour-blind the states differ for whoever lacks one of the
// three kinds of cone. The matrices are those of Viénot, Brettel and Mollon (1999) for
// red and green, and the usual one for blue.
func TestStatesDifferForTheColourBlind(t *testing.T) {
	t.Parallel()
	eyes := map[string][3][3]float64{
		"no red":   {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
		"no green": {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
		"no blue":  {{0.95, 0.05, 0}, {0, 0.43333, 0.56667}, {0, 0.475, 0.525}},
	}
	seen := func(m [3][3]float64, c color.RGBA) [3]float64 {
		in, out := [3]float64{float64(c.R), float64(c.G), float64(c.B)}, [3]float64{}
		for i := range out {
			for j := range in {
				out[i] += m[i][j] * in[j]
			}
		}
		return out
	}
	tokens := theme.ColourBlind()
	grounds := map[string]color.RGBA{
		"paid": hex(tokens.OKFill.Ground.RGB), "warn": hex(tokens.WarnFill.Ground.RGB), "danger": hex(tokens.DangerFill.Ground.RGB),
	}
	for eye, m := range eyes {
		for a, ground := range grounds {
			for b, other := range grounds {
				one, two := seen(m, ground), seen(m, other)
				if far := math.Hypot(math.Hypot(one[0]-two[0], one[1]-two[1]), one[2]-two[2]); a < b && far < 90 {
					t.Errorf("%s: %s and %s differ by %.0f only", eye, a, b, far)
				}
			}
		}
	}
}

// Nothing but confirmed money looks like confirmed money, in any theme.
func TestNothingElseLooksPaid(t *testing.T) {
	t.Parallel()
	for _, tokens := range theme.All() {
		for name, fill := range map[string]theme.Fill{
			"band": tokens.Band, "selected": tokens.Selected, "warn": tokens.WarnFill, "danger": tokens.DangerFill,
		} {
			if fill.Ground.RGB == tokens.OKFill.Ground.RGB || fill.Ground.ANSI == tokens.OKFill.Ground.ANSI && tokens.Name != "light" {
				t.Errorf("%s: %s has the ground of what is paid", tokens.Name, name)
			}
		}
	}
}

func TestByNameAndForTerminal(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dark", "light", "high-contrast", "colour-blind"} {
		if got, ok := theme.ByName(name); !ok || got.Name != name {
			t.Errorf("ByName(%q) = %q, %v", name, got.Name, ok)
		}
	}
	if _, ok := theme.ByName("plaid"); ok {
		t.Error("ByName found a theme that does not exist")
	}
	for env, want := range map[string]string{
		"": "dark", "15;0": "dark", "0;15": "light", "0;default;15": "light", "12;7": "light", "7": "dark", "0;8": "dark",
	} {
		if got := theme.ForTerminal(env).Name; got != want {
			t.Errorf("ForTerminal(%q) = %s, want %s", env, got, want)
		}
	}
}

func TestStylesAddNoWidth(t *testing.T) {
	t.Parallel()
	for role, style := range roles(theme.New(forced(termenv.TrueColor), theme.Dark())) {
		if got := ansi.StringWidth(style.Render("12.50")); got != 5 {
			t.Errorf("%s makes 5 columns into %d", role, got)
		}
	}
}
