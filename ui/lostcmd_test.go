package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A command where a message belongs compiles, since a message is anything, and is
// silently lost. This finds the places where one is returned, sent or stored as one.
func TestNoCommandIsTakenForAMessage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(source)
	}
	exports := exportData(t)
	for _, lost := range lostCommands(t, exports, sources) {
		t.Error(lost)
	}
	// The same search over a source that has the fault.
	faulty := map[string]string{"faulty.go": `package faulty
		import tea "github.com/charmbracelet/bubbletea"
		func tick() tea.Cmd { return nil }
		func returned() tea.Cmd { return func() tea.Msg { return tick() } }
		func sent(p *tea.Program) { p.Send(tick()) }
		func fine() tea.Cmd { return func() tea.Msg { return tick()() } }
		type reply struct { next tea.Msg }
		func stored() tea.Msg { return reply{next: tick} }
		func literal() tea.Msg { return reply{next: func() tea.Msg { return nil }} }
		func assigned() tea.Msg { var m tea.Msg; m = tick(); return m }`}
	if found := lostCommands(t, exports, faulty); len(found) != 5 {
		t.Errorf("in a source with 5 lost commands %d were found: %q", len(found), found)
	}
}

// exportData gives the compiled interfaces of all that the package imports.
func exportData(t *testing.T) map[string]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-export", "-deps", "-json=ImportPath,Export", ".")
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	if err := cmd.Run(); err != nil {
		t.Fatalf("go list: %v\n%s", err, trouble.String())
	}
	exports := map[string]string{}
	for decoder := json.NewDecoder(&out); ; {
		var p struct{ ImportPath, Export string }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return exports
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
	}
}

// lostCommands lists where sources take a command for a message.
func lostCommands(t *testing.T, exports, sources map[string]string) []string {
	t.Helper()
	set := token.NewFileSet()
	var files []*ast.File
	for name, source := range sources {
		file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	if _, err := config.Check("centrapos/ui", set, files, info); err != nil {
		t.Fatal(err)
	}
	f := finder{set: set, info: info}
	for _, file := range files {
		ast.Inspect(file, f.inspect)
	}
	return f.found
}

// finder looks for expressions of a command's type in places of a message's type.
type finder struct {
	set   *token.FileSet
	info  *types.Info
	found []string
}

func (f *finder) inspect(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		f.returns(n.Body, f.info.Defs[n.Name].Type().(*types.Signature).Results())
	case *ast.FuncLit:
		f.returns(n.Body, f.info.Types[n].Type.(*types.Signature).Results())
	case *ast.CallExpr:
		if signature, ok := f.info.Types[n.Fun].Type.(*types.Signature); ok {
			for i, arg := range n.Args {
				f.check(arg, parameter(signature, i))
			}
		}
	case *ast.KeyValueExpr:
		if field, ok := n.Key.(*ast.Ident); ok && f.info.Uses[field] != nil {
			f.check(n.Value, f.info.Uses[field].Type())
		}
	case *ast.AssignStmt:
		for i := range min(len(n.Lhs), len(n.Rhs)) {
			f.check(n.Rhs[i], f.info.Types[n.Lhs[i]].Type)
		}
	}
	return true
}

func parameter(s *types.Signature, i int) types.Type {
	if i < s.Params().Len() {
		return s.Params().At(i).Type()
	}
	return nil
}

// returns checks the return statements of one function, not of those within it.
func (f *finder) returns(body *ast.BlockStmt, results *types.Tuple) {
	if body == nil {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) == results.Len() {
			for i, value := range ret.Results {
				f.check(value, results.At(i).Type())
			}
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
}

// check notes a value that is a command where a message is wanted.
func (f *finder) check(value ast.Expr, wanted types.Type) {
	if wanted == nil || !isMessage(wanted) {
		return
	}
	if signature, ok := f.info.Types[value].Type.Underlying().(*types.Signature); ok &&
		signature.Params().Len() == 0 && signature.Results().Len() == 1 {
		f.found = append(f.found, fmt.Sprintf("%s: a command stands where a message belongs", f.set.Position(value.Pos())))
	}
}

// isMessage reports whether a type is tea.Msg, an empty interface of its own.
func isMessage(t types.Type) bool {
	named, ok := t.(*types.Named)
	return ok && named.Obj().Name() == "Msg" && named.Obj().Pkg().Path() == "github.com/charmbracelet/bubbletea"
}
