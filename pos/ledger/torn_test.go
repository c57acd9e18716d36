package ledger_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"centrapos/pos/ledger"
)

// TestTornWrites cuts the write-ahead log off anywhere in what the last append wrote,
// and spoils it, as a loss of power in the middle of a write does. Whatever is left,
// earlier appends are there, the last is there whole or not at all, and the ledger
// goes on.
func TestTornWrites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := open(t, dir)
	s := paidAfterCondition(t, "sale")
	log := filepath.Join(dir, "ledger.db-wal")
	size := func() int64 {
		info, err := os.Stat(log)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	var written, acknowledged int
	var before int64
	for _, group := range s.groups {
		before, acknowledged = size(), written
		if err := l.Append(t.Context(), s.op, group, s.summary()); err != nil {
			t.Fatal(err)
		}
		written += len(group)
	}
	after := size()
	if after <= before {
		t.Fatalf("the last append wrote nothing to the log: %d bytes, then %d", before, after)
	}
	whole := map[int]int{}
	const cuts = 16
	for i := range int64(cuts + 1) {
		cut := before + (after-before)*i/cuts
		for _, spoil := range []bool{false, true} {
			torn := filepath.Join(t.TempDir(), "torn")
			copyTorn(t, dir, torn, cut, spoil && cut-spoilt >= before)
			if report := mustVerify(t, torn); report.Entries != int64(acknowledged) && report.Entries != int64(written) {
				t.Fatalf("cut at %d of %d to %d: %d entries, want %d or %d", cut, before, after, report.Entries, acknowledged, written)
			} else {
				whole[int(report.Entries)]++
			}
			again, err := ledger.Open(t.Context(), torn)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			paidSale(t, "after").append(t, again, 0)
			if err := again.Close(); err != nil {
				t.Error(err)
			}
			mustVerify(t, torn)
		}
	}
	if whole[acknowledged] == 0 || whole[written] == 0 {
		t.Errorf("%d cuts lost the last append, %d did not", whole[acknowledged], whole[written])
	}
	t.Logf("%d cuts lost the last append, %d did not", whole[acknowledged], whole[written])
}

// spoilt is how many bytes at the end of a torn log are not what was written.
const spoilt = 16

// copyTorn copies a ledger that is in use with its log cut off, the last bytes of
// which may be spoilt.
func copyTorn(t *testing.T, from, to string, cut int64, spoil bool) {
	t.Helper()
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ledger.db", "ledger.db-wal"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "ledger.db-wal" {
			data = data[:cut]
			for i := len(data) - spoilt; spoil && i < len(data); i++ {
				data[i] ^= 0x5a
			}
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o600); err != nil {
			t.Fatal(fmt.Errorf("write the torn copy: %w", err))
		}
	}
}
