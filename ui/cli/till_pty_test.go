package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/ui/screentest"
)

// These tests run the built till in a real pseudo-terminal, as a shop assistant
// would: they type, look at the screen, and cut things off.

// soon is how long a test waits for what should come at once on a quiet machine.
const soon = 15 * time.Second

// counter is a till on a counter: the binary, and a home of its own.
type counter struct {
	t    testing.TB
	home string
	env  []string
}

func newCounter(t testing.TB, env ...string) counter {
	t.Helper()
	home := t.TempDir()
	return counter{t: t, home: home, env: append([]string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_DATA_HOME=" + home, "PATH=" + os.Getenv("PATH"),
	}, env...)}
}

// with names a sandbox as the service, so that no training house is opened.
func with(server *sandbox.Server) []string {
	demo := sandbox.Demo()
	return []string{
		"CENTRAPOS_API_URL=" + server.URL(), "CENTRAPOS_API_KEY=" + demo.APIKey,
		"CENTRAPOS_CONFIG_ID=" + demo.ConfigID, "CENTRAPOS_MERCHANT_ACCOUNT_ID=" + demo.AccountID,
		"CENTRAPOS_TERMINAL_ID=till-9",
	}
}

func (c counter) command(args ...string) *exec.Cmd {
	c.t.Helper()
	cmd := exec.CommandContext(context.Background(), binary, args...)
	cmd.Env = c.env
	return cmd
}

// open starts the till's screens.
func (c counter) open(o screentest.PTYOptions) *screentest.PTY {
	c.t.Helper()
	p := screentest.StartPTY(c.t, c.command(), o)
	p.WaitText("TOTAL", soon)
	return p
}

// json runs a command to its end and reads its document.
func (c counter) json(args ...string) map[string]any {
	c.t.Helper()
	out, err := c.command(append(args, "--json")...).Output()
	var doc map[string]any
	if json.Unmarshal(out, &doc) != nil {
		c.t.Fatalf("%v: %v, stdout %q", args, err, out)
	}
	return doc
}

func startSandbox(t testing.TB, opts ...sandbox.Option) *sandbox.Server {
	t.Helper()
	server, err := sandbox.Listen(context.Background(), "", opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// newest waits for the latest payment request to satisfy ok.
func newest(t testing.TB, server *sandbox.Server, what string, ok func(sandbox.Snapshot) bool) sandbox.Snapshot {
	t.Helper()
	for deadline := time.Now().Add(soon); ; time.Sleep(10 * time.Millisecond) {
		all, err := server.Service().Requests()
		if err != nil {
			t.Fatal(err)
		}
		if len(all) > 0 && ok(all[0]) {
			return all[0]
		}
		if time.Now().After(deadline) {
			t.Fatalf("no payment request is %s: %+v", what, all)
		}
	}
}

func hasStatus(status api.Status) func(sandbox.Snapshot) bool {
	return func(s sandbox.Snapshot) bool { return s.Status == status }
}

// TestWholeSaleInATerminal rings up a basket, takes payment and sees it paid.
func TestWholeSaleInATerminal(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			server := startSandbox(t)
			c := newCounter(t, with(server)...)
			p := c.open(screentest.PTYOptions{Cols: size[0], Rows: size[1]})
			p.Type("12.50\r")
			p.WaitText("12.50", soon)
			p.Type("3*4\r")
			p.WaitText("24.50", soon)
			p.Type("\x1b[20~") // F9
			p.WaitText("Waiting for the customer", soon)

			made := newest(t, server, "new", hasStatus(api.StatusNew))
			screentest.WaitFor(t, p.Screen, soon, "the code of "+made.URL, func(s *screentest.Screen) bool {
				code, err := screentest.DecodeQR(s)
				return err == nil && code == made.URL
			})
			p.WaitText(made.ShortCode, soon)
			if got := made.Value.Amount.String(); got != "2450" || len(made.LineItems) != 2 || !bool(made.ConditionsEnabled) {
				t.Errorf("asked for %s with %d lines, conditions enabled: %v", got, len(made.LineItems), made.ConditionsEnabled)
			}

			if err := server.Service().Pay(made.ID, sandbox.PayOptions{}); err != nil {
				t.Fatal(err)
			}
			p.WaitText("PAID", soon)
			paid := newest(t, server, "paid", hasStatus(api.StatusPaid))
			p.WaitText(paid.PaidBy.AssetTotals[0].Description, soon)

			// The next sale, with an empty basket.
			screentest.WaitFor(t, p.Screen, soon, "an empty basket", pressing(p, "\r", "Next sale", "Scan something"))
			p.Type("\x03")
			if code := p.WaitExit(soon); code != 0 {
				t.Errorf("left with %d", code)
			}
			if report := c.json("ledger", "verify"); report["outcome"] != "sound" {
				t.Errorf("the record: %v", report)
			}
		})
	}
}

// TestTrainingSaleInATerminal is README's first command: no set-up at all, and
// the keys that act as the customer.
func TestTrainingSaleInATerminal(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]struct{ key, says string }{
		"pays":    {"p", "PAID"},
		"cancels": {"x", "CANCELLED"},
		"expires": {"r", "EXPIRED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newCounter(t).open(screentest.PTYOptions{})
			p.WaitText("TRAINING - no real money", soon)
			p.Type("9421900000017\r") // a scan: the cheese scone
			p.WaitText("Cheese scone", soon)
			p.Type("\x1b[20~")
			p.WaitText("Waiting for the customer", soon)
			p.Type("c")
			p.WaitText("Act as the customer", soon)
			screentest.WaitFor(t, p.Screen, soon, act.says, pressing(p, act.key, "Act as the customer", act.says))
			p.WaitText("TRAINING - no real money", soon)
		})
	}
}

// pressing repeats a key, while a text stands on the screen, until its effect
// shows: keys in the first moment of what opens by itself are taken for the end
// of a scan, as they should be.
func pressing(p *screentest.PTY, key, while, says string) func(*screentest.Screen) bool {
	var last time.Time
	return func(s *screentest.Screen) bool {
		if s.Contains(while) && time.Since(last) > 500*time.Millisecond {
			p.Type(key)
			last = time.Now()
		}
		return s.Contains(says)
	}
}

// TestLeavingVoidsTheOpenPayment: Ctrl-C, once it is meant, and a closed terminal end
// the payment first.
func TestLeavingVoidsTheOpenPayment(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*testing.T, *screentest.PTY){
		"Ctrl-C": func(t *testing.T, p *screentest.PTY) {
			t.Helper()
			p.Type("\x03")
			p.WaitText("A payment is open", soon)
			screentest.WaitFor(t, p.Screen, soon, "the till to be left", pressing(p, "y", "A payment is open", "Stopping the open payment"))
		},
		"SIGTERM": func(_ *testing.T, p *screentest.PTY) { p.Signal(syscall.SIGTERM) },
		"SIGHUP":  func(_ *testing.T, p *screentest.PTY) { p.Signal(syscall.SIGHUP) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startSandbox(t)
			p := newCounter(t, with(server)...).open(screentest.PTYOptions{})
			p.Type("12.50\r\x1b[20~")
			p.WaitText("Waiting for the customer", soon)
			leave(t, p)
			if code := p.WaitExit(soon); code != 130 {
				t.Errorf("left with %d, want 130; the screen shows:\n%s", code, p.Screen)
			}
			if made := newest(t, server, "cancelled", hasStatus(api.StatusCancelled)); made.CancellationReason != api.CancelledByMerchant {
				t.Errorf("cancelled for %s", made.CancellationReason)
			}
		})
	}
}

// TestKilledTillFindsOutWhatBecameOfThePayment: the power goes while a customer
// has the code. What was paid meanwhile is known as paid at the next start, and
// what was not is voided.
func TestKilledTillFindsOutWhatBecameOfThePayment(t *testing.T) {
	t.Parallel()
	for name, paid := range map[string]bool{"paid meanwhile": true, "not paid": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := startSandbox(t)
			c := newCounter(t, with(server)...)
			p := c.open(screentest.PTYOptions{})
			p.Type("12.50\r\x1b[20~")
			p.WaitText("Waiting for the customer", soon)
			made := newest(t, server, "new", hasStatus(api.StatusNew))
			p.Kill()
			want, outcome := api.StatusCancelled, "voided"
			if paid {
				want, outcome = api.StatusPaid, "paid"
				if err := server.Service().Pay(made.ID, sandbox.PayOptions{}); err != nil {
					t.Fatal(err)
				}
			}

			again := c.open(screentest.PTYOptions{})
			newest(t, server, string(want), hasStatus(want))
			waitUntil(t, "the record says "+outcome, func() bool {
				items, _ := c.json("ledger", "list")["items"].([]any)
				first, _ := items[0].(map[string]any)
				return first["outcome"] == outcome && first["closed"] == true
			})
			again.Type("\x03")
			// A basket of before may be there again, and is asked about.
			yes := pressing(again, "y", "Leave the till?", "nothing ever")
			screentest.WaitFor(t, again.Screen, soon, "the till to be left", func(s *screentest.Screen) bool {
				return yes(s) || !s.Contains("Leave the till?") && !s.Contains("scan, price")
			})
			if code := again.WaitExit(soon); code != 0 {
				t.Errorf("left with %d", code)
			}
		})
	}
}

func waitUntil(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(soon); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// TestKeysWorkWhileTheNetworkHangs: no answer comes any more, and the till still
// opens its help, asks whether to stop, and re-flows.
func TestKeysWorkWhileTheNetworkHangs(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	p := newCounter(t, with(server)...).open(screentest.PTYOptions{})
	p.Type("12.50\r\x1b[20~")
	p.WaitText("Waiting for the customer", soon)
	fault, err := sandbox.ParseFault("*:hang=60s")
	if err != nil {
		t.Fatal(err)
	}
	server.Service().AddFault(fault)
	p.WaitText("reconnecting", soon)

	asked := time.Now()
	p.Type("?")
	p.WaitText("Help", soon)
	if took := time.Since(asked); took > 2*time.Second {
		t.Errorf("help took %v", took)
	}
	p.Type("\x1b")
	p.Resize(60, 20)
	p.WaitText("80", soon) // says what size it needs
	p.Resize(100, 30)
	p.WaitText("reconnecting", soon)
	p.Type("\x1b")
	p.WaitText("Stop this payment?", soon)
	server.Service().ClearFaults()
	p.WaitGone("reconnecting", soon)
	p.WaitText("Stop this payment?", soon)
}

// TestFirstFrameInAMuteTerminal: a terminal that never answers questions about
// its colours must not hold the till up.
func TestFirstFrameInAMuteTerminal(t *testing.T) {
	t.Parallel()
	p := newCounter(t).open(screentest.PTYOptions{Mute: true})
	if took := p.Since(); took > 4*time.Second {
		t.Errorf("the first frame took %v", took)
	}
}

// BenchmarkStart measures from the start of the process to its first whole frame.
func BenchmarkStart(b *testing.B) {
	for name, mute := range map[string]bool{"answering": false, "mute": true} {
		b.Run(name, func(b *testing.B) {
			c := newCounter(b)
			c.open(screentest.PTYOptions{Mute: mute}).Kill() // the very first start makes the ledger
			var total time.Duration
			for b.Loop() {
				p := screentest.StartPTY(b, c.command(), screentest.PTYOptions{Mute: mute})
				for !p.Screen.Contains("TOTAL") {
					time.Sleep(200 * time.Microsecond)
				}
				total += p.Since()
				p.Kill()
			}
			b.ReportMetric(float64(total.Microseconds())/1000/float64(b.N), "ms/frame")
		})
	}
}
