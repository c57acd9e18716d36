package ledger_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// withStray is a sale for which a lost create had made a second request.
func withStray(t testing.TB, op pos.OpID) *script {
	t.Helper()
	first, second := requestOf(t, op, pos.StatusNew), requestOf(t, op, pos.StatusNew)
	second.ID, second.ShortCode = "stray-of-"+string(op), "ST"+string(op)
	return newScript(op).add(saleOf(t, op)).add(pos.NoAnswer{Call: "create", Detail: "timeout"}).
		add(pos.Adopted{Request: first}, pos.StrayFound{Request: second}, pos.VoidSent{RequestID: second.ID})
}

func opsOf(rows []ledger.Row) []pos.OpID {
	var ops []pos.OpID
	for _, r := range rows {
		ops = append(ops, r.Op)
	}
	return ops
}

// TestRowSaysWhatTheFactsSay: every field of the summary reaches the list.
func TestRowSaysWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	paid := paidSale(t, "paid")
	void := newScript("void").add(pos.Opened{Kind: pos.KindVoid, Service: service,
		Void: &pos.Target{RequestID: "req-1", ShortCode: "SC1"}})
	for _, s := range []*script{paid, void} {
		s.append(t, l, 0)
		rows, err := l.Find(t.Context(), string(s.op))
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		row := rows[0]
		if !sameSummary(row.Summary, s.summary()) {
			t.Errorf("listed as %+v\nwant %+v", row.Summary, s.summary())
		}
		if !row.UpdatedAt.Equal(s.at) || row.Facts != len(s.entries()) || row.Owner != l.Owner() || !row.OwnerAlive {
			t.Errorf("%+v; want changed at %v, %d facts, and a running owner", row, s.at, len(s.entries()))
		}
	}
	// The comparison above is worth something only if nothing in it is empty.
	sum := paid.summary()
	if sum.Kind == "" || sum.Service == "" || sum.ExternalRef == "" || sum.RequestID == "" || sum.ShortCode == "" ||
		!sum.Amount.IsKnown() || sum.Status == "" || sum.Outcome == "" || sum.OpenedAt.IsZero() || !sum.Closed {
		t.Errorf("the paid sale leaves a field of its summary empty: %+v", sum)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	for i, s := range []*script{paidSale(t, "op-1"), openSale(t, "op-2"), paidSale(t, "op-3"), openSale(t, "op-4")} {
		for _, group := range s.groups {
			for j := range group {
				// Part of a second must not upset the order of times written as text.
				group[j].At = day.AddDate(0, 0, i).Add(time.Duration(j) * 500 * time.Millisecond)
			}
		}
		s.append(t, l, 0)
	}
	elsewhere := saleOf(t, "op-5")
	elsewhere.Service = "training"
	newScript("op-5").add(elsewhere).append(t, l, 0)

	for _, tt := range []struct {
		name   string
		filter ledger.Filter
		want   []pos.OpID
	}{
		{"everything", ledger.Filter{}, []pos.OpID{"op-5", "op-4", "op-3", "op-2", "op-1"}},
		{"the newest two", ledger.Filter{Limit: 2}, []pos.OpID{"op-5", "op-4"}},
		{"unfinished", ledger.Filter{OnlyUnfinished: true}, []pos.OpID{"op-5", "op-4", "op-2"}},
		{"the newest unfinished", ledger.Filter{OnlyUnfinished: true, Limit: 1}, []pos.OpID{"op-5"}},
		{"of one service", ledger.Filter{Service: service}, []pos.OpID{"op-4", "op-3", "op-2", "op-1"}},
		{"since a time", ledger.Filter{Since: day.AddDate(0, 0, 2), Service: service}, []pos.OpID{"op-4", "op-3"}},
		{"since just after it", ledger.Filter{Since: day.AddDate(0, 0, 2).Add(1), Service: service}, []pos.OpID{"op-4"}},
		{"since and until, in another zone", ledger.Filter{Since: day.AddDate(0, 0, 1).In(time.FixedZone("NZDT", 13*3600)), Until: day.AddDate(0, 0, 3)},
			[]pos.OpID{"op-3", "op-2"}},
		{"nothing", ledger.Filter{Since: day.AddDate(9, 0, 0)}, nil},
	} {
		rows, err := l.List(t.Context(), tt.filter)
		if got := opsOf(rows); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
	rows, err := l.Unfinished(t.Context())
	if want := []pos.OpID{"op-5", "op-4", "op-2"}; err != nil || !slices.Equal(opsOf(rows), want) {
		t.Errorf("unfinished: %v, %v; want %v", opsOf(rows), err, want)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	paidSale(t, "abcdef11").append(t, l, 0)
	withStray(t, "abcdef22").append(t, l, 0)
	again := saleOf(t, "other333")
	again.Sale.ExternalRef = "TILL1-ABCDEF11" // a reference that somebody gave twice
	newScript("other333").add(again).append(t, l, 0)
	for i := range 3 {
		openSale(t, opNamed("req-abcd", i)).append(t, l, 0)
	}
	for _, tt := range []struct {
		key  string
		want []pos.OpID
	}{
		{"abcdef11", []pos.OpID{"abcdef11"}},
		{" abcdef11\n", []pos.OpID{"abcdef11"}},
		{"other3", []pos.OpID{"other333"}},
		{"abcdef", []pos.OpID{"abcdef22", "abcdef11"}},
		{"other", nil}, // too short to be a prefix
		{"req-abcdef11", []pos.OpID{"abcdef11"}},
		{"REQ-ABCDEF11", nil}, // ids of the service are exact
		{"SCABCDEF22", []pos.OpID{"abcdef22"}},
		{"scabcdef22", []pos.OpID{"abcdef22"}},
		{"TILL1-ABCDEF11", []pos.OpID{"other333", "abcdef11"}},
		{"till1-abcdef11", []pos.OpID{"other333", "abcdef11"}},
		{"stray-of-abcdef22", []pos.OpID{"abcdef22"}},
		{"STABCDEF22", []pos.OpID{"abcdef22"}},
		{"req-abcd00000001", []pos.OpID{"req-abcd00000001"}},
		{"%", nil},
		{"_bcdef11", nil},
		{"'; DROP TABLE entries; --", nil},
		{"", nil},
		{"  ", nil},
	} {
		rows, err := l.Find(t.Context(), tt.key)
		if got := opsOf(rows); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: %v, %v; want %v", tt.key, got, err, tt.want)
		}
	}
}

// TestQueriesUseIndices: what screens and commands ask for does not read the
// whole ledger, however long it has grown.
func TestQueriesUseIndices(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	for i := range 50 {
		withStray(t, opNamed("sale", i)).append(t, l, 0)
	}
	for query, args := range ledger.Queries() {
		for _, step := range planOf(t, l.Writer(), query, args) {
			if step == "SCAN operations" || step == "SCAN entries" || step == "SCAN baskets" {
				t.Errorf("%s\nreads everything: %s", query, step)
			}
		}
	}
}

func planOf(t *testing.T, db *sql.Conn, query string, args []any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil || len(steps) == 0 {
		t.Fatalf("no plan: %v", err)
	}
	return steps
}

func TestEntriesOfNobody(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	if entries, err := l.Entries(t.Context(), "unknown"); err != nil || len(entries) != 0 {
		t.Errorf("%v, %v; want none", entries, err)
	}
	if head, err := l.Head(t.Context()); err != nil || head.Seq != 0 || len(head.Hash) != 64 {
		t.Errorf("the head of an empty ledger is %+v, %v", head, err)
	}
	if report, err := l.Verify(t.Context()); err != nil || !report.Sound() || report.Entries != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

func ExampleProblem() {
	fmt.Println(ledger.Problem{Seq: 7, Op: "k3q9x2mn", What: "is missing"})
	fmt.Println(ledger.Problem{Seq: 7, What: "is missing"})
	fmt.Println(ledger.Problem{Op: "k3q9x2mn", What: "is not listed"})
	fmt.Println(ledger.Problem{What: "the file is damaged"})
	// Output:
	// entry 7 (payment k3q9x2mn): is missing
	// entry 7: is missing
	// payment k3q9x2mn: is not listed
	// the file is damaged
}
