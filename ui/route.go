package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// This file moves between screens and runs commands by their names.

// openCommands opens the list of commands: in the entry line where there is one,
// else in a line of its own.
func (m model) openCommands() (model, tea.Cmd) {
	if m.place != onSale {
		m.line = openCommandLine("")
		return m, nil
	}
	m.sale.line = m.sale.line.with("/")
	s, _, cmd := m.sale.edited()
	m.sale = s
	return m, cmd
}

// runLine runs the chosen command of the command line.
func (m model) runLine() (model, tea.Cmd) {
	list := m.front().Keys().matching(m.line.line.text())
	if len(list) == 0 {
		return m, nil
	}
	chosen := list[min(m.line.choice, len(list)-1)]
	_, arg, _ := strings.Cut(m.line.line.text(), " ")
	m.line = commandLine{}
	return m.run(chosen.name + " " + arg)
}

// run runs a command of the screen in front by its name.
func (m model) run(text string) (model, tea.Cmd) {
	name, arg, _ := strings.Cut(strings.TrimSpace(text), " ")
	c, found := m.front().Keys().named(strings.ToLower(name))
	switch {
	case !found:
		return m.say(toneWarn, "There is no command /"+name+" here. Type / to see them all.")
	case c.off != "":
		return m.say(toneInfo, c.off)
	}
	return m.act(c.with(strings.TrimSpace(arg)))
}

func (m model) choose(by int) model {
	switch {
	case m.line.open:
		n := len(m.front().Keys().matching(m.line.line.text()))
		m.line.choice = min(max(0, m.line.choice+by), max(0, n-1))
	case m.place == onUnfinished:
		m.unfinished = m.unfinished.choose(by)
	case m.place == onSale:
		m.sale = m.sale.choose(by)
	default:
		if list, is := m.front().(choosing); is {
			return m.with(list.chosen(by))
		}
	}
	return m
}

func (m model) complete() (model, tea.Cmd) {
	if !m.line.open {
		var cmd tea.Cmd
		m.sale, cmd = m.sale.complete()
		return m, cmd
	}
	if list := m.front().Keys().matching(m.line.line.text()); len(list) > 0 {
		m.line.line = m.line.line.with(list[min(m.line.choice, len(list)-1)].name)
	}
	return m, nil
}

// backToSale brings the sale to the front, and goes on with what waits there.
func (m model) backToSale() (model, tea.Cmd) {
	m.place, m.prompt, m.line = onSale, prompt{}, commandLine{}
	m = m.refreshed()
	if ended, there := m.untold(); there {
		return m.showResult(ended)
	}
	s, a, cmd := m.sale.proceed()
	return m.with(s).follow(a, cmd)
}
