package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/flock"
)

// TestSweepNeverHitsAStartingOwner starts owners while others sweep without
// pause. An owner that start gave must be seen running by everybody: otherwise
// what it opens could be claimed from it while it runs.
func TestSweepNeverHitsAStartingOwner(t *testing.T) {
	t.Parallel()
	at := owners{dir: t.TempDir()}
	stop := make(chan struct{})
	var sweepers, starters sync.WaitGroup
	for range 3 {
		sweepers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					at.sweep()
				}
			}
		})
	}
	for range 4 {
		starters.Go(func() {
			for range 250 {
				self, err := at.start()
				if err != nil {
					t.Error(err)
					return
				}
				if !at.alive(self.id) {
					t.Error("an owner that runs is taken for one that has ended")
				}
				if err := self.end(); err != nil {
					t.Error(err)
				}
				if at.alive(self.id) {
					t.Error("an owner that has ended is taken for one that runs")
				}
			}
		})
	}
	starters.Wait()
	close(stop)
	sweepers.Wait()
}

// TestLockWithoutFileDoesNotCount is the moment that the test above hopes to
// meet: the file was swept away between being made and being locked.
func TestLockWithoutFileDoesNotCount(t *testing.T) {
	t.Parallel()
	at := owners{dir: t.TempDir()}
	lock := flock.New(at.path("starting"))
	if held, err := lock.TryLock(); !held || err != nil {
		t.Fatal(held, err)
	}
	if !inPlace(lock) {
		t.Error("a lock whose file is in its place does not count")
	}
	if err := os.Remove(at.path("starting")); err != nil {
		t.Fatal(err)
	}
	if inPlace(lock) {
		t.Error("a lock whose file is gone counts")
	}
	if err := os.WriteFile(at.path("starting"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if inPlace(lock) {
		t.Error("a lock whose file was replaced counts")
	}
}

func TestAlive(t *testing.T) {
	t.Parallel()
	at := owners{dir: filepath.Join(t.TempDir(), "owners")}
	self, err := at.start()
	if err != nil {
		t.Fatal(err)
	}
	var askers sync.WaitGroup
	for range 8 {
		askers.Go(func() {
			for range 200 {
				// Those who ask must not look alive to one another.
				if at.alive("swept-away") || !at.alive(self.id) {
					t.Error("asking changes the answer")
				}
			}
		})
	}
	askers.Wait()
	killed := filepath.Join(at.dir, "killed"+lockSuffix)
	if err := os.WriteFile(killed, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		askers.Go(func() {
			for range 200 {
				if at.alive("killed") {
					t.Error("an owner that was killed is taken for one that runs")
				}
			}
		})
	}
	askers.Wait()
	for _, id := range []string{"", "..", "../owners/" + self.id, strings.Repeat("x", 26)} {
		if at.alive(id) {
			t.Errorf("%q is taken for an owner that runs", id)
		}
	}
	if err := self.end(); err != nil {
		t.Fatal(err)
	}
	// Where it cannot be told, nothing may be taken over.
	if err := os.Mkdir(at.path("folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(at.path("loop"), at.path("loop")); err != nil {
		t.Fatal(err)
	}
	if !at.alive("loop") {
		t.Error("an owner nothing can be told of is taken for one that has ended")
	}
}
