package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"time"

	"github.com/gofrs/flock"
)

// Restored is what Restore did.
type Restored struct {
	Report Report // of the record as it is now
	// Aside is the folder that the record which was there before was put into; empty
	// when there was none.
	Aside string
	// Missing is how many entries of that record are not in the one that is there now,
	// payments that were made after the copy for instance; -1 where it cannot be told,
	// since that record cannot be read.
	Missing int64
}

// Restore puts a copy that Backup made in the place of the record in a folder, or
// where there is none yet. The copy is brought up to date if an earlier version wrote
// it, and verified, before anything there is touched: one that is not sound is refused
// with ErrDamaged, and the report says what is wrong. A record that is there, sound or
// not, is put aside and nothing of it is lost; while a till runs on it it stays
// (ErrInUse). The folder that is copied from is not changed.
func Restore(ctx context.Context, from, to string) (Restored, error) {
	restored, err := restore(ctx, place{dir: from}, place{dir: to})
	return restored, explain(fmt.Sprintf("put the copy in %s in the place of the till's record in %s", from, to), err)
}

func restore(ctx context.Context, from, to place) (done Restored, err error) {
	switch info, err := os.Stat(from.file()); {
	case errors.Is(err, fs.ErrNotExist):
		return done, fault(ErrNoLedger, "%s", from.file())
	case err == nil && info.Size() == 0: // Backup never leaves one so
		return done, fault(ErrDamaged, "the copy: %s is empty", from.file())
	}
	if err := os.MkdirAll(to.dir, 0o700); err != nil {
		return done, err
	}
	dir, err := os.MkdirTemp(to.dir, "restoring-")
	if err != nil {
		return done, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is empty by then, or holds what was of no use
	staged := place{dir: dir}
	if done.Report, err = stage(ctx, from, staged); err != nil {
		return done, err
	}
	turn := flock.New(to.setup())
	if err := await(ctx, turn, defaultWait); err != nil {
		return done, err
	}
	defer turn.Unlock() //nolint:errcheck // closing the file lets go of it in any case
	if to.owners().any() {
		return done, ErrInUse
	}
	if _, err := os.Stat(to.file()); err == nil {
		to.fold(ctx)
		if done.Aside, err = to.putAside(); err != nil {
			return done, err
		}
	}
	if err := os.Rename(staged.file(), to.file()); err != nil {
		return done, err
	}
	if err := errors.Join(syncDir(to.dir), syncDir(filepath.Dir(to.dir))); err != nil {
		return done, err
	}
	if done.Aside != "" {
		done.Missing = missingFrom(ctx, place{dir: done.Aside}, to)
	}
	return done, nil
}

// stage makes a copy of the copy that this program can write, and verifies it.
func stage(ctx context.Context, from, staged place) (Report, error) {
	r, err := newReader(ctx, from, settingsOf(nil))
	if err != nil {
		return Report{}, err
	}
	if found, err := inspect(ctx, r.db); err != nil || found == conditionForeign || found == conditionNewer {
		return Report{}, errors.Join(refusal(found, err), r.Close())
	}
	if err := errors.Join(r.copyTo(ctx, staged.file()), r.Close()); err != nil {
		return Report{}, err
	}
	if err := staged.prepare(ctx, defaultWait); err != nil {
		return Report{}, err
	}
	report, err := verifyCopy(ctx, staged.dir)
	if err == nil && !report.Sound() {
		err = fault(ErrDamaged, "the copy: %s", report.Problems[0])
	}
	return report, err
}

// fold has SQLite take what a till that was killed left in the write-ahead log into the
// file, as the next till would. Where it cannot the log is put aside too.
func (p place) fold(ctx context.Context) {
	if found, err := p.inspect(ctx, defaultWait); err != nil || found == conditionForeign || found == conditionNewer {
		return
	}
	db, err := p.open(writing, defaultWait, nil)
	if err != nil {
		return
	}
	_, _ = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // closing tries once more
	_ = db.Close()
}

// putAside leaves the record in a folder of its own beside what will take its place. It
// is there twice until the other does: a crash in between loses nothing.
func (p place) putAside() (dir string, err error) {
	dir = filepath.Join(p.dir, "replaced-"+time.Now().UTC().Format("20060102T150405.000Z"))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	for _, suffix := range []string{"-wal", ""} {
		err := linkOrCopy(p.file()+suffix, place{dir: dir}.file()+suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := errors.Join(syncDir(dir), syncDir(p.dir)); err != nil {
		return "", err
	}
	for _, suffix := range []string{"-wal", "-shm"} { // SQLite would take them for the other's
		if err := os.Remove(p.file() + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return dir, syncDir(p.dir)
}

// linkOrCopy gives a file a second name or, on file systems that know of none, copies it.
func linkOrCopy(from, to string) error {
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was only read
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// missingFrom counts the entries of one record that another has not; -1 where the one
// cannot be read. Chains that are alike at a place are alike up to there.
func missingFrom(ctx context.Context, old, now place) int64 {
	a, err := newReader(ctx, old, settingsOf(nil))
	if err != nil {
		return -1
	}
	defer a.Close() //nolint:errcheck // it was only read
	b, err := newReader(ctx, now, settingsOf(nil))
	if err != nil {
		return -1
	}
	defer b.Close() //nolint:errcheck // it was only read
	head, err := a.Head(ctx)
	if err != nil {
		return -1
	}
	alike := sort.Search(int(head.Seq), func(i int) bool {
		link, there := linkAt(ctx, a.db, int64(i)+1)
		other, also := linkAt(ctx, b.db, int64(i)+1)
		return !there || !also || link != other
	})
	return head.Seq - int64(alike)
}

func linkAt(ctx context.Context, db *sql.DB, seq int64) (hash string, there bool) {
	err := db.QueryRowContext(ctx, "SELECT hex(hash) FROM entries WHERE seq = ?", seq).Scan(&hash)
	return hash, err == nil
}
