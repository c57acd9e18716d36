package auth

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
)

// memListener is a listener of this machine without a network, so that time can
// be virtual.
type memListener struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func newMemListener() *memListener {
	return &memListener{connections: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *memListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memListener) Close() error { l.once.Do(func() { close(l.closed) }); return nil }

func (l *memListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 49152} }

func (l *memListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.connections <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, syscall.ECONNREFUSED
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// testBrowser visits the login page of an issuer and follows it back to this
// machine.
type testBrowser struct {
	issuer *testIssuer
	local  *memListener
	// shown is the page that open ended at.
	shown visited
	// change changes the address that the issuer sends the browser back to.
	change func(address string) string
}

// visited is a page with its status and headers.
type visited struct {
	status int
	page   string
	header http.Header
}

// newTestBrowser has the provider wait for this browser.
func newTestBrowser(i *testIssuer, p *Provider) *testBrowser {
	b := &testBrowser{issuer: i, local: newMemListener()}
	p.listen = func(context.Context, string) (net.Listener, error) { return b.local, nil }
	return b
}

// open opens a login page, logs in and goes where it is sent.
func (b *testBrowser) open(address string) error {
	back, err := b.login(address)
	if err != nil {
		return err
	}
	if b.change != nil {
		back = b.change(back)
	}
	b.shown, err = b.visit(context.Background(), http.MethodGet, back, "")
	return err
}

// login returns where the login page sends the browser.
func (b *testBrowser) login(address string) (string, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", err
	}
	resp, err := direct{b.issuer}.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	back := resp.Header.Get("Location")
	if back == "" {
		return "", errors.New("the login page sends the browser nowhere")
	}
	return back, nil
}

// visit goes to an address of this machine, as another host if that is given.
func (b *testBrowser) visit(ctx context.Context, method, address, host string) (visited, error) {
	transport := &http.Transport{DialContext: b.local.dial, DisableKeepAlives: true}
	req, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return visited{}, err
	}
	if host != "" {
		req.Host = host
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return visited{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return visited{resp.StatusCode, string(body), resp.Header}, err
}

func TestOpenBrowserOpensOnlyPages(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"file:///etc/passwd", "javascript:alert(1)", "http://example.com/", "https://user:pw@example.com/", ""} {
		if err := OpenBrowser(address); err == nil {
			t.Errorf("opened %q", address)
		}
	}
}
