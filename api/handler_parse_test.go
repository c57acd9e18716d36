package api

import (
	"context"
	"errors"
	"testing"
)

// fixed answers every call with the same reply.
type fixed struct {
	r   reply
	err error
}

func (f fixed) do(context.Context, *call) (reply, error) { return f.r, f.err }

func TestParseJudgesOnlySuccesses(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong shape")
	earlier := &Error{Outcome: Refused}
	r := reply{meta: Meta{Status: 200, RequestID: "req-1"}, body: []byte("body")}
	decoded := ""
	k := &call{method: "GET", path: "/p", decode: func(b []byte) error {
		decoded = string(b)
		return wrong
	}}

	_, err := (&parseHandler{next: fixed{r, earlier}}).do(t.Context(), k)
	if !errors.Is(err, earlier) || decoded != "" {
		t.Errorf("got %v, decoded %q", err, decoded)
	}

	got, err := (&parseHandler{next: fixed{r, nil}}).do(t.Context(), k)
	var e *Error
	if !errors.As(err, &e) || e.Outcome != Unknown || !errors.Is(err, wrong) || decoded != "body" {
		t.Fatalf("got %v, decoded %q", err, decoded)
	}
	if e.Status != 200 || e.RequestID != "req-1" || e.Method != "GET" || e.Path != "/p" || got.meta != r.meta {
		t.Errorf("got %+v", *e)
	}

	k.decode = func([]byte) error { return nil }
	if _, err := (&parseHandler{next: fixed{r, nil}}).do(t.Context(), k); err != nil {
		t.Error(err)
	}
}
