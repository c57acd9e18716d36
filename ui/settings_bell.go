package ui

import (
	"io"
	"sync"
)

// belled lets the terminal's bell be rung between frames, never within one: what is
// written to a terminal while a frame is would tear an escape sequence apart.
type belled struct {
	io.Writer
	mu *sync.Mutex
}

// terminal is an output that Bubble Tea asks for its size.
type terminal interface {
	io.ReadWriteCloser
	Fd() uintptr
}

// belledTerminal is belled for a terminal.
type belledTerminal struct {
	terminal
	belled
}

// ringing gives the output to draw on, and what rings its bell.
func ringing(out io.Writer) (io.Writer, func()) {
	b := belled{Writer: out, mu: &sync.Mutex{}}
	ring := func() {
		// A terminal that is gone is told of by the next frame.
		_, _ = b.Write([]byte{'\a'})
	}
	if file, is := out.(terminal); is {
		return belledTerminal{terminal: file, belled: b}, ring
	}
	return b, ring
}

// Write implements io.Writer.
func (b belled) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Writer.Write(p)
}

// Write implements io.Writer.
func (b belledTerminal) Write(p []byte) (int, error) { return b.belled.Write(p) }
