package ui

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// screen is one page of the till. Screens are values: Update gives the next one.
// The root model frames them (header, rule, bottom line) and carries out their
// actions; a screen's keys are matched for it, from its command table.
type screen interface {
	// Update takes input that is no command of the screen, and messages for it.
	Update(msg tea.Msg) (screen, action, tea.Cmd)
	// View draws the screen's part, between the rule and the bottom line, in
	// exactly the size that was set.
	View(now time.Time) string
	// SetSize gives the screen for an area of width columns by height lines.
	SetSize(width, height int) screen
	// CapturesText reports whether a character typed now is text and no shortcut.
	CapturesText() bool
	// Keys lists what staff can do here: the keys, the commands, the help.
	Keys() commands
}

// The smallest terminal the till works in, and the lines the frame takes.
const (
	minWidth    = 80
	minHeight   = 24
	frameHeight = 3
)

// foot says where in the bottom line a command stands.
type foot int

const (
	footNone foot = iota
	footFirst
	footLeft
	footLast // it must not be missed, and stays when others go
)

// command is one thing staff can do on a screen: a key, a name after "/" and a
// line in the command list lead to the same action.
type command struct {
	keys key.Binding
	name string // what is typed after "/"; none when empty
	arg  string // what must follow the name; in brackets, what may
	// takes is the action with what follows the name; nil when nothing does.
	takes func(arg string) action
	group group  // under which heading the help has it
	row   string // what the help says of it together with its neighbours of the same row
	does  string // what it does, for the help and the command list
	act   action
	off   string // why it does not work now; empty when it does
	foot  foot
}

// with is the command's action with what was typed behind its name.
func (c command) with(arg string) action {
	if c.takes == nil {
		return c.act
	}
	return c.takes(arg)
}

// needsMore reports whether the name alone says too little.
func (c command) needsMore() bool { return c.arg != "" && !strings.HasPrefix(c.arg, "[") }

// commands is a screen's table of them, in the order they are shown.
type commands []command

// bind makes a key binding: label stands in the bottom line, shown is how the
// keys are written.
func bind(shown, label string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, label))
}

// forKey finds what a key does. While text is captured, characters do nothing but
// be typed.
func (c commands) forKey(msg tea.KeyMsg, text bool) (command, bool) {
	if text && isCharacter(msg) {
		return command{}, false
	}
	for _, each := range c {
		if key.Matches(msg, each.keys) {
			return each, true
		}
	}
	return command{}, false
}

// named finds a command by its name.
func (c commands) named(name string) (command, bool) {
	for _, each := range c {
		if each.name != "" && each.name == name {
			return each, true
		}
	}
	return command{}, false
}

// bindings gives the keys that stand at one place of the bottom line: those that
// work now, and only those.
func (c commands) bindings(at foot, text bool) []key.Binding {
	var out []key.Binding
	for _, each := range c {
		if each.foot == at && each.off == "" && !(text && each.isCharacter()) {
			out = append(out, each.keys)
		}
	}
	// Function keys stand as they do on the keyboard, ahead of the other shortcuts.
	slices.SortStableFunc(out, func(a, b key.Binding) int { return functionKey(a) - functionKey(b) })
	return out
}

// functionKey is the number of a function key; 0 for Enter and Esc, and more than any
// for what else there is.
func functionKey(b key.Binding) int {
	const last = 100
	shown := b.Help().Key
	if shown == "Enter" || shown == "Esc" {
		return 0
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(shown, "F")); err == nil && shown != "" && shown[0] == 'F' {
		return n
	}
	return last
}

// isCharacter reports whether a command is shown by a character, which is only
// typed while text is captured.
func (c command) isCharacter() bool {
	return len([]rune(c.keys.Help().Key)) == 1 && c.keys.Help().Key < "~"
}

// isShortcut reports whether a character by itself does something.
func (c commands) isShortcut(r rune) bool {
	_, found := c.forKey(runeKey(r), false)
	return found
}

func isCharacter(msg tea.KeyMsg) bool {
	return !msg.Alt && (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace)
}

// tone is how a text is meant.
type tone int

const (
	toneInfo tone = iota
	toneWarn
	toneDanger
)

// note is a short text that tells what just happened. It goes after a while; its
// id keeps the timer of an earlier one from taking it away.
type note struct {
	of   place // whose it is
	id   int
	text string
	tone tone
}

// noteFor is how long a note stands.
const noteFor = 8 * time.Second

// noted gives the note that follows, and the timer that ends it.
func (n note) noted(t tone, text string) (note, tea.Cmd) {
	n = note{of: n.of, id: n.id + 1, text: text, tone: t}
	return n, after(noteFor, noteDue{of: n.of, id: n.id})
}

// due gives the note after a timer ran out.
func (n note) due(msg noteDue) note {
	if n.of == msg.of && n.id == msg.id {
		n.text = ""
	}
	return n
}
