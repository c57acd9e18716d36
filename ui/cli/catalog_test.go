package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shelves runs commands on the products of one data folder.
type shelves struct {
	t   *testing.T
	dir string
}

func newShelves(t *testing.T) shelves {
	t.Helper()
	return shelves{t, t.TempDir()}
}

func (s shelves) run(args ...string) outcome {
	s.t.Helper()
	return command{args: append([]string{"catalog"}, args...), env: map[string]string{"HOME": s.dir, "CENTRAPOS_DATA_DIR": filepath.Join(s.dir, "data")}}.run(s.t)
}

func (s shelves) file(text string) string {
	s.t.Helper()
	f, err := os.CreateTemp(s.dir, "*.csv")
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		s.t.Fatal(err)
	}
	return f.Name()
}

const twoScones = "sku,gtin,name,price\nSC1,9421900000012,Cheese scone,6.00\nSC2,,Date scone,5.50\nSC3,,,1.00\n"

func TestCatalogImportTellsWhatBecameOfEveryRow(t *testing.T) {
	t.Parallel()
	s := newShelves(t)
	path := s.file(twoScones)
	dry := s.run("import", path, "--dry-run")
	if dry.code != exitDone || !strings.Contains(dry.stdout, "nothing was changed") || !strings.Contains(dry.stdout, "2  new") {
		t.Errorf("a dry run: %+v", dry)
	}
	if got := s.run("list"); !strings.Contains(got.stdout, "no such products") {
		t.Errorf("after a dry run there are: %+v", got)
	}
	notes := filepath.Join(s.dir, "notes.csv")
	got := s.run("import", path, "--json", "--notes", notes)
	doc := got.document(t)
	if got.code != exitDone || doc["new"].(interface{ String() string }).String() != "2" || !strings.Contains(got.stderr, "line 4 was not taken: the product has no name") {
		t.Errorf("an import: %+v", got)
	}
	if text, err := os.ReadFile(notes); err != nil || !strings.Contains(string(text), "4,bad,the product has no name") {
		t.Errorf("the notes: %q, %v", text, err)
	}
	if got := s.run("search", "chese"); got.code != exitDone || !strings.Contains(got.stdout, "Cheese scone") || strings.Contains(got.stdout, "Date") {
		t.Errorf("a misspelt search: %+v", got)
	}
	if got := s.run("search", "9421900000012"); !strings.Contains(got.stdout, "NZD 6.00") {
		t.Errorf("a barcode: %+v", got)
	}
}

func TestCatalogImportStrictTakesAllOrNothing(t *testing.T) {
	t.Parallel()
	s := newShelves(t)
	if got := s.run("import", s.file(twoScones), "--strict"); got.code != exitUsage || !strings.Contains(got.stderr, "nothing was imported") {
		t.Errorf("with a bad row: %+v", got)
	}
	if got := s.run("list"); !strings.Contains(got.stdout, "no such products") {
		t.Errorf("after it there are: %+v", got)
	}
	if got := s.run("import", s.file("sku,name,price\nSC1,Scone,6.00\n"), "--strict"); got.code != exitDone || !strings.Contains(got.stdout, "1  new") {
		t.Errorf("without one: %+v", got)
	}
}

func TestCatalogExportIsReadBack(t *testing.T) {
	t.Parallel()
	s, other := newShelves(t), newShelves(t)
	s.run("import", s.file("sku,gtin,name,price,tax,unit,restricted,department,gpc\n007,9421900000012,\"Ham, \"\"off\"\" the bone\",32.00,15,kg,yes,Meat,10005767\n"))
	out := filepath.Join(s.dir, "out.csv")
	if got := s.run("export", out); got.code != exitDone || !strings.Contains(got.stdout, "1 product written") {
		t.Fatalf("an export: %+v", got)
	}
	if got := s.run("export", out); got.code != exitUsage {
		t.Errorf("a file was replaced: %+v", got)
	}
	if got := other.run("import", out); got.code != exitDone || !strings.Contains(got.stdout, "Centrapos") {
		t.Fatalf("an import of it: %+v", got)
	}
	if one, two := s.run("export"), other.run("export"); one.stdout != two.stdout || !strings.Contains(one.stdout, `007,9421900000012,"Ham, ""off"" the bone",32.00,15,kg,yes,Meat,GS1,10005767,`) {
		t.Errorf("it was not read back:\n%s\n%s", one.stdout, two.stdout)
	}
}

func TestCatalogQuickKeysAndRemoval(t *testing.T) {
	t.Parallel()
	s := newShelves(t)
	s.run("import", s.file(twoScones))
	if got := s.run("quick", "1", "SC2"); got.code != exitDone || !strings.Contains(got.stdout, "Date scone") {
		t.Errorf("a quick key: %+v", got)
	}
	for _, args := range [][]string{{"quick", "0", "SC2"}, {"quick", "x"}, {"quick", "1"}, {"quick", "1", "SC9"}, {"remove", "SC9"}, {"list", "--limit", "0"},
		{"import", "no-such-file.csv"}, {"import", s.file("a,b\n1,2\n")}, {"import", s.file(twoScones), "--tax", "much"}, {"import", s.file(twoScones), "--map", "name"}} {
		if got := s.run(args...); got.code != exitUsage || !strings.HasPrefix(got.stderr, "centrapos: ") {
			t.Errorf("%q: %+v", args, got)
		}
	}
	if got := s.run("remove", "sc2"); got.code != exitDone {
		t.Errorf("a removal: %+v", got)
	}
	if got := s.run("quick"); !strings.Contains(got.stdout, "no quick keys") {
		t.Errorf("its quick key stayed: %+v", got)
	}
}
