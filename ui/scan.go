package ui

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// input is what the keyboard said, told apart: a key, text, a scan or a paste.
type input interface{ isInput() }

// keyTyped is one key, or one character typed by itself.
type keyTyped struct {
	key tea.KeyMsg
	at  time.Time // when it was pressed
	// first: it begins a run of characters, which may yet turn out to be a scan.
	first bool
}

// textTyped is several characters that came together and were not ended: text,
// and never a shortcut.
type textTyped struct{ text string }

// scanned is one entry of a scanner: characters that came together, and Enter or
// Tab. Those that were echoed already have to be taken back.
type scanned struct {
	text   string
	echoed bool
}

// pasted is text from the clipboard: as one line, and line by line without those that
// are blank. The problem says why it is not taken, instead.
type pasted struct {
	text    string
	lines   []string
	problem string
}

func (keyTyped) isInput()  {}
func (textTyped) isInput() {}
func (scanned) isInput()   {}
func (pasted) isInput()    {}

const (
	// minScan is the fewest characters of a scan; fewer may be typed at once.
	minScan = 4
	// heldKey is after how many of the same character in a row a key is being held
	// down: keyboards repeat as fast as slow scanners send.
	heldKey = 3
	// bareScan is the fewest characters of a scan that nothing ends: as many, each
	// within the gap, nobody types.
	bareScan = 8
	// maxPaste bounds how many characters a pasted line may have, and maxPasted how
	// many lines may be pasted at once.
	maxPaste, maxPasted = 200, 500
	// answerGap is the longest pause between the characters of a scan where one of
	// them would answer a question by itself: a wireless scanner sends ten a second.
	answerGap = 160 * time.Millisecond
	// straggler is how long after a scan that nothing ended its terminator may still
	// come, over a slow line.
	straggler = 150 * time.Millisecond
)

// meaning is what a character would do if it were typed by itself now.
type meaning int

const (
	// meansItself: it would be typed.
	meansItself meaning = iota
	// meansShortcut: it would do something that may be done again and again.
	meansShortcut
	// meansAnswer: it does something that may not be done by a part of a scan.
	meansAnswer
	// meansDecision: it answers a question.
	meansDecision
)

// scanner tells a keyboard-wedge scanner from typing, by speed and terminator. It
// is a value; feed and due give the next one.
//
// A character with no meaning but itself is passed on at once. Any other is held
// until it is known that no other follows it within the gap. A shortcut may be
// held down; an answer counts only by itself.
type scanner struct {
	gap     time.Duration
	run     []rune    // the characters that came together so far
	began   time.Time // when the first of them came
	last    time.Time // when the latest of them came
	means   meaning   // of the first of them; but for itself, all of them are held
	repeat  rune      // the character of a key that is being held down
	id      int       // of the timer that ends the hold
	enterAt time.Time // when an Enter came, to take CR LF for one
	bareAt  time.Time // when a scan was taken that nothing had ended
	escAt   time.Time // when an Esc came, for an escape sequence torn apart
}

// wordGap is how long a letter that is a shortcut waits for a second one by hand: then
// it was the beginning of a word.
const wordGap = 350 * time.Millisecond

// pause is the longest that may pass between two characters of the run under way.
func (s scanner) pause() time.Duration {
	switch {
	case s.means == meansDecision:
		return max(s.gap, answerGap)
	case s.means == meansShortcut && len(s.run) == 1 && unicode.IsLetter(s.run[0]):
		return max(s.gap, wordGap)
	}
	return s.gap
}

// isBare reports whether the run is a scan though nothing has ended it: too fast and
// too long for hands, and a code by its looks.
func (s scanner) isBare() bool {
	return len(s.run) >= bareScan && !sameRunes(s.run) && isCode(string(s.run))
}

// tornSequence is what is left of a cursor key when its Esc came alone.
var tornSequence = regexp.MustCompile(`^[\[O][0-9;]*[A-Za-z~]$`)

// held reports whether the characters so far have not been passed on yet.
func (s scanner) held() bool { return s.means != meansItself }

// waiting reports whether something is to be done when no character follows, by which
// timer and when.
func (s scanner) waiting() (id int, after time.Duration, waiting bool) {
	return s.id, s.pause(), len(s.run) > 0 && (s.held() || s.isBare())
}

// feed takes a key. means says what characters would do now.
func (s scanner) feed(at time.Time, msg tea.KeyMsg, means func(rune) meaning) (scanner, []input) {
	if msg.Paste {
		s, out := s.flush()
		if p := pasteOf(msg.Runes); len(p.lines) > 0 || p.problem != "" {
			out = append(out, p)
		}
		return s, out
	}
	msg = plainEnter(msg)
	if runes := s.runesOf(msg); len(runes) > 0 {
		return s.feedRunes(at, runes, means)
	}
	return s.feedKey(at, msg)
}

// plainEnter gives a line feed as the Enter that a scanner means by it.
func plainEnter(msg tea.KeyMsg) tea.KeyMsg {
	if msg.Type == tea.KeyCtrlJ && !msg.Alt {
		return tea.KeyMsg{Type: tea.KeyEnter}
	}
	return msg
}

// runesOf gives the characters of a key; none for a key that is none. Scanners
// send the group separator of GS1 codes as ctrl+].
func (s scanner) runesOf(msg tea.KeyMsg) []rune {
	switch {
	case msg.Alt:
		return nil
	case msg.Type == tea.KeyRunes:
		return msg.Runes
	case msg.Type == tea.KeySpace:
		return []rune{' '}
	case msg.Type == tea.KeyCtrlCloseBracket && len(s.run) > 0:
		return []rune{0x1d}
	}
	return nil
}

func (s scanner) feedRunes(at time.Time, runes []rune, means func(rune) meaning) (scanner, []input) {
	var out []input
	gap := s.pause()
	if s.means == meansShortcut && !unicode.IsLetter(runes[0]) {
		gap = s.gap // no word goes on like that: the letter before it was a shortcut
	}
	if len(s.run) > 0 && at.Sub(s.last) > gap {
		s, out = s.flush()
	}
	if len(s.run) == 0 && at.Sub(s.escAt) <= s.gap && tornSequence.MatchString(string(runes)) {
		return s, out
	}
	for _, r := range runes {
		first := len(s.run) == 0
		if first && r == s.repeat && at.Sub(s.last) <= s.gap {
			s.last = at
			out = append(out, keyTyped{key: runeKey(r), at: at, first: true})
			continue
		}
		if first {
			s.began, s.means, s.repeat, s.bareAt = at, means(r), 0, time.Time{}
		}
		s.run, s.last = append(s.run[:len(s.run):len(s.run)], r), at
		switch {
		case !s.held():
			out = append(out, keyTyped{key: runeKey(r), at: at, first: first})
		case s.means == meansShortcut && sameRunes(s.run) && len(s.run) >= heldKey:
			out = append(out, s.typed()...)
			s.run, s.repeat = nil, r
		}
	}
	s.id++
	return s, out
}

func (s scanner) feedKey(at time.Time, msg tea.KeyMsg) (scanner, []input) {
	ends := msg.Type == tea.KeyEnter || msg.Type == tea.KeyTab
	if ends && len(s.run) == 0 && !s.bareAt.IsZero() && at.Sub(s.bareAt) <= straggler {
		s.bareAt, s.enterAt = time.Time{}, at
		return s, nil
	}
	if ends && len(s.run) >= minScan && at.Sub(s.last) <= s.pause() {
		scan := scanned{text: string(s.run), echoed: !s.held()}
		s.run, s.enterAt = nil, at
		return s, []input{scan}
	}
	if msg.Type == tea.KeyEnter && !s.enterAt.IsZero() && at.Sub(s.enterAt) <= s.gap && len(s.run) == 0 {
		s.enterAt = time.Time{}
		return s, nil
	}
	if msg.Type == tea.KeyEsc {
		s.escAt = at
	}
	if len(s.run) > 0 && at.Sub(s.last) <= s.gap {
		s, out := s.broken()
		return s, append(out, keyTyped{key: msg, at: at})
	}
	s, out := s.flush()
	if late := ends && len(out) == 1 && !s.bareAt.IsZero() && at.Sub(s.bareAt) <= straggler; late {
		s.bareAt, s.enterAt = time.Time{}, at
		return s, out
	}
	s.bareAt = time.Time{}
	return s, append(out, keyTyped{key: msg, at: at})
}

// due ends the hold when no further character came within the gap.
func (s scanner) due(id int) (scanner, []input) {
	if id != s.id || !s.held() && !s.isBare() {
		return s, nil
	}
	return s.flush()
}

// flush ends a run that nothing has ended: as a scan when it is one for certain, else
// what is held is passed on.
func (s scanner) flush() (scanner, []input) {
	if s.isBare() {
		out := []input{scanned{text: string(s.run), echoed: !s.held()}}
		s.run, s.bareAt = nil, s.last
		s.means = meansItself
		return s, out
	}
	return s.broken()
}

// broken passes on what is held, since another key has come in between.
func (s scanner) broken() (scanner, []input) {
	var out []input
	if s.held() {
		out = s.typed()
	}
	s.run, s.means = nil, meansItself
	return s, out
}

// typed gives the held characters: as keys when they are one key, else as text,
// since what a scanner sent in two parts must not trigger shortcuts.
func (s scanner) typed() []input {
	if len(s.run) == 0 {
		return nil
	}
	if !sameRunes(s.run) || s.means >= meansAnswer && len(s.run) > 1 {
		return []input{textTyped{text: string(s.run)}}
	}
	var out []input
	for i, r := range s.run {
		out = append(out, keyTyped{key: runeKey(r), at: s.began, first: i == 0})
	}
	return out
}

func runeKey(r rune) tea.KeyMsg {
	if r == ' ' {
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{r}}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}
}

func sameRunes(run []rune) bool {
	for _, r := range run {
		if r != run[0] {
			return false
		}
	}
	return len(run) > 0
}

// pasteOf takes what was pasted line by line; blanks in a row become one.
func pasteOf(runes []rune) pasted {
	var p pasted
	for line := range strings.SplitSeq(strings.ReplaceAll(string(runes), "\r", "\n"), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		switch n := utf8.RuneCountInString(line); {
		case n > maxPaste:
			return pasted{problem: fmt.Sprintf("Nothing was pasted: a line of %d characters is too long for an entry.", n)}
		case n > 0:
			p.lines = append(p.lines, line)
		}
	}
	p.text = strings.Join(p.lines, " ")
	if n := len(p.lines); n > maxPasted {
		return pasted{problem: fmt.Sprintf("Nothing was pasted: %d lines are too many at once.", n)}
	}
	return p
}
