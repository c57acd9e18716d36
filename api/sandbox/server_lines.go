package sandbox

import (
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// writePatience is how long a client may take to read a piece of an answer.
const writePatience = 30 * time.Second

// lines is a listener of connections that faults can reset.
type lines struct {
	net.Listener
	// reset tells whether a fault strikes a new connection; nil when that is found
	// out in its handshake.
	reset func() bool
}

// Accept waits for the next connection.
func (l *lines) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &line{Conn: conn, doomed: l.reset != nil && l.reset()}, nil
}

// line is a connection that a client which does not read cannot hold for ever.
type line struct {
	net.Conn
	// doomed connections are reset once the client says something, so that it has
	// certainly been sent.
	doomed bool
}

// NetConn returns the connection itself.
func (l *line) NetConn() net.Conn { return l.Conn }

func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	if l.doomed {
		resetConn(l.Conn)
		return 0, errReset
	}
	return n, err
}

func (l *line) Write(p []byte) (int, error) {
	if err := l.SetWriteDeadline(time.Now().Add(writePatience)); err != nil {
		return 0, err
	}
	return l.Conn.Write(p)
}

var errReset = errors.New("a fault resets the connection")

// lines makes a listener one whose connections faults can reset: over TLS in their
// handshake, otherwise when the first call comes.
func (s *Server) lines(listener net.Listener, with papers) net.Listener {
	reset := func() bool { return len(s.service.faults.strike(EndpointConnect)) > 0 }
	if with.authority == nil {
		return &lines{Listener: listener, reset: reset}
	}
	return tls.NewListener(&lines{Listener: listener}, &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{with.leaf},
		// What faults do to a connection is done to one call with HTTP/1.1 only.
		NextProtos: []string{"http/1.1"},
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			if reset() {
				resetConn(hello.Conn)
				return nil, errReset
			}
			return nil, nil // the config stays as it is
		},
	})
}
