package ledger

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup copies the record, as it is at one moment, into a folder that has none,
// while tills go on appending, and verifies the copy. What it returns no error for
// is durable; OpenReadOnly reads it. The report is that of the copy: a record that
// is damaged is copied too, and said to be so.
//
// A copy says nothing of which tills are running. Opened in another place by Open it
// takes the original's unfinished payments for orphans, so it must take the
// original's place and not stand beside it.
func (r *Reader) Backup(ctx context.Context, dir string) (Report, error) {
	report, err := r.backup(ctx, dir)
	return report, r.explain("copy the till's record to "+dir, err)
}

func (r *Reader) backup(ctx context.Context, dir string) (Report, error) {
	to := place{dir: dir}
	if _, err := os.Stat(to.file()); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fault(ErrExists, "%s", to.file())
		}
		return Report{}, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Report{}, err
	}
	if err := r.copyTo(ctx, to.file()); err != nil {
		return Report{}, err
	}
	report, err := verifyCopy(ctx, dir)
	if err != nil {
		return report, errors.Join(err, os.Remove(to.file()))
	}
	return report, nil
}

// copyTo writes the copy under another name and gives it its own once it is whole
// and durable.
func (r *Reader) copyTo(ctx context.Context, path string) error {
	partial := path + ".partial"
	if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // SQLite would make one that anybody can read
	if err != nil {
		return err
	}
	err = r.vacuumInto(ctx, partial)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, path); err != nil {
		return err
	}
	return errors.Join(syncDir(filepath.Dir(path)), syncDir(filepath.Dir(filepath.Dir(path))))
}

// vacuumInto has SQLite write all it reads at one moment to a file that is empty.
func (r *Reader) vacuumInto(ctx context.Context, path string) error {
	db, err := r.place.openToRead(ctx, copying, defaultWait)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return errors.Join(err, db.Close())
}

func verifyCopy(ctx context.Context, dir string) (Report, error) {
	copied, err := OpenReadOnly(ctx, dir)
	if err != nil {
		return Report{}, err
	}
	report, err := copied.Verify(ctx)
	return report, errors.Join(err, copied.Close())
}

// exported is an entry as Export writes it.
type exported struct {
	Seq      int64           `json:"seq"`
	Op       string          `json:"op"`
	N        int64           `json:"n"`
	Name     string          `json:"name"`
	At       string          `json:"at"`
	Body     json.RawMessage `json:"body"`
	PrevHash string          `json:"prevHash"`
	Hash     string          `json:"hash"`
}

// Export writes every entry that can be read, in the order of the chain, as one JSON
// object a line, whatever else is wrong with the record. It gives how many those are.
func (r *Reader) Export(ctx context.Context, w io.Writer) (entries int64, err error) {
	const attempt = "export the till's record"
	rows, err := r.db.QueryContext(ctx, selectEntries+" ORDER BY seq")
	if err != nil {
		return 0, r.explain(attempt, err)
	}
	defer rows.Close()
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for rows.Next() {
		var s stored
		if err := s.scan(rows); err != nil {
			continue // the others may tell enough; Verify names this one
		}
		body := json.RawMessage(s.body)
		if !json.Valid(body) {
			if body, err = json.Marshal(s.body); err != nil {
				return entries, fmt.Errorf("%s: %w", attempt, err)
			}
		}
		line := exported{Seq: s.seq, Op: s.op, N: s.n, Name: s.name, At: s.at, Body: body,
			PrevHash: hex.EncodeToString(s.prevHash), Hash: hex.EncodeToString(s.hash)}
		if err := out.Encode(line); err != nil {
			return entries, fmt.Errorf("%s: %w", attempt, err)
		}
		entries++
	}
	return entries, r.explain(attempt, rows.Err())
}
