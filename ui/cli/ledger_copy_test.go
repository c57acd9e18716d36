package cli

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centrapos/pos/ledger"
)

// The copy is whole, and is a record that can be read.
func TestLedgerBackup(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	if got := s.run("ledger", "backup", filepath.Join(t.TempDir(), "none")); got.code != exitUsage || got.failure(t)["code"] != codeNotFound {
		t.Errorf("before anything: exit %d: %s", got.code, got.stdout)
	}
	id := s.paid()
	folder := filepath.Join(t.TempDir(), "copy")
	got := s.run("ledger", "backup", folder)
	doc := got.document(t)
	head, _ := doc["head"].(map[string]any)
	if got.code != exitDone || doc["outcome"] != "copied" || doc["folder"] != folder || jsonText(doc["operations"]) != "1" || head["hash"] == "" {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	copied, err := ledger.OpenReadOnly(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close() //nolint:errcheck // it was only read
	if rows, err := copied.Find(t.Context(), id); err != nil || len(rows) != 1 || rows[0].Outcome != "paid" {
		t.Errorf("the copy has %v, %v", rows, err)
	}
	again := s.run("ledger", "backup", folder)
	if f := again.failure(t); again.code != exitUsage || !strings.Contains(f["message"].(string), "there already") {
		t.Errorf("over another copy: exit %d: %s", again.code, again.stdout)
	}
	words := s.command("ledger", "backup", filepath.Join(t.TempDir(), "other")).run(t)
	if words.code != exitDone || !strings.Contains(words.stdout, "is sound: ") || !strings.Contains(words.stdout, " of 1 payment, head ") {
		t.Errorf("in words: %q", words.stdout)
	}
}

// The record is written out whole: as the entries of its chain, and as a list of
// payments for a spreadsheet.
func TestLedgerExport(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sale := s.run("sale", "12.50", "--no-wait", "--ref", "=1+1").document(t)
	plain := s.command("ledger", "export").run(t)
	lines := strings.Split(strings.TrimSpace(plain.stdout), "\n")
	var previous string
	for i, line := range lines {
		var entry struct {
			Seq            int
			Op, Name       string
			PrevHash, Hash string
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Seq != i+1 || entry.Op != sale["ledgerId"] || i > 0 && entry.PrevHash != previous {
			t.Errorf("line %d: %v, %s", i+1, err, line)
		}
		previous = entry.Hash
	}
	asJSON := s.run("ledger", "export").document(t)
	if items, ok := asJSON["items"].([]any); !ok || len(items) != len(lines) || asJSON["outcome"] != "exported" {
		t.Errorf("as one document: %v", asJSON)
	}
	file := filepath.Join(t.TempDir(), "payments.csv")
	got := s.run("ledger", "export", file, "--csv")
	if doc := got.document(t); got.code != exitDone || doc["file"] != file || jsonText(doc["entries"]) != "1" {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	row := map[string]string{}
	for i, name := range rows[0] {
		row[name] = rows[1][i]
	}
	if row["amount"] != "12.50" || row["currency"] != "NZD" || row["kind"] != "sale" || row["externalRef"] != "'=1+1" || row["shortCode"] != sale["shortCode"] || row["closed"] != "false" {
		t.Errorf("row %v", row)
	}
	again := s.run("ledger", "export", file, "--csv")
	if f := again.failure(t); again.code != exitUsage || !strings.Contains(f["message"].(string), "file exists") {
		t.Errorf("over a file: exit %d: %s", again.code, again.stdout)
	}
	if now, err := os.ReadFile(file); err != nil || string(now) != string(data) {
		t.Errorf("the file was changed: %v", err)
	}
}

// The list stands in columns, whatever stands in them.
func TestLedgerListColumns(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	if got := s.command("ledger", "list", "--unfinished").run(t); got.stdout != "Nothing is unfinished.\n" {
		t.Errorf("nothing yet: %q", got.stdout)
	}
	id := s.authorized("50.00")
	s.done("confirm", id, "11.00", "--invoice-ref", "I", "--item", "Scone;1;11.00", "--key", "käse-鍵")
	s.done("refund", id, "3.00", "--confirmation", "käse-鍵")
	s.done("sale", "1234.50", "--no-wait")
	got := s.command("ledger", "list").run(t)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "Begun ") {
		t.Fatalf("it says:\n%s", got.stdout)
	}
	// Behind the reference, where one is wider than it has letters, stands the id.
	for i, line := range lines[1:] {
		amount := strings.Index(line, "NZD")
		end := amount + len("NZD ") + strings.IndexByte(line[amount+len("NZD "):], ' ')
		if want := strings.Index(lines[0], "Amount") + len("Amount"); end != want {
			t.Errorf("line %d: the amount ends at %d, want %d:\n%s", i+1, end, want, got.stdout)
		}
	}
	if !strings.Contains(got.stdout, "confirmation") || !strings.Contains(got.stderr, `1 payment is unfinished: "centrapos recover"`) {
		t.Errorf("it says:\n%s%s", got.stdout, got.stderr)
	}
}
