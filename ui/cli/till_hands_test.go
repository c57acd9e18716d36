package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/ui/screentest"
)

// Keys as terminals send them.
const (
	keyEnter = "\r"
	keyEsc   = "\x1b"
	keyUp    = "\x1b[A"
	keyDown  = "\x1b[B"
	keyRight = "\x1b[C"
	keyCtrlC = "\x03"
	keyCtrlN = "\x0e"
	keyF3    = "\x1bOR"
	keyF5    = "\x1b[15~"
	keyF6    = "\x1b[17~"
	keyF8    = "\x1b[19~"
	keyF9    = "\x1b[20~"
	keyF12   = "\x1b[24~"
)

const (
	// stroke is from one key to the next of quick hands: well over what the till
	// takes for a scanner.
	stroke = 90 * time.Millisecond
	// glance is how long somebody looks at what has opened by itself before they act on
	// it. The till takes no key for nearly as long.
	glance = 500 * time.Millisecond
	// tellOff is after how long somebody presses a key again that did nothing, as in
	// the first moment of what opened by itself.
	tellOff = time.Second
)

// hands are somebody at a till: they type at a pace, scan, and look at the screen.
type hands struct {
	*screentest.PTY
	t testing.TB
	// keys and scans are how many were pressed, and how many codes were scanned.
	keys, scans int
}

// press presses keys, one after the other.
func (h *hands) press(keys ...string) {
	for _, key := range keys {
		time.Sleep(stroke)
		h.Type(key)
		h.keys++
	}
}

// write types a text, character by character.
func (h *hands) write(text string) {
	for _, r := range text {
		h.press(string(r))
	}
}

// scan lets a scanner send codes back to back, each ended by Enter.
func (h *hands) scan(codes ...string) {
	time.Sleep(stroke)
	h.Type(strings.Join(codes, keyEnter) + keyEnter)
	h.scans += len(codes)
}

// see waits until each of the texts stands on the screen.
func (h *hands) see(texts ...string) {
	h.t.Helper()
	for _, text := range texts {
		h.WaitText(text, soon)
	}
}

// after waits for what opens by itself, and reads it.
func (h *hands) after(texts ...string) {
	h.t.Helper()
	h.see(texts...)
	time.Sleep(glance)
}

// does presses a key and waits for what it must show. A key that does nothing is
// pressed again: on a busy machine what opened by itself may take none for longer.
func (h *hands) does(key, says string) {
	h.t.Helper()
	h.until(key, "\""+says+"\"", func(s *screentest.Screen) bool { return s.Contains(says) })
}

// until presses a key, and again while nothing comes of it, until the screen is as it
// should be.
func (h *hands) until(key, wanted string, ok func(*screentest.Screen) bool) {
	h.t.Helper()
	h.press(key)
	last := time.Now()
	screentest.WaitFor(h.t, h.Screen, soon, wanted+" after "+printable(key), func(s *screentest.Screen) bool {
		if ok(s) {
			return true
		}
		if time.Since(last) > tellOff {
			h.press(key)
			last = time.Now()
		}
		return false
	})
}

// enters types a text, waits for what the till says it will do, and presses Enter.
func (h *hands) enters(text, preview string) {
	h.t.Helper()
	h.write(text)
	h.see(preview)
	h.press(keyEnter)
}

// row is the first line of the screen with a text; empty when there is none.
func (h *hands) row(text string) string {
	for _, line := range h.Screen.Lines() {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

// capture writes the screen's text into a folder; nowhere without one.
func (h *hands) capture(dir, name string) {
	h.t.Helper()
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".txt"), []byte(h.Screen.String()+"\n"), 0o600); err != nil {
		h.t.Error(err)
	}
}

func printable(key string) string {
	switch key {
	case keyEsc:
		return "Esc"
	case keyEnter:
		return "Enter"
	}
	return strings.ReplaceAll(key, "\x1b", "ESC ")
}
