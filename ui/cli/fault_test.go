package cli

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"centrapos/pos"
)

// faulty has the test binary be a process with a fault of its own.
const faulty = "CENTRAPOS_TEST_FAULT"

// TestFaultIsNoCancelledSale: a panic that nothing catches, in whatever goroutine, does
// not end the process with the exit code of a sale that was cancelled.
func TestFaultIsNoCancelledSale(t *testing.T) {
	t.Parallel()
	if os.Getenv(faulty) != "" {
		AbortOnFault()
		go panic("a fault of the program")
		select {}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), faulty+"=1")
	out, err := cmd.CombinedOutput()
	ended, ok := errors.AsType[*exec.ExitError](err)
	if !ok || ended.ExitCode() == exitCancelled || !strings.Contains(string(out), "a fault of the program") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestLateIsToldOnceForEachSale: several late payments of one sale are one piece of news.
func TestLateIsToldOnceForEachSale(t *testing.T) {
	t.Parallel()
	var found lookedAgain
	for i, op := range []pos.OpID{"a", "a", "b", "a"} {
		found.add(pos.LatePayment{Op: op, Record: pos.Record{Detail: string(op)}, GivenBack: make([]pos.Request, i)})
	}
	if len(found.late) != 2 || len(found.late[0].GivenBack) != 4 || found.late[1].Op != "b" {
		t.Errorf("%+v", found.late)
	}
}

// TestEveryLatePaymentIsNamed: where several payments of one sale came late, staff are
// told of each, with what gives it back.
func TestEveryLatePaymentIsNamed(t *testing.T) {
	t.Parallel()
	rec := pos.Record{Kind: pos.KindSale, Outcome: pos.OutcomePaidLate, Late: []pos.Request{{ID: "one"}, {ID: "two"}, {ID: "three"}}}
	said := strings.Join(outcomeLines(rec), "\n")
	for _, late := range rec.Late {
		if strings.Count(said, "centrapos void "+late.ID+"\"") != 1 {
			t.Errorf("%s is not told once: %s", late.ID, said)
		}
	}
}
