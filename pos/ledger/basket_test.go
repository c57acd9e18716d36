package ledger_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/pos/postest"
)

var basketTime = time.Date(2026, 11, 20, 14, 2, 3, 250_000_001, time.UTC)

// newBasket is one of a till of its own name, empty.
func newBasket(t testing.TB, till string) pos.Basket {
	t.Helper()
	return pos.NewBasketAt(nzd(t, "1.00").Currency(), till).As("ana", basketTime)
}

// ring rings up one more thing.
func ring(t testing.TB, b pos.Basket, name string) pos.Basket {
	t.Helper()
	b, _, err := b.As("ana", basketTime.Add(time.Duration(b.Entries())*time.Second)).
		AddOpen(name, nzd(t, "5.50"), decimal.NewFromInt(1), decimal.NewFromInt(15))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func did(t testing.TB) func(pos.Basket, error) pos.Basket {
	return func(b pos.Basket, err error) pos.Basket {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// save saves what is new since so many entries.
func save(t testing.TB, d pos.Drafts, id pos.BasketID, b pos.Basket, since int) {
	t.Helper()
	if err := d.Save(t.Context(), id, b.EntriesSince(since), b.Summary(id)); err != nil {
		t.Fatal(err)
	}
}

// load gives the basket that was kept.
func load(t testing.TB, d pos.Drafts, id pos.BasketID) pos.Basket {
	t.Helper()
	entries, err := d.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return did(t)(pos.ReplayBasket(entries))
}

// shown is all that can be seen of a basket and its line.
func shown(t testing.TB, b pos.Basket) string {
	t.Helper()
	data, err := json.Marshal(struct {
		Lines   []pos.BasketLine
		Trace   []pos.Trace
		Summary pos.BasketSummary
	}{b.Lines(), b.Trace(), b.Summary("any")})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestBasketIsKeptLineForLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	drafts, id := l.Baskets(), pos.RandomIDs{}.NewBasket()
	b, saved := newBasket(t, "till-1"), 0
	for _, name := range []string{"flat white", "muffin", "eggs"} {
		b = ring(t, b, name)
		save(t, drafts, id, b, saved)
		saved = b.Entries()
	}
	b = did(t)(b.Remove(2, "rung up by mistake"))
	save(t, drafts, id, b, saved)
	save(t, drafts, id, b, saved) // again, as after an answer that was lost
	save(t, drafts, id, b, 0)
	if got := load(t, drafts, id); shown(t, got) != shown(t, b) {
		t.Errorf("kept\n%s\nwant\n%s", shown(t, got), shown(t, b))
	}
	paidSale(t, "sale1").append(t, l, 0)
	report := mustVerify(t, dir)
	if report.Baskets != 1 || report.Operations != 1 || report.Entries != int64(b.Entries())+int64(len(paidSale(t, "sale1").entries())) {
		t.Errorf("%+v", report)
	}
	trace, err := pos.TraceOf(b.EntriesSince(0))
	if err != nil || len(trace) != 1 || trace[0].Reason != "rung up by mistake" || trace[0].By != "ana" {
		t.Errorf("the trace: %+v, %v", trace, err)
	}
}

// TestBasketsAsTheFakeKeepsThem saves, claims and lists at random, in the ledger and in
// the record that the rules of baskets are tested with: both always say the same.
func TestBasketsAsTheFakeKeepsThem(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		dir, random := t.TempDir(), rand.New(rand.NewPCG(seed, 7))
		ledgers := []*ledger.Ledger{open(t, dir), open(t, dir)}
		first := postest.NewDrafts()
		fakes := []*postest.Drafts{first, first.Second()}
		kept := []pos.Drafts{ledgers[0].Baskets(), ledgers[1].Baskets()}
		versions := map[pos.BasketID][]pos.Basket{}
		ids := []pos.BasketID{"a", "b", "c"}
		for step := range 120 {
			id, who := ids[random.IntN(len(ids))], random.IntN(2)
			switch random.IntN(12) {
			case 0: // a process ends and another begins
				fakes[who] = fakes[who].Restart()
				if err := ledgers[who].Close(); err != nil {
					t.Fatal(err)
				}
				ledgers[who] = open(t, dir)
				kept[who] = ledgers[who].Baskets()
			case 1:
				sameList(t, seed, step, func(d pos.Drafts) ([]pos.BasketSummary, error) {
					return d.ClaimInProgress(t.Context(), "till-1")
				}, kept[who], fakes[who])
			default:
				all := versions[id]
				if len(all) == 0 {
					all = append(all, newBasket(t, "till-1"))
				}
				from := all[max(0, len(all)-1-random.IntN(2))]
				next := changedAtRandom(t, random, from)
				versions[id] = append(all, next)
				since := max(0, next.Entries()-random.IntN(4))
				is := kept[who].Save(t.Context(), id, next.EntriesSince(since), next.Summary(id))
				want := fakes[who].Save(t.Context(), id, next.EntriesSince(since), next.Summary(id))
				if conflictOf(is) != conflictOf(want) {
					t.Fatalf("seed %d step %d: %v, want %v", seed, step, is, want)
				}
				if want != nil { // the basket goes on from what was saved
					entries, err := fakes[who].Load(t.Context(), id)
					if err != nil {
						t.Fatal(err)
					}
					if versions[id] = nil; len(entries) > 0 {
						versions[id] = []pos.Basket{did(t)(pos.ReplayBasket(entries))}
					}
				}
			}
			sameBaskets(t, seed, step, ids, kept[who], fakes[who])
		}
		mustVerify(t, dir)
	}
}

func conflictOf(err error) string {
	var conflict *pos.DraftConflict
	switch {
	case err == nil:
		return ""
	case errors.As(err, &conflict):
		return fmt.Sprintf("%+v", *conflict)
	}
	return err.Error()
}

func sameBaskets(t *testing.T, seed uint64, step int, ids []pos.BasketID, is, want pos.Drafts) {
	t.Helper()
	for _, list := range []func(pos.Drafts) ([]pos.BasketSummary, error){
		func(d pos.Drafts) ([]pos.BasketSummary, error) { return d.Held(t.Context()) },
		func(d pos.Drafts) ([]pos.BasketSummary, error) { return d.Ended(t.Context(), basketTime, 2) },
	} {
		sameList(t, seed, step, list, is, want)
	}
	for _, id := range ids {
		a, errA := is.Load(t.Context(), id)
		b, errB := want.Load(t.Context(), id)
		same := errA == nil && errB == nil && len(a) == len(b)
		for i := 0; same && i < len(a); i++ {
			same = a[i].Same(b[i])
		}
		if !same {
			t.Fatalf("seed %d step %d: %s has %v, %v; want %v, %v", seed, step, id, a, errA, b, errB)
		}
	}
	a, errA := is.BasketOf(t.Context(), "REF-1")
	b, errB := want.BasketOf(t.Context(), "REF-1")
	if a != b || errA != nil || errB != nil {
		t.Fatalf("seed %d step %d: the basket of a reference is %q, %v; want %q, %v", seed, step, a, errA, b, errB)
	}
}

func sameList(t *testing.T, seed uint64, step int, list func(pos.Drafts) ([]pos.BasketSummary, error), is, want pos.Drafts) {
	t.Helper()
	a, errA := list(is)
	b, errB := list(want)
	textA, _ := json.Marshal(a) //nolint:errchkjson // compared below
	textB, _ := json.Marshal(b) //nolint:errchkjson // compared below
	if errA != nil || errB != nil || string(textA) != string(textB) {
		t.Fatalf("seed %d step %d: listed\n%s, %v; want\n%s, %v", seed, step, textA, errA, textB, errB)
	}
}

// changedAtRandom does something that the basket allows; nothing is no change.
func changedAtRandom(t testing.TB, random *rand.Rand, b pos.Basket) pos.Basket {
	t.Helper()
	stamp := basketTime.Add(time.Duration(random.IntN(1000)) * time.Second)
	b = b.As("ana", stamp)
	next := b
	var err error
	switch random.IntN(8) {
	case 0:
		next, err = b.Hold("table 4")
	case 1:
		next, err = b.Discard("left")
	case 2:
		if b.Len() > 0 {
			next, err = b.Remove(b.At(0).ID, "not wanted")
		}
	case 3:
		next, err = b.AskPayment(fmt.Sprintf("REF-%d", random.IntN(3)), b.Total())
	default:
		if b.Stage() == pos.StageHeld {
			next, err = b.Recall("till-1")
		} else if b.Stage() == pos.StageSelling {
			next = ring(t, b, "muffin")
		}
	}
	if err != nil {
		return b
	}
	return next
}

// ringer rings up one thing after the other, for ever, saying each that is saved.
func ringer(ctx context.Context, args []string) error {
	l, err := ledger.Open(ctx, args[0])
	if err != nil {
		return err
	}
	drafts, id := l.Baskets(), pos.BasketID(args[1])
	b, saved := newBasket(failing{}, "till-1"), 0
	for {
		b = ring(failing{}, b, fmt.Sprintf("thing %d", b.Len()+1))
		if b.Len() > 5 && b.Entries()%3 == 0 {
			b = did(failing{})(b.Remove(b.At(0).ID, "not wanted"))
		}
		if err := drafts.Save(ctx, id, b.EntriesSince(saved), b.Summary(id)); err != nil {
			return err
		}
		saved = b.Entries()
		fmt.Println(saved)
	}
}

// basketTaker opens the ledger, says so, and on the next line of its standard input
// takes up what is in progress and lists it. It stays alive until the input ends.
func basketTaker(ctx context.Context, args []string) error {
	l, err := ledger.Open(ctx, args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	in := bufio.NewScanner(os.Stdin)
	in.Scan()
	list, err := l.Baskets().ClaimInProgress(ctx, "till-1")
	if err != nil {
		return err
	}
	for _, basket := range list {
		fmt.Println(basket.ID)
	}
	fmt.Println("done")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return l.Close()
}

// TestBasketSurvivesItsTill kills a process in the middle of ringing up: everything
// that was saved is there, in order, and one of those who come after it goes on.
func TestBasketSurvivesItsTill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	random := rand.New(rand.NewPCG(3, 4))
	for round := range 8 {
		id := pos.BasketID(fmt.Sprintf("round%d", round))
		till := start(t, "ringer", dir, string(id))
		said := []string{till.line()}
		for range random.IntN(40) {
			said = append(said, till.line())
		}
		takers := []*child{start(t, "taker", dir), start(t, "taker", dir)}
		for _, taker := range takers {
			taker.line()
		}
		said = append(said, till.kill()...)
		var saved int
		for _, line := range said {
			var n int
			if _, err := fmt.Sscan(line, &n); err == nil {
				saved = max(saved, n)
			}
		}
		for _, taker := range takers {
			taker.say("go")
		}
		taken := 0
		for _, taker := range takers {
			for line := taker.line(); line != "done"; line = taker.line() {
				if line == string(id) {
					taken++
				}
			}
		}
		if taken != 1 {
			t.Errorf("round %d: taken up %d times", round, taken)
		}
		for _, taker := range takers {
			taker.wait()
		}
		b := load(t, l.Baskets(), id)
		if b.Entries() < saved || b.Entries() > saved+3 || b.Summary(id).Stage != pos.StageSelling {
			t.Errorf("round %d: %d entries were saved, %d are there", round, saved, b.Entries())
		}
		list, err := l.Baskets().ClaimInProgress(t.Context(), "till-1")
		if err != nil || len(list) != 1 || list[0].Entries != b.Entries() || !list[0].Total.Equal(b.Total()) {
			t.Fatalf("round %d: %+v, %v", round, list, err)
		}
		save(t, l.Baskets(), id, did(t)(b.Discard("the customer has left")), b.Entries())
	}
	mustVerify(t, dir)
}

// TestBasketOfARunningTill is nobody else's.
func TestBasketOfARunningTill(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	till := start(t, "ringer", dir, "theirs")
	till.line()
	l := open(t, dir)
	if list, err := l.Baskets().ClaimInProgress(t.Context(), "till-1"); err != nil || len(list) != 0 {
		t.Errorf("taken up from a till that runs: %v, %v", list, err)
	}
	entries, err := l.BasketEntries(t.Context(), "theirs")
	if err != nil || len(entries) == 0 {
		t.Fatalf("%v, %v", entries, err)
	}
	b := did(t)(pos.ReplayBasket(entries))
	next := ring(t, b, "of another till")
	err = l.Baskets().Save(t.Context(), "theirs", next.EntriesSince(b.Entries()), next.Summary("theirs"))
	var conflict *pos.DraftConflict
	if !errors.As(err, &conflict) {
		t.Errorf("saved into it: %v", err)
	}
	till.kill()
	mustVerify(t, dir)
}

// TestBasketTampering: what was taken off a basket cannot be hidden.
func TestBasketTampering(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ statement, want string }{
		"the trace is changed": {`UPDATE entries SET body = replace(body, 'pocketed', 'mistaken') WHERE name = 'line-removed'`,
			"was changed after it was written"},
		"the trace is taken out": {`DELETE FROM entries WHERE name = 'line-removed'`, "is missing"},
		"the last entry is cut off": {`DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)`,
			"entries were cut off or put in"},
		"the list says less":       {`UPDATE baskets SET total = '1'`, `the list of baskets says total`},
		"the list says another":    {`UPDATE baskets SET opened_by = 'bob'`, `the list of baskets says opened`},
		"it is gone from the list": {`DELETE FROM baskets`, "is not listed among the baskets"},
		"all of it is gone":        {`DELETE FROM entries WHERE op LIKE 'basket:%'`, "is listed among the baskets with 5 entries, but they are gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			l, err := ledger.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			b := ring(t, ring(t, newBasket(t, "till-1"), "muffin"), "eggs")
			b = ring(t, did(t)(b.Remove(1, "pocketed")), "tea")
			save(t, l.Baskets(), "b1", b, 0)
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			tamper(t, dir, tt.statement)
			var all []string
			for _, problem := range verify(t, dir).Problems {
				all = append(all, problem.String())
			}
			if got := strings.Join(all, "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// TestBasketThatIsNone: entries that make no basket are refused and leave nothing.
func TestBasketThatIsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	b := ring(t, newBasket(t, "till-1"), "muffin")
	entries := b.EntriesSince(0)
	broken := slices.Concat(entries, []pos.BasketEntry{{N: len(entries) + 1, At: basketTime, Change: pos.LineRemoved{ID: 99}}})
	for name, wrong := range map[string]struct {
		id      pos.BasketID
		entries []pos.BasketEntry
	}{
		"no id":                     {"", entries},
		"no change":                 {"b1", []pos.BasketEntry{{N: 1, At: basketTime}}},
		"a line that is not there":  {"b1", broken},
		"not from its beginning on": {"b2", []pos.BasketEntry{{N: 1, At: basketTime, Change: pos.LineRemoved{ID: 1}}}},
	} {
		if err := l.Baskets().Save(t.Context(), wrong.id, wrong.entries, pos.BasketSummary{}); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := newScript("basket:x").add(saleOf(t, "basket:x"))
	if err := l.Append(t.Context(), s.op, s.groups[0], s.summary()); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("a payment with the name of a basket: %v", err)
	}
	if report := mustVerify(t, dir); report.Entries != 0 {
		t.Errorf("%+v", report)
	}
}
