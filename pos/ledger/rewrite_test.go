package ledger_test

import (
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// TestLinesAreWrittenAnew: a ledger of a version for which the same entries amounted to
// something else is brought up to date, not taken for one that was tampered with.
func TestLinesAreWrittenAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	paidSale(t, "certain").append(t, l, 0)
	openSale(t, "late").add(pos.StopWanted{Why: pos.WhyStaff}).
		add(pos.Ended{Outcome: pos.OutcomeCancelled, Doubtful: true}).
		add(pos.PaidLate{Request: requestOf(t, "late", pos.StatusPaid)}).append(t, l, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	head := mustVerify(t, dir).Head
	execute(t, dir, `UPDATE operations SET doubtful = 1 - doubtful`, `UPDATE operations SET amount = 'odd' WHERE op = 'certain'`)
	if problems := verify(t, dir).Problems; len(problems) != 2 {
		t.Errorf("lines that were changed: %v", problems)
	}
	execute(t, dir, `UPDATE operations SET amount = '1' WHERE op = 'certain'`, `DELETE FROM goose_db_version WHERE version_id = 5`)
	if err := open(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	if report := verify(t, dir, head); !report.Sound() || report.Head != head {
		t.Errorf("%+v", report)
	}
}
