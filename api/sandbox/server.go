package sandbox

import (
	"cmp"
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
	addr    net.Addr
	scheme  string
	// lan is the address on the network, nil without WithLAN.
	lan net.Addr
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
// ctx ends. Any other address is refused: the keys of a sandbox are no secret. See
// WithLAN for phones.
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
	network, err := listenLAN(ctx, set.lan, listener.Addr())
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s, err := serveOn(ctx, listener, network, set)
	if err != nil {
		err = errors.Join(err, listener.Close())
		if network != nil {
			err = errors.Join(err, network.Close())
		}
		return nil, err
	}
	return s, nil
}

// serveOn serves a sandbox on a listener, and to the network on another unless that
// is nil.
func serveOn(ctx context.Context, listener, network net.Listener, set settings) (*Server, error) {
	s := &Server{addr: listener.Addr(), scheme: "http", done: make(chan struct{})}
	if network != nil {
		s.lan = network.Addr()
	}
	var papers papers
	if set.tls {
		var err error
		if papers, err = newPapers(listener.Addr()); err != nil {
			return nil, fmt.Errorf("make certificates for the sandbox: %w", err)
		}
		s.scheme, s.authority = "https", papers.authority
	}
	if set.payURL == "" {
		set.payURL = cmp.Or(s.LANURL(), s.URL()) + "/pay"
	}
	var err error
	if s.service, err = newService(set); err != nil {
		return nil, err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	doors := []door{{newHTTP(ctx, s.service), s.lines(listener, papers)}}
	if network != nil {
		doors = append(doors, door{newHTTP(ctx, s.service.forLAN()), &lines{Listener: network}})
	}
	go s.serve(ctx, doors)
	return s, nil
}

// door is a way in.
type door struct {
	http     *http.Server
	listener net.Listener
}

func newHTTP(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		// A client that hangs up in the middle is no news.
		ErrorLog: log.New(io.Discard, "", 0),
	}
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

// serve runs the server to its end: until ctx ends or a listener breaks, then
// gracefully.
func (s *Server) serve(ctx context.Context, doors []door) {
	defer close(s.done)
	ended := make(chan error, len(doors))
	for _, d := range doors {
		go func() { ended <- d.http.Serve(d.listener) }()
	}
	open := len(doors)
	select {
	case s.err = <-ended:
		open--
		s.cancel()
	case <-ctx.Done():
	}
	s.service.Close()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), closePatience)
	defer cancel()
	for _, d := range doors {
		if err := d.http.Shutdown(patience); err != nil {
			s.err = errors.Join(s.err, d.http.Close())
		}
	}
	for range open {
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
