package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/url"
	"testing"
)

func TestEachAttemptIsLogged(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := newClientOf(t, expectations(t,
		exchange{method: "GET", path: "/api/payment-requests/" + testID, status: 502},
		exchange{method: "GET", path: "/api/payment-requests/" + testID, reply: paymentRequestJSON(testID, "new")},
		exchange{method: "POST", path: "/api/payment-requests/" + testID + "/void", status: 403, reply: `{"message":"REQUEST_EXPIRED","reason":"Jane Doe"}`},
		exchange{
			method: "GET", path: "/api/payment-requests/external-ref/r", reply: `{"items":[]}`,
			query: url.Values{"merchantAccountId": {"acct-secretish"}},
		},
	), WithLogger(slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if err := get(c)(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.PaymentRequests.Void(t.Context(), testID); err == nil {
		t.Fatal("void was done")
	}
	if _, _, err := c.PaymentRequests.ListByExternalRef(t.Context(), "r", ListByExternalRefParams{MerchantAccountID: "acct-secretish"}); err != nil {
		t.Fatal(err)
	}

	type line struct {
		Level, Method, Path, Outcome, Code, Error string
		Status, Attempt                           int
		Took, Waited                              *int64
	}
	want := []line{
		{Level: "WARN", Method: "GET", Outcome: "unknown", Status: 502, Attempt: 1},
		{Level: "DEBUG", Method: "GET", Outcome: "done", Status: 200, Attempt: 2},
		{Level: "INFO", Method: "POST", Outcome: "refused", Status: 403, Attempt: 1, Code: "REQUEST_EXPIRED"},
		{Level: "DEBUG", Method: "GET", Outcome: "done", Status: 200, Attempt: 1},
	}
	for _, forbidden := range []string{testKey, "Jane Doe", "acct-secretish", "app.centrapay.com"} {
		if bytes.Contains(out.Bytes(), []byte(forbidden)) {
			t.Errorf("%q was logged", forbidden)
		}
	}
	dec := json.NewDecoder(&out)
	for i, w := range want {
		var got line
		if err := dec.Decode(&got); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		if got.Level != w.Level || got.Method != w.Method || got.Outcome != w.Outcome || got.Status != w.Status ||
			got.Attempt != w.Attempt || got.Code != w.Code || got.Path == "" || got.Took == nil || got.Waited == nil {
			t.Errorf("line %d: got %+v, want %+v", i, got, w)
		}
		if (got.Error != "") != (w.Outcome == "unknown") {
			t.Errorf("line %d: error %q", i, got.Error)
		}
	}
	if dec.More() {
		t.Error("there are more lines")
	}
}
