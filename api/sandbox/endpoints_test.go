package sandbox_test

import (
	"regexp"
	"slices"
	"testing"

	"centrapos/api/auth"
	"centrapos/api/sandbox"
)

// Every call of the client has its endpoint here, and every endpoint its name for
// faults.
func TestEveryCallOfTheClientHasItsEndpoint(t *testing.T) {
	t.Parallel()
	value := regexp.MustCompile(`\{[^}]+\}`)
	shape := func(path string) string { return value.ReplaceAllString(path, "{}") }
	routes := sandbox.Routes()
	for _, call := range auth.Endpoints() {
		i := slices.IndexFunc(routes, func(rt sandbox.Route) bool {
			return rt.Method == call.Method && shape(rt.Path) == shape(call.Path)
		})
		switch {
		case i < 0:
			t.Errorf("%s: no %s %s", call.Call, call.Method, call.Path)
		case routes[i].Open != call.Public:
			t.Errorf("%s is public: %v, here %v", call.Call, call.Public, routes[i].Open)
		}
	}
	names := sandbox.Endpoints()
	for _, rt := range routes {
		if !slices.Contains(names, rt.Name) {
			t.Errorf("%s cannot be struck by a fault", rt.Name)
		}
	}
}
