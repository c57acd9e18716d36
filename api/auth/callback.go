package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// DefaultRedirectURL is any free port of this machine. The issuer has to allow it
// whatever the port, as RFC 8252, section 7.3 asks for; for one that does not, a
// fixed port has to be named.
const DefaultRedirectURL = "http://127.0.0.1:0/oidc-callback"

// listenFunc listens on an address of this machine.
type listenFunc func(ctx context.Context, address string) (net.Listener, error)

func listenLoopback(ctx context.Context, address string) (net.Listener, error) {
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", address)
}

// redirect is a redirect URL taken apart.
type redirect struct {
	// host is as it is written in the URL, bind the address to listen on.
	host, port, bind, path string
}

func parseRedirect(text string) (redirect, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" || !isLoopback(u.Hostname()) || u.User != nil:
		return redirect{}, errors.New("the redirect URL must be http:// with an address of this machine, such as " + DefaultRedirectURL)
	case u.RawQuery != "" || u.Fragment != "":
		return redirect{}, errors.New("the redirect URL must not have a query or fragment")
	}
	r := redirect{host: u.Hostname(), port: u.Port(), bind: u.Hostname(), path: u.Path}
	if r.host == "localhost" {
		r.bind = "127.0.0.1"
	}
	if r.port == "" {
		r.port = "80"
	}
	if r.path == "" {
		r.path = "/"
	}
	return r, nil
}

// answer is what the browser brought back.
type answer struct {
	code, issuer, errorCode, description string
}

// callback is the small server on this machine that the browser comes back to.
// It takes one answer: that to its state. The browser waits to be shown what came of
// it: until the tokens are here and checked, nobody is logged in.
type callback struct {
	url     string // the redirect URL, with the port that is listened on
	answers chan answer
	// concluded is told what the browser is to show.
	concluded chan page

	path, state string
	hosts       []string
	taken       atomic.Bool
	server      *http.Server
	served      chan struct{}
}

func startCallback(ctx context.Context, listen listenFunc, r redirect, state string) (*callback, error) {
	listener, err := listen(ctx, net.JoinHostPort(r.bind, r.port))
	if err != nil {
		return nil, fmt.Errorf("wait for the browser on this machine: %w", err)
	}
	if _, port, err := net.SplitHostPort(listener.Addr().String()); err == nil {
		r.port = port
	}
	host := net.JoinHostPort(r.host, r.port)
	c := &callback{
		url:     "http://" + host + r.path,
		answers: make(chan answer, 1), concluded: make(chan page, 1),
		path: r.path, state: state, hosts: []string{host},
		served: make(chan struct{}),
	}
	if r.port == "80" {
		bare := strings.TrimSuffix(host, ":80") // browsers leave it out
		c.hosts = append(c.hosts, bare)
		c.url = "http://" + bare + r.path
	}
	c.server = &http.Server{
		Handler:           c,
		ReadHeaderTimeout: 5 * time.Second,
		WriteTimeout:      verdictPatience + 5*time.Second,
		IdleTimeout:       5 * time.Second,
		MaxHeaderBytes:    32 << 10,
		// The screen is somebody else's.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() {
		defer close(c.served)
		_ = c.server.Serve(listener) // stop ends it; a broken listener is told by the time limit
	}()
	return c, nil
}

// verdictPatience is how long the browser waits for what came of its answer: for
// the exchange and the keys to check it by.
const verdictPatience = time.Minute

// conclude tells the browser that waits what came of its answer.
func (c *callback) conclude(err error) {
	switch {
	case err == nil:
		c.concluded <- pageLoggedIn
	case errors.Is(err, ErrLoginRefused):
		c.concluded <- pageRefused
	default:
		c.concluded <- pageFailed
	}
}

// verdict waits for what came of the answer. Where nobody says, it failed.
func (c *callback) verdict(ctx context.Context) page {
	ctx, cancel := context.WithTimeout(ctx, verdictPatience)
	defer cancel()
	select {
	case p := <-c.concluded:
		return p
	case <-ctx.Done():
		return pageFailed
	}
}

// stop lets the page that is being sent arrive and ends the server.
func (c *callback) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if c.server.Shutdown(ctx) != nil {
		_ = c.server.Close()
	}
	<-c.served
}

// ServeHTTP answers the browser. Whatever is not the answer to this login leaves
// the login waiting: other pages of the same browser can reach this server too.
func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	switch {
	case !slices.Contains(c.hosts, r.Host):
		// A page that had its name resolve to this machine.
		show(w, http.StatusMisdirectedRequest, pageForeign)
	case r.URL.Path != c.path:
		show(w, http.StatusNotFound, pageForeign)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		show(w, http.StatusMethodNotAllowed, pageForeign)
	case !c.isOwnState(query):
		show(w, http.StatusBadRequest, pageForeign)
	case !isAnswer(query):
		show(w, http.StatusBadRequest, pageForeign)
	case !c.taken.CompareAndSwap(false, true):
		show(w, http.StatusConflict, pageUsed)
	default:
		a := answer{
			code: query.Get("code"), issuer: query.Get("iss"),
			errorCode: query.Get("error"), description: query.Get("error_description"),
		}
		c.answers <- a
		show(w, http.StatusOK, c.verdict(r.Context()))
	}
}

func (c *callback) isOwnState(query url.Values) bool {
	return len(query["state"]) == 1 && subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(c.state)) == 1
}

// isAnswer reports whether a query has either one code or one error.
func isAnswer(query url.Values) bool {
	codes, refusals := len(query["code"]), len(query["error"])
	return codes+refusals == 1 && (query.Get("code") != "" || query.Get("error") != "") && len(query["iss"]) <= 1
}
