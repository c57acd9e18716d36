package api

import (
	"encoding/json"
	"testing"
)

// TestQuirks has one test for each numbered oddity of the service and its
// documents that concerns the calls of this package. What a name does not
// explain, the test does.
func TestQuirks(t *testing.T) {
	t.Parallel()
	for _, group := range []map[string]func(*testing.T){
		numberQuirks, valueQuirks, nameQuirks, codeQuirks, timeQuirks, fieldQuirks, statusQuirks,
	} {
		for number, test := range group {
			t.Run(number, func(t *testing.T) {
				t.Parallel()
				test(t)
			})
		}
	}
}

func read[T any](t *testing.T, wire string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(wire), &v); err != nil {
		t.Fatalf("%v in %s", err, wire)
	}
	return v
}

func readResponse[T any](t *testing.T, name string) T {
	t.Helper()
	return read[T](t, string(readFixture(t, name+".response.json")))
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// accepted calls Get against an answer and fails when it is not taken as one.
func accepted(t *testing.T, body string) *PaymentRequest {
	t.Helper()
	r, _, err := newClientOf(t, answering(200, body)).PaymentRequests.GetByShortCode(t.Context(), "CP-C7F-ZS5")
	if err != nil {
		t.Fatal(err)
	}
	return r
}
