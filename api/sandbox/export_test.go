package sandbox

import (
	"context"
	"net"
)

// ServeOn serves a sandbox on a listener of a test, as Listen does on its own.
func ServeOn(ctx context.Context, listener net.Listener, opts ...Option) (*Server, error) {
	set, err := newSettings(opts)
	if err != nil {
		return nil, err
	}
	return serveOn(ctx, listener, nil, set)
}
