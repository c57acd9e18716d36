package sandbox_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/api/sandbox"
)

// slowKinds are ways to keep a service waiting: each says something on a
// connection, and returns when the service has ended it.
func slowKinds() map[string]func(net.Conn) error {
	const head = "POST " + requests + " HTTP/1.1\r\nHost: sandbox\r\nX-Api-Key: " + sandbox.DemoAPIKey + "\r\nContent-Type: application/json\r\n"
	whole := head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(createJSON), createJSON)
	// dribble says a text a byte a second, for ever.
	dribble := func(conn net.Conn, text string) error {
		for {
			if _, err := io.WriteString(conn, text[:1]); err != nil {
				return err
			}
			time.Sleep(time.Second)
		}
	}
	untilEnd := func(conn net.Conn) error {
		_, err := io.Copy(io.Discard, conn)
		return err
	}
	say := func(text string, then func(net.Conn) error) func(net.Conn) error {
		return func(conn net.Conn) error {
			if _, err := io.WriteString(conn, text); err != nil {
				return err
			}
			return then(conn)
		}
	}
	return map[string]func(net.Conn) error{
		"says nothing":       untilEnd,
		"half of the header": say(head, untilEnd),
		"header by bytes":    say(head+"X-Slow: ", func(conn net.Conn) error { return dribble(conn, "z") }),
		"no body":            say(head+"Content-Length: 1000\r\n\r\n", untilEnd),
		"body by bytes":      say(head+"Content-Length: 100000\r\n\r\n", func(conn net.Conn) error { return dribble(conn, " ") }),
		"chunks by bytes": say(head+"Transfer-Encoding: chunked\r\n\r\n", func(conn net.Conn) error {
			for {
				if _, err := io.WriteString(conn, "1\r\n \r\n"); err != nil {
					return err
				}
				time.Sleep(time.Second)
			}
		}),
		// It asks and does not read; a connection that stays open would block its writer.
		"does not read": say(whole, func(conn net.Conn) error {
			time.Sleep(time.Hour)
			return untilEnd(conn)
		}),
		"stays after its call": say(whole, untilEnd),
	}
}

// TestTenThousandSlowClients keeps a service waiting in each way, in virtual time:
// others are served all the while, each connection is ended within three minutes,
// and nothing of them is left.
func TestTenThousandSlowClients(t *testing.T) {
	const each, atMost = 1250, 3 * time.Minute
	synctest.Test(t, func(t *testing.T) {
		l := &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
		server, err := sandbox.ServeOn(t.Context(), l, sandbox.WithRateLimit(0))
		if err != nil {
			t.Fatal(err)
		}
		served := &http.Client{Transport: &http.Transport{DialContext: l.dial, DisableKeepAlives: true}}
		synctest.Wait()
		goroutines, memory := runtime.NumGoroutine(), heapInUse()
		kinds := slowKinds()
		var open atomic.Int64
		var all sync.WaitGroup
		for name, keepWaiting := range kinds {
			for range each {
				conn, err := l.dial(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				open.Add(1)
				began := time.Now()
				all.Go(func() {
					defer func() { _ = conn.Close() }()
					err := keepWaiting(conn)
					open.Add(-1)
					if took := time.Since(began); took > atMost && name != "does not read" {
						t.Errorf("%s: ended after %v (%v)", name, took, err)
					}
				})
			}
		}
		synctest.Wait()
		if n := open.Load(); n != int64(each*len(kinds)) {
			t.Errorf("%d are open, want %d", n, each*len(kinds))
		}
		t.Logf("%d open: %d goroutines, %d MiB more", open.Load(), runtime.NumGoroutine()-goroutines, (heapInUse()-memory)>>20)
		before := time.Now()
		if a := callOver(t, served, post, "http://sandbox"+requests, createJSON); !isWhole(a) || time.Since(before) > 0 {
			t.Errorf("answered %+v after %v", a, time.Since(before))
		}
		time.Sleep(atMost)
		synctest.Wait()
		if n := open.Load(); n != each { // those who sleep before they look
			t.Errorf("%d are open after %v", n, atMost)
		}
		if serving := strings.Count(stacks(), "net/http.(*conn).serve"); serving > 0 {
			t.Errorf("%d connections are still served", serving)
		}
		all.Wait()
		synctest.Wait()
		if n := runtime.NumGoroutine(); n > goroutines {
			t.Errorf("%d goroutines, %d before", n, goroutines)
		}
		// What is kept are the requests that two of the kinds made.
		const perRequest = 16 << 10
		if more := heapInUse() - memory; more > 2*each*perRequest {
			t.Errorf("%d MiB more memory than before", more>>20)
		} else {
			t.Logf("afterwards: %d goroutines, %d MiB more", runtime.NumGoroutine()-goroutines, more>>20)
		}
		if a := callOver(t, served, post, "http://sandbox"+requests, createJSON); !isWhole(a) {
			t.Errorf("afterwards: %+v", a)
		}
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}

func heapInUse() int64 {
	for range 3 { // pools let go of what nobody took since the last but one
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// stacks are those of all goroutines.
func stacks() string {
	for size := 1 << 20; ; size *= 2 {
		text := make([]byte, size)
		if n := runtime.Stack(text, true); n < size {
			return string(text[:n])
		}
	}
}
