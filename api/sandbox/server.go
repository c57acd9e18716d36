package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"time"
)

// Server is a sandbox on a listener.
type Server struct {
	service *Service
	http    *http.Server
	addr    net.Addr
	scheme  string
	// authority is the certificate that clients have to trust, nil without TLS.
	authority []byte
	cancel    context.CancelFunc
	// done is closed when nothing is served any more; err says why then.
	done chan struct{}
	err  error
}

// closePatience is how long calls under way may take once the server closes.
const closePatience = 2 * time.Second

// Listen makes a sandbox with the options and serves it on a loopback address,
// "127.0.0.1:0" when addr is empty. The url of its payment requests points to its
// own pages unless WithPayURL says otherwise. It serves until Close is called or
// ctx ends. Any other address is refused: the keys of a sandbox are no secret.
func Listen(ctx context.Context, addr string, opts ...Option) (*Server, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	if err := loopbackOnly(addr); err != nil {
		return nil, err
	}
	set, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen for the sandbox: %w", err)
	}
	s, err := serveOn(ctx, listener, set)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return s, nil
}

// serveOn serves a sandbox on a listener.
func serveOn(ctx context.Context, listener net.Listener, set settings) (*Server, error) {
	s := &Server{addr: listener.Addr(), scheme: "http", done: make(chan struct{})}
	var papers papers
	if set.tls {
		var err error
		if papers, err = newPapers(listener.Addr()); err != nil {
			return nil, fmt.Errorf("make certificates for the sandbox: %w", err)
		}
		s.scheme, s.authority = "https", papers.authority
	}
	if set.payURL == "" {
		set.payURL = s.URL() + "/pay"
	}
	var err error
	if s.service, err = newService(set); err != nil {
		return nil, err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.http = &http.Server{
		Handler:           s.service,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		// A client that hangs up in the middle is no news.
		ErrorLog: log.New(io.Discard, "", 0),
	}
	go s.serve(ctx, s.lines(listener, papers))
	return s, nil
}

func loopbackOnly(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("sandbox address %q: %w", addr, err)
	}
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("sandbox address %q: the sandbox listens on this machine only, as 127.0.0.1:0", addr)
}

// serve runs the server to its end: until ctx ends, then gracefully.
func (s *Server) serve(ctx context.Context, listener net.Listener) {
	defer close(s.done)
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(listener) }()
	select {
	case s.err = <-ended:
		s.cancel()
	case <-ctx.Done():
		s.service.Close()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
		defer cancel()
		if err := s.http.Shutdown(patience); err != nil {
			s.err = s.http.Close()
		}
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			s.err = errors.Join(s.err, err)
		}
	}
}

// Service returns the sandbox that is served.
func (s *Server) Service() *Service { return s.service }

// Addr returns the address that it listens on.
func (s *Server) Addr() net.Addr { return s.addr }

// URL returns the base URL for clients, without a slash at its end.
func (s *Server) URL() string { return s.scheme + "://" + s.addr.String() }

// Authority returns the certificate, as PEM, that clients of a sandbox made WithTLS
// have to trust; nil for one without.
func (s *Server) Authority() []byte { return slices.Clone(s.authority) }

// Done returns a channel that is closed once nothing is served any more.
func (s *Server) Done() <-chan struct{} { return s.done }

// Close stops serving: no new calls are taken, those under way are given two
// seconds. The error says what went wrong with the listener, if anything did.
func (s *Server) Close() error {
	s.cancel()
	<-s.done
	return s.err
}
