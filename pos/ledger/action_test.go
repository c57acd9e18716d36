package ledger_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// refundOf is a refund of a part of an earlier sale, answered at the second try.
func refundOf(t testing.TB, op, sale pos.OpID, ref string) *script {
	t.Helper()
	return newScript(op).
		add(pos.Opened{Kind: pos.KindRefund, Service: service, Refund: &pos.Refund{
			Target: pos.Target{RequestID: "req-" + string(sale), ShortCode: "SC" + string(sale), Value: nzd(t, "34.40")},
			Value:  nzd(t, "6.00"), ExternalRef: ref, InvoiceRef: "INV-7",
			Lines:  []pos.LineItem{{Name: "muffin", Qty: decimal.NewFromInt(1), Price: decimal.NewFromInt(600)}},
			Origin: pos.Origin{TerminalID: "till-1"},
		}}).
		add(pos.ActionSent{}).
		add(pos.NoAnswer{Call: "refund", Detail: "timeout"}, pos.ActionSent{}).
		add(pos.ActionDone{Activity: pos.Activity{
			Type: pos.ActivityRefund, Value: nzd(t, "6.00"), ShortCode: "CP-R-" + ref, CreatedAt: time.Date(2026, 11, 20, 14, 2, 9, 0, time.UTC),
		}}, pos.Ended{Outcome: pos.OutcomeRefunded})
}

// TestActionsAreListedAndFound: a refund is listed with its amount, reference,
// payment request and own short code, and found by each of them, beside its sale
// where they share the key.
func TestActionsAreListedAndFound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	refund := refundOf(t, "refund1", "sale1", "T1-REFUND")
	confirm := newScript("confirm1").add(pos.Opened{Kind: pos.KindConfirm, Service: service, Confirm: &pos.Confirm{
		Target: pos.Target{RequestID: "req-pre"}, Value: nzd(t, "1.00"), Key: "T1-KEY", InvoiceRef: "INV-8",
	}}).add(pos.ActionSent{})
	release := newScript("release1").add(pos.Opened{Kind: pos.KindRelease, Service: service, Release: &pos.Release{Target: pos.Target{RequestID: "req-pre"}}}).
		add(pos.ActionSent{}).
		add(pos.ActionDone{Activity: pos.Activity{Type: pos.ActivityRelease, Value: nzd(t, "9.00"), ShortCode: "CP-R-REL"}}, pos.Ended{Outcome: pos.OutcomeReleased})
	for _, s := range []*script{paidSale(t, "sale1"), refund, confirm, release} {
		s.append(t, l, 0)
		rows, err := l.Find(t.Context(), string(s.op))
		if err != nil || len(rows) != 1 || !sameSummary(rows[0].Summary, s.summary()) || rows[0].Facts != len(s.entries()) {
			t.Errorf("%s is listed as %+v, %v\nwant %+v", s.op, rows, err, s.summary())
		}
	}
	if sum := refund.summary(); sum.ActivityCode != "CP-R-T1-REFUND" || sum.ExternalRef != "T1-REFUND" || !sum.Amount.Equal(nzd(t, "6.00")) ||
		sum.RequestID != "req-sale1" || sum.ShortCode != "SCsale1" || !sum.Closed || sum.Kind != pos.KindRefund {
		t.Errorf("the refund amounts to %+v", sum)
	}
	if sum := release.summary(); !sum.Amount.Equal(nzd(t, "9.00")) || sum.ActivityCode != "CP-R-REL" {
		t.Errorf("the release amounts to %+v", sum)
	}
	for key, want := range map[string][]pos.OpID{
		"cp-r-t1-refund": {"refund1"}, "t1-refund": {"refund1"}, "T1-KEY": {"confirm1"}, "CP-R-REL": {"release1"},
		"req-sale1": {"refund1", "sale1"}, "SCSALE1": {"refund1", "sale1"}, "req-pre": {"release1", "confirm1"},
	} {
		if rows, err := l.Find(t.Context(), key); err != nil || !slices.Equal(opsOf(rows), want) {
			t.Errorf("%s finds %v, %v; want %v", key, opsOf(rows), err, want)
		}
	}
	rows, err := l.Unfinished(t.Context())
	if err != nil || !slices.Equal(opsOf(rows), []pos.OpID{"confirm1"}) {
		t.Errorf("unfinished: %v, %v", opsOf(rows), err)
	}
	mustVerify(t, dir)
}

func TestActionsOn(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	for _, s := range []*script{
		paidSale(t, "sale1"), refundOf(t, "refund1", "sale1", "A"), refundOf(t, "refund2", "sale1", "B"), refundOf(t, "refund3", "sale2", "A"),
	} {
		s.append(t, l, 0)
	}
	for _, tt := range []struct {
		service string
		request string
		want    []pos.OpID
	}{
		{service, "req-sale1", []pos.OpID{"refund1", "refund2"}},
		{service, "req-sale2", []pos.OpID{"refund3"}},
		{service + "#legacy", "req-sale1", []pos.OpID{"refund1", "refund2"}},
		{service, "req-other", nil},
		{"training", "req-sale1", nil},
	} {
		if got, err := l.ActionsOn(t.Context(), tt.service, tt.request); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("on %s at %s: %v, %v; want %v", tt.request, tt.service, got, err, tt.want)
		}
	}
}

// TestOpen: an operation on a request is opened only by who has seen all others.
func TestOpen(t *testing.T) {
	t.Parallel()
	l := open(t, t.TempDir())
	paidSale(t, "sale1").append(t, l, 0)
	opens := func(op pos.OpID, at string, seen ...pos.OpID) error {
		s := refundOf(t, op, "sale1", string(op))
		intent := s.entries()[0]
		opened := intent.Fact.(pos.Opened)
		opened.Service = at
		intent.Fact = opened
		return l.Open(t.Context(), op, intent, pos.Replay([]pos.Entry{intent}).Summary(op), seen)
	}
	if err := opens("first", service); err != nil {
		t.Fatal(err)
	}
	var conflict *pos.AlreadyOpened
	if err := opens("second", service+"#legacy"); !errors.As(err, &conflict) || conflict.Op != "first" {
		t.Errorf("a second of a form of the service, unseen: %v", err)
	}
	if entries, err := l.Entries(t.Context(), "second"); err != nil || len(entries) != 0 {
		t.Errorf("written all the same: %v, %v", entries, err)
	}
	if err := opens("second", service+"#legacy", "first"); err != nil {
		t.Errorf("seen: %v", err)
	}
	if err := opens("third", service, "first"); !errors.As(err, &conflict) || conflict.Op != "second" {
		t.Errorf("a third that has seen one of two: %v", err)
	}
	if err := opens("elsewhere", "training"); err != nil {
		t.Errorf("at another service: %v", err)
	}
}

// TestClaimOfOne: one operation goes over to whoever asks once its owner has
// ended, and not before.
func TestClaimOfOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := ledger.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	second, third := open(t, dir), open(t, dir)
	s := refundOf(t, "refund1", "sale1", "A")
	if err := first.Append(t.Context(), s.op, s.groups[0], s.summary()); err != nil {
		t.Fatal(err)
	}
	claim := func(l *ledger.Ledger, op pos.OpID, want bool) {
		t.Helper()
		if mine, err := l.Claim(t.Context(), op); err != nil || mine != want {
			t.Errorf("claim of %s: %v, %v; want %v", op, mine, err, want)
		}
	}
	claim(first, "refund1", true)
	claim(second, "refund1", false)
	claim(second, "nothing", false)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	claim(second, "refund1", true)
	claim(second, "refund1", true)
	claim(third, "refund1", false)
	s.append(t, second, 1)
	mustVerify(t, dir)
}

// TestLedgerOfTheFirstSchema opens a file that the first version wrote: all it
// holds is there, what it left open can be finished, and a refund goes into it.
func TestLedgerOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	unpack(t, dir, "schema1.db.gz")
	if _, err := ledger.OpenReadOnly(t.Context(), dir); !errors.Is(err, ledger.ErrOlderSchema) {
		t.Errorf("reading alone: %v, want ErrOlderSchema", err)
	}
	// The end of the chain as the first version said it.
	kept := ledger.Head{Seq: 11, Hash: "2c9b58a061f3b1d68ff346e349c299634b841d92128703854562b2e2b64cbe6a"}
	l := open(t, dir)
	rows, err := l.List(t.Context(), ledger.Filter{})
	if err != nil || !slices.Equal(opsOf(rows), []pos.OpID{"oldopensale", "oldvoid", "oldpaidsale"}) {
		t.Fatalf("%v, %v", opsOf(rows), err)
	}
	for i, want := range []pos.Outcome{pos.OutcomeOpen, pos.OutcomeVoided, pos.OutcomePaid} {
		if rows[i].Outcome != want || rows[i].ActivityCode != "" || rows[i].Amount.String() != "12.50" {
			t.Errorf("%+v, want the outcome %q", rows[i], want)
		}
	}
	if ops, err := l.ClaimOrphans(t.Context(), service); err != nil || !slices.Equal(ops, []pos.OpID{"oldopensale"}) {
		t.Errorf("left open: %v, %v", ops, err)
	}
	refundOf(t, "refund1", "PAID", "A").append(t, l, 0)
	if report := verify(t, dir, kept); !report.Sound() || report.Operations != 4 {
		t.Errorf("%+v", report)
	}
}

func unpack(t *testing.T, dir, name string) {
	t.Helper()
	packed, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, data)
}
