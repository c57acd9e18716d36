package ledger_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// threeSales makes a closed ledger: two paid sales whose entries stand between
// one another, and one open. Entries 1 and 2 are a's and b's intents, 3 and 4 the
// requests adopted, 5 and 6 a's paid and end, 7 and 8 b's, 9 and 10 c's.
func threeSales(t testing.TB) (dir string, head ledger.Head) {
	t.Helper()
	dir = t.TempDir()
	l, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := paidSale(t, "sale-a"), paidSale(t, "sale-b"), openSale(t, "sale-c")
	for i := range a.groups {
		for _, s := range []*script{a, b} {
			if err := l.Append(t.Context(), s.op, s.groups[i], s.summary()); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.append(t, l, 0)
	if head, err = l.Head(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, head
}

// raw opens the file behind the program's back, until the test ends.
func raw(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { shut(t, db) })
	return db
}

func shut(t testing.TB, c io.Closer) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// execute runs statements on the file behind the program's back.
func execute(t testing.TB, dir string, statements ...string) {
	t.Helper()
	db := raw(t, dir)
	defer shut(t, db)
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// tamper runs statements on the file, after taking the guards away, and puts
// the guards back as they were.
func tamper(t testing.TB, dir string, statements ...string) {
	t.Helper()
	guards := guardsOf(t, dir)
	var all []string
	for name := range guards {
		all = append(all, "DROP TRIGGER "+name)
	}
	all = append(all, statements...)
	for _, text := range guards {
		all = append(all, text)
	}
	execute(t, dir, all...)
}

func guardsOf(t testing.TB, dir string) map[string]string {
	t.Helper()
	db := raw(t, dir)
	defer shut(t, db)
	rows, err := db.QueryContext(t.Context(), "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	guards := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			t.Fatal(err)
		}
		guards[name] = text
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return guards
}

func verify(t testing.TB, dir string, kept ...ledger.Head) ledger.Report {
	t.Helper()
	r, err := ledger.OpenReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, r)
	report, err := r.Verify(t.Context(), kept...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestGuardsRefuseTampering(t *testing.T) {
	t.Parallel()
	dir, _ := threeSales(t)
	db := raw(t, dir)
	const columns = "(seq, op, n, name, at, body, prev_hash, hash)"
	for _, statement := range []string{
		"UPDATE entries SET body = '{}' WHERE seq = 3",
		"UPDATE OR REPLACE entries SET seq = 1 WHERE seq = 3",
		"DELETE FROM entries WHERE seq = 10",
		"DELETE FROM entries",
		"DELETE FROM operations",
		"UPDATE operations SET last_n = 1, last_seq = 1 WHERE op = 'sale-a'",
		"UPDATE operations SET op = 'sale-z' WHERE op = 'sale-a'",
		"INSERT INTO entries " + columns + " SELECT 12, op, 3, name, at, body, hash, hash FROM entries WHERE seq = 10",
		"INSERT INTO entries " + columns + " SELECT 11, op, 5, name, at, body, hash, hash FROM entries WHERE seq = 10",
		"INSERT INTO entries " + columns + " SELECT 11, op, 3, name, at, body, prev_hash, hash FROM entries WHERE seq = 10",
		"REPLACE INTO entries " + columns + " SELECT seq, op, n, name, at, '{}', prev_hash, hash FROM entries WHERE seq = 3",
		"REPLACE INTO entries " + columns + " SELECT 11, op, 1, name, at, body, hash, hash FROM entries WHERE seq = 10",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the guards let through: %s", statement)
		}
	}
	mustVerify(t, dir)
}

func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	const columns = "(seq, op, n, name, at, body, prev_hash, hash)"
	for _, tt := range []struct {
		name string
		do   []string
		want []string // what the problems must say, each of one of them
	}{
		{"a fact's content changed", []string{`UPDATE entries SET body = replace(body, '3440', '9940') WHERE seq = 3`},
			[]string{"entry 3 (payment sale-a): was changed after it was written"}},
		{"a fact's content changed, not the amount", []string{`UPDATE entries SET body = replace(body, 'muffin', 'Muffin') WHERE seq = 1`},
			[]string{"entry 1 (payment sale-a): was changed after it was written"}},
		{"a time changed", []string{`UPDATE entries SET at = replace(at, '2026', '2025') WHERE seq = 4`},
			[]string{"entry 4 (payment sale-b): was changed after it was written"}},
		{"a fact called another", []string{`UPDATE entries SET name = 'noted' WHERE seq = 3`},
			[]string{"entry 3 (payment sale-a): was changed after it was written"}},
		{"a fact of an unknown name", []string{`UPDATE entries SET name = 'invented' WHERE seq = 3`},
			[]string{"entry 3 (payment sale-a): was changed", `entry 3 (payment sale-a): cannot be understood: the ledger holds a fact "invented"`}},
		{"a fact and its own hash changed", []string{`UPDATE entries SET at = replace(at, '2026', '2025'), hash = prev_hash WHERE seq = 4`},
			[]string{"entry 4 (payment sale-b): was changed", "entry 5 (payment sale-a): does not follow the entry before it"}},
		{"a fact moved to another payment", []string{`UPDATE entries SET op = 'sale-a', n = 5 WHERE seq = 8`},
			[]string{"entry 8 (payment sale-a): was changed", "(payment sale-a): the list of payments counts 4 entries", "(payment sale-b): the list of payments counts 4 entries"}},
		{"the last entry cut off", []string{`DELETE FROM entries WHERE seq = 10`},
			[]string{"entry 9 (payment sale-c): the list of payments counts 2 entries from 9 to 10, but there are 1 from 9 to 9: entries were cut off"}},
		{"the last payment cut off", []string{`DELETE FROM entries WHERE seq >= 9`},
			[]string{"entry 9 (payment sale-c): is listed among the payments with 2 entries, but they are gone"}},
		{"the last payment's end cut off and its line set back", []string{`DELETE FROM entries WHERE seq >= 8`,
			`UPDATE operations SET last_n = 3, last_seq = 7 WHERE op = 'sale-b'`},
			[]string{"entry 7 (payment sale-b): the list of payments says outcome \"paid\", but the entries say \"\"", "(payment sale-c): is listed among the payments with 2 entries"}},
		{"an entry in the middle removed", []string{`DELETE FROM entries WHERE seq = 4`},
			[]string{"entry 4: is missing", "entry 5 (payment sale-a): does not follow", "entry 7 (payment sale-b): is number 3 of its payment but the one before it is number 1"}},
		{"entries removed and the rest moved up", []string{`DELETE FROM entries WHERE seq IN (3, 4)`, `UPDATE entries SET seq = seq - 2 WHERE seq > 4`},
			[]string{"entry 3 (payment sale-a): does not follow", "entry 3 (payment sale-a): was changed", "entry 8 (payment sale-c): was changed"}},
		{"two entries swapped", []string{`UPDATE entries SET seq = 99 WHERE seq = 3`, `UPDATE entries SET seq = 3 WHERE seq = 4`, `UPDATE entries SET seq = 4 WHERE seq = 99`},
			[]string{"entry 3 (payment sale-b): does not follow", "entry 3 (payment sale-b): was changed", "entry 4 (payment sale-a): was changed"}},
		{"two facts of a payment swapped", []string{`UPDATE entries SET n = 9 WHERE seq = 5`, `UPDATE entries SET n = 3 WHERE seq = 6`, `UPDATE entries SET n = 4 WHERE seq = 5`},
			[]string{"entry 5 (payment sale-a): is number 4 of its payment but stands before number 3"}},
		{"an entry put in at the end", []string{"INSERT INTO entries " + columns + " SELECT 11, op, 3, name, at, body, hash, hash FROM entries WHERE seq = 10"},
			[]string{"entry 11 (payment sale-c): was changed", "entry 11 (payment sale-c): the list of payments counts 2 entries"}},
		{"an entry put in at the end and counted", []string{"INSERT INTO entries " + columns + " SELECT 11, op, 3, name, at, body, hash, hash FROM entries WHERE seq = 10",
			`UPDATE operations SET last_n = 3, last_seq = 11 WHERE op = 'sale-c'`},
			[]string{"entry 11 (payment sale-c): was changed"}},
		{"an entry put in front", []string{"INSERT INTO entries " + columns + " SELECT 0 + 11, 'sale-d', 1, name, at, body, hash, hash FROM entries WHERE seq = 1"},
			[]string{"entry 11 (payment sale-d): has entries but is not listed"}},
		{"a second intent", []string{"UPDATE entries SET name = 'opened' WHERE seq = 5"},
			[]string{`is "opened" as number 3`}},
		{"the amount listed changed", []string{`UPDATE operations SET amount = '9940' WHERE op = 'sale-a'`},
			[]string{`(payment sale-a): the list of payments says amount "NZD 99.40", but the entries say "NZD 34.40"`}},
		{"the amount listed unreadable", []string{`UPDATE operations SET amount = 'much' WHERE op = 'sale-a'`},
			[]string{"(payment sale-a): its line in the list of payments cannot be read"}},
		{"an open payment listed as finished", []string{`UPDATE operations SET closed = 1 WHERE op = 'sale-c'`},
			[]string{`(payment sale-c): the list of payments says finished "yes", but the entries say "no"`}},
		{"everything else listed changed", []string{`UPDATE operations SET kind = 'x', service = 'x', external_ref = 'x', request_id = 'x', short_code = 'x', activity_code = 'x', status = 'x', outcome = 'x',
			opened_at = replace(opened_at, '2026', '2025'), updated_at = 'x' WHERE op = 'sale-b'`},
			[]string{"says kind", "says service", "says reference", "says payment request", "says short code", "says short code of its own", "says status", "says outcome", "says opened", "says last change"}},
		{"a line removed", []string{`DELETE FROM operations WHERE op = 'sale-a'`},
			[]string{"entry 1 (payment sale-a): has entries but is not listed"}},
		{"a line put in", []string{`INSERT INTO operations SELECT 99, 99, last_n, 'sale-x', kind, service, external_ref, request_id, short_code, currency, amount, status, outcome, opened_at, updated_at, closed, owner, activity_code, by_hand, doubtful
			FROM operations WHERE op = 'sale-a'`},
			[]string{"entry 99 (payment sale-x): is listed among the payments with 4 entries, but they are gone"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir, _ := threeSales(t)
			tamper(t, dir, tt.do...)
			report := verify(t, dir)
			var all []string
			for _, p := range report.Problems {
				all = append(all, p.String())
			}
			found := strings.Join(all, "\n")
			for _, want := range tt.want {
				if !strings.Contains(found, want) {
					t.Errorf("verify does not say %q; it says:\n%s", want, found)
				}
			}
		})
	}
}

// TestVerifyFindsMissingGuards: the triggers are part of what is verified.
func TestVerifyFindsMissingGuards(t *testing.T) {
	t.Parallel()
	dir, _ := threeSales(t)
	execute(t, dir,
		"DROP TRIGGER entries_never_change",
		"DROP TRIGGER entries_never_go",
		"CREATE TRIGGER entries_never_go BEFORE DELETE ON entries BEGIN SELECT 1; END",
		"CREATE TRIGGER helper AFTER INSERT ON entries BEGIN UPDATE operations SET closed = 1; END")
	found := fmt.Sprint(verify(t, dir).Problems)
	for _, want := range []string{
		"trigger entries_never_change, which guards the record, has been removed",
		"trigger entries_never_go has been changed from outside",
		"trigger helper has been added to the file from outside",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("verify does not say %q; it says %s", want, found)
		}
	}
}

// TestAnyChangedFieldIsFound changes one character of one field of one entry.
func TestAnyChangedFieldIsFound(t *testing.T) {
	t.Parallel()
	dir, _ := threeSales(t)
	rapid.Check(t, func(rt *rapid.T) {
		seq := rapid.IntRange(1, 10).Draw(rt, "seq")
		column := rapid.SampledFrom([]string{"op", "name", "at", "body", "prev_hash", "hash"}).Draw(rt, "column")
		db := raw(t, dir)
		defer shut(t, db)
		tx, err := db.BeginTx(t.Context(), nil)
		if err != nil {
			rt.Fatal(err)
		}
		defer tx.Rollback()
		var before []byte
		if err := tx.QueryRowContext(t.Context(), "SELECT CAST("+column+" AS BLOB) FROM entries WHERE seq = ?", seq).Scan(&before); err != nil {
			rt.Fatal(err)
		}
		after := append([]byte(nil), before...)
		after[rapid.IntRange(0, len(after)-1).Draw(rt, "place")] ^= byte(rapid.IntRange(1, 15).Draw(rt, "bits"))
		var value any = after
		if !strings.HasSuffix(column, "hash") {
			value = string(after)
		}
		if _, err := tx.ExecContext(t.Context(), "DROP TRIGGER entries_never_change"); err != nil {
			rt.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), "UPDATE entries SET "+column+" = ? WHERE seq = ?", value, seq); err != nil {
			return // the file itself refuses it
		}
		problems, err := ledger.VerifyTx(t.Context(), tx)
		if err != nil {
			rt.Fatal(err)
		}
		found := false
		for _, p := range problems {
			found = found || p.Seq == int64(seq) || p.Seq == int64(seq)+1
		}
		if !found {
			rt.Fatalf("a changed %s of entry %d is not found: %v", column, seq, problems)
		}
	})
	mustVerify(t, dir)
}

// TestKeptHead: against somebody who forges the whole file only a head that was
// kept elsewhere helps.
func TestKeptHead(t *testing.T) {
	t.Parallel()
	dir, head := threeSales(t)
	if report := verify(t, dir, head, ledger.Head{}); !report.Sound() || report.Head != head {
		t.Fatalf("untouched: %+v", report)
	}
	// Entries and lines cut back together leave a ledger that is sound in itself.
	tamper(t, dir, "DELETE FROM entries WHERE seq >= 9", "DELETE FROM operations WHERE op = 'sale-c'")
	if report := verify(t, dir); !report.Sound() {
		t.Errorf("forged whole, it should look sound: %v", report.Problems)
	}
	report := verify(t, dir, head)
	if len(report.Problems) != 1 || !strings.Contains(report.Problems[0].String(), "entry 10: is gone") {
		t.Errorf("the kept head finds %v", report.Problems)
	}
	// Something else written in their place does not help the forger.
	l := open(t, dir)
	openSale(t, "sale-d").append(t, l, 0)
	report = verify(t, dir, head)
	if len(report.Problems) != 1 || !strings.Contains(report.Problems[0].String(), "entry 10: the chain up to here is another") {
		t.Errorf("the kept head finds %v", report.Problems)
	}
}

func TestReportIsCapped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	for i := range 60 {
		openSale(t, opNamed("sale", i)).append(t, l, 0)
	}
	tamper(t, dir, "UPDATE entries SET at = replace(at, '2026', '2025')")
	report := verify(t, dir)
	// Each entry was changed, and each of the 60 lines differs in two times.
	if len(report.Problems) != ledger.MaxProblems || report.Unlisted != 120+120-ledger.MaxProblems {
		t.Errorf("%d problems and %d more, want 100 and 140", len(report.Problems), report.Unlisted)
	}
	if report.Entries != 120 || report.Operations != 60 {
		t.Errorf("%d entries and %d operations were read, want all", report.Entries, report.Operations)
	}
}

// TestTamperedLedgerIsNotContinued: a payment whose entries were cut off cannot be
// known any more, and to go on with it, or in the place of entries that were cut
// off the end, would hide that.
func TestTamperedLedgerIsNotContinued(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"its last entry is gone":              "DELETE FROM entries WHERE op = 'sale-a' AND n = 2",
		"the last payment's entries are gone": "DELETE FROM entries WHERE op = 'sale-b'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ended, err := ledger.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			a, b := openSale(t, "sale-a"), openSale(t, "sale-b")
			a.append(t, ended, 0)
			b.append(t, ended, 0)
			if err := ended.Close(); err != nil {
				t.Fatal(err)
			}
			l := open(t, dir) // it is changed while it is open: Open would refuse it
			tamper(t, dir, statement)
			if again, err := ledger.Open(t.Context(), dir); !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("it is opened: %v, %v", again, err)
			}
			if got := claim(t, l); len(got) != 2 {
				t.Fatalf("claimed %v", got)
			}
			a.add(pos.StopWanted{Why: pos.WhyRecovery})
			if err := l.Append(t.Context(), a.op, a.groups[2], a.summary()); !errors.Is(err, ledger.ErrDamaged) {
				t.Errorf("it was continued: %v, want ErrDamaged", err)
			}
		})
	}
}
