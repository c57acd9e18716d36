package centrapay_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"centrapos/pos"
)

// definition is a row of answers.md about a code.
type definition struct{ status, answer string }

// page reads answers.md: the calls and the codes that have a row.
func page(t *testing.T) (calls map[string]bool, codes map[string]definition) {
	t.Helper()
	data, err := os.ReadFile("answers.md")
	if err != nil {
		t.Fatal(err)
	}
	calls, codes = map[string]bool{}, map[string]definition{}
	for line := range strings.Lines(string(data)) {
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		switch name := strings.Trim(cells[0], "`"); {
		case len(cells) == 6:
			calls[name] = true
		case len(cells) == 4 && name != cells[0]:
			if _, twice := codes[name]; twice {
				t.Errorf("%s is defined twice", name)
			}
			codes[name] = definition{status: cells[1], answer: cells[2]}
		}
	}
	return calls, codes
}

// knownCodes are the message codes that the API client's source names.
func knownCodes(t *testing.T) []string {
	t.Helper()
	var codes []string
	for _, dir := range []string{"../../api", "../../api/legacy"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.ValueSpec)
				if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
					return true
				}
				kind := fmt.Sprint(spec.Type)
				if selector, ok := spec.Type.(*ast.SelectorExpr); ok {
					kind = selector.Sel.Name
				}
				if value, ok := spec.Values[0].(*ast.BasicLit); ok && kind == "Code" {
					code, err := strconv.Unquote(value.Value)
					if err != nil {
						t.Fatal(err)
					}
					codes = append(codes, code)
				}
				return true
			})
		}
	}
	return codes
}

// TestAnswersAreDefined holds that every call and every code has its definition, and
// that there are no definitions of what is not.
func TestAnswersAreDefined(t *testing.T) {
	t.Parallel()
	defined, codes := page(t)
	methods := reflect.TypeFor[pos.Payments]()
	for i := range methods.NumMethod() {
		if name := methods.Method(i).Name; !defined[name] {
			t.Errorf("it is not defined what the answers to %s mean", name)
		}
	}
	known := map[string]bool{}
	for _, code := range knownCodes(t) {
		known[code] = true
		if _, ok := codes[code]; !ok {
			t.Errorf("it is not defined what %s means", code)
		}
	}
	if len(known) < 60 {
		t.Errorf("only %d codes were found in the client", len(known))
	}
	for code := range codes {
		if !known[code] {
			t.Errorf("%s is defined, and the client knows no such code", code)
		}
	}
}

// TestCodesGetTheirAnswers has the service answer each call by each code, and holds
// the reply against the definition.
func TestCodesGetTheirAnswers(t *testing.T) {
	t.Parallel()
	_, codes := page(t)
	for code, want := range codes {
		status, err := strconv.Atoi(want.status)
		if err != nil {
			continue // of the client's own, before anything is sent
		}
		p, _ := answers(t, says(status, fmt.Sprintf(`{"message":%q}`, code)))
		for name, call := range calls {
			reply := call(t.Context(), p)
			if reply.Answer.String() != want.answer {
				t.Errorf("%s answered %d %s is %s, and defined as %s", name, status, code, reply.Answer, want.answer)
			}
			if reply.Answer == pos.AnswerRefused && reply.Refusal.Code != code {
				t.Errorf("%s: the refusal says %s, not %s", name, reply.Refusal.Code, code)
			}
		}
	}
}
