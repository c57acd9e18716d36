package cli

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestSameWish: a signal that arrives twice at once, as "timeout" sends it to a process
// and to its group, is one wish to end; a person who presses the key again means it.
func TestSameWish(t *testing.T) {
	t.Parallel()
	at := time.Unix(1795000000, 0)
	heard := repeats{}
	for _, c := range []struct {
		sig   os.Signal
		after time.Duration
		again bool
	}{
		{syscall.SIGTERM, 0, false},
		{syscall.SIGTERM, time.Millisecond, true},
		{os.Interrupt, 2 * time.Millisecond, false},
		{syscall.SIGTERM, sameWish, false},
		{os.Interrupt, sameWish, true},
		{os.Interrupt, sameWish + 2*time.Millisecond, false},
	} {
		if got := heard.again(c.sig, at.Add(c.after)); got != c.again {
			t.Errorf("%v after %v: a repetition: %t", c.sig, c.after, got)
		}
	}
}
