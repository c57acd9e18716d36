package ledger

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/gofrs/flock"
)

// owners is the folder of lock files by which processes know one another to be
// running. An owner holds the exclusive lock of <id>.lock from before its id is
// first written anywhere until it ends; the operating system lets go of it
// however the process ends. Ids are random and never used twice, so a lock that
// is gone is gone for ever, and a missing file means that its owner has ended.
type owners struct{ dir string }

// owner is this process's own place among the owners.
type owner struct {
	id    string
	lock  *flock.Flock
	ended chan struct{}
}

const lockSuffix = ".lock"

// startTries bounds how often a starting owner whose file was swept away under
// its hands tries again. Each loss needs a sweep in just that moment.
const startTries = 100

func (o owners) path(id string) string { return filepath.Join(o.dir, id+lockSuffix) }

// start makes a new owner and holds its lock.
//
// Between making the file and locking it a sweep may take the file for that of
// a dead owner and remove it; this process would then hold the lock of a file
// nobody can find. So the lock counts only if the file is still in its place
// once it is held: sweeps remove nothing whose lock they do not hold themselves.
func (o owners) start() (*owner, error) {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return nil, err
	}
	for range startTries {
		id := strings.ToLower(rand.Text())
		lock := flock.New(o.path(id), flock.SetFlag(os.O_CREATE|os.O_EXCL|os.O_RDWR), flock.SetPermissions(0o600))
		held, err := lock.TryLock()
		if err != nil {
			return nil, err
		}
		w := &owner{id: id, lock: lock, ended: make(chan struct{})}
		if held && inPlace(lock) {
			go w.remain()
			return w, nil
		}
		if err := w.end(); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("lock files in %s keep disappearing", o.dir)
}

// remain keeps the lock's file from being closed by the garbage collector when
// nothing refers to the ledger any more: what a running process opened is not
// to look like an orphan.
func (w *owner) remain() {
	<-w.ended
	runtime.KeepAlive(w.lock)
}

// inPlace reports whether the locked file is the one that others find at its path.
func inPlace(lock *flock.Flock) bool {
	held, err := lock.Stat()
	if err != nil {
		return false
	}
	found, err := os.Stat(lock.Path())
	return err == nil && os.SameFile(held, found)
}

// end lets go of the lock and tidies its file away, in this order: a file whose
// lock is free means the same as none.
func (w *owner) end() error {
	close(w.ended)
	if err := w.lock.Unlock(); err != nil {
		return err
	}
	if err := os.Remove(w.lock.Path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// alive reports whether an owner is still running. The lock is tried shared, so
// that those who ask do not look alive to one another. Where it cannot be told
// the owner counts as running: taking over what runs is the worse mistake.
func (o owners) alive(id string) bool {
	if id == "" || id != filepath.Base(id) {
		return false // nothing that start ever gave
	}
	lock := flock.New(o.path(id), flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	if !free {
		return true
	}
	return lock.Unlock() != nil
}

// any reports whether any owner is running.
func (o owners) any() bool {
	files, err := os.ReadDir(o.dir)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	for _, file := range files {
		if id, is := strings.CutSuffix(file.Name(), lockSuffix); is && o.alive(id) {
			return true
		}
	}
	return false
}

// sweep removes the lock files of owners that ended without doing so. It is
// housekeeping: what cannot be removed is left for the next time.
func (o owners) sweep() {
	files, err := os.ReadDir(o.dir)
	if err != nil {
		return
	}
	for _, file := range files {
		path := filepath.Join(o.dir, file.Name())
		if filepath.Ext(path) != lockSuffix {
			continue
		}
		lock := flock.New(path, flock.SetFlag(os.O_RDWR))
		dead, err := lock.TryLock()
		if err != nil || !dead {
			continue
		}
		_ = os.Remove(path) // while the lock is held: see start
		_ = lock.Unlock()
	}
}
