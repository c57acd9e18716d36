package screentest_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/ui/screentest"
)

// clock counts seconds and keys and shows its size.
type clock struct {
	cols, rows, seconds int
	keys                string
}

func tick() tea.Cmd { return tea.Tick(time.Second, func(at time.Time) tea.Msg { return at }) }

func (c clock) Init() tea.Cmd { return tick() }

func (c clock) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		c.cols, c.rows = msg.Width, msg.Height
	case time.Time:
		c.seconds++
		return c, tick()
	case tea.KeyMsg:
		c.keys += msg.String()
	}
	return c, nil
}

func (c clock) View() string {
	return fmt.Sprintf("%dx%d %ds keys=%s", c.cols, c.rows, c.seconds, c.keys)
}

func TestProgramInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := screentest.Run(t, clock{}, 60, 5)
		time.Sleep(screentest.Frame)
		if want := "60x5 0s keys="; !p.Screen.Contains(want) {
			t.Errorf("first frame %q, want %q", p.Screen, want)
		}
		p.Type("ab\r")
		time.Sleep(screentest.Frame)
		p.Send(tea.KeyMsg{Type: tea.KeyF1})
		p.Resize(40, 4)
		time.Sleep(90*time.Second + screentest.Frame)
		if want := "40x4 90s keys=abenterf1"; !p.Screen.Contains(want) {
			t.Errorf("after 90 s %q, want %q", p.Screen, want)
		}
		p.WaitText("92s", 3*time.Second)
		p.WaitGone("92s", 3*time.Second)
		if final, ok := p.Quit().(clock); !ok || final.keys != "abenterf1" {
			t.Errorf("last model %+v", final)
		}
	})
}

func TestProgramInRealTime(t *testing.T) {
	t.Parallel()
	p := screentest.Run(t, clock{}, 60, 5)
	p.Type("q")
	p.WaitText("keys=q", 4*time.Second)
	p.Quit()
	<-p.Done()
}
