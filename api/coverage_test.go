package api

import (
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
	"strconv"
	"strings"
	"testing"
)

// retryClass says what happens to a call whose outcome is unknown.
type retryClass string

const (
	retryRead  retryClass = "read"  // attempted again: reading changes nothing
	retryKeyed retryClass = "keyed" // attempted again: the service remembers its key
	retryOnce  retryClass = "once"  // never attempted again
)

// endpoint is a row of the coverage table: one method of the client.
type endpoint struct {
	// call is the method, as a caller writes it.
	call string
	// variant tells rows of the same method apart.
	variant string
	route   string
	// fixtures are the published exchanges, without their endings.
	fixtures []string
	// answer stands in for an answer where none is published.
	answer string
	// codes are those that the documents list for the endpoint.
	codes []Code
	retry retryClass
	// why says so of calls that change something.
	why string
	// make makes the call as it is published, or one like it.
	make published
}

func (e endpoint) name() string { return strings.TrimSpace(e.call + " " + e.variant) }

func (e endpoint) reads() bool { return strings.HasPrefix(e.route, http.MethodGet+" ") }

// fine is an answer of the service that the call takes for a success.
func (e endpoint) fine(t *testing.T) string {
	t.Helper()
	for _, name := range e.fixtures {
		if exists(name + ".response.json") {
			return string(readFixture(t, name+".response.json"))
		}
	}
	return e.answer
}

func exists(name string) bool {
	_, err := os.Stat(filepath.Join("testdata", "fixtures", name))
	return err == nil
}

// kept returns the fixtures of a row that are there with the given ending.
func (e endpoint) kept(suffix string) []string {
	var names []string
	for _, name := range e.fixtures {
		if exists(name + suffix) {
			names = append(names, name)
		}
	}
	return names
}

// coverage is the whole table.
func coverage() []endpoint { return slices.Concat(paymentEndpoints, merchantEndpoints, bankEndpoints) }

// TestCoverageTable prints the table and holds it against the client, the
// fixtures and what the methods say of themselves.
func TestCoverageTable(t *testing.T) {
	t.Parallel()
	docs, known := methodDocs(t), codesOf(t)
	rows, named := map[string]bool{}, map[string]bool{}
	var table strings.Builder
	for _, e := range coverage() {
		fmt.Fprintf(&table, "\n%s\n    %s\n", e.name(), e.route)
		fmt.Fprintf(&table, "    request   %s\n", list(e.kept(".request.json"), "none is published"))
		fmt.Fprintf(&table, "    response  %s\n", list(e.kept(".response.json"), "none is published"))
		fmt.Fprintf(&table, "    codes     %s\n", list(e.codes, "none of its own"))
		fmt.Fprintf(&table, "    retry     %s%s\n", e.retry, strings.TrimSuffix(": "+e.why, ": "))
		if rows[e.name()] {
			t.Errorf("%s has two rows", e.name())
		}
		rows[e.name()], rows[e.call] = true, true
		for _, name := range e.fixtures {
			named[name] = true
			if !exists(name+".request.json") && !exists(name+".response.json") {
				t.Errorf("%s: there is no fixture %s", e.name(), name)
			}
		}
		e.checkRow(t, docs[e.call], known)
	}
	t.Log(table.String())
	for _, call := range clientCalls() {
		if !rows[call] {
			t.Errorf("%s has no row", call)
		}
	}
	for _, suffix := range []string{".request.json", ".response.json"} {
		for _, name := range fixtureNames(t, suffix) {
			if named[name] == slices.Contains(administration, name) {
				t.Errorf("%s%s: in a row is %v", name, suffix, named[name])
			}
		}
	}
}

// administration are the published exchanges that this package leaves to Do; see
// administrationCalls.
var administration = []string{
	"merchants-create", "merchants-update", "merchants-set-metadata", "merchants-set-onboarding-status",
	"merchant-configs-create", "merchant-configs-update",
}

func list[T ~string](names []T, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	texts := make([]string, len(names))
	for i, name := range names {
		texts[i] = string(name)
	}
	return strings.Join(texts, ", ")
}

// checkRow checks what a row says of itself.
func (e endpoint) checkRow(t *testing.T, doc string, known map[Code]bool) {
	t.Helper()
	if !slices.Contains(clientCalls(), e.call) {
		t.Errorf("%s is no method of the client", e.call)
	}
	if (len(e.kept(".response.json")) == 0) != (e.answer != "") {
		t.Errorf("%s: want either a published answer or one that stands in", e.name())
	}
	if e.reads() != (e.retry == retryRead) || e.reads() == (e.why != "") {
		t.Errorf("%s: retry class %q and reason %q do not fit %s", e.name(), e.retry, e.why, e.route)
	}
	documented := map[Code]bool{}
	for _, word := range regexp.MustCompile(`\b[A-Z]+(_[A-Z]+)+\b`).FindAllString(doc, -1) {
		if !known[Code(word)] {
			t.Errorf("%s: its documentation names %s, which is no code", e.call, word)
		}
		documented[Code(word)] = true
	}
	if got, want := slices.Sorted(maps.Keys(documented)), slices.Sorted(slices.Values(e.codes)); !slices.Equal(got, want) {
		t.Errorf("%s: its documentation names the codes\n%v, the table\n%v", e.call, got, want)
	}
}

// clientCalls returns every exported method of every group of calls.
func clientCalls() []string {
	var calls []string
	for field := range reflect.TypeFor[Client]().Fields() {
		if !field.IsExported() {
			continue
		}
		for method := range field.Type.Methods() {
			calls = append(calls, field.Name+"."+method.Name)
		}
	}
	return calls
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// methodDocs returns what the methods of the client say of themselves.
func methodDocs(t *testing.T) map[string]string {
	t.Helper()
	groups := map[string]string{}
	for field := range reflect.TypeFor[Client]().Fields() {
		if field.IsExported() {
			groups[field.Type.Elem().Name()] = field.Name
		}
	}
	docs := map[string]string{}
	for _, file := range sources(t) {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() {
				continue
			}
			receiver, ok := f.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			name, ok := receiver.X.(*ast.Ident)
			if ok && groups[name.Name] != "" {
				docs[groups[name.Name]+"."+f.Name.Name] = f.Doc.Text()
			}
		}
	}
	return docs
}

// codesOf returns all codes that the package has a name for.
func codesOf(t *testing.T) map[Code]bool {
	t.Helper()
	codes := map[Code]bool{}
	for _, text := range constantsOf(t, "Code") {
		codes[Code(text)] = true
	}
	return codes
}

// constantsOf returns the values of the constants of a type of text.
func constantsOf(t *testing.T, kind string) []string {
	t.Helper()
	var values []string
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != kind {
				return false
			}
			for _, value := range spec.Values {
				if literal, ok := value.(*ast.BasicLit); ok {
					text, err := strconv.Unquote(literal.Value)
					if err != nil {
						t.Fatal(err)
					}
					values = append(values, text)
				}
			}
			return false
		})
	}
	return values
}

// elsewhere are the codes that no endpoint of the client lists, with the reason.
var elsewhere = map[Code]string{
	CodeBadRequest: "any call", CodeUnauthorized: "any call", CodeForbidden: "any call", CodeNotFound: "any call",
	CodeRateLimitExceeded: "any call", CodeServerError: "any call",
	CodeConflict: "any call", CodeRefused: "any call",
	CodeInvalidRequest: "raised here", CodeConfigMissing: "raised here", CodeCredentialMissing: "raised here",
	CodeLoginRequired: "raised here",
	// Calls that administer merchants, which this package leaves to Do.
	CodeBankAccountMismatch: "administration", CodeAccountRegionMismatch: "administration",
	CodeInvalidWalletType: "administration", CodeCollectionsInvalid: "administration",
}

func TestEveryCodeIsDocumentedByAnEndpoint(t *testing.T) {
	t.Parallel()
	listed := map[Code]bool{}
	for _, e := range coverage() {
		for _, code := range e.codes {
			listed[code] = true
		}
	}
	for code := range codesOf(t) {
		if _, ok := elsewhere[code]; ok == listed[code] {
			t.Errorf("%s: listed by an endpoint is %v, but it is %q", code, listed[code], elsewhere[code])
		}
	}
}

// Each documented code arrives as the typed code that callers switch on.
func TestEveryDocumentedCodeIsTyped(t *testing.T) {
	t.Parallel()
	for _, e := range coverage() {
		for _, code := range e.codes {
			c := mustNew(t, "http://localhost", WithAPIKey(testKey), WithHTTPClient(&http.Client{
				Transport: roundTrip(func(*http.Request) (*http.Response, error) {
					return answer(http.StatusForbidden, `{"statusCode":403,"error":"Forbidden","message":"`+string(code)+`"}`), nil
				}),
			}))
			want := Refused
			if code == CodePaymentUnconfirmed {
				want = Unknown
			}
			if err := e.make(t.Context(), c); !coded(err, code) || OutcomeOf(err) != want {
				t.Errorf("%s answered %s: got %s: %v", e.name(), code, OutcomeOf(err), err)
			}
		}
	}
}
