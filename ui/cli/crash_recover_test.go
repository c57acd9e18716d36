//go:build unix

package cli

import (
	"context"
	"encoding/json"
	"time"

	"centrapos/api"
	"centrapos/pos/ledger"
)

// recoverAll starts the program again until it says that nothing is left. A
// recovery may give up where faults outlast its patience; then they end, and the
// next has to settle everything.
func (c *crashCase) recoverAll(ctx context.Context) {
	defer c.service.ClearFaults()
	for n, again := range c.plan.again {
		run := c.recoverOnce(ctx, n, &again)
		if !run.killed() {
			if c.hasSettled(n, run, len(c.plan.faults) > 0) {
				return
			}
			break
		}
	}
	n := len(c.plan.again)
	if c.plan.screens {
		c.recoverByScreens(ctx, n)
		return
	}
	if c.hasSettled(n, c.recoverOnce(ctx, n, nil), len(c.plan.faults) > 0) {
		return
	}
	c.service.ClearFaults()
	c.hasSettled(n+1, c.recoverOnce(ctx, n+1, nil), false)
}

// hasSettled reports whether a recovery says that nothing is left, which it has to
// where the service is in no trouble.
func (c *crashCase) hasSettled(n int, run *crashRun, trouble bool) bool {
	code := run.code()
	if code != exitDone && !(trouble && code == exitUnresolved) {
		c.problem("recovery %d ended with exit %d", n+1, code)
	}
	return code == exitDone
}

// recoverOnce runs recovery as a process, and kills it at a moment if there is one.
func (c *crashCase) recoverOnce(ctx context.Context, n int, again *crashMoment) *crashRun {
	var run *crashRun
	ready := make(chan struct{})
	entries := c.head(ctx)
	if again != nil {
		c.gate.arm(*again, func() { <-ready; run.kill() })
	}
	c.gate.note("--- recovery %d is started", n+1)
	run, err := c.startRun(ctx, "recover", "--json", "--timeout", "60s")
	if err != nil {
		c.t.Fatal(err)
	}
	close(ready)
	c.runs = append(c.runs, run)
	c.recovering.Do(func() { close(c.recoveringCh) })
	if again != nil && again.call == 0 {
		c.killAt(ctx, run, *again, entries)
	}
	c.await(ctx, run)
	c.gate.disarm()
	c.gate.note("--- recovery %d is gone: exit %d", n+1, run.code())
	return run
}

// recoverByScreens opens the till, which takes up what is open behind its screens,
// and leaves it once nothing is.
func (c *crashCase) recoverByScreens(ctx context.Context, n int) {
	c.gate.note("--- recovery %d is the till", n+1)
	run := c.startScreens(ctx)
	c.runs = append(c.runs, run)
	c.recovering.Do(func() { close(c.recoveringCh) })
	run.pty.WaitText("TOTAL", soon)
	for deadline := time.Now().Add(crashPatience); c.unfinished(ctx) > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.problem("the till has not finished what was open in %v; it shows:\n%s", crashPatience, run.shows())
			break
		}
	}
	c.leave(run)
	c.gate.note("--- the till is left: exit %d", run.code())
	if run.code() != exitDone {
		c.problem("the till was left with exit %d", run.code())
	}
}

// unfinished counts what is not closed in the ledger.
func (c *crashCase) unfinished(ctx context.Context) int {
	book, err := c.book(ctx)
	if err != nil {
		return 0 // the program was killed before it made one
	}
	defer book.Close() //nolint:errcheck // it was only read
	rows, err := book.List(ctx, ledger.Filter{OnlyUnfinished: true})
	if err != nil {
		c.problem("list what is unfinished: %v", err)
	}
	return len(rows)
}

// repeat carries the same action out once more, as somebody would who saw the
// program die. It reports whether there was something to repeat.
func (c *crashCase) repeat() bool {
	if c.plan.kind.sells() || c.plan.variant == "fresh" {
		return false
	}
	c.gate.note("--- the same once more")
	got := c.run(c.args...)
	c.gate.note("--- exit %d: %s", got.code, got.stdout)
	if got.code == exitDone {
		return true
	}
	var doc struct{ Error failure }
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		c.problem("the same once more said %q", got.stdout)
		return true
	}
	// A release and a void have no name: after the first there is nothing left to do.
	over := map[api.Code]bool{}
	switch c.plan.kind {
	case crashRelease:
		over[api.CodePreAuthReleased] = true
	case crashVoid:
		over[api.CodeRequestCancelled], over[api.CodeAlreadyRefunded], over[api.CodeRequestExpired] = true, true, true
	default:
	}
	if !over[api.Code(doc.Error.Code)] {
		c.problem("the same once more ended with exit %d: %s", got.code, got.stdout)
	}
	return true
}
