package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// typist feeds a scanner's detector by hand, with the characters of words as
// shortcuts.
type typist struct {
	s         scanner
	at        time.Time
	shortcuts string
	answers   bool // a question is open
	got       []string
}

func newTypist(shortcuts string) *typist {
	return &typist{s: scanner{gap: defaultScanGap}, at: noon, shortcuts: shortcuts}
}

// key sends a key after a pause; when characters are held for longer than the
// gap, they are let go first, as the timer would.
func (y *typist) key(pause time.Duration, msg tea.KeyMsg) {
	if id, wait, waiting := y.s.waiting(); waiting && pause > wait {
		y.take(y.s.due(id))
	}
	y.at = y.at.Add(pause)
	y.take(y.s.feed(y.at, msg, func(r rune) meaning {
		switch {
		case y.answers:
			return meansDecision
		case strings.ContainsRune(y.shortcuts, r):
			return meansShortcut
		}
		return meansItself
	}))
}

func (y *typist) end() []string {
	if id, _, waiting := y.s.waiting(); waiting {
		y.take(y.s.due(id))
	}
	return y.got
}

func (y *typist) take(s scanner, inputs []input) {
	y.s = s
	for _, in := range inputs {
		switch in := in.(type) {
		case keyTyped:
			y.got = append(y.got, "key "+in.key.String())
		case textTyped:
			y.got = append(y.got, "text "+in.text)
		case scanned:
			y.got = append(y.got, fmt.Sprintf("scan %s", in.text))
			if in.echoed {
				y.got = append(y.got, "echoed")
			}
		case pasted:
			y.got = append(y.got, "paste "+strings.Join(in.lines, "|")+in.problem)
		}
	}
}

func (y *typist) want(t *testing.T, what string, want ...string) {
	t.Helper()
	if got := y.end(); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func runesMsg(text string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)} }

// A scan is one entry wherever the terminal cuts it, whether or not its characters
// would be shortcuts, and whatever ends it.
func TestAScanIsOneEntryHoweverItIsCut(t *testing.T) {
	t.Parallel()
	const code = "+u?9421900000017"
	for _, shortcuts := range []string{"", "+-u?", "+-u?0123456789"} {
		for _, end := range []string{"enter", "tab", "ctrl+j"} {
			for cut := range len(code) {
				for _, pause := range []time.Duration{0, time.Millisecond, 59 * time.Millisecond} {
					y := newTypist(shortcuts)
					if cut > 0 {
						y.key(time.Second, runesMsg(code[:cut]))
						y.key(pause, runesMsg(code[cut:]))
					} else {
						for i, r := range code {
							y.key(max(pause, time.Second*time.Duration(1-min(i, 1))), runesMsg(string(r)))
						}
					}
					y.key(pause, keyMsg(end))
					got := strings.Join(y.end(), "|")
					if !strings.Contains(got, "scan "+code) || shortcuts != "" && got != "scan "+code {
						t.Fatalf("cut at %d, %v apart, ended by %s, with %q as shortcuts: %q", cut, pause, end, shortcuts, got)
					}
				}
			}
		}
	}
}

func TestTypingIsNoScan(t *testing.T) {
	t.Parallel()
	y := newTypist("")
	for _, r := range "12.50" {
		y.key(120*time.Millisecond, runesMsg(string(r)))
	}
	y.key(120*time.Millisecond, keyMsg("enter"))
	y.want(t, "typed by hand", "key 1", "key 2", "key .", "key 5", "key 0", "key enter")

	y = newTypist("")
	y.key(time.Second, runesMsg("12"))
	y.key(0, keyMsg("enter"))
	y.want(t, "too short for a scan", "key 1", "key 2", "key enter")

	y = newTypist("")
	y.key(time.Second, runesMsg("flatwhite"))
	y.key(200*time.Millisecond, keyMsg("enter"))
	if got := y.end(); got[len(got)-1] != "key enter" || len(got) != 10 {
		t.Errorf("Enter long after the characters is a person's: %q", got)
	}
}

func TestShortcutsAloneAreKeys(t *testing.T) {
	t.Parallel()
	y := newTypist("+-u?")
	y.key(time.Second, runesMsg("+"))
	if len(y.got) > 0 {
		t.Errorf("a shortcut is passed on before it is known that no scan begins with it: %q", y.got)
	}
	y.key(time.Second, runesMsg("u"))
	y.key(time.Second, keyMsg("f9"))
	y.want(t, "one after the other", "key +", "key u", "key f9")

	y = newTypist("+-u?")
	y.key(time.Second, runesMsg("+u"))
	y.key(time.Second, keyMsg("up"))
	y.want(t, "two at once are text", "text +u", "key up")

	y = newTypist("+")
	y.key(time.Second, runesMsg("+"))
	y.key(10*time.Millisecond, keyMsg("down"))
	y.want(t, "another key ends the wait, in order", "key +", "key down")
}

func TestAHeldKeyIsNoScan(t *testing.T) {
	t.Parallel()
	y := newTypist("+")
	for range 5 {
		y.key(33*time.Millisecond, runesMsg("+"))
	}
	if len(y.got) != 5 {
		t.Errorf("after 5 repeats of a held key %d have been passed on", len(y.got))
	}
	y.key(33*time.Millisecond, runesMsg("++"))
	y.key(time.Second, runesMsg("+"))
	y.want(t, "held, let go, pressed again", "key +", "key +", "key +", "key +", "key +", "key +", "key +", "key +")
}

// A letter answers a question only by itself: not held down, and not from a scan
// that repeats it.
func TestAnAnswerIsOneKey(t *testing.T) {
	t.Parallel()
	for _, run := range []string{"yy", "yyy", "yyyyyyyy"} {
		y := newTypist("")
		y.answers = true
		for i, r := range run {
			y.key(time.Second*time.Duration(1-min(i, 1))+time.Millisecond, runesMsg(string(r)))
		}
		y.want(t, run, "text "+run)
	}
	y := newTypist("")
	y.answers = true
	y.key(time.Second, runesMsg("y"))
	y.want(t, "one key", "key y")
}

func TestWhatTerminalsDoToKeys(t *testing.T) {
	t.Parallel()
	y := newTypist("")
	y.key(time.Second, runesMsg("94219"))
	y.key(0, keyMsg("enter"))
	y.key(0, keyMsg("ctrl+j"))
	y.key(time.Second, keyMsg("enter"))
	y.want(t, "CR LF ends one scan", "key 9", "key 4", "key 2", "key 1", "key 9", "scan 94219", "echoed", "key enter")

	y = newTypist("[")
	y.key(time.Second, keyMsg("esc"))
	y.key(5*time.Millisecond, runesMsg("[A"))
	y.want(t, "a cursor key torn apart is no text", "key esc")

	y = newTypist("0")
	y.key(time.Second, runesMsg("0109421900000017"))
	y.key(time.Millisecond, tea.KeyMsg{Type: tea.KeyCtrlCloseBracket})
	y.key(time.Millisecond, runesMsg("10LOT"))
	y.key(time.Millisecond, keyMsg("enter"))
	y.want(t, "GS1 group separator", "scan 0109421900000017\x1d10LOT")

	y = newTypist("L")
	y.key(time.Second, runesMsg("L&P"))
	y.key(0, keyMsg(" "))
	y.key(0, runesMsg("330"))
	y.key(0, keyMsg("enter"))
	y.want(t, "a scan with a blank", "scan L&P 330")

	y = newTypist("")
	y.key(time.Second, tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("flat\r\n\twhite ")})
	y.key(0, keyMsg("enter"))
	y.want(t, "a paste is taken line by line, and not ended", "paste flat|white", "key enter")

	y = newTypist("")
	y.key(time.Second, tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune(strings.Repeat("é", 3000))})
	if got := y.end(); len(got) != 1 || !strings.Contains(got[0], "3000 characters is too long") {
		t.Errorf("a paste that is too long: %q, want to be told why it is not taken", got)
	}
}
