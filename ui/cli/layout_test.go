package cli_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// topLevel is what may stand at the top of the repository, beside dot-files.
var topLevel = []string{"README.md", "api", "assets", "config", "go.mod", "go.sum", "main.go", "pos", "ui"}

func TestTopLevelIsTheAgreedOne(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	names := tracked(t, root)
	if names == nil {
		entries, err := os.ReadDir(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			// What a build leaves behind is no part of the repository.
			if e.Name() != "centrapos" && e.Name() != "dist" {
				names = append(names, e.Name())
			}
		}
	}
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, ".") })
	slices.Sort(names)
	if names = slices.Compact(names); !slices.Equal(names, topLevel) {
		t.Errorf("at the top stand %v, want exactly %v and dot-files", names, topLevel)
	}
}

// tracked lists the first part of every path that git keeps, or would keep; nil
// where there is no git or no repository, as in an unpacked archive.
func tracked(t *testing.T, root string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		return nil
	}
	var names []string
	for path := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		first, _, _ := strings.Cut(path, "/")
		if _, err := os.Lstat(filepath.Join(root, first)); err == nil { // not just deleted
			names = append(names, first)
		}
	}
	return names
}

// The composition root wires screens together and draws none: a type with Update
// and View would be a screen.
func TestCommandLineHasNoScreensOfItsOwn(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := map[string][]string{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				of := receiver(f.Recv.List[0].Type)
				methods[of] = append(methods[of], f.Name.Name)
			}
		}
	}
	for of, names := range methods {
		if slices.Contains(names, "Update") && slices.Contains(names, "View") {
			t.Errorf("ui/cli has a screen of its own: %s", of)
		}
	}
}

// receiver is the name of the type that a method belongs to.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
