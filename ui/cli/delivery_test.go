//go:build unix

package cli

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"centrapos/api"
)

// TestNoRoomForTheResult: what a refund came to is not lost where stdout takes
// nothing, and the exit code says that it was not delivered.
func TestNoRoomForTheResult(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	s := openShop(t)
	id := s.paid()
	for _, args := range [][]string{{"refund", id, "1.00", "--json"}, {"refund", id, "1.00"}} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		got := s.into(full, args...).wait()
		if got.code != exitInternal {
			t.Errorf("%q: exit %d: %s", args, got.code, got.stderr)
		}
		for _, want := range []string{"could not be written to stdout: no space left on device", `It ended as "refunded": "centrapos ledger show `, `"outcome":"refunded"`} {
			if !strings.Contains(got.stderr, want) {
				t.Errorf("%q: stderr does not say %q: %s", args, want, got.stderr)
			}
		}
	}
	s.wantGiven(api.ActivityRefund, id, "100", "100")
}

// TestReaderLeavesDuringARefund: as "| head" does. The refund that is on its way is
// seen through, and recorded.
func TestReaderLeavesDuringARefund(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	s.fault("refund:delay=300ms:1")
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := s.into(writer, "refund", id, "5.00")
	s.waitFor("the refund to leave", func() bool { return s.service.Faults()[0].Hits > 0 })
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if got := p.wait(); got.code != exitInternal || !strings.Contains(got.stderr, `"outcome":"refunded"`) {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	if line := s.latest(); line["kind"] != "refund" || line["outcome"] != "refunded" {
		t.Errorf("the record says %v", line)
	}
	s.wantGiven(api.ActivityRefund, id, "500")
}

// TestReaderOfAListLeaves: nothing is said of it, since the reader had enough.
func TestReaderOfAListLeaves(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.unwatched()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if got := s.into(writer, "ledger", "list", "--limit", "1").wait(); got.code != exitInternal || strings.Contains(got.stderr, "stdout") {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
}

// into starts the built program with a stdout of its own, which is closed here.
func (s *shop) into(stdout *os.File, args ...string) *process {
	s.t.Helper()
	p := &process{t: s.t, cmd: exec.CommandContext(s.t.Context(), binary, args...)}
	p.cmd.Stdout, p.cmd.Stderr, p.cmd.Env = stdout, &p.stderr, s.environ()
	if err := errors.Join(p.cmd.Start(), stdout.Close()); err != nil {
		s.t.Fatal(err)
	}
	return p
}
