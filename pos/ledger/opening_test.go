package ledger_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// refunder opens the ledger, says so, and on each line of its standard input tries to
// open a refund on a sale: the operation, the reference, and the operations that were
// seen. It says what came of it.
func refunder(ctx context.Context, args []string) error {
	l, err := ledger.Open(ctx, args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		words := strings.Fields(in.Text())
		op := pos.OpID(words[0])
		intent := refundOf(failing{}, op, "sale1", words[1]).entries()[0]
		var seen []pos.OpID
		for _, word := range words[2:] {
			seen = append(seen, pos.OpID(word))
		}
		err := l.Open(ctx, op, intent, pos.Replay([]pos.Entry{intent}).Summary(op), seen)
		var other *pos.AlreadyOpened
		switch {
		case err == nil:
			fmt.Println("opened", op)
		case errors.As(err, &other):
			fmt.Println("conflict", other.Op)
		default:
			return err
		}
	}
	return l.Close()
}

// TestProcessesOpenOneRefund: of many processes that open a refund at the same moment,
// all with the same reference and none having seen another's, one does. The others are
// told which, and nothing of theirs is there. So it is with refunds of different
// references whose openers have seen the same.
func TestProcessesOpenOneRefund(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	paidSale(t, "sale1").append(t, l, 0)
	tills := make([]*child, 8)
	for i := range tills {
		tills[i] = start(t, "refunds", dir)
	}
	for _, till := range tills {
		till.line()
	}
	var seen []pos.OpID
	for round := range 6 {
		for i, till := range tills {
			ref := "SAME"
			if round%2 == 1 {
				ref = fmt.Sprintf("R%d-%d", round, i)
			}
			till.say(fmt.Sprintf("round%d-till%d %s %s", round, i, ref, strings.Trim(fmt.Sprint(seen), "[]")))
		}
		said := map[string]int{}
		for _, till := range tills {
			said[till.line()]++
		}
		ops, err := l.ActionsOn(t.Context(), service, "req-sale1")
		if err != nil || len(ops) != len(seen)+1 {
			t.Fatalf("round %d: %v are there, %v", round, ops, err)
		}
		winner := ops[len(seen)]
		if said["opened "+string(winner)] != 1 || said["conflict "+string(winner)] != len(tills)-1 {
			t.Errorf("round %d: %v", round, said)
		}
		seen = slices.Clone(ops)
	}
	for _, till := range tills {
		till.wait()
	}
	if report := mustVerify(t, dir); report.Operations != 7 {
		t.Errorf("%d operations are there, want the sale and one refund a round", report.Operations)
	}
}
