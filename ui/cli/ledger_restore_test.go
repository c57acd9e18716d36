package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/pos/ledger"
)

func TestLedgerRestore(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	first := s.paid()
	folder := filepath.Join(t.TempDir(), "copy")
	s.done("ledger", "backup", folder)
	later := s.paid()
	if got := s.run("ledger", "restore", filepath.Join(t.TempDir(), "nothing")); got.code != exitUsage {
		t.Errorf("from nothing: exit %d: %s", got.code, got.stdout)
	}
	got := s.run("ledger", "restore", folder)
	doc := got.document(t)
	if got.code != exitDone || doc["outcome"] != "restored" || doc["aside"] == "" || !strings.Contains(got.stderr, "came after the copy") {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	s.done("ledger", "show", first)
	if got := s.run("ledger", "show", later); got.code != exitUsage {
		t.Errorf("what came after the copy is still there: %s", got.stdout)
	}
	aside, _ := doc["aside"].(string)
	kept, err := ledger.OpenReadOnly(t.Context(), aside)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close() //nolint:errcheck // it was only read
	if rows, err := kept.Find(t.Context(), later); err != nil || len(rows) != 1 {
		t.Errorf("put aside are %v, %v", rows, err)
	}
}

func TestTheRecordIsCopiedOnceADay(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.paid()
	var dir string
	if err := filepath.WalkDir(s.dir, func(path string, _ os.DirEntry, err error) error {
		if filepath.Base(path) == "ledger.db" {
			dir = filepath.Dir(path)
		}
		return err
	}); err != nil || dir == "" {
		t.Fatalf("no record in %s, %v", s.dir, err)
	}
	record, err := ledger.OpenReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close() //nolint:errcheck // it was only read
	copies := filepath.Join(t.TempDir(), "copies")
	if err := os.MkdirAll(filepath.Join(copies, "mine"), 0o700); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 1, 23, 0, 0, 0, time.UTC)
	for i := range 10 {
		for range 2 { // the till is started twice on each day
			if err := copyDaily(t.Context(), record, copies, day.AddDate(0, 0, i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	names, err := copiesIn(copies)
	if want := "[2026-11-04 2026-11-05 2026-11-06 2026-11-07 2026-11-08 2026-11-09 2026-11-10]"; err != nil || fmt.Sprint(names) != want {
		t.Errorf("copies: %v, %v; want %s", names, err, want)
	}
	if _, err := os.Stat(filepath.Join(copies, "mine")); err != nil {
		t.Errorf("somebody's own folder: %v", err)
	}
	copied, err := ledger.OpenReadOnly(t.Context(), filepath.Join(copies, "2026-11-10"))
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close() //nolint:errcheck // it was only read
	if rows, err := copied.Find(t.Context(), id); err != nil || len(rows) != 1 {
		t.Errorf("the copy has %v, %v", rows, err)
	}
}
