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

// Route is an endpoint of the API, with the values of its path in braces.
type Route struct {
	Name, Method, Path string
	// Open endpoints take no credential, Keyless ones do without.
	Open, Keyless bool
}

// Routes lists the endpoints of the API, those with several paths several times.
func Routes() []Route {
	var all []Route
	for _, rt := range apiRoutes() {
		all = append(all, Route{Name: rt.name, Method: rt.method, Path: rt.path, Open: rt.open, Keyless: rt.credential != nil})
	}
	return all
}
