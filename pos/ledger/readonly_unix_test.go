//go:build unix

package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"centrapos/pos/ledger"
)

// unprivilegedReader gives up the right to write everywhere, if it has it, and
// then reads and verifies the ledger in a folder it may not write.
func unprivilegedReader(ctx context.Context, args []string) error {
	const nobody = 65534
	if os.Getuid() == 0 {
		if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(nobody), syscall.Setuid(nobody)); err != nil {
			return err
		}
	}
	if f, err := os.Create(filepath.Join(args[0], "probe")); err == nil {
		return errors.Join(errors.New("the folder can be written"), f.Close())
	}
	if l, err := ledger.Open(ctx, args[0]); err == nil {
		return errors.Join(errors.New("a till was opened where nothing can be written"), l.Close())
	} else if !errors.Is(err, ledger.ErrReadOnly) {
		return fmt.Errorf("opening a till where nothing can be written: %w", err)
	}
	r, err := ledger.OpenReadOnly(ctx, args[0])
	if err != nil {
		return err
	}
	report, err := r.Verify(ctx)
	if err != nil {
		return err
	}
	rows, err := r.List(ctx, ledger.Filter{})
	if err != nil {
		return err
	}
	alive := 0
	for _, row := range rows {
		if row.OwnerAlive {
			alive++
		}
	}
	fmt.Println(report.Sound(), report.Operations, len(rows), alive)
	return r.Close()
}

// TestReadOnlyFolder reads ledgers in folders that may not be written, in each
// state a till can leave them in.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "till")
	read := func(state, want string) {
		t.Helper()
		modes(t, dir, 0o555, 0o444)
		if got := strings.Join(start(t, "reader", dir).wait(), " "); got != want {
			t.Errorf("%s: read (sound, operations, rows, alive) %q, want %q", state, got, want)
		}
		modes(t, dir, 0o755, 0o644)
	}
	running := start(t, "holder", dir, "first", "3")
	running.line()
	read("while the till runs", "true 3 3 3")
	running.kill()
	read("after the till was killed", "true 3 3 0")

	l := open(t, dir)
	paidSale(t, "second").append(t, l, 0)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "ledger.db-wal")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a closed till leaves its log: %v", err)
	}
	read("after the till was closed", "true 4 4 0")
}

// modes sets the modes of a folder with everything in it, and lets anybody reach it.
func modes(t *testing.T, dir string, folders, files fs.FileMode) {
	t.Helper()
	for up := filepath.Dir(dir); strings.Contains(up, t.Name()); up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.Chmod(path, folders)
		}
		return os.Chmod(path, files)
	})
	if err != nil {
		t.Fatal(err)
	}
}
