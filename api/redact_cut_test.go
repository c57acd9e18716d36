package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Texts of others are clipped; a key that is cut in two there must not show.
func TestACutKeyDoesNotShow(t *testing.T) {
	t.Parallel()
	pad := strings.Repeat("y", 50)
	half := len(testKey) / 2
	answers := map[string]http.HandlerFunc{
		"request id":       answering(500, "", "X-Request-Id", pad+testKey),
		"id of a success":  answering(200, `{"items":[]}`, "X-Request-Id", pad+testKey),
		"decoded field":    answering(200, `{"items":[{"type":"x","preAuth":"`+pad+testKey+`"}]}`),
		"quota":            answering(403, `{"message":"QUOTA_EXCEEDED","quotas":[{"type":"`+testKey+`","limit":"`+testKey+`"}]}`),
		"in two parts":     answering(403, `{"message":"`+testKey[:half]+" "+testKey[half:]+`"}`),
		"in capitals":      answering(403, `{"message":"`+strings.ToUpper(testKey)+`"}`),
		"as a code":        answering(403, `{"message":"`+strings.ToUpper(strings.ReplaceAll(testKey, "-", "_"))+`"}`),
		"the beginning":    answering(403, `{"message":"`+testKey[:12]+`"}`),
		"shortly cut":      answering(200, `{"items":[{"type":"x","preAuth":"`+strings.Repeat("y", 55)+testKey+`"}]}`),
		"as a URL has it":  answering(500, `{"message":"?key=`+url.QueryEscape(testKey)+`"}`),
		"reason and error": answering(403, `{"message":"x","reason":"`+pad+testKey+`"}`),
	}
	for name, handle := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			c := newClientOf(t, handle, WithLogger(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			_, meta, err := c.PaymentActivities.List(t.Context(), ListPaymentActivitiesParams{MerchantID: "m"})
			fmt.Fprintf(&out, "%v %+v %#v %+v", err, err, err, meta)
			shown, jsonErr := json.Marshal(struct {
				E error
				M Meta
			}{err, meta})
			if jsonErr != nil {
				t.Fatal(jsonErr)
			}
			out.Write(shown)
			low := strings.ToLower(out.String())
			for i := range len(testKey) - leastPiece + 1 {
				if part := testKey[i : i+leastPiece]; strings.Contains(low, part) {
					t.Fatalf("it shows %q: %s", part, out.String())
				}
			}
			if strings.Contains(low, testKey[:4]+"…") {
				t.Errorf("it shows the beginning: %s", out.String())
			}
		})
	}
}

func TestScrubbingLeavesOtherTextAlone(t *testing.T) {
	t.Parallel()
	key := newSecret(testKey)
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[G-Z …]{0,80}`).Draw(rt, "text")
		if got := key.scrub(text); got != text {
			rt.Fatalf("got %q of %q", got, text)
		}
		before, after := rapid.String().Draw(rt, "before"), rapid.String().Draw(rt, "after")
		if got := key.scrub(before + testKey + after); strings.Contains(got, testKey) {
			rt.Fatalf("got %q", got)
		}
	})
	equal(t, "a word in common", key.scrub("the secret of it…"), "the secret of it…")
	equal(t, "a code", key.scrub("REQUEST_PAID"), "REQUEST_PAID")
}

func TestAuthoritiesAreNotPrinted(t *testing.T) {
	t.Parallel()
	const authority = "SECRETAUTHZ"
	pay := PayPaymentRequest{AssetType: "x", Authorization: authority}
	form := url.Values{"authorization": {authority}}
	call := Call{Method: "POST", Path: []string{"api", "requests.pay"}, Form: form}
	var out bytes.Buffer
	for _, v := range []any{
		pay, &pay, []PayPaymentRequest{pay}, struct{ V any }{pay}, call, &call, struct{ V any }{call},
		Call{Query: form}, Call{JSON: pay},
	} {
		for _, verb := range verbs {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "pay", pay, "pointer", &pay, "call", call)
	for _, form := range []string{authority, fmt.Sprintf("%x", authority), fmt.Sprintf("%X", authority)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("an authority is printed: %s", out.String())
		}
	}
	equal(t, "call", call.String(), "POST /api/requests.pay with authorization")
	if sent, err := json.Marshal(pay); err != nil || !strings.Contains(string(sent), authority) {
		t.Errorf("it is sent as %s, %v", sent, err)
	}
}
