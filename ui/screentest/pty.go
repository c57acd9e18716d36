package screentest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// PTYOptions says what terminal a binary is started in.
type PTYOptions struct {
	// Cols and Rows are the size in cells; 80 by 24 when zero.
	Cols, Rows int
	// Mute makes a terminal that never answers a question (colours, cursor
	// position, device attributes), as some real ones do.
	Mute bool
	// Env is added to the command's environment, after TERM=xterm-256color.
	Env []string
}

// PTY is a process in a real pseudo-terminal, with the screen it paints.
type PTY struct {
	Screen *Screen

	tb      testing.TB
	cmd     *exec.Cmd
	file    *os.File
	started time.Time
	exited  chan struct{}

	mu    sync.Mutex
	raw   bytes.Buffer
	first time.Time
}

// Build compiles the Go package (a path as for `go build`) into the test's
// temporary folder and returns the binary's path.
func Build(tb testing.TB, pkg string) string {
	tb.Helper()
	binary := filepath.Join(tb.TempDir(), "binary")
	out, err := exec.CommandContext(tb.Context(), "go", "build", "-o", binary, pkg).CombinedOutput()
	if err != nil {
		tb.Fatalf("building %s: %v\n%s", pkg, err, out)
	}
	return binary
}

// StartPTY starts cmd in a new pseudo-terminal. cmd.Env, or this process's
// environment when it is nil, is what the process gets, plus PTYOptions.Env. The
// test's clean-up kills the process if it is still there.
func StartPTY(tb testing.TB, cmd *exec.Cmd, o PTYOptions) *PTY {
	tb.Helper()
	if o.Cols == 0 || o.Rows == 0 {
		o.Cols, o.Rows = 80, 24
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(append(cmd.Env, "TERM=xterm-256color"), o.Env...)
	p := &PTY{tb: tb, cmd: cmd, started: time.Now(), exited: make(chan struct{})}
	file, err := pty.StartWithSize(cmd, winsize(o.Cols, o.Rows))
	if err != nil {
		tb.Fatalf("starting %s in a pseudo-terminal: %v", cmd.Path, err)
	}
	p.file = file
	var replies io.Writer = file
	if o.Mute {
		replies = io.Discard
	}
	p.Screen = newScreen(o.Cols, o.Rows, replies)
	go p.read()
	tb.Cleanup(p.close)
	return p
}

func winsize(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}
}

// read paints what the process writes until the pseudo-terminal closes, and then
// takes the process's exit status.
func (p *PTY) read() {
	defer close(p.exited)
	buf := make([]byte, 32<<10)
	for {
		n, err := p.file.Read(buf)
		if n > 0 {
			p.keep(buf[:n])
			_, _ = p.Screen.Write(buf[:n])
		}
		if err != nil {
			break
		}
	}
	// The exit status is read from ProcessState; a non-zero one is no fault here.
	_ = p.cmd.Wait()
}

func (p *PTY) keep(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.raw.Len() == 0 {
		p.first = time.Now()
	}
	p.raw.Write(b)
}

// Raw returns every byte the process has written to the terminal so far.
func (p *PTY) Raw() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.raw.Bytes())
}

// FirstOutput returns how long after its start the process first wrote to the
// terminal, and false while it has not.
func (p *PTY) FirstOutput() (time.Duration, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first.IsZero() {
		return 0, false
	}
	return p.first.Sub(p.started), true
}

// Since returns how long ago the process was started.
func (p *PTY) Since() time.Duration { return time.Since(p.started) }

// Type writes keys to the terminal: "\r" is Enter, "\x03" is Ctrl-C, "\x1b[A" the
// up arrow, "\x1bOP" F1.
func (p *PTY) Type(keys string) {
	p.tb.Helper()
	if _, err := io.WriteString(p.file, keys); err != nil {
		p.tb.Fatalf("typing %q: %v", keys, err)
	}
}

// Resize changes the terminal's size; the process gets SIGWINCH.
func (p *PTY) Resize(cols, rows int) {
	p.tb.Helper()
	p.Screen.Resize(cols, rows)
	if err := pty.Setsize(p.file, winsize(cols, rows)); err != nil {
		p.tb.Fatalf("resizing the pseudo-terminal: %v", err)
	}
}

// WaitText waits until text stands on the screen, and fails the test after within.
func (p *PTY) WaitText(text string, within time.Duration) {
	p.tb.Helper()
	WaitText(p.tb, p.Screen, text, within)
}

// WaitGone waits until text is off the screen, and fails the test after within.
func (p *PTY) WaitGone(text string, within time.Duration) {
	p.tb.Helper()
	WaitGone(p.tb, p.Screen, text, within)
}

// Signal sends a signal to the process.
func (p *PTY) Signal(sig os.Signal) {
	p.tb.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.tb.Fatalf("sending %v: %v", sig, err)
	}
}

// Kill ends the process at once, as a power cut would (kill -9), and waits until
// it is gone. A process that has ended already is left as it is.
func (p *PTY) Kill() {
	p.tb.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.tb.Fatalf("killing the process: %v", err)
	}
	<-p.exited
}

// WaitExit waits until the process has ended and returns its exit code, -1 if a
// signal ended it. The test fails after within.
func (p *PTY) WaitExit(within time.Duration) int {
	p.tb.Helper()
	select {
	case <-p.exited:
	case <-time.After(within):
		p.tb.Fatalf("the process has not ended after %v; the screen shows:\n%s", within, p.Screen)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *PTY) close() {
	_ = p.cmd.Process.Kill()
	_ = p.file.Close()
	<-p.exited
	p.Screen.Close()
}
