//go:build unix

package cli

import (
	"context"
	"fmt"
	"maps"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// crashCase is one case as it is played.
type crashCase struct {
	*shop
	name string
	plan crashPlan
	gate *gate

	args   []string // the command line that is interrupted
	target string   // the payment request that an action is on
	before int      // operations in the ledger before
	sent   int      // calls of the interrupted program that could change something
	runs   []*crashRun

	killedCh, recoveringCh, acted chan struct{}
	recovering                    sync.Once
	problems                      []string
}

// crashResult is what came of a case.
type crashResult struct {
	killed     bool   // the program was killed, and did not end by itself before
	step       string // where it was killed
	outcome    string // how its operation ended
	violations int    // what was not as it must be
}

// playCrash plays a case and holds what came of it against what must be true.
func playCrash(t *testing.T, name string, plan crashPlan) crashResult {
	t.Helper()
	c := &crashCase{name: name, plan: plan, killedCh: make(chan struct{}), recoveringCh: make(chan struct{}), acted: make(chan struct{})}
	c.shop, c.gate = openGatedShop(t)
	t.Cleanup(func() {
		for _, r := range c.runs {
			r.kill()
		}
	})
	c.prepare()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var around sync.WaitGroup
	got := crashResult{killed: c.interrupt(ctx, &around), step: plan.moment.sort()}
	if at := c.gate.struckAt(); at != "" {
		got.step = at
	}
	c.recoverAll(ctx)
	c.gate.late.Wait()
	cancel()
	around.Wait()
	got.outcome = c.checkInterrupted(c.check())
	if c.repeat() {
		c.check()
		c.checkRepeated()
	}
	if len(c.problems) > 0 {
		t.Error(c.report())
	}
	got.violations = len(c.problems)
	return got
}

// openGatedShop opens a shop whose calls pass a gate.
func openGatedShop(t *testing.T, opts ...sandbox.Option) (*shop, *gate) {
	t.Helper()
	s, g := &shop{t: t, dir: t.TempDir()}, &gate{}
	server := httptest.NewUnstartedServer(g)
	address := "http://" + server.Listener.Addr().String()
	merchant := sandbox.Demo()
	merchant.APIKey = plantedKey
	observe := func(call sandbox.Call) {
		s.see(call)
		g.note("%s %s: %d %s", call.Method, strings.TrimPrefix(call.Path, "/api/payment-requests"), call.Status, strings.Join(call.Faults, " "))
	}
	service, err := sandbox.New(append([]sandbox.Option{sandbox.WithMerchants(merchant), sandbox.WithRateLimit(0),
		sandbox.WithObserver(observe), sandbox.WithPayURL(address + "/pay")}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	s.service, g.service = service, service
	server.Start()
	t.Cleanup(func() {
		service.Close()
		server.CloseClientConnections()
		server.Close()
		s.searchForKey()
	})
	s.env = map[string]string{
		"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": s.dir, "CENTRAPOS_API_URL": address,
		"CENTRAPOS_API_KEY": plantedKey, "CENTRAPOS_CONFIG_ID": sandbox.DemoConfigID,
		"CENTRAPOS_MERCHANT_ACCOUNT_ID": sandbox.DemoMerchantAccountID, "CENTRAPOS_TERMINAL_ID": "till-1",
	}
	return s, g
}

// prepare makes what an action is on, and the command line.
func (c *crashCase) prepare() {
	confirm := func(id, key string) []string {
		return []string{"confirm", id, "11.00", "--invoice-ref", "INV-204", "--item", "Flat white;2;5.50;FW-1", "--key", key}
	}
	expiry := strconv.Itoa(c.plan.expiry)
	switch c.plan.kind {
	case crashSaleScreens:
	case crashSaleQR:
		c.args = []string{"sale", "12.50", "--expiry", expiry}
	case crashSaleBarcode:
		code := map[string]string{"app": sandbox.BarcodeCustomer, "quick-pay": sandbox.CardActive}[c.plan.variant]
		c.args = []string{"sale", "12.50", "--expiry", expiry, "--barcode", code}
	case crashSaleCondition:
		c.args = []string{"sale", "12.50", "--expiry", expiry, "--barcode", sandbox.BarcodePhotoID, "--on-condition", c.plan.variant}
	case crashRefund:
		c.target = c.paid()
		c.args = []string{"refund", c.target, "5.00"}
		if c.plan.variant == "second" {
			c.done("refund", c.target, "5.00", "--ref", "earlier")
		}
		if c.plan.variant != "fresh" {
			c.args = append(c.args, "--ref", "return-1")
		}
	case crashConfirm:
		c.target = c.authorized("50.00")
		c.args = confirm(c.target, "delivery-1")
		if c.plan.variant == "second" {
			c.done(confirm(c.target, "earlier")...)
		}
		if c.plan.variant == "fresh" {
			c.args = c.args[:len(c.args)-2]
		}
	case crashRelease:
		c.target = c.authorized("50.00")
		c.args = []string{"release", c.target}
		if c.plan.variant == "confirmed" {
			c.done(confirm(c.target, "earlier")...)
		}
	case crashVoid:
		c.target = c.toVoid()
		c.args = []string{"void", c.target}
	}
	if ops, _, err := c.operations(c.t.Context()); err == nil {
		c.before = len(ops)
	}
}

// toVoid is a payment request to be voided: one that is paid, one of another till,
// or one that this till has left.
func (c *crashCase) toVoid() string {
	switch c.plan.variant {
	case "paid":
		return c.paid()
	case "elsewhere":
		other := maps.Clone(c.env)
		other["CENTRAPOS_DATA_DIR"] = c.t.TempDir()
		got := command{args: []string{"--json", "sale", "12.50", "--no-wait"}, env: other}.run(c.t)
		return got.document(c.t)["id"].(string)
	}
	return c.asked()
}

// problem is something that must not be.
func (c *crashCase) problem(format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...))
}

// interrupt runs the program until it is killed at the moment of the plan, or ends
// by itself before. It reports whether it was killed.
func (c *crashCase) interrupt(ctx context.Context, around *sync.WaitGroup) bool {
	for _, spec := range c.plan.faults {
		c.fault(spec)
	}
	entries := c.head(ctx)
	var run *crashRun
	ready := make(chan struct{})
	c.gate.arm(c.plan.moment, func() { <-ready; run.kill() })
	c.gate.note("--- the program is started")
	if c.plan.kind == crashSaleScreens {
		run = c.startScreens(ctx)
		run.pty.WaitText("TOTAL", soon)
		run.pty.Type("12.50\r")
		run.pty.WaitText("12.50", soon)
	} else {
		var err error
		if run, err = c.startRun(ctx, c.args...); err != nil {
			c.t.Fatal(err)
		}
	}
	c.runs = append(c.runs, run)
	around.Go(func() { c.world(ctx, run) })
	close(ready)
	if run.pty != nil {
		run.pty.Type("\x1b[20~") // F9: pay
	}
	if c.plan.moment.call == 0 {
		around.Go(func() { c.killAt(ctx, run, c.plan.moment, entries) })
	}
	var beside sync.WaitGroup
	if c.plan.beside > 0 {
		beside.Go(func() { c.recoverBeside(ctx, run) })
	}
	c.await(ctx, run)
	c.sent = c.gate.count(c.plan.kind.endpoint())
	c.gate.disarm()
	c.gate.note("--- the program is gone: exit %d", run.code())
	if c.plan.heals || len(c.plan.faults) == 0 {
		c.service.ClearFaults()
	}
	beside.Wait()
	close(c.killedCh)
	if c.plan.customer.when == whenKilled {
		select {
		case <-c.acted:
		case <-time.After(200 * time.Millisecond):
		}
	}
	return run.killed()
}

// recoverBeside runs a recovery while the program runs, or just after it was killed.
// It leaves alone what is in the hands of a running till.
func (c *crashCase) recoverBeside(ctx context.Context, run *crashRun) {
	select {
	case <-time.After(c.plan.beside):
	case <-run.ended:
		return
	}
	c.gate.note("--- a recovery besides")
	other, err := c.startRun(ctx, "recover", "--json", "--timeout", "30s")
	if err != nil {
		c.gate.note("--- it was not started: %v", err)
		return
	}
	<-other.ended
	c.gate.note("--- the recovery besides is gone: exit %d, %s", other.code(), other.out.String())
}

// await waits until the process is gone. The screens are left once their sale is over.
func (c *crashCase) await(ctx context.Context, run *crashRun) {
	if run.pty == nil {
		<-run.ended
		if run.wasted {
			c.problem("%s did not end in %v", run.what, crashPatience)
		}
		return
	}
	for deadline := time.Now().Add(crashPatience); ; {
		select {
		case <-run.ended:
			return
		case <-time.After(20 * time.Millisecond):
		}
		ops, _, err := c.operations(ctx)
		if over := err == nil && len(ops) > 0 && ops[len(ops)-1].rec.Closed(); over || time.Now().After(deadline) {
			c.leave(run)
			return
		}
	}
}

// leave ends the screens as a closed terminal would.
func (c *crashCase) leave(run *crashRun) {
	_ = run.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	run.pty.WaitExit(crashPatience)
	run.once.Do(func() { close(run.ended) })
}

// world is what happens around the program: customers who see payment requests
// and act, and staff who stop a sale.
func (c *crashCase) world(ctx context.Context, run *crashRun) {
	seen, first := map[string]bool{}, time.Time{}
	customer, stopped := c.plan.customer, c.plan.stops == 0
	when := map[crashWhen]chan struct{}{whenKilled: c.killedCh, whenRecovering: c.recoveringCh}[customer.when]
	var due time.Time
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		for _, r := range c.requests() {
			if r.Status == api.StatusNew && (!c.plan.kind.showsCode() || strings.Contains(run.shows(), r.ShortCode)) {
				seen[r.ID] = true
			}
		}
		if first.IsZero() && len(seen) > 0 {
			first = time.Now()
		}
		if !stopped && !first.IsZero() && time.Since(first) >= c.plan.stops {
			stopped = true
			c.gate.note("--- staff stop it")
			_ = run.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		}
		if due.IsZero() && !first.IsZero() && isClosed(when) {
			due = time.Now().Add(customer.wait)
		}
		if customer.does != "nothing" && !due.IsZero() && !time.Now().Before(due) && c.act(seen) {
			customer.does = "nothing"
			close(c.acted)
		}
	}
}

// isClosed reports whether a channel is closed; what is not waited for is.
func isClosed(ch <-chan struct{}) bool {
	if ch == nil {
		return true
	}
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// act has the customer act on a request that was seen; false while that is not
// possible yet.
func (c *crashCase) act(seen map[string]bool) bool {
	for id := range seen {
		var err error
		if c.plan.customer.does == "pays" {
			err = c.service.Pay(id, sandbox.PayOptions{})
		} else {
			err = c.service.Cancel(id)
		}
		if err == nil {
			c.gate.note("--- the customer %s %s", c.plan.customer.does, id)
			return true
		}
	}
	return false
}
