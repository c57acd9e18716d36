package sandbox

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"

	"centrapos/api"
)

// file keeps the requests of a store: a line that says what the file is, then a
// line for each request, oldest first. It is only ever replaced whole, so that a
// process that dies leaves the old file or the new one. Several processes may
// have the same file; each transaction holds its lock and reads it again when
// another process has written it.
type file struct {
	path string
	lock *flock.Flock
	// generation is that of what is in memory.
	generation string
}

// fileHeader is the first line.
type fileHeader struct {
	Sandbox int `json:"centrapaySandbox"`
	// Generation differs each time the file is written.
	Generation string     `json:"generation"`
	Admin      adminState `json:"admin,omitzero"`
	Shop       shopState  `json:"shop,omitzero"`
}

const (
	fileVersion = 2
	// lockPatience is how long a transaction waits for another process.
	lockPatience = 5 * time.Second
	lockRetry    = 2 * time.Millisecond
	// maxLine bounds one request in the file; a body has at most 1 MiB.
	maxLine = 16 << 20
)

func newFile(path string) *file {
	return &file{path: path, lock: flock.New(path+".lock", flock.SetPermissions(0o600))}
}

// hold takes the file's lock for one transaction and brings the store up to date.
func (f *file) hold(s *store, now func() time.Time) (release func(), err error) {
	if err := f.take(); err != nil {
		return nil, &storageError{fmt.Errorf("lock %s: %w", f.lock.Path(), err)}
	}
	release = func() { _ = f.lock.Unlock() }
	if err := f.refresh(s, now); err != nil {
		release()
		return nil, &storageError{err}
	}
	return release, nil
}

var errLocked = errors.New("another process does not let go of it")

// take waits for the lock; other processes hold it for as long as a save takes.
func (f *file) take() error {
	for patience := time.Now().Add(lockPatience); ; {
		held, err := f.lock.TryLock()
		if held || err != nil {
			return err
		}
		if time.Now().After(patience) {
			return errLocked
		}
		<-time.After(lockRetry)
	}
}

// refresh reads the file if it is not what is in memory. A file that is gone is written again with the next change.
func (f *file) refresh(s *store, now func() time.Time) error {
	in, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	header, err := f.readHeader(lines)
	if err != nil || header.Generation == f.generation {
		return err
	}
	all, err := f.readRequests(lines)
	if err != nil {
		return err
	}
	s.keepShop(header.Shop)
	s.fill(all)
	s.forget(now())
	s.keepAdmin(header.Admin)
	f.generation = header.Generation
	return nil
}

func (f *file) readHeader(lines *bufio.Scanner) (fileHeader, error) {
	var header fileHeader
	if !lines.Scan() {
		return header, f.damaged(1, errors.Join(lines.Err(), io.ErrUnexpectedEOF))
	}
	version, err := versionIn(lines.Bytes())
	switch {
	case err != nil:
		return header, f.damaged(1, err)
	case version != fileVersion:
		return header, &FileVersionError{Path: f.path, Version: version, Want: fileVersion}
	}
	if err := json.Unmarshal(lines.Bytes(), &header); err != nil {
		return header, f.damaged(1, err)
	}
	return header, nil
}

func (f *file) readRequests(lines *bufio.Scanner) ([]*request, error) {
	var all []*request
	seen := map[string]bool{}
	for number := 2; lines.Scan(); number++ {
		r := &request{raw: bytes.Clone(lines.Bytes())}
		if err := json.Unmarshal(r.raw, r); err != nil {
			return nil, f.damaged(number, err)
		}
		if err := r.whole(); err != nil {
			return nil, f.damaged(number, err)
		}
		if seen[r.ID] {
			return nil, f.damaged(number, fmt.Errorf("request %s stands in it twice", r.ID))
		}
		seen[r.ID] = true
		all = append(all, r)
	}
	if err := lines.Err(); err != nil {
		return nil, f.damaged(len(all)+1, err)
	}
	return all, nil
}

// whole says whether a request read from a file is one.
func (r *request) whole() error {
	switch {
	case r.ID == "" || shortCodeValues(r.ShortCode) == nil:
		return errors.New("a request without id or short code")
	case r.Status != api.StatusNew && !r.Status.IsFinal():
		return fmt.Errorf("request %s has the status %q", r.ID, r.Status)
	case !r.Asked.Value.Amount.Valid() || r.CreatedAt.IsZero() || r.ExpiresAt.IsZero() || len(r.Activities) == 0:
		return fmt.Errorf("request %s is not whole", r.ID)
	}
	recorded := func(activity int) bool { return activity >= 1 && activity <= len(r.Activities) }
	if slices.ContainsFunc(r.Payments, func(p payment) bool { return !recorded(p.Activity) }) ||
		slices.ContainsFunc(r.Confirmations, func(c confirmation) bool { return !recorded(c.Activity) }) ||
		slices.ContainsFunc(r.Refunds, func(f refund) bool { return !recorded(f.Activity) }) {
		return fmt.Errorf("request %s has a payment without a record", r.ID)
	}
	if r.Status == api.StatusPaid && len(r.Payments) == 0 {
		return fmt.Errorf("request %s is paid without a payment", r.ID)
	}
	return nil
}

func (f *file) damaged(line int, err error) error {
	return fmt.Errorf("the sandbox file %s is damaged or something else (line %d: %w): move it away to start with an empty sandbox", f.path, line, err)
}

// save writes what the transaction leaves behind. When it fails, the file is what
// it was before.
func (f *file) save(t *tx) error {
	next := fileHeader{Sandbox: fileVersion, Generation: rand.Text(), Admin: *t.admin(), Shop: *t.shop()}
	content, err := t.encode(next)
	if err != nil {
		return &storageError{fmt.Errorf("encode: %w", err)}
	}
	if err := replaceFile(f.path, content); err != nil {
		return &storageError{err}
	}
	f.generation = next.Generation
	return nil
}

func (t *tx) encode(header fileHeader) ([]byte, error) {
	var out bytes.Buffer
	first, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	out.Write(append(first, '\n'))
	fresh := t.inOrder()
	for _, id := range t.store.order {
		r := t.store.requests[id]
		if t.changed[id] != nil {
			r = t.changed[id]
		}
		if err := r.encodeTo(&out); err != nil {
			return nil, err
		}
	}
	for _, r := range fresh {
		if t.store.requests[r.ID] == nil {
			if err := r.encodeTo(&out); err != nil {
				return nil, err
			}
		}
	}
	return out.Bytes(), nil
}

func (r *request) encodeTo(out *bytes.Buffer) error {
	if r.raw == nil {
		raw, err := json.Marshal(r)
		if err != nil {
			return err
		}
		r.raw = raw
	}
	out.Write(r.raw)
	return out.WriteByte('\n')
}

// replaceFile puts content in the place of a file, whole and durably or not at
// all. The caller holds the lock under which nobody else does the same.
func replaceFile(path string, content []byte) error {
	temp := path + ".tmp"
	if err := writeDurably(temp, content); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func writeDurably(path string, content []byte) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := out.Write(content); err != nil {
		return err
	}
	return out.Sync()
}

// syncDir makes a rename in a folder durable. Where a folder cannot be synced,
// as on Windows, the rename is all there is.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}
