package printer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"centrapos/pos/printer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// paper is a printer that can be off, slow, or stop in the middle of a job.
type paper struct {
	mu      sync.Mutex
	printed []string
	off     bool
	perLine time.Duration
}

var errOff = errors.New("no paper")

func (p *paper) Print(ctx context.Context, job []byte) error {
	p.mu.Lock()
	off, slow := p.off, p.perLine
	p.mu.Unlock()
	if off {
		return errOff
	}
	select {
	case <-time.After(slow * time.Duration(bytes.Count(job, []byte("\n")))):
	case <-ctx.Done():
		return ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.printed = append(p.printed, string(job))
	return nil
}

func (p *paper) turn(off bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.off = off
}

func states(q *printer.Queue) string {
	var out []string
	for _, j := range q.Jobs() {
		out = append(out, fmt.Sprintf("%s %s after %d", j.Name, j.State, j.Attempts))
	}
	return strings.Join(out, ", ")
}

func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestJobsArePrintedInOrderByASlowPrinter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &paper{perLine: 600 * time.Millisecond}
		q := printer.NewQueue(p, 0, nil)
		defer q.Close(t.Context())
		start := time.Now()
		for _, name := range []string{"a", "b", "c"} {
			q.Add(name, []byte(name+strings.Repeat("\n", 30)))
		}
		if waited := time.Since(start); waited > 0 {
			t.Errorf("who sells waited %v", waited)
		}
		synctest.Wait()
		expect(t, states(q), "a printing after 1, b waiting after 0, c waiting after 0")
		time.Sleep(60 * time.Second)
		synctest.Wait()
		expect(t, states(q), "a printed after 1, b printed after 1, c printed after 1")
		expect(t, strings.ReplaceAll(strings.Join(p.printed, ""), "\n", ""), "abc")
	})
}

func TestAPrinterThatWasOffPrintsWhatIsNotTooOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &paper{off: true}
		var told atomic.Int32
		q := printer.NewQueue(p, 5*time.Minute, func() { told.Add(1) })
		defer q.Close(t.Context())
		old := q.Add("old", []byte("old"))
		time.Sleep(4 * time.Minute)
		q.Add("young", []byte("young"))
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if jobs := q.Jobs(); jobs[0].State != printer.StateGivenUp || jobs[0].Problem != "no paper" || jobs[1].State != printer.StateWaiting || jobs[0].Attempts < 10 {
			t.Errorf("while it is off: %+v", jobs)
		}
		p.turn(false)
		time.Sleep(time.Minute)
		synctest.Wait()
		expect(t, strings.Join(p.printed, " "), "young")
		if q.Retry(99) || !q.Retry(old) {
			t.Error("what was given up cannot be tried again")
		}
		synctest.Wait()
		expect(t, strings.Join(p.printed, " "), "young old")
		if q.Retry(old) {
			t.Error("what was printed is printed again")
		}
		if n := told.Load(); n < 10 {
			t.Errorf("told %d times", n)
		}
	})
}

func TestClosingLetsOneJobFinish(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &paper{perLine: time.Second}
		q := printer.NewQueue(p, 0, nil)
		q.Add("now", []byte("now\n\n\n"))
		q.Add("later", []byte("later"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		q.Close(ctx)
		expect(t, states(q), "now printed after 1, later given up after 0")
	})
	synctest.Test(t, func(t *testing.T) {
		q := printer.NewQueue(&paper{perLine: time.Hour}, 0, nil)
		q.Add("stuck", []byte("\n"))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		q.Close(ctx)
		if waited := time.Since(start); waited > 2*time.Second {
			t.Errorf("closing waited %v for a stuck printer", waited)
		}
	})
}

func TestTheListDoesNotGrow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := printer.NewQueue(&paper{}, 0, nil)
		defer q.Close(t.Context())
		for range 500 {
			q.Add("x", []byte("x"))
			synctest.Wait()
		}
		if n := len(q.Jobs()); n > 60 {
			t.Errorf("%d jobs are on the list", n)
		}
		id := q.Jobs()[0].ID
		if !q.Drop(id) || q.Drop(id) {
			t.Error("a job cannot be dropped once")
		}
	})
}

// listener is a printer on the network that talks nonsense and reads slowly.
func listener(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { defer conn.Close(); handle(conn) }) //nolint:errcheck // a printer's end
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return "tcp://" + l.Addr().String()
}

func open(t *testing.T, address string) printer.Device {
	t.Helper()
	d, err := printer.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestNetworkPrinter(t *testing.T) {
	t.Parallel()
	got := make(chan []byte, 1)
	address := listener(t, func(conn net.Conn) {
		go func() { _, _ = conn.Write(bytes.Repeat([]byte{0xff, 0, 'x', 0x1b}, 1<<16)) }() // nobody asked
		data, _ := io.ReadAll(conn)
		got <- data
	})
	job := bytes.Repeat([]byte("line of a receipt\n"), 2000)
	if err := open(t, address).Print(t.Context(), job); err != nil {
		t.Fatal(err)
	}
	if data := <-got; !bytes.Equal(data, job) {
		t.Errorf("the printer got %d bytes of %d", len(data), len(job))
	}
}

func TestNetworkPrinterThatStopsOrIsOff(t *testing.T) {
	t.Parallel()
	address := listener(t, func(conn net.Conn) { _, _ = io.CopyN(io.Discard, conn, 100) }) // and is turned off
	if err := open(t, address).Print(t.Context(), make([]byte, 8<<20)); err == nil || !strings.Contains(err.Error(), "in the middle") {
		t.Errorf("turned off in the middle: %v", err)
	}
	held := make(chan struct{})
	address = listener(t, func(net.Conn) { <-held }) // reads nothing
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := open(t, address).Print(ctx, make([]byte, 32<<20)); err == nil {
		t.Error("a printer that reads nothing took 32 MB")
	}
	close(held)
	if err := open(t, "tcp://127.0.0.1:1").Print(t.Context(), []byte("x")); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("off: %v", err)
	}
}

func TestDeviceFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lp0")
	d := open(t, path)
	if err := d.Print(t.Context(), []byte("x")); err == nil {
		t.Error("a printer that is not there took a job")
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, job := range []string{"one\n", "two\n"} {
		if err := d.Print(t.Context(), []byte(job)); err != nil {
			t.Fatal(err)
		}
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != "one\ntwo\n" {
		t.Errorf("on paper: %q, %v", data, err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"tcp://10.0.0.7", "tcp://printer.local:9101", "tcp://[::1]:9100", "/dev/usb/lp0"} {
		if _, err := printer.Open(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "printer", "10.0.0.7:9100", "tcp://", "tcp://:9100", "tcp://a b", "http://printer/", "tcp://u@host:9100", "lp0"} {
		if _, err := printer.Open(bad); !errors.Is(err, printer.ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
