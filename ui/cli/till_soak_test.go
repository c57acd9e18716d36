package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/ui"
	"centrapos/ui/screentest"
)

// soakSales is how many sales are made, one each virtual minute; 480 are eight hours.
var soakSales = flag.Int("soak.sales", 60, "sales of the accelerated day, one each virtual minute; 480 are eight hours")

// TestAcceleratedDay sells for hours of virtual time with the till's own screens, rules
// and record, and looks at how much memory is in use: no more than 5 % more at the end
// than once a twelfth of the day was over. It runs by itself, since others' memory would
// be counted.
func TestAcceleratedDay(t *testing.T) { //nolint:paralleltest // see above
	terminal, peer, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close() //nolint:errcheck // it was only asked for its size
	defer peer.Close()     //nolint:errcheck // as above
	if err := pty.Setsize(terminal, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	// Signals are listened for outside the bubble first: who listens first starts what
	// serves all of the process.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGWINCH)
	defer signal.Stop(signals)
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) { accelerated(t, dir, peer) })
}

// window is a terminal of which only the size is real: what is drawn goes to a screen
// in memory at once, so that virtual time does not run ahead of it.
type window struct {
	*os.File
	screen *screentest.Screen
}

func (w window) Write(p []byte) (int, error) { return w.screen.Write(p) }

// within calls a service in this process. It can be exchanged for one that remembers
// nothing, so that what a service keeps is not counted as the till's.
type within struct {
	service atomic.Pointer[sandbox.Service]
}

func (w *within) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	w.service.Load().ServeHTTP(answer, r)
	response := answer.Result()
	response.Request = r
	return response, nil
}

func (w *within) renew(t *testing.T) {
	t.Helper()
	fresh, err := sandbox.New(sandbox.WithPatron(sandbox.Automatic(3*time.Second)), sandbox.WithRateLimit(0))
	if err != nil {
		t.Fatal(err)
	}
	if old := w.service.Swap(fresh); old != nil {
		old.Close()
	}
}

// soak is a till at work in virtual time.
type soak struct {
	t      *testing.T
	screen *screentest.Screen
	keys   *io.PipeWriter
	net    *within
}

func accelerated(t *testing.T, dir string, peer *os.File) {
	t.Helper()
	s := &soak{t: t, screen: screentest.NewScreen(80, 24), net: &within{}}
	defer s.screen.Close()
	s.net.renew(t)
	before := s.memory()
	in, keys := io.Pipe()
	s.keys = keys
	done := s.open(dir, in, window{peer, s.screen})
	s.see("Scan something")

	started := time.Now()
	var warm memory
	for i := range *soakSales {
		s.sale(i)
		if i%20 == 19 {
			s.net.renew(t)
		}
		if i+1 == max(1, *soakSales/12) {
			warm = s.memory()
		}
		time.Sleep(time.Until(started.Add(time.Duration(i+1) * time.Minute)))
		if i%60 == 59 {
			t.Logf("after %3d sales: %s", i+1, s.memory())
		}
	}
	end := s.memory()
	s.press("\x03")
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	_ = keys.Close()
	s.net.service.Load().Close()
	time.Sleep(time.Minute) // timers that nobody waits for any more run out
	t.Logf("%d sales: %s before the till, %s once it is warm, %s at the end", *soakSales, before, warm, end)
	if float64(end.heap) > 1.05*float64(warm.heap) {
		t.Errorf("the heap has grown from %d KB to %d KB", warm.heap>>10, end.heap>>10)
	}
}

// open opens the till as the program does, but for the network.
func (s *soak) open(dir string, in io.Reader, out window) <-chan error {
	s.t.Helper()
	env := map[string]string{
		"HOME": dir, "CENTRAPOS_DATA_DIR": dir, "CENTRAPOS_API_URL": "https://sandbox.invalid", "CENTRAPOS_API_KEY": sandbox.DemoAPIKey,
		"CENTRAPOS_CONFIG_ID": sandbox.DemoConfigID, "CENTRAPOS_TERMINAL_ID": "till-1", "TERM": "xterm-256color",
	}
	settings := settingsFor(s.t, env, map[config.Key]string{})
	p := newProgram(func(name string) string { return env[name] }, in, out, io.Discard)
	p.keyring = nil
	client, err := api.New(settings.APIURL, api.WithAPIKey(sandbox.DemoAPIKey), api.WithHTTPClient(&http.Client{Transport: s.net}))
	if err != nil {
		s.t.Fatal(err)
	}
	l := &line{settings: settings, service: settings.APIURL, url: settings.APIURL, client: client, payments: guard{centrapay.New(client)}}
	l.closers = append(l.closers, client.Close)
	book, err := p.openLedger(s.t.Context(), settings)
	if err != nil {
		s.t.Fatal(err)
	}
	record := &leavable{Ledger: book}
	till := &session{line: l, ledger: book, record: record, till: pos.NewTill(l.payments, record, pos.RandomIDs{}, l.service)}
	currency, err := pos.CurrencyOf(settings.Currency)
	if err != nil {
		s.t.Fatal(err)
	}
	products, err := pos.ReadProducts(strings.NewReader(shiftStock), currency)
	if err != nil {
		s.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- p.sellOn(s.t.Context(), till, currency, products) }()
	return done
}

// sellOn is openScreens from the till on.
func (p *program) sellOn(ctx context.Context, s *session, currency pos.Currency, products pos.Catalogue) error {
	defer s.close(ctx)
	rest := s.recoverBehind(ctx)
	heard := s.listen(ctx, rest, nil)
	look := p.screens(s, currency, products)
	look.Till = screensTill{s.till, heard}
	look.Recovered = rest.next
	p.equip(&look, s)
	_, err := ui.Run(ctx, look, p.stdin, p.stdout, ui.Options{NoSignals: true})
	<-rest.taken
	heard.end()
	return err
}

// sale makes one of several kinds of sales, and looks around every few.
func (s *soak) sale(i int) {
	s.t.Helper()
	switch i % 4 {
	case 0:
		s.press(flatWhite+"\r", cheeseScone+"\r", mincePie+"\r")
	case 1:
		s.press("3*", honey+"\r")
	case 2:
		s.press(fmt.Sprintf("%d.%02d", 1+i%40, i%100), "\r")
	case 3:
		s.press(pinot+"\r", keyF5)
		s.see("F6 recalls it")
		s.press(keyF6)
		s.see("take up Pinot noir")
		s.press("\r")
	}
	s.see("1 item", "3 items")
	if i%10 == 9 {
		s.press(keyF12)
		s.see("LEFT TO PAY")
		s.press("c")
		s.see("Cash taken?")
		s.press("y")
		s.see("NOTHING LEFT TO PAY")
	} else {
		s.press(keyF9)
		s.see("✓ PAID")
	}
	time.Sleep(time.Second)
	if i%20 == 4 { // before the service is exchanged
		s.press("v")
		s.see("Yes, give it back")
		time.Sleep(time.Second)
		s.press("y")
		s.see("VOIDED")
		time.Sleep(time.Second)
	}
	s.press("\r")
	s.see("Scan something")
	if i%12 == 7 {
		s.press(keyF3, "h")
		s.see("payments, refunds and voids", "the newest 200")
		s.press("\r")
		s.see("left to give back", "LEFT", "PAID", "Centrapay")
		s.press(keyEsc, keyEsc, keyEsc)
		s.see("Scan something")
	}
}

// press types each text at once, a while apart.
func (s *soak) press(texts ...string) {
	for _, text := range texts {
		if _, err := io.WriteString(s.keys, text); err != nil {
			s.t.Fatalf("typing %q: %v", text, err)
		}
		time.Sleep(300 * time.Millisecond)
	}
}

// see waits until one of the texts stands on the screen.
func (s *soak) see(texts ...string) {
	s.t.Helper()
	screentest.WaitFor(s.t, s.screen, 20*time.Second, fmt.Sprintf("%q", texts), func(screen *screentest.Screen) bool {
		for _, text := range texts {
			if screen.Contains(text) {
				return true
			}
		}
		return false
	})
}

// memory is what is in use: of the heap once nothing that can be freed is in it, and
// of the machine. Some of the heap is this test's own.
type memory struct{ heap, resident uint64 }

func (m memory) String() string {
	return fmt.Sprintf("heap %d KB, resident %d KB", m.heap>>10, m.resident>>10)
}

func (s *soak) memory() memory {
	s.net.renew(s.t)
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return memory{heap: stats.HeapAlloc, resident: resident()}
}

// resident is this process's memory on the machine; 0 where that cannot be told.
func resident() uint64 {
	data, err := os.ReadFile("/proc/self/statm")
	var size, pages uint64
	if _, scanned := fmt.Sscan(string(data), &size, &pages); err != nil || scanned != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}
