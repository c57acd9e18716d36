//go:build unix

package ui

import (
	"io"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

func TestRunEndsWithASignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		// Whatever comes of it, the signal must not end the tests.
		caught := make(chan os.Signal, 1)
		signal.Notify(caught, sig)
		in, keys := io.Pipe()
		var out output
		ended := make(chan Result, 1)
		go func() {
			r, err := Run(t.Context(), runConfig(t), in, &out, Options{})
			if err != nil {
				t.Errorf("%v: Run ended with %v", sig, err)
			}
			ended <- r
		}()
		for deadline := time.Now().Add(10 * time.Second); !out.holds("\x1b[?1049h"); {
			if time.Now().After(deadline) {
				t.Fatal("the screens do not open")
			}
			time.Sleep(time.Millisecond)
		}
		if err := syscall.Kill(os.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
		// Bubble Tea waits for its reader, which only the end of the input wakes.
		time.AfterFunc(100*time.Millisecond, func() { _ = keys.Close() })
		select {
		case r := <-ended:
			if !r.Signalled {
				t.Errorf("%v: the result is %+v", sig, r)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%v does not end the screens", sig)
		}
		signal.Stop(caught)
	}
}
