package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"centrapos/pos"
	_ "centrapos/ui/quickstart" // a mute terminal must not delay the first frame
	"centrapos/ui/theme"
)

// framesPerSecond is as fast as Bubble Tea draws. What a key does is seen within
// half a frame, and an idle till costs no more for it.
const framesPerSecond = 120

// Options are how the screens run, for tests and for tills that are served.
type Options struct {
	// NoSignals leaves the process's signals to the caller.
	NoSignals bool
	// FramesPerSecond is how often the screen may be drawn; 120 when zero.
	FramesPerSecond int
}

// Result says how staff left the screens. Payments go on without them until the
// caller drains the till.
type Result struct {
	// Open lists the payments of this run whose end was not known.
	Open []pos.OpID
	// Beginning: one more was being written down and may yet begin.
	Beginning bool
	// Signalled: a signal or the caller ended the screens, not staff.
	Signalled bool
}

// PaymentOpen reports whether a payment was open when the screens ended.
func (r Result) PaymentOpen() bool { return r.Beginning || len(r.Open) > 0 }

// Run shows the screens on a terminal until staff quit, the context ends, or the
// process gets SIGINT, SIGTERM or SIGHUP. It leaves the terminal as it was. The
// Result is good also with an error, which says that the terminal was lost, or
// that the program has a fault; the till must be drained then too.
func Run(ctx context.Context, c Config, in io.Reader, out io.Writer, o Options) (Result, error) {
	if err := c.check(); err != nil {
		return Result{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !o.NoSignals {
		var stop context.CancelFunc
		ctx, stop = signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
	}
	if c.Styles == nil {
		c.Styles = theme.New(lipgloss.NewRenderer(out), theme.Dark())
	}
	if o.FramesPerSecond == 0 {
		o.FramesPerSecond = framesPerSecond
	}
	out, ring := ringing(out)
	if c.Ring == nil {
		c.Ring = ring
	}
	program := tea.NewProgram(newModel(ctx, c), tea.WithInput(in), tea.WithOutput(out), tea.WithAltScreen(), tea.WithMouseCellMotion(),
		tea.WithFPS(o.FramesPerSecond), tea.WithoutSignalHandler())
	unwatch := context.AfterFunc(ctx, program.Quit)
	defer unwatch()
	last, err := program.Run()
	result := resultOf(last)
	result.Signalled = ctx.Err() != nil
	if err != nil && !errors.Is(err, tea.ErrInterrupted) {
		return result, fmt.Errorf("show the till's screens: %w", err)
	}
	return result, nil
}

func resultOf(last tea.Model) Result {
	m, ok := last.(model)
	if !ok {
		return Result{}
	}
	_, begun := m.payments.attempt(m.pay.attempt)
	return Result{Open: m.payments.open(), Beginning: m.place == onPay && !begun}
}
