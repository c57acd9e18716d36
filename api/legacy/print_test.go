package legacy

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestAuthoritiesAreNotPrinted(t *testing.T) {
	t.Parallel()
	const authority = "SECRETAUTHZ"
	pay := PayRequest{Ledger: "l", Authorization: authority}
	var out bytes.Buffer
	for _, v := range []any{pay, &pay, []PayRequest{pay}, struct{ V any }{pay}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "pay", pay, "pointer", &pay, "inside", struct{ V any }{pay})
	for _, form := range []string{authority, fmt.Sprintf("%x", authority), fmt.Sprintf("%X", authority)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("an authority is printed: %s", out.String())
		}
	}
}

func TestAClientOfNothingIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	defer func() {
		if fault := fmt.Sprint(recover()); !strings.Contains(fault, "api.New") {
			t.Errorf("got %s", fault)
		}
	}()
	New(nil)
}

func TestNilOptionsChooseNothing(t *testing.T) {
	t.Parallel()
	c, service := serve(t, answering(404, `{"message":"REQUEST_NOT_FOUND"}`), nil, nil, AsFirstPublished(), nil)
	_, _, _ = c.Info(t.Context(), testID) // what comes back is another test's matter
	equal(t, "calls", service.calls.Load(), 1)
}
