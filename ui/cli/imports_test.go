package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// room says whom the packages of one room may know. Package names are without
// the module's own; "x/..." is x and all below it.
type room struct {
	packages string   // which packages; of several rows the longest name counts
	ours     []string // which of ours it may import, directly or through others
	never    []string // what else it may not import directly
	only     []string // when not nil: the libraries beside the standard one that it may import
}

// rooms is the table "Who may know whom". A better split changes this table, the
// picture in the architecture notes and the packages in one commit.
var rooms = []room{
	// main hands over to the command line and does nothing itself.
	{packages: ".", ours: []string{"ui/...", "pos/...", "api/...", "config", "assets"}, only: []string{}},

	// The rules of the till: no screens, no HTTP, no files.
	{packages: "pos", ours: nil,
		never: []string{"net", "net/http/...", "database/sql/...", "os/...", "syscall/...", "unsafe"},
		only:  []string{"github.com/shopspring/decimal"}},
	{packages: "pos/centrapay", ours: []string{"pos", "api", "api/legacy"}, never: slices.Concat(screens, stores)},
	// Stand-ins for tests (see testOnly), held to the rules of what they stand in for.
	{packages: "pos/postest", ours: []string{"pos"}, never: slices.Concat(screens, stores, network),
		only: []string{"github.com/shopspring/decimal"}},
	{packages: "pos/receipt", ours: []string{"pos"}, never: slices.Concat(screens, stores, network, []string{"os/..."})},
	{packages: "pos/people", ours: nil, never: slices.Concat(screens, stores, network)},
	{packages: "pos/printer", ours: nil, never: slices.Concat(screens, stores, []string{"net/http/..."})},
	{packages: "pos/catalogue", ours: []string{"pos"}, never: slices.Concat(screens, network)},
	{packages: "pos/ledger/...", ours: []string{"pos", "pos/ledger/..."}, never: slices.Concat(screens, network)},

	// The Centrapay API: a client of its own, usable without the rest.
	{packages: "api", ours: nil, never: slices.Concat(screens, stores, commandLine)},
	// Parts of that client that a till of today can do without.
	{packages: "api/auth", ours: []string{"api"}, never: slices.Concat(screens, stores, commandLine)},
	{packages: "api/legacy", ours: []string{"api"}, never: slices.Concat(screens, stores, commandLine)},
	// assets, for the pages of customers and trainers: they travel with the program.
	// The sandbox refuses what the table of roles refuses, and that is data of api/auth.
	{packages: "api/sandbox/...", ours: []string{"api", "api/auth", "api/sandbox/...", "assets"}, never: slices.Concat(screens, stores, commandLine)},

	// What people see. A screen does no I/O, so nothing to do it with.
	{packages: "ui/...", ours: []string{"pos", "assets", "ui/..."},
		never: slices.Concat(network, stores, commandLine, []string{"os/exec", "github.com/zalando/..."})},
	{packages: "ui/theme", ours: []string{"assets"}, never: slices.Concat(network, stores, commandLine)},
	{packages: "ui/widget/...", ours: []string{"assets", "ui/theme", "ui/widget/..."}, never: slices.Concat(network, stores, commandLine)},
	// Has to be ready before Bubble Tea is: one library, nothing else.
	{packages: "ui/quickstart", ours: nil, only: []string{"github.com/charmbracelet/lipgloss"}},
	// What the service's codes mean, as a table that anybody may read.
	{packages: "ui/words", ours: nil, only: []string{}},
	// Helpers of tests (see testOnly): real terminals, so real processes.
	{packages: "ui/screentest", ours: []string{"ui/quickstart"}, never: slices.Concat(network, stores, commandLine)},

	// The composition root wires all of it together.
	{packages: "ui/cli/...", ours: []string{"ui/...", "pos/...", "api/...", "config", "assets"}},

	// Told everything by the composition root, and nothing by the others.
	{packages: "config", ours: nil, never: slices.Concat(screens, stores, commandLine, []string{"net/http/..."})},
	{packages: "assets", ours: nil, only: []string{}},
}

// What belongs together.
var (
	network     = []string{"net", "net/http/..."}
	stores      = []string{"database/sql/...", "modernc.org/...", "github.com/pressly/..."}
	screens     = []string{"github.com/charmbracelet/...", "github.com/muesli/..."}
	commandLine = []string{"github.com/spf13/..."}
)

// compositionRoot is what only main may import: whoever knows it knows everything.
const compositionRoot = "ui/cli/..."

// testOnly is what no package may import outside its tests.
var testOnly = []string{
	"ui/screentest", "pos/postest", "testing/...", "net/http/httptest", "pgregory.net/rapid", "go.uber.org/goleak", "github.com/creack/pty",
	"github.com/charmbracelet/x/exp/golden", "github.com/charmbracelet/x/vt", "github.com/chromedp/...",
}

// matches tells whether path is what the pattern names.
func matches(pattern, path string) bool {
	below, deep := strings.CutSuffix(pattern, "/...")
	return path == below || deep && strings.HasPrefix(path, below+"/")
}

func matchesAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, path) })
}

// roomOf finds the row for a package: the one that says most about it.
func roomOf(name string) (room, bool) {
	var found room
	for _, r := range rooms {
		if matches(r.packages, name) && len(r.packages) > len(found.packages) {
			found = r
		}
	}
	return found, found.packages != ""
}

// listed is what the go command knows about a package.
type listed struct {
	ImportPath string
	Standard   bool     // part of the standard library
	Imports    []string // directly, tests apart
	Deps       []string // directly and through others
}

// goList asks the go command about packages as they are built for a system. It
// reads files of this machine only.
func goList(t *testing.T, goos string, args ...string) []listed {
	t.Helper()
	// -e: a package that does not compile has imports all the same.
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-e", "-json=ImportPath,Standard,Imports,Deps"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOPROXY=off", "GOWORK=off")
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	if err := cmd.Run(); err != nil {
		t.Fatalf("go list: %v\n%s", err, trouble.String())
	}
	var packages []listed
	for decoder := json.NewDecoder(&out); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// house lists our packages under their own names, and the names of the standard
// library's.
func house(t *testing.T, goos string) (ours map[string]listed, standard map[string]bool) {
	t.Helper()
	ours, standard = map[string]listed{}, map[string]bool{"unsafe": true, "C": true}
	packages := goList(t, goos, "centrapos/...")
	var imported []string
	for _, p := range packages {
		ours[own(p.ImportPath)] = p
		imported = append(imported, p.Imports...)
	}
	slices.Sort(imported)
	for _, p := range goList(t, goos, slices.Compact(imported)...) {
		if p.Standard {
			standard[p.ImportPath] = true
		}
	}
	return ours, standard
}

// own is a package's name without the module's; "" for one that is not ours and
// "." for the top.
func own(path string) string {
	if path == "centrapos" {
		return "."
	}
	name, ok := strings.CutPrefix(path, "centrapos/")
	if !ok {
		return ""
	}
	return name
}

func TestWhoMayKnowWhom(t *testing.T) {
	t.Parallel()
	for _, goos := range []string{"linux", "darwin", "windows"} {
		ours, standard := house(t, goos)
		for _, expected := range []string{".", "api", "assets", "config", "pos", "ui/cli"} {
			if _, ok := ours[expected]; !ok {
				t.Errorf("go list does not find %s, so this test looks in the wrong place", expected)
			}
		}
		for name, p := range ours {
			r, ok := roomOf(name)
			if !ok {
				t.Errorf("%s has no row in the table: say whom it may know", name)
				continue
			}
			for _, complaint := range r.complaints(name, p, standard) {
				t.Errorf("%s (on %s)", complaint, goos)
			}
		}
	}
}

// complaints lists what a package imports and should not.
func (r room) complaints(name string, p listed, standard map[string]bool) []string {
	var found []string
	for _, path := range p.Imports {
		mine := own(path)
		switch {
		case mine != "":
			if name == "." && mine != "ui/cli" {
				found = append(found, "main imports "+mine+", and should know ui/cli alone")
			}
			if name != "." && matches(compositionRoot, mine) && !matches(compositionRoot, name) {
				found = append(found, name+" imports "+mine+", which only main may")
			}
		case matchesAny(r.never, path):
			found = append(found, name+" imports "+path+", which its room never does")
		case r.only != nil && !standard[path] && !matchesAny(r.only, path):
			found = append(found, name+" imports "+path+", and may have no library but these: "+strings.Join(r.only, " "))
		}
		if !matchesAny(testOnly, name) && (matchesAny(testOnly, path) || matchesAny(testOnly, mine)) {
			found = append(found, name+" imports "+path+", which is for tests")
		}
	}
	for _, path := range p.Deps {
		if mine := own(path); mine != "" && !matchesAny(r.ours, mine) {
			found = append(found, name+" depends on "+mine+", which its room may not know")
		}
	}
	return found
}

// The table is worth what it refuses.
func TestTableRefuses(t *testing.T) {
	t.Parallel()
	standard := map[string]bool{"net/http": true, "os": true, "os/exec": true, "strings": true, "testing": true, "net/http/httptest": true}
	for _, c := range []struct {
		name, imports string
		refused       bool
	}{
		{"pos", "strings", false}, {"pos", "github.com/shopspring/decimal", false},
		{"pos", "os", true}, {"pos", "os/exec", true}, {"pos", "net/http", true}, {"pos", "github.com/charmbracelet/bubbletea", true},
		{"pos", "pgregory.net/rapid", true}, {"pos", "centrapos/api", true}, {"pos", "centrapos/assets", true},
		{"pos/centrapay", "centrapos/api", false}, {"pos/centrapay", "centrapos/api/legacy", false}, {"pos/centrapay", "centrapos/api/auth", true},
		{"pos/centrapay", "centrapos/config", true}, {"pos/centrapay", "centrapos/pos/ledger", true},
		{"pos/ledger", "database/sql", false}, {"pos/ledger", "centrapos/api", true}, {"pos/ledger", "net/http", true},
		{"api", "net/http", false}, {"api", "centrapos/pos", true}, {"api", "centrapos/config", true}, {"api", "centrapos/api/sandbox", true},
		{"api", "net/http/httptest", true}, {"api/sandbox", "centrapos/api", false}, {"api/sandbox", "centrapos/api/auth", false}, {"api/sandbox", "centrapos/pos", true},
		{"api/sandbox", "centrapos/assets", false}, {"api", "centrapos/assets", true}, {"assets", "centrapos/api", true},
		{"ui", "centrapos/pos", false}, {"ui", "centrapos/ui/widget", false}, {"ui", "centrapos/api", true}, {"ui", "centrapos/config", true},
		{"ui", "centrapos/pos/centrapay", true}, {"ui", "centrapos/pos/ledger", true}, {"ui", "centrapos/ui/cli", true}, {"ui", "net/http", true},
		{"ui", "database/sql", true}, {"ui", "centrapos/ui/screentest", true}, {"ui/screens/pay", "centrapos/api", true},
		{"ui/widget", "centrapos/pos", true}, {"ui/theme", "centrapos/ui", true}, {"ui/quickstart", "github.com/charmbracelet/bubbletea", true},
		{"ui/cli", "centrapos/api/sandbox", false}, {"ui/cli", "centrapos/ui/screentest", true}, {"ui/cli", "testing", true}, {"ui/cli", "centrapos/pos/postest", true},
		{"config", "os", false}, {"config", "centrapos/pos", true}, {"assets", "github.com/shopspring/decimal", true},
		{".", "os", false}, {".", "centrapos/ui/cli", false}, {".", "centrapos/config", true}, {".", "github.com/spf13/cobra", true},
	} {
		r, ok := roomOf(c.name)
		if !ok {
			t.Errorf("%s has no row", c.name)
			continue
		}
		p := listed{Imports: []string{c.imports}}
		if own(c.imports) != "" {
			p.Deps = p.Imports
		}
		if got := r.complaints(c.name, p, standard); (len(got) > 0) != c.refused {
			t.Errorf("%s importing %s: %q, want it refused: %v", c.name, c.imports, got, c.refused)
		}
	}
	for _, unknown := range []string{"tools", "api/webhooks", "pos/plotter", "configs"} {
		if r, ok := roomOf(unknown); ok {
			t.Errorf("a new package %s falls under %s, and should need a row of its own", unknown, r.packages)
		}
	}
}
