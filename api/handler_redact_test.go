package api

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// clean fails when text shows the key, plain or in hex.
func clean(t *testing.T, what, text string) {
	t.Helper()
	for _, form := range []string{testKey, hex.EncodeToString([]byte(testKey)), strings.ToUpper(hex.EncodeToString([]byte(testKey)))} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows the key: %s", what, text)
		}
	}
}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"}

func TestNothingThatIsPrintedShowsTheKey(t *testing.T) {
	t.Parallel()
	c := mustNew(t, "http://127.0.0.1:1", WithAPIKey(testKey))
	type holder struct {
		Client  *Client
		private Client
		key     secret
	}
	things := map[string]any{
		"client":        c,
		"client value":  *c,
		"holder":        holder{c, *c, newSecret(testKey)},
		"secret":        newSecret(testKey),
		"option":        WithAPIKey(testKey),
		"options":       []Option{WithAPIKey(testKey)},
		"settings":      settings{credential: credential{key: newSecret(testKey)}},
		"send handler":  sendHandler{credential: credential{key: newSecret(testKey)}},
		"sub-client":    *c.PaymentRequests,
		"chain":         c.chain,
		"empty client":  Client{},
		"secret in map": map[string]secret{"a": newSecret(testKey)},
	}
	var out bytes.Buffer
	text := slog.New(slog.NewTextHandler(&out, nil))
	structured := slog.New(slog.NewJSONHandler(&out, nil))
	for what, thing := range things {
		for _, verb := range verbs {
			clean(t, what+" as "+verb, fmt.Sprintf(verb, thing))
		}
		text.Info("it", "thing", thing)
		structured.Info("it", "thing", thing)
		if data, err := json.Marshal(thing); err == nil {
			clean(t, what+" as JSON", string(data))
		}
	}
	clean(t, "log", out.String())
	if c.String() != "Centrapay client of http://127.0.0.1:1" {
		t.Errorf("got %s", c)
	}
}

func TestErrorsNeverRepeatTheKey(t *testing.T) {
	t.Parallel()
	echo, err := json.Marshal(ErrorBody{Message: "bad key " + testKey, Reason: "got X-Api-Key: " + testKey})
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]http.HandlerFunc{
		"in the message":    answering(401, string(echo)),
		"as the message":    answering(401, `{"message":"`+testKey+`"}`),
		"in a header":       answering(500, "", "X-Request-Id", testKey),
		"as the request":    answering(200, paymentRequestJSON(testKey, "new")),
		"in a number":       answering(200, `{"id":"x","expirySeconds":"`+testKey+`"}`),
		"as gzip":           answering(200, testKey, "Content-Encoding", "gzip"),
		"in a debug page":   answering(403, "<pre>X-Api-Key: "+testKey+"</pre>"),
		"as broken JSON":    answering(200, testKey),
		"in a redirect":     answering(302, "", "Location", "http://127.0.0.1:1/?key="+testKey),
		"connection broken": reset,
	}
	for name, handle := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			c := newClientOf(t, handle, WithLogger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			_, meta, err := c.PaymentRequests.Get(t.Context(), testID)
			if err == nil {
				t.Fatal("no error")
			}
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			for _, verb := range verbs {
				clean(t, verb, fmt.Sprintf(verb, err)+fmt.Sprintf(verb, *e)+fmt.Sprintf(verb, meta))
			}
			for cause := error(e); cause != nil; cause = errors.Unwrap(cause) {
				clean(t, "cause", fmt.Sprintf("%#v %v", cause, cause))
			}
			clean(t, "log", out.String())
		})
	}
}

func TestRedactionKeepsCausesThatAreClean(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	h := &redactHandler{next: fixed{err: &Error{Err: cause}}}
	if _, err := h.do(t.Context(), &call{used: newSecret(testKey)}); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}
