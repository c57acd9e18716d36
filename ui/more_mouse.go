package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"centrapos/ui/widget"
)

// This file takes the mouse, and the finger on a screen that sends its touches as a
// mouse: what can be clicked is what has a key.

// clicking is a screen with a list whose lines can be clicked; x and y count from its
// own top left corner.
type clicking interface {
	clicked(x, y int) (screen, action)
}

// wheelLines is how many lines one turn of the wheel moves.
const wheelLines = 3

// mouse takes a click or a turn of the wheel. What opened by itself is not clicked
// at once: the click was meant for what stood there before.
func (m model) mouse(msg tea.MouseMsg) (model, tea.Cmd) {
	if m.tooSmall() || m.now.Before(m.patience) || msg.Action != tea.MouseActionPress {
		return m, nil
	}
	switch msg.Button { //nolint:exhaustive // the other buttons do nothing
	case tea.MouseButtonWheelUp:
		return m.wheel(-wheelLines)
	case tea.MouseButtonWheelDown:
		return m.wheel(wheelLines)
	case tea.MouseButtonLeft:
		return m.click(msg.X, msg.Y)
	}
	return m, nil
}

func (m model) wheel(by int) (model, tea.Cmd) {
	switch {
	case m.prompt.open():
		return m, nil
	case m.help.open:
		return m.act(scrollHelp{by: by})
	}
	return m.act(choose{by: by})
}

func (m model) click(x, y int) (model, tea.Cmd) {
	table, text := m.keys()
	line := clickedLine(m.View(), y)
	for _, c := range table {
		shown := y == m.height-1 && c.foot != footNone && !(text && c.isCharacter()) && hits(line, x, footerText(c.keys)) ||
			m.prompt.open() && c.foot != footNone && hits(line, x, promptText(c.keys))
		switch {
		case !shown:
		case c.off != "":
			return m.say(toneInfo, c.off)
		case c.act != nil:
			return m.act(c.act)
		}
	}
	list, is := m.front().(clicking)
	const top = 2 // the header and its rule
	if !is || m.prompt.open() || m.help.open || m.line.open || y < top || y >= m.height-1 {
		return m, nil
	}
	s, a := list.clicked(x, y-top)
	return m.with(s).follow(a, nil)
}

// clickedLine is a line of the screen as it reads.
func clickedLine(view string, y int) string {
	lines := strings.Split(view, "\n")
	if y < 0 || y >= len(lines) {
		return ""
	}
	return ansi.Strip(lines[y])
}

// hits reports whether column x of a line is within a text that stands there.
func hits(line string, x int, text string) bool {
	before, _, found := strings.Cut(line, text)
	from := widget.Width(before)
	return found && text != "" && x >= from && x < from+widget.Width(text)
}

func footerText(b key.Binding) string {
	return strings.TrimSpace(widget.Clean(b.Help().Key) + " " + widget.Clean(b.Help().Desc))
}

func promptText(b key.Binding) string {
	return widget.Fit(b.Help().Key, 3, widget.Start) + " " + b.Help().Desc
}
