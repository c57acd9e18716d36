package cli

import (
	"strings"
	"testing"
	"time"

	"centrapos/pos"
)

// TestTimeLeft: the time is told in steps, and never as more than there was.
func TestTimeLeft(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for left, want := range map[time.Duration]string{
		120*time.Second + 700*time.Millisecond: "2:00",
		120 * time.Second:                      "2:00",
		91 * time.Second:                       "1:30",
		90 * time.Second:                       "1:30",
		time.Second:                            "0:30",
		time.Millisecond:                       "0:30",
		0:                                      "The time is over",
		-time.Second:                           "The time is over",
	} {
		s := pos.State{Live: pos.Live{Deadline: now.Add(pos.DeadlineMargin + left)}}
		if got := waiting(s, now); !strings.Contains(got, want) {
			t.Errorf("%v left: %q does not say %q", left, got, want)
		}
	}
}
