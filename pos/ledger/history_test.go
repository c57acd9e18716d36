package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// history gives the operations that a search is for, of all pages of so many rows.
func history(t testing.TB, r *ledger.Reader, s ledger.Search) []pos.OpID {
	t.Helper()
	var ops []pos.OpID
	for {
		page, err := r.History(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Rows {
			ops = append(ops, row.Op)
		}
		if s.Limit > 0 && len(page.Rows) > s.Limit || page.Next != 0 && len(page.Rows) != s.Limit {
			t.Fatalf("a page of %d rows, and more behind it: %v; asked for %d", len(page.Rows), page.Next != 0, s.Limit)
		}
		if page.Next == 0 {
			return ops
		}
		s.After = page.Next
	}
}

// codedSale is a paid sale whose request has a short code as the service gives it.
func codedSale(t testing.TB, op pos.OpID, code string) *script {
	t.Helper()
	req := requestOf(t, op, pos.StatusPaid)
	req.ShortCode = code
	return newScript(op).add(saleOf(t, op)).add(pos.Adopted{Request: req}, pos.Ended{Outcome: pos.OutcomePaid})
}

func TestHistoryFindsByAnyText(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	codedSale(t, "alpha1", "CP-X4V-6N").append(t, l, 0)
	codedSale(t, "beta22", "CP-C7F-ZS5").append(t, l, 0)
	openSale(t, "gamma3").append(t, l, 0)
	refundOf(t, "delta4", "beta22", "CREDIT-77").append(t, l, 0)
	for text, want := range map[string][]pos.OpID{
		"":            {"delta4", "gamma3", "beta22", "alpha1"},
		"  ":          {"delta4", "gamma3", "beta22", "alpha1"},
		"CP-X4V-6N":   {"alpha1"},
		"x4v6n":       {"alpha1"},
		"X4V-6N":      {"alpha1"},
		"x4v 6n":      {"alpha1"},
		"cpx4v":       {"alpha1"},
		"c7f":         {"beta22"},
		"TILL1-":      {"gamma3", "beta22", "alpha1"},
		"till1-alpha": {"alpha1"},
		"34.40":       {"gamma3", "beta22", "alpha1"},
		"6.00":        {"delta4"},
		"credit-77":   {"delta4"},
		"req-beta22":  {"delta4", "beta22"},
		"R-CREDIT":    {"delta4"},
		"%":           nil,
		"alpha1\nreq": nil,
	} {
		if got := history(t, l.Reader, ledger.Search{Text: text}); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if got := history(t, l.Reader, ledger.Search{Outcomes: []pos.Outcome{pos.OutcomeOpen}}); !slices.Equal(got, []pos.OpID{"gamma3"}) {
		t.Errorf("open: %v", got)
	}
	if got := history(t, l.Reader, ledger.Search{Kinds: []pos.Kind{pos.KindRefund}, Text: "beta22"}); !slices.Equal(got, []pos.OpID{"delta4"}) {
		t.Errorf("refunds: %v", got)
	}
	if got := history(t, l.Reader, ledger.Search{Amount: nzd(t, "6.00")}); !slices.Equal(got, []pos.OpID{"delta4"}) {
		t.Errorf("by amount: %v", got)
	}
}

// TestHistoryIsWhatAWalkFinds searches at random, in one reader while the record grows
// and its sales go on, and holds that against a walk through all there is.
func TestHistoryIsWhatAWalkFinds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	r := readOnly(t, dir)
	random := rand.New(rand.NewPCG(5, 6))
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var scripts []*script
	written := map[*script]int{}
	for step := range 150 {
		if s := anyOf(random, scripts...); step%3 == 0 || s == nil || written[s] == len(s.groups) {
			op := pos.OpID(fmt.Sprintf("op%c%04d", 'a'+random.IntN(3), step))
			s := anyOf(random, paidSale, openSale, paidAfterCondition)(t, op)
			back := s.at.Sub(day.Add(time.Duration(random.IntN(20*24)) * time.Hour))
			for _, group := range s.groups {
				for i := range group {
					group[i].At = group[i].At.Add(-back)
				}
			}
			scripts = append(scripts, s)
		}
		s := scripts[len(scripts)-1-random.IntN(min(len(scripts), 5))]
		if n := written[s]; n < len(s.groups) {
			if err := l.Append(t.Context(), s.op, s.groups[n], s.summary()); err != nil {
				t.Fatal(err)
			}
			written[s]++
		}
		search := ledger.Search{Limit: 1 + random.IntN(9), Text: anyOf(random, "", "opa", "OPB00", "till1-opc", "scop", "34.4", "00", "nothing")}
		if random.IntN(2) == 0 {
			search.From = day.Add(time.Duration(random.IntN(10*24)) * time.Hour)
			search.Until = search.From.Add(time.Duration(random.IntN(10*24)) * time.Hour)
		}
		if random.IntN(3) == 0 {
			search.Outcomes = []pos.Outcome{anyOf(random, pos.OutcomePaid, pos.OutcomeOpen)}
		}
		rows, err := r.List(t.Context(), ledger.Filter{Since: search.From, Until: search.Until})
		if err != nil {
			t.Fatal(err)
		}
		var want []pos.OpID
		for _, row := range rows {
			text := strings.ToLower(strings.Join([]string{string(row.Op), row.ExternalRef, row.RequestID, row.ShortCode, row.Amount.String()}, "\n"))
			if strings.Contains(text, strings.ToLower(search.Text)) && (len(search.Outcomes) == 0 || row.Outcome == search.Outcomes[0]) {
				want = append(want, row.Op)
			}
		}
		if got := history(t, r, search); !slices.Equal(got, want) {
			t.Fatalf("step %d, %+v: %v, want %v", step, search, got, want)
		}
	}
}

func anyOf[T any](random *rand.Rand, of ...T) T {
	var none T
	if len(of) == 0 {
		return none
	}
	return of[random.IntN(len(of))]
}

// TestHistoryPagesStandStill: what is opened while somebody turns the pages moves none.
func TestHistoryPagesStandStill(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	for i := range 10 {
		openSale(t, opNamed("sale", i)).append(t, l, 0)
	}
	for _, text := range []string{"", "sale"} {
		first, err := l.History(t.Context(), ledger.Search{Text: text, Limit: 4})
		if err != nil {
			t.Fatal(err)
		}
		openSale(t, pos.OpID("sale-meanwhile"+text)).append(t, l, 0)
		second, err := l.History(t.Context(), ledger.Search{Text: text, Limit: 4, After: first.Next})
		if err != nil || len(second.Rows) != 4 || second.Rows[0].Op == first.Rows[3].Op {
			t.Fatalf("%q: %+v, %v", text, second, err)
		}
		seen := map[pos.OpID]bool{}
		for _, row := range slices.Concat(first.Rows, second.Rows) {
			if seen[row.Op] {
				t.Errorf("%q: %s is on two pages", text, row.Op)
			}
			seen[row.Op] = true
		}
	}
}

// TestFindByShortCodeHoweverSpelt gives all that share one.
func TestFindByShortCodeHoweverSpelt(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	codedSale(t, "sale1", "CP-X4V-6N").append(t, l, 0)
	codedSale(t, "sale2", "CP-C7F-ZS5").append(t, l, 0)
	codedSale(t, "sale3", "CP-X4V-6N").append(t, l, 0) // short codes come again after a time
	for _, key := range []string{"CP-X4V-6N", "cp-x4v-6n", "x4v6n", "X4V-6N", "cpx4v6n", " X4V 6N "} {
		rows, err := l.Find(t.Context(), key)
		if got := opsOf(rows); err != nil || !slices.Equal(got, []pos.OpID{"sale3", "sale1"}) {
			t.Errorf("%q: %v, %v", key, got, err)
		}
	}
	for _, key := range []string{"x4v6", "4v6n", "CP", "-", "cpcpx4v6n"} {
		if rows, err := l.Find(t.Context(), key); err != nil || len(rows) != 0 {
			t.Errorf("%q: %v, %v", key, opsOf(rows), err)
		}
	}
}
