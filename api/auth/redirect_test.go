package auth

import (
	"context"
	"net"
	"testing"
)

// addressed is a listener that says it listens elsewhere.
type addressed struct {
	*memListener
	addr net.Addr
}

func (a addressed) Addr() net.Addr { return a.addr }

// What is listened on, and what the issuer and the browser are told of it.
func TestRedirectURLs(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]struct{ bind, url, host string }{
		"http://127.0.0.1:0/oidc-callback": {"127.0.0.1:0", "http://127.0.0.1:4711/oidc-callback", "127.0.0.1:4711"},
		"http://127.0.0.1:4711":            {"127.0.0.1:4711", "http://127.0.0.1:4711/", "127.0.0.1:4711"},
		"http://localhost:4711/back":       {"127.0.0.1:4711", "http://localhost:4711/back", "localhost:4711"},
		"http://[::1]:0/back":              {"[::1]:0", "http://[::1]:4711/back", "[::1]:4711"},
		"http://127.0.0.1/back":            {"127.0.0.1:80", "http://127.0.0.1/back", "127.0.0.1"},
		"http://[::1]/back":                {"[::1]:80", "http://[::1]/back", "[::1]"},
	} {
		r, err := parseRedirect(given)
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		bound := ""
		c, err := startCallback(t.Context(), func(_ context.Context, address string) (net.Listener, error) {
			bound = address
			port := 4711
			if r.port == "80" {
				port = 80
			}
			return addressed{newMemListener(), &net.TCPAddr{IP: net.ParseIP(r.bind), Port: port}}, nil
		}, r, "state")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, given+" is bound to", bound, want.bind)
		equal(t, given+" is told as", c.url, want.url)
		equal(t, given+" is visited as", c.hosts[len(c.hosts)-1], want.host)
		c.stop(t.Context())
	}
}
