package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
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

// An entry of which Centrapay does not say what it is, or of a type that nobody has
// heard of, is listed with the others.
func TestActivitiesOfTypesThatNobodyKnows(t *testing.T) {
	t.Parallel()
	const body = `{"items":[{"type":"payment","shortCode":"CP-AAA","value":{"amount":"500","currency":"NZD"}},
		{"shortCode":"CP-BBB","value":{"amount":"-700","currency":"NZD"}},{"type":"tip","shortCode":"CP-CCC"},
		{"type":"refund","shortCode":"CP-DDD","value":{"amount":"all","currency":"NZD"}}],"nextPageKey":"k"}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	t.Cleanup(server.Close)
	env := map[string]string{"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": t.TempDir(), "CENTRAPOS_API_URL": server.URL,
		"CENTRAPOS_API_KEY": plantedKey, "CENTRAPOS_MERCHANT_ID": "m"}
	got := command{args: []string{"activities", "--limit", "4"}, env: env}.run(t)
	for _, want := range []string{"payment ", "NZD 5.00", "unknown ", "NZD -7.00", "CP-BBB", "tip ", "CP-CCC", "all NZD"} {
		if got.code != exitDone || !strings.Contains(got.stdout, want) {
			t.Errorf("exit %d, %q is missing: %s%s", got.code, want, got.stdout, got.stderr)
		}
	}
	asJSON := command{args: []string{"activities", "--limit", "4", "--json"}, env: env}.run(t)
	items := asJSON.document(t)["items"].([]any)
	if len(items) != 4 || items[1].(map[string]any)["type"] != "" || items[2].(map[string]any)["type"] != "tip" {
		t.Errorf("got %s", asJSON.stdout)
	}
	asCSV := command{args: []string{"activities", "--limit", "4", "--csv"}, env: env}.run(t)
	if !strings.Contains(asCSV.stdout, ",unknown,-700,NZD,") || !strings.Contains(asCSV.stderr, "There are older ones") {
		t.Errorf("got %s%s", asCSV.stdout, asCSV.stderr)
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
