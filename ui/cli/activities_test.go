package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"centrapos/api"
)

// Quirk B15: Centrapay's own example names a page that was read already. What came
// before is shown, with a word that it may not be all.
func TestActivitiesOfAListThatRepeatsAPage(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string]activitiesFlags{
		"all": {all: true}, "some": {limit: 20}, "as many as there are": {limit: 1}, "csv": {all: true, csv: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, end := range []error{api.ErrCursorRepeated, api.ErrOnlyEmptyPages} {
				var stdout, stderr bytes.Buffer
				p := &program{out: &output{stdout: &stdout, stderr: &stderr}}
				got, err := p.listActivities(func(yield func(*api.PaymentActivity, error) bool) {
					if yield(&api.PaymentActivity{Type: api.ActivityPayment, ShortCode: "CP-C7F"}, nil) {
						yield(nil, end)
					}
				}, flags)
				if err != nil || got.exit != exitDone {
					t.Fatalf("got %+v, %v", got, err)
				}
				if !strings.Contains(stdout.String(), "CP-C7F") || !strings.Contains(stderr.String(), "the list may be incomplete") {
					t.Errorf("got %q and %q", stdout.String(), stderr.String())
				}
				if strings.Contains(stderr.String(), "--all shows them") {
					t.Errorf("it promises what it cannot keep: %q", stderr.String())
				}
				if flags.csv {
					continue
				}
				if doc := jsonOf(t, got.document); !strings.Contains(doc, `"more":true`) || !strings.Contains(doc, "CP-C7F") {
					t.Errorf("got %s", doc)
				}
			}
		})
	}
	p := &program{out: &output{stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}}}
	broken := errors.New("broken")
	if _, err := p.listActivities(func(yield func(*api.PaymentActivity, error) bool) { yield(nil, broken) }, activitiesFlags{all: true}); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(data)), "")
}
