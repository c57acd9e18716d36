package screentest

import (
	"testing"
	"time"
)

// pollEvery is how often a waiting helper looks again.
const pollEvery = 5 * time.Millisecond

// WaitFor looks at the screen until ok says yes. When within has passed first, the
// test fails with what was wanted and what the screen shows. Inside a synctest
// bubble the time is virtual.
func WaitFor(tb testing.TB, s *Screen, within time.Duration, wanted string, ok func(*Screen) bool) {
	tb.Helper()
	for deadline := time.Now().Add(within); !ok(s); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			tb.Fatalf("waited %v for %s; the screen shows:\n%s", within, wanted, s)
		}
	}
}

// WaitText waits until text stands on the screen; see WaitFor.
func WaitText(tb testing.TB, s *Screen, text string, within time.Duration) {
	tb.Helper()
	WaitFor(tb, s, within, "\""+text+"\"", func(s *Screen) bool { return s.Contains(text) })
}

// WaitGone waits until text no longer stands on the screen; see WaitFor.
func WaitGone(tb testing.TB, s *Screen, text string, within time.Duration) {
	tb.Helper()
	WaitFor(tb, s, within, "\""+text+"\" to go away", func(s *Screen) bool { return !s.Contains(text) })
}
