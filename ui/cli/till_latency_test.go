package cli

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"centrapos/ui/screentest"
)

// beside is another program to put through the same harness, in the same run: a shell
// command in which %s is the file with the lines to choose from, and which shows what
// is typed. "gum filter --height 30 <%s" is one.
var beside = flag.String("latency.beside", "", "shell command of a program to measure beside the till; %s is a file of lines")

// BenchmarkKeyToScreen measures what an assistant feels: from a key that goes into
// the terminal to the screen that shows it. The basket has 200 lines, and the network
// hangs. Keys come at irregular times, as they do, so that no frame waits for them.
func BenchmarkKeyToScreen(b *testing.B) {
	b.Run("till", func(b *testing.B) {
		c := newCounter(b, "CENTRAPOS_API_URL="+mute(b), "CENTRAPOS_API_KEY=key-of-nobody", "CENTRAPOS_CONFIG_ID=mc_1", "CENTRAPOS_TERMINAL_ID=till-9")
		typeAndWatch(b, c.command(), "TOTAL", func(p *typist) {
			p.write("1.00\r")
			p.until("1 line", soon)
			for _, step := range [][2]string{ // a payment that the hung network never makes, and that is left to the till
				{"\x1b[20~", "Centrapay is making"}, {"\x1b", "Stop this payment?"}, {"y", "NOT KNOWN YET"}, {"\x1b", "Leave it to the till"},
				{"l", "Payments whose end"}, {"\x1b", "TOTAL"}, {"\x0e", "Scan something"},
			} {
				p.insist(step[0], step[1])
			}
			for i := range 200 {
				p.write(fmt.Sprintf("%d.%02d\r", 1+i, i%100))
				p.until(fmt.Sprintf("%d line", i+1), soon)
			}
		})
	})
	if *beside == "" {
		return
	}
	b.Run("beside", func(b *testing.B) {
		list := filepath.Join(b.TempDir(), "lines")
		var lines strings.Builder
		for i := range 200 {
			fmt.Fprintf(&lines, "Product number 7 of %d\n", i)
		}
		if err := os.WriteFile(list, []byte(lines.String()), 0o600); err != nil {
			b.Fatal(err)
		}
		cmd := exec.CommandContext(b.Context(), "sh", "-c", fmt.Sprintf(*beside, list))
		typeAndWatch(b, cmd, "Product number", func(*typist) {})
	})
}

// mute is a service that takes connections and never says a word.
func mute(b *testing.B) string {
	b.Helper()
	var config net.ListenConfig
	l, err := config.Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			b.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return "http://" + l.Addr().String()
}

// typist is somebody at a terminal with a stop-watch.
type typist struct {
	b      *testing.B
	tty    *os.File
	screen *screentest.Screen

	mu      sync.Mutex
	changed *sync.Cond
	ended   bool
}

// typeAndWatch starts a program in a terminal and measures how long typed characters
// take to stand on its screen, and to be gone again.
func typeAndWatch(b *testing.B, cmd *exec.Cmd, ready string, prepare func(*typist)) {
	b.Helper()
	const cols, rows = 120, 40
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	cmd.Env = append(cmd.Env, "TERM=xterm-256color")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: rows, Cols: cols})
	if err != nil {
		b.Fatal(err)
	}
	p := &typist{b: b, tty: tty, screen: screentest.NewScreen(cols, rows)}
	p.changed = sync.NewCond(&p.mu)
	go p.read()
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = tty.Close()
		_ = cmd.Wait()
		p.screen.Close()
	})
	p.until(ready, soon)
	prepare(p)
	rng := rand.New(rand.NewPCG(1, 1))
	var took []time.Duration
	for b.Loop() {
		for _, key := range []string{"7", "3", "\x7f", "\x7f"} {
			time.Sleep(time.Duration(20+rng.IntN(40)) * time.Millisecond)
			took = append(took, p.press(key))
		}
	}
	slices.Sort(took)
	milliseconds := func(i int) float64 { return float64(took[i].Microseconds()) / 1000 }
	b.ReportMetric(milliseconds(len(took)/2), "p50-ms")
	b.ReportMetric(milliseconds(len(took)*99/100), "p99-ms")
	b.ReportMetric(milliseconds(len(took)-1), "max-ms")
}

func (p *typist) read() {
	buffer := make([]byte, 1<<16)
	for {
		n, err := p.tty.Read(buffer)
		if n > 0 {
			_, _ = p.screen.Write(buffer[:n])
		}
		p.mu.Lock()
		p.ended = err != nil
		p.changed.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (p *typist) write(keys string) {
	if _, err := io.WriteString(p.tty, keys); err != nil {
		p.b.Fatal(err)
	}
}

// press writes a key and waits until the program has drawn anything after it.
func (p *typist) press(key string) time.Duration {
	before := p.screen.String()
	start := time.Now()
	p.write(key)
	p.wait(func() bool { return p.screen.String() != before }, soon)
	return time.Since(start)
}

// insist presses a key until it has shown its effect: keys in the first moment of
// what opens by itself are taken for the end of a scan.
func (p *typist) insist(key, says string) {
	for deadline := time.Now().Add(soon); !p.screen.Contains(says); time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			p.b.Fatalf("%q does not bring %q; the screen shows:\n%s", key, says, p.screen)
		}
		p.write(key)
		for range 100 {
			if p.screen.Contains(says) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// until waits until a text stands on the screen.
func (p *typist) until(text string, within time.Duration) {
	p.wait(func() bool { return p.screen.Contains(text) }, within)
}

func (p *typist) wait(ok func() bool, within time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	timer := time.AfterFunc(within, func() { p.mu.Lock(); defer p.mu.Unlock(); p.changed.Broadcast() })
	defer timer.Stop()
	for start := time.Now(); !ok(); {
		if p.ended || time.Since(start) >= within {
			p.b.Fatalf("it does not come; the screen shows:\n%s", p.screen)
		}
		p.changed.Wait()
	}
}
