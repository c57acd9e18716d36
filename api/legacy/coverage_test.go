package legacy

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"centrapos/api"
)

// retryClass says what happens to a call whose outcome is unknown.
type retryClass string

const (
	retryRead  retryClass = "read"  // attempted again: reading changes nothing
	retryKeyed retryClass = "keyed" // attempted again: the service remembers its key
	retryOnce  retryClass = "once"  // never attempted again
)

// endpoint is a row of the coverage table: one call, in the forms that have it.
type endpoint struct {
	call, variant string
	// today and first are the routes of the two forms, first "" where it has none.
	today, first string
	// fixtures are the published exchanges, without their endings.
	fixtures []string
	// codes are those that the documents list for the call.
	codes []api.Code
	retry retryClass
	why   string
	// make makes the call; nil makes that of the first fixture.
	make func(context.Context, *Client) error
}

func (e endpoint) name() string { return strings.TrimSpace(e.call + " " + e.variant) }

func (e endpoint) do(ctx context.Context, c *Client) error {
	if e.make != nil {
		return e.make(ctx, c)
	}
	return builtRequests[e.fixtures[0]](ctx, c)
}

var (
	cancelCodes = []api.Code{CodeRequestNotFound, api.CodeRequestExpired, api.CodeRequestPaid}
	refundCodes = []api.Code{
		CodeTransactionNotFound, api.CodeAlreadyRefunded, api.CodeInvalidAmount, api.CodeRepeatReference,
		api.CodePartialRefundsNotAllowed, api.CodeInactiveAsset, api.CodeRefundNotSupported,
		api.CodeRefundWindowExceeded, api.CodeRefundDeclined,
	}
)

// coverage is the whole table.
var coverage = []endpoint{
	{
		call: "Create", today: "POST /payments/api/requests.create", first: "POST /api/requests.create",
		fixtures: []string{"legacy-payment-requests-create", "seed-legacy-requests-create"},
		codes: []api.Code{
			api.CodeChecksumFailed, api.CodePatronCodeInvalid, CodeMerchantConfigurationNotFound, api.CodeNoAvailablePaymentOptions,
		},
		retry: retryOnce, why: "it has no key; a repeat would ask for the money a second time",
	},
	{
		call: "Info", today: "GET /payments/api/requests.info", first: "GET /api/requests.info",
		fixtures: []string{"legacy-payment-requests-get", "seed-legacy-requests-info"},
		codes:    []api.Code{CodeRequestNotFound},
		retry:    retryRead,
	},
	{
		call: "Pay", today: "POST /payments/api/requests.pay", first: "POST /api/requests.pay",
		fixtures: []string{"legacy-payment-requests-pay", "seed-legacy-requests-pay"},
		codes: []api.Code{
			api.CodeRequestExpired, api.CodeRequestPaid, api.CodeRequestCancelled, api.CodeInvalidAssetType, api.CodeInactiveAsset,
			api.CodeInvalidMerchantConfig, api.CodeQuotaExceeded, api.CodeInsufficientAssetValue, api.CodeAssetRedemptionDenied,
			CodeTransactionAlreadyExists,
		},
		retry: retryOnce, why: "it has no key; a repeat could pay twice",
	},
	{
		call: "Cancel", today: "POST /payments/api/requests.cancel", first: "POST /api/requests.cancel",
		fixtures: []string{"legacy-payment-requests-cancel", "seed-legacy-requests-cancel"},
		codes:    cancelCodes,
		retry:    retryOnce, why: "it has no key; what a repeat is answered with is not documented",
	},
	{
		call: "Void", today: "POST /payments/api/requests.void",
		fixtures: []string{"legacy-payment-requests-void"},
		codes:    slices.Concat(cancelCodes, refundCodes, []api.Code{api.CodeVoidWindowExceeded}),
		retry:    retryOnce, why: "it has no key; whether a repeat gives the money back twice is not documented",
	},
	{
		call: "Refund", today: "POST /payments/api/transactions.refund",
		fixtures: []string{"legacy-payment-requests-refund"},
		codes:    refundCodes,
		retry:    retryOnce, why: "without a reference a repeat is a second refund, or refused",
	},
	{
		call: "Refund", variant: "with ExternalReference", today: "POST /payments/api/transactions.refund",
		fixtures: []string{"legacy-payment-requests-refund"},
		codes:    refundCodes,
		retry:    retryKeyed, why: "externalReference with the same amount is taken for the same refund",
		make: func(ctx context.Context, c *Client) error {
			_, _, err := c.Refund(ctx, "t", RefundRequest{Amount: "100", ExternalReference: "r"})
			return err
		},
	},
}

// TestCoverageTable prints the table and holds it against the client, the
// fixtures and what the methods say of themselves.
func TestCoverageTable(t *testing.T) {
	t.Parallel()
	docs := methodDocs(t)
	rows, named := map[string]bool{}, map[string]bool{}
	var table strings.Builder
	for _, e := range coverage {
		fmt.Fprintf(&table, "\nlegacy.%s\n    %s\n", e.name(), e.today)
		fmt.Fprintf(&table, "    first     %s\n", list([]string{e.first}, "the first form has no such call"))
		fmt.Fprintf(&table, "    request   %s\n", list(kept(e.fixtures, ".request.json"), "none is published"))
		fmt.Fprintf(&table, "    response  %s\n", list(kept(e.fixtures, ".response.json"), "none is published"))
		fmt.Fprintf(&table, "    codes     %s\n", list(e.codes, "none of its own"))
		fmt.Fprintf(&table, "    retry     %s%s\n", e.retry, strings.TrimSuffix(": "+e.why, ": "))
		if rows[e.name()] {
			t.Errorf("%s has two rows", e.name())
		}
		rows[e.name()] = true
		for _, name := range e.fixtures {
			named[name] = true
		}
		e.checkRow(t, docs)
	}
	t.Log(table.String())
	for method := range reflect.TypeFor[*Client]().Methods() {
		if !rows[method.Name] {
			t.Errorf("%s has no row", method.Name)
		}
	}
	for _, suffix := range []string{".request.json", ".response.json"} {
		for _, name := range fixtureNames(t, suffix) {
			if !named[name] {
				t.Errorf("%s%s is in no row", name, suffix)
			}
		}
	}
}

// checkRow checks what a row says of itself.
func (e endpoint) checkRow(t *testing.T, docs map[string]string) {
	t.Helper()
	if e.first != "" != (len(e.fixtures) == 2) {
		t.Errorf("%s: want one fixture for each form", e.name())
	}
	for i, name := range e.fixtures {
		f := read[fixture](t, string(readFixture(t, name+".request.json")))
		if got, want := f.Method+" "+f.Path, []string{e.today, e.first}[i]; got != want {
			t.Errorf("%s: its fixture asks for %s, not %s", e.name(), got, want)
		}
	}
	if strings.HasPrefix(e.today, http.MethodGet) != (e.retry == retryRead) || (e.retry == retryRead) != (e.why == "") {
		t.Errorf("%s: retry class %q and reason %q do not fit %s", e.name(), e.retry, e.why, e.today)
	}
	if got, want := codesIn(docs, e.call), slices.Sorted(slices.Values(e.codes)); !slices.Equal(got, want) {
		t.Errorf("%s: its documentation names the codes\n%v, the table\n%v", e.call, got, want)
	}
}

// Each documented code arrives as the typed code that callers switch on, and each
// call is attempted as often as its class says.
func TestRowsHoldOnTheWire(t *testing.T) {
	t.Parallel()
	for _, e := range coverage {
		for _, code := range e.codes {
			c, s := today(t, answering(http.StatusForbidden, `{"message":"`+string(code)+`"}`))
			want := api.Refused
			if code == CodeTransactionAlreadyExists {
				want = api.Unknown
			}
			err := e.do(t.Context(), c)
			if asError(t, err).Code != code || api.OutcomeOf(err) != want {
				t.Errorf("%s answered %s: got %s: %v", e.name(), code, api.OutcomeOf(err), err)
			}
			equal(t, e.name()+" refused, requests", s.calls.Load(), 1)
		}
		c, s := today(t, answering(http.StatusBadGateway, "<html>"))
		equal(t, e.name()+" lost", api.OutcomeOf(e.do(t.Context(), c)), api.Unknown)
		want := map[retryClass]int32{retryRead: 3, retryKeyed: 3, retryOnce: 1}[e.retry]
		equal(t, e.name()+" lost, requests", s.calls.Load(), want)
	}
}

// kept returns the fixtures that are there with the given ending.
func kept(names []string, suffix string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, err := os.Stat(filepath.Join("testdata", "fixtures", name+suffix))
		return err != nil
	})
}

func list[T ~string](names []T, otherwise string) string {
	var texts []string
	for _, name := range names {
		if name != "" {
			texts = append(texts, string(name))
		}
	}
	if len(texts) == 0 {
		return otherwise
	}
	return strings.Join(texts, ", ")
}

// codesIn returns the codes that the documentation of a call names, with those
// of the calls that it refers to: "those of Cancel and Refund".
func codesIn(docs map[string]string, call string) []api.Code {
	codes := map[api.Code]bool{}
	texts := []string{docs[call]}
	if other := regexp.MustCompile(`those of (\w+)\s+and\s+(\w+)`).FindStringSubmatch(docs[call]); other != nil {
		texts = append(texts, docs[other[1]], docs[other[2]])
	}
	for _, text := range texts {
		for _, word := range regexp.MustCompile(`\b[A-Z]+(_[A-Z]+)+\b`).FindAllString(text, -1) {
			codes[api.Code(word)] = true
		}
	}
	return slices.Sorted(maps.Keys(codes))
}

// methodDocs returns what the methods of the client say of themselves.
func methodDocs(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "calls.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	docs := map[string]string{}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil {
			docs[f.Name.Name] = f.Doc.Text()
		}
	}
	return docs
}
