package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"

	"centrapos/pos/ledger"
)

// This file copies the record once a day, by itself, beside the record: against a
// file that a program has spoilt. Against a disk that breaks only a copy elsewhere
// helps ("centrapos ledger backup").

// copiesKept is how many daily copies stay.
const copiesKept = 7

// copyName is the form of a daily copy's name; others in the folder are left alone.
const copyName = "2006-01-02"

func copiesDir(ledgerDir string) string { return filepath.Join(ledgerDir, "copies") }

// copyDaily copies the record unless that has been done today, and then takes the
// oldest copies away. A copy that is not sound is no copy: it is taken away again and
// the earlier ones stay.
func copyDaily(ctx context.Context, record *ledger.Reader, dir string, now time.Time) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	today := filepath.Join(dir, now.Format(copyName))
	if _, err := os.Stat(today); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	report, err := record.Backup(ctx, today)
	if err == nil && !report.Sound() {
		err = ledger.ErrDamaged
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(today))
	}
	return forgetCopies(dir)
}

// forgetCopies takes the oldest daily copies away.
func forgetCopies(dir string) error {
	names, err := copiesIn(dir)
	if err != nil {
		return err
	}
	for _, name := range names[:max(0, len(names)-copiesKept)] {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// copiesIn lists the daily copies, the oldest first.
func copiesIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if _, err := time.Parse(copyName, e.Name()); err == nil && e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}
