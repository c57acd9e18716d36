//go:build unix

package cli

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/screentest"
)

// crashPatience is how long a process of a case may take. A recovery may wait for
// the time of a lost barcode request to run out, and for faults besides.
const crashPatience = 90 * time.Second

// crashRun is one process of a case.
type crashRun struct {
	what     string
	cmd      *exec.Cmd
	pty      *screentest.PTY // when it has a terminal
	out, err safeBuffer      // when it has none
	started  time.Time
	ended    chan struct{}
	once     sync.Once
	wasted   bool // it did not end by itself, and nobody killed it
}

// startRun starts the program without a terminal.
func (s *shop) startRun(ctx context.Context, args ...string) (*crashRun, error) {
	r := &crashRun{what: strings.Join(args, " "), ended: make(chan struct{}), started: time.Now()}
	ctx, cancel := context.WithTimeout(ctx, crashPatience)
	r.cmd = exec.CommandContext(ctx, binary, args...)
	r.cmd.Cancel = func() error { r.wasted = true; return r.cmd.Process.Kill() }
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.err
	r.cmd.Env = s.environ()
	if err := r.cmd.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("start %s: %w", r.what, err)
	}
	go func() {
		defer cancel()
		_ = r.cmd.Wait() // how it ended stands in ProcessState
		close(r.ended)
	}()
	return r, nil
}

// startScreens starts the till's screens in a terminal.
func (s *shop) startScreens(ctx context.Context) *crashRun {
	s.t.Helper()
	r := &crashRun{what: "the till's screens", ended: make(chan struct{}), started: time.Now()}
	r.cmd = exec.CommandContext(ctx, binary)
	r.cmd.Env = s.environ()
	r.pty = screentest.StartPTY(s.t, r.cmd, screentest.PTYOptions{Cols: 100, Rows: 30})
	return r
}

func (s *shop) environ() []string {
	env := []string{}
	for name, value := range s.env {
		env = append(env, name+"="+value)
	}
	return env
}

// kill ends the process as a power cut would, if it runs; it is gone afterwards.
func (r *crashRun) kill() {
	r.once.Do(func() {
		if r.pty != nil {
			r.pty.Kill()
			close(r.ended)
			return
		}
		_ = r.cmd.Process.Kill() // it may have ended by itself
		<-r.ended
	})
}

// killed reports whether the ended process was killed by us.
func (r *crashRun) killed() bool {
	status, ok := r.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && !r.wasted
}

// code is the exit code of the ended process, -1 when it was killed.
func (r *crashRun) code() int { return r.cmd.ProcessState.ExitCode() }

// shows is all that the process has shown to people so far.
func (r *crashRun) shows() string {
	if r.pty != nil {
		return r.pty.Screen.String()
	}
	return r.out.String() + r.err.String()
}

// bookDir is the ledger's folder; empty while there is none.
func (s *shop) bookDir() string {
	files, err := filepath.Glob(filepath.Join(s.dir, "*", "ledger.db"))
	if err != nil || len(files) != 1 {
		return ""
	}
	return filepath.Dir(files[0])
}

// book opens the ledger for reading, once there is one.
func (s *shop) book(ctx context.Context) (*ledger.Reader, error) {
	dir := s.bookDir()
	if dir == "" {
		return nil, ledger.ErrNoLedger
	}
	return ledger.OpenReadOnly(ctx, dir)
}

// head is how many entries the ledger has.
func (s *shop) head(ctx context.Context) int64 {
	book, err := s.book(ctx)
	if err != nil {
		return 0
	}
	defer book.Close() //nolint:errcheck // it was only read
	head, err := book.Head(ctx)
	if err != nil {
		return 0
	}
	return head.Seq
}

// killAt kills the process at a moment that no call shows: once the ledger has so
// many entries more than before, or after a time. It returns when the process is gone.
func (s *shop) killAt(ctx context.Context, r *crashRun, m crashMoment, before int64) {
	if m.entry > 0 {
		for s.head(ctx) < before+int64(m.entry) {
			select {
			case <-r.ended:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}
	select {
	case <-r.ended:
	case <-time.After(m.wait):
		r.kill()
	}
}

// crashOp is an operation as the ledger has it.
type crashOp struct {
	id      pos.OpID
	entries []pos.Entry
	rec     pos.Record
}

// operations are all that the ledger has, oldest first, and whether it is sound.
func (s *shop) operations(ctx context.Context) ([]crashOp, ledger.Report, error) {
	book, err := s.book(ctx)
	if err != nil {
		return nil, ledger.Report{}, err
	}
	defer book.Close() //nolint:errcheck // it was only read
	rows, err := book.List(ctx, ledger.Filter{})
	if err != nil {
		return nil, ledger.Report{}, err
	}
	ops := make([]crashOp, len(rows))
	for i, row := range rows {
		entries, err := book.Entries(ctx, row.Op)
		if err != nil {
			return nil, ledger.Report{}, err
		}
		ops[len(rows)-1-i] = crashOp{row.Op, entries, pos.Replay(entries)}
	}
	report, err := book.Verify(ctx)
	return ops, report, err
}
