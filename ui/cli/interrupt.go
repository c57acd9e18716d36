package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// sameWish is how long the same signal, sent again, is still the same wish to end:
// "timeout", and whoever ends a whole group of processes, sends it to the process and
// to its group.
const sameWish = time.Second

// interrupts tells commands that the run is wanted to end: once in good order
// (asked), and, when asked again, at once (pressed).
type interrupts struct {
	asked, pressed chan struct{}
	once           [2]sync.Once
}

func newInterrupts() *interrupts {
	return &interrupts{asked: make(chan struct{}), pressed: make(chan struct{})}
}

// raise is one interrupt.
func (i *interrupts) raise() {
	first := false
	i.once[0].Do(func() { first = true; close(i.asked) })
	if !first {
		i.once[1].Do(func() { close(i.pressed) })
	}
}

// repeats tells the signals that only say again what was just said.
type repeats map[os.Signal]time.Time

// again reports whether a signal repeats the last one of its kind that counted.
func (r repeats) again(sig os.Signal, now time.Time) bool {
	last, before := r[sig]
	if before && now.Sub(last) < sameWish {
		return true
	}
	r[sig] = now
	return false
}

// watch raises an interrupt for each signal to end, and one when the context of
// the whole run ends. What it gives stops watching. SIGQUIT (Ctrl-\) is one of them:
// left to the Go runtime it would end the process on the spot with the exit code of a
// sale that was cancelled, and leave its request to be paid.
func (i *interrupts) watch(ctx context.Context) (stop func()) {
	signals := make(chan os.Signal, 4)
	wanted := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) { // nohup: the run shall outlive its terminal
		wanted = append(wanted, syscall.SIGHUP)
	}
	signal.Notify(signals, wanted...)
	// Whoever read our output may leave; that must not end a sale. Writing then
	// fails instead.
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE)
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cancelled, heard := ctx.Done(), repeats{}
		for {
			select {
			case sig := <-signals:
				if !heard.again(sig, time.Now()) {
					i.raise()
				}
			case <-cancelled:
				cancelled = nil
				i.raise()
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		signal.Stop(broken)
		close(done)
		<-ended
	}
}

// wasAsked reports whether there was an interrupt.
func (i *interrupts) wasAsked() bool {
	select {
	case <-i.asked:
		return true
	default:
		return false
	}
}

// bind gives a context that the first interrupt ends, for work that leaves
// nothing open.
func (i *interrupts) bind(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		select {
		case <-i.asked:
			cancel(errInterrupted)
		case <-done:
		}
	}()
	var once sync.Once
	return ctx, func() { once.Do(func() { close(done); cancel(context.Canceled) }) }
}
