package ui

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/screentest"
	"centrapos/ui/widget"
)

func TestTheAgeOfACheck(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]int{
		"Please check the customer is over 18": 18, "Is the customer 18 or older?": 18, "Check the customer's age: 25+": 25, "Must be at least 20 years old": 20,
		"Please check photo ID": 0, "Check card 4216 ends in 18": 0, "Are there 12 items?": 0, "Aged 21 and over only": 21,
	} {
		if got, _ := ageOf(pos.Condition{Message: message}); got != want {
			t.Errorf("%q is about the age %d, want %d", message, got, want)
		}
	}
}

// Conditions are asked one after the other, with how many there are; one that is
// taken back under staff's hands is asked no more.
func TestSeveralConditions(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		ask := func(first, second pos.ConditionStatus) {
			d.hear(s.polled(func(r *pos.Request) {
				r.Conditions = []pos.Condition{
					{ID: "1", Name: "id-check", Message: "Please check the customer is over 18", Status: first},
					{ID: "2", Name: "photo", Message: "Does the photo match?", Status: second},
				}
			}))
		}
		ask(pos.ConditionAwaitingMerchant, pos.ConditionAwaitingMerchant)
		d.shows("Please check 1 of 2", "over 18", "Born on or before 14", "March 2008")
		d.pass(time.Second)
		d.press("a")
		d.shows("Accept?", "March 2008")
		d.press("y")
		d.shows("Please check 2 of 2", "Does the photo match?")
		d.wasAsked("answer 1 true")
		ask(pos.ConditionAccepted, pos.ConditionVoid)
		d.hides("Does the photo match?")
		d.shows("asks for that check no")
		d.pass(time.Second)
		d.press("a", "y")
		d.wasAsked("answer 1 true")
	})
}

func clickOn(d *desk, text string) {
	d.tb.Helper()
	x, y, found := placeOf(d.screen(), text)
	if !found {
		d.tb.Fatalf("%q stands nowhere:\n%s", text, d.screen())
	}
	d.send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
	d.pass(100 * time.Millisecond)
}

// What has a key can be clicked: in the bottom line, in a question, in a list.
func TestTheMouse(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		s := d.paying().created()
		d.hear(s)
		clickOn(d, "Esc Cancel")
		d.shows("Stop this payment?")
		clickOn(d, "N   No, go on waiting")
		d.hides("Stop this payment?")
		clickOn(d, "Esc Cancel")
		clickOn(d, "Y   Yes, stop it")
		d.wasAsked("stop staff")
	})
	driven(t, func(d *desk) {
		d.press("f3")
		clickOn(d, "Settings")
		d.shows("Colours", "Bell", "Scanner")
		clickOn(d, "Bell")
		d.shows("on")
		d.send(tea.MouseMsg{X: 5, Y: 5, Action: tea.MouseActionPress, Button: tea.MouseButtonWheelDown})
		clickOn(d, "Esc Back")
		d.shows("Unfinished", "Settings")
	})
	driven(t, func(d *desk) {
		d.hear(d.paying().created().condition(pos.ConditionAwaitingMerchant))
		x, y, _ := placeOf(d.screen(), "A   Accept")
		d.send(tea.MouseMsg{X: x, Y: y, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
		d.hides("Accept?") // the question had only just opened
	})
}

// The code over the whole screen is read back from it, and the amount and the state
// of the money stand beside it.
func TestTheCodeOverTheWholeScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][3]int{{80, 48, 1}, {100, 45, 1}, {160, 48, 1}, {200, 60, 1}, {130, 66, 1}, {80, 24, 0}} {
		driven(t, func(d *desk) {
			d.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			d.hear(waited(d.paying()))
			small, _ := d.m.pay.view(false)
			d.press("q")
			if large := d.m.pay.canEnlarge(); large != (size[2] == 1) {
				t.Errorf("%dx%d: can be enlarged: %v", size[0], size[1], large)
			}
			view, _ := d.m.pay.view(d.m.pay.large)
			if size[2] == 1 && view.Cols < small.Cols*3/2 {
				t.Errorf("%dx%d: %d columns where %d were", size[0], size[1], view.Cols, small.Cols)
			}
			screen := screentest.NewScreen(size[0], size[1])
			defer screen.Close()
			screen.Draw(d.m.View())
			if got, err := screentest.DecodeQR(screen); err != nil || got != storyURL {
				t.Errorf("%dx%d: read %q, %v:\n%s", size[0], size[1], got, err, d.screen())
			}
			if fault := misfit(d.m.View(), size[0], size[1]); fault != "" {
				t.Errorf("%dx%d: %s", size[0], size[1], fault)
			}
			d.shows("NZD 17.50", "Waiting for the customer", "left", "CP-X4V-6N")
			d.press("esc")
			d.shows("Stop this payment?")
		})
	}
}

// placeOf is where a text stands on a screen.
func placeOf(screen, text string) (x, y int, found bool) {
	for y, line := range strings.Split(screen, "\n") {
		if before, _, there := strings.Cut(line, text); there {
			return widget.Width(before), y, true
		}
	}
	return 0, 0, false
}
