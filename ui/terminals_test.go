package ui

import (
	"fmt"
	"image/color"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"centrapos/ui/screentest"
	"centrapos/ui/theme"
)

// The code on the pay screen is the request's address, in every size of window and
// on every ground, with colours and without.
func TestTheCodeScans(t *testing.T) {
	t.Parallel()
	black, white := color.RGBA{A: 255}, color.RGBA{R: 255, G: 255, B: 255, A: 255}
	for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 100, Height: 30}, {Width: 120, Height: 40}} {
		for _, terminal := range []struct {
			name         string
			profile      termenv.Profile
			tokens       theme.Tokens
			text, ground color.RGBA
		}{
			{"dark", termenv.TrueColor, theme.Dark(), white, black},
			{"light", termenv.TrueColor, theme.Light(), black, white},
			{"16 colours", termenv.ANSI, theme.Dark(), white, black},
			{"NO_COLOR on light", termenv.Ascii, theme.Dark(), black, white},
			{"NO_COLOR on dark", termenv.Ascii, theme.Dark(), white, black},
		} {
			for _, large := range []bool{false, true} {
				driven(t, func(d *desk) {
					d.send(size)
					d.hear(d.paying().created())
					if large {
						d.press("q")
					}
					screen := screentest.NewScreen(size.Width, size.Height)
					defer screen.Close()
					screen.SetDefaults(terminal.text, terminal.ground)
					screen.Draw(d.m.View())
					if got, err := screentest.DecodeQR(screen); err != nil || got != storyURL {
						t.Errorf("%dx%d, %s, large %v: read %q (%v), want %q", size.Width, size.Height, terminal.name, large, got, err, storyURL)
					}
				}, func(c *Config) { c.Styles = styles(terminal.profile, terminal.tokens) })
			}
		}
	}
}

func TestALargerCodeWhereThereIsRoom(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		d.hear(d.paying().created())
		d.hides("Q Large code")
		d.press("q")
		d.shows("There is no room for a larger code")
		d.send(tea.WindowSizeMsg{Width: 120, Height: 40})
		d.shows("Q Large code")
		small := d.screen()
		d.press("q")
		if d.screen() == small {
			t.Error("Q does not make the code larger")
		}
	})
}

// Nothing is said by colour alone: every screen reads the same without.
func TestScreensReadTheSameWithoutColours(t *testing.T) {
	t.Parallel()
	for name, play := range scenes {
		texts := map[string]string{}
		for _, profile := range []termenv.Profile{termenv.TrueColor, termenv.ANSI, termenv.Ascii} {
			driven(t, func(d *desk) {
				play(d)
				texts[d.screen()] = fmt.Sprint(profile)
			}, func(c *Config) { c.Styles = styles(profile, theme.Dark()) })
		}
		if len(texts) != 1 {
			t.Errorf("%s reads differently with other colours", name)
		}
	}
}

// Green is for money the service has confirmed: nowhere else, on no screen.
func TestGreenIsForPaidOnly(t *testing.T) {
	t.Parallel()
	for name, play := range scenes {
		driven(t, func(d *desk) {
			play(d)
			green := shownGreen(d)
			if want := name == "result paid" || name == "result part paid"; green != want {
				t.Errorf("%s: green is %v, want %v", name, green, want)
			}
		})
	}
}

func isGreen(c color.RGBA) bool { return int(c.G) > int(c.R)+20 && int(c.G) > int(c.B)+20 }

// Every line of every screen has exactly the window's width, in every size.
func TestEveryScreenFillsTheWindow(t *testing.T) {
	t.Parallel()
	for name, play := range scenes {
		driven(t, func(d *desk) {
			play(d)
			for _, size := range []tea.WindowSizeMsg{{Width: 80, Height: 24}, {Width: 81, Height: 33}, {Width: 100, Height: 30}, {Width: 237, Height: 71}, {Width: 79, Height: 24}, {Width: 80, Height: 23}, {Width: 1, Height: 1}} {
				d.send(size)
				if problem := misfit(d.m.View(), size.Width, size.Height); problem != "" {
					t.Errorf("%s at %dx%d: %s", name, size.Width, size.Height, problem)
				}
			}
		})
	}
}
