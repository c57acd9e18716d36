package cli

import (
	"bytes"
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

// A request that is not the one asked for is called off at once: nothing by which it
// could be paid is shown.
func TestNothingToPayOfWhatIsNotAsAsked(t *testing.T) {
	t.Parallel()
	s := pos.State{Record: pos.Record{Kind: pos.KindSale, Stop: pos.WhyDiffers,
		Request: pos.Request{ID: "pr1", ShortCode: "CP-ABC-DEF", URL: "https://app.centrapay.com/pay/pr1", Status: pos.StatusNew}}}
	var out bytes.Buffer
	n := &narrator{out: &out, told: map[string]bool{}, plain: true}
	n.tell(s, nil)
	if said := out.String(); strings.Contains(said, "centrapay.com") || strings.Contains(said, "CP-ABC") || strings.ContainsRune(said, '█') ||
		!strings.Contains(said, "pr1") || !strings.Contains(said, "another payment request than was asked for") {
		t.Errorf("it says\n%s", said)
	}
}

// Only an address is said to be one.
func TestPayBy(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"https://app.centrapay.com/pay/pr1": "Pay at", "http://127.0.0.1:8080/pay/1": "Pay at",
		"centrapay:68747470733a2f2f": "Code", "pr1": "Code", "https:": "Code",
	} {
		if got := payBy(code); got != want {
			t.Errorf("%s is told as %q", code, got)
		}
	}
}
