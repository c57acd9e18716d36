package screentest

import (
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// Frame is how long a Program may take to show a change: more than two frames at
// Bubble Tea's default of 60 a second. Inside a synctest bubble, time.Sleep(Frame)
// leaves the screen up to date with everything that has happened.
const Frame = 35 * time.Millisecond

// linger is the virtual time an ended Program's last timers get to run out.
const linger = time.Minute

// Program is a Bubble Tea program running in this process against a Screen in its
// alternate screen, with neither terminal nor signal handlers.
type Program struct {
	Screen *Screen

	tb    testing.TB
	tea   *tea.Program
	keys  *io.PipeWriter
	done  chan struct{}
	final tea.Model
	err   error
	quit  sync.Once
}

// Run starts model on a screen of cols by rows cells and tells it that size.
// The options come after the helper's own and may override them. The test's
// clean-up ends the program. Inside a synctest bubble call Run with the bubble's t;
// there the clean-up also lets a minute of virtual time pass, since Bubble Tea leaves
// its running timers (tea.Tick) behind and a bubble may not end while one waits.
func Run(tb testing.TB, model tea.Model, cols, rows int, options ...tea.ProgramOption) *Program {
	tb.Helper()
	in, keys := io.Pipe()
	p := &Program{Screen: NewScreen(cols, rows), tb: tb, keys: keys, done: make(chan struct{})}
	options = append([]tea.ProgramOption{
		tea.WithInput(in), tea.WithOutput(p.Screen), tea.WithAltScreen(), tea.WithoutSignalHandler(),
	}, options...)
	p.tea = tea.NewProgram(model, options...)
	go func() {
		defer close(p.done)
		p.final, p.err = p.tea.Run()
		// Whoever still types gets an error, and does not wait for ever.
		_ = in.Close()
	}()
	tb.Cleanup(p.cleanUp)
	p.tea.Send(tea.WindowSizeMsg{Width: cols, Height: rows})
	return p
}

// Send hands messages to the program, in order. It returns when the program has
// taken the last one, or has ended.
func (p *Program) Send(messages ...tea.Msg) {
	for _, m := range messages {
		p.tea.Send(m)
	}
}

// Type writes text to the program's input as one read, as a keyboard, a pasting
// terminal or a scanner would: "\r" is Enter, "\x1b[A" is the up arrow. It returns
// before the program has acted on it, so a Send right after it may come first.
func (p *Program) Type(text string) {
	p.tb.Helper()
	if _, err := io.WriteString(p.keys, text); err != nil {
		p.tb.Fatalf("typing %q: %v", text, err)
	}
}

// Resize changes the screen's size and tells the program, as a terminal window
// does.
func (p *Program) Resize(cols, rows int) {
	p.Screen.Resize(cols, rows)
	p.Send(tea.WindowSizeMsg{Width: cols, Height: rows})
}

// WaitText waits until text stands on the screen, and fails the test after within.
func (p *Program) WaitText(text string, within time.Duration) {
	p.tb.Helper()
	WaitText(p.tb, p.Screen, text, within)
}

// WaitGone waits until text is off the screen, and fails the test after within.
func (p *Program) WaitGone(text string, within time.Duration) {
	p.tb.Helper()
	WaitGone(p.tb, p.Screen, text, within)
}

// Done is closed when the program has ended.
func (p *Program) Done() <-chan struct{} { return p.done }

// Quit ends the program if it has not ended by itself and returns its last model.
// The test fails if the program ended with an error or a panic. Look at the screen
// before: leaving the alternate screen clears it.
func (p *Program) Quit() tea.Model {
	p.tb.Helper()
	p.stop()
	if p.err != nil {
		p.tb.Fatalf("the program ended with: %v", p.err)
	}
	return p.final
}

func (p *Program) stop() {
	p.quit.Do(func() {
		// Bubble Tea waits for its reader, which only the end of the input wakes.
		_ = p.keys.Close()
		p.tea.Quit()
	})
	<-p.done
}

func (p *Program) cleanUp() {
	p.stop()
	p.Screen.Close()
	if inBubble() {
		time.Sleep(linger)
	}
}

// inBubble tells whether the caller runs inside a synctest bubble: outside,
// synctest.Wait panics.
func inBubble() (yes bool) {
	defer func() { yes = recover() == nil }()
	synctest.Wait()
	return true
}
