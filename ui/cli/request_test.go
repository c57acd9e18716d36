package cli

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // to tamper with the record

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
)

// unwatched makes a payment request that nobody watches.
func (s *shop) unwatched() map[string]any {
	s.t.Helper()
	got := s.run("sale", "12.50", "--no-wait")
	doc := got.document(s.t)
	if got.code != exitDone || doc["outcome"] != outcomeCreated || doc["status"] != "new" || doc["ledgerId"] == nil {
		s.t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	return doc
}

func TestNoWaitThenRecover(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		meanwhile func(s *shop, id string)
		want      pos.Outcome
		status    api.Status
	}{
		"unpaid":    {func(*shop, string) {}, pos.OutcomeVoided, api.StatusCancelled},
		"paid":      {func(s *shop, id string) { s.must(s.service.Pay(id, sandbox.PayOptions{})) }, pos.OutcomePaid, api.StatusPaid},
		"cancelled": {func(s *shop, id string) { s.must(s.service.Cancel(id)) }, pos.OutcomeCancelled, api.StatusCancelled},
		"run out":   {func(s *shop, id string) { s.must(s.service.Expire(id)) }, pos.OutcomeExpired, api.StatusExpired},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			doc := s.unwatched()
			if line := s.latest(); line["closed"] != false || line["id"] != doc["id"] {
				t.Errorf("the record says %v", line)
			}
			c.meanwhile(s, doc["id"].(string))
			got := s.run("recover")
			items := got.document(t)["items"].([]any)
			if got.code != exitDone || len(items) != 1 || items[0].(map[string]any)["outcome"] != string(c.want) {
				t.Errorf("exit %d: %s", got.code, got.stdout)
			}
			if s.onlyRequest().Status != c.status {
				t.Errorf("the service says %v, want %v", s.onlyRequest().Status, c.status)
			}
			s.nothingPayable()
		})
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	doc := s.unwatched()
	id, code := doc["id"].(string), doc["shortCode"].(string)
	for _, key := range []string{id, code, strings.ToLower(code)} {
		got := s.run("status", key)
		now := got.document(t)
		rows := now["ledger"].([]any)
		if got.code != exitDone || now["id"] != id || now["outcome"] != "new" || len(rows) != 1 || rows[0].(map[string]any)["ledgerId"] != doc["ledgerId"] {
			t.Errorf("status %s: exit %d: %s", key, got.code, got.stdout)
		}
	}
	s.must(s.service.Pay(id, sandbox.PayOptions{}))
	got := s.run("status", id)
	if now := got.document(t); now["outcome"] != string(pos.OutcomePaid) || now["status"] != "paid" || !strings.Contains(got.stderr, "Centrapay NZD Test") {
		t.Errorf("once paid: %s%s", got.stdout, got.stderr)
	}
	for key, want := range map[string]api.Code{"nothing": api.CodeForbidden, "a/../b": api.CodeForbidden, "CP-XXX-XXX": api.CodeChecksumFailed} {
		if got := s.run("status", key); got.code != exitRefused || got.failure(t)["code"] != string(want) {
			t.Errorf("status %s: exit %d: %s", key, got.code, got.stdout)
		}
	}
	s.fault("get:status=502")
	if got := s.run("status", id); got.code != exitRefused || got.failure(t)["code"] != pos.CodeNetwork {
		t.Errorf("in trouble: exit %d: %s", got.code, got.stdout)
	}
}

// TestStatusAsksAgain: one broken answer is no reason to give up.
func TestStatusAsksAgain(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	doc := s.unwatched()
	s.fault("get:empty:1")
	if got := s.run("status", doc["id"].(string)); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
}

func TestVoid(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		before   func(s *shop, id string)
		byCode   bool
		exit     int
		outcome  any
		returned any
		code     any
		status   api.Status
	}{
		"unpaid":        {func(*shop, string) {}, false, exitDone, "voided", nil, nil, api.StatusCancelled},
		"by short code": {func(*shop, string) {}, true, exitDone, "voided", nil, nil, api.StatusCancelled},
		"paid": {func(s *shop, id string) { s.must(s.service.Pay(id, sandbox.PayOptions{})) },
			false, exitDone, "voided", "1250", nil, api.StatusCancelled},
		"answer lost": {func(s *shop, _ string) { s.fault("void:drop-after:1") },
			false, exitDone, "voided", nil, nil, api.StatusCancelled},
		"cannot be read": {func(s *shop, _ string) { s.fault("get:status=500") },
			false, exitDone, "voided", nil, nil, api.StatusCancelled},
		"run out": {func(s *shop, id string) { s.must(s.service.Expire(id)) },
			false, exitRefused, nil, nil, "REQUEST_EXPIRED", api.StatusExpired},
		"not to be given back": {func(s *shop, id string) {
			s.must(s.service.Pay(id, sandbox.PayOptions{AssetID: sandbox.WalletNoRefund}))
		}, false, exitRefused, nil, nil, "REFUND_NOT_SUPPORTED", api.StatusPaid},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			made := s.unwatched()
			key := made["id"].(string)
			if c.byCode {
				key = made["shortCode"].(string)
			}
			c.before(s, made["id"].(string))
			got := s.run("void", key)
			doc := got.document(t)
			if got.code != c.exit || doc["outcome"] != c.outcome || s.onlyRequest().Status != c.status {
				t.Errorf("exit %d, the service says %v: %s%s", got.code, s.onlyRequest().Status, got.stdout, got.stderr)
			}
			if c.code != nil && got.failure(t)["code"] != c.code {
				t.Errorf("error %v, want %v", doc["error"], c.code)
			}
			returned, _ := doc["returned"].(map[string]any)
			if returned["amount"] != c.returned {
				t.Errorf("returned %v, want %v", doc["returned"], c.returned)
			}
			if doc["ledgerId"] != s.latest()["ledgerId"] || s.latest()["kind"] != "void" {
				t.Errorf("the record says %v", s.latest())
			}
			s.service.ClearFaults()
			if got := s.run("recover"); got.code != exitDone {
				t.Errorf("recovery: %s", got.stdout)
			}
			s.nothingPayable()
		})
	}
}

func TestVoidOfNothing(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for key, want := range map[string]api.Code{"nothing": api.CodeForbidden, "CP-XXX-XXX": api.CodeChecksumFailed} {
		if got := s.run("void", key); got.code != exitRefused || got.failure(t)["code"] != string(want) {
			t.Errorf("void %s: exit %d: %s", key, got.code, got.stdout)
		}
	}
	if s.count(sandbox.EndpointVoid) != 0 {
		t.Error("a void was sent")
	}
}

func TestVoidUnresolved(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	made := s.unwatched()
	s.fault("void:status=503")
	s.fault("get:status=503:2+")
	run := s.command("--json", "void", made["id"].(string))
	run.times = impatient
	got := run.run(t)
	if got.code != exitUnresolved || got.document(t)["outcome"] != outcomeUnresolved || got.failure(t)["code"] != pos.CodeOutcomeUnknown {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	s.service.ClearFaults()
	if got := s.run("recover"); got.code != exitDone || s.onlyRequest().Status != api.StatusCancelled {
		t.Errorf("recovery: exit %d, the service says %v: %s", got.code, s.onlyRequest().Status, got.stdout)
	}
	s.nothingPayable()
}

func TestLedgerCommands(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
	empty := s.run("ledger", "list")
	if items, ok := empty.document(t)["items"].([]any); empty.code != exitDone || !ok || len(items) != 0 {
		t.Errorf("before anything: exit %d: %s", empty.code, empty.stdout)
	}
	if got := s.run("ledger", "verify"); got.code != exitDone || got.document(t)["sound"] != true {
		t.Errorf("before anything: exit %d: %s", got.code, got.stdout)
	}
	sale := s.run("sale", "12.50", "--ref", "T1-0042").document(t)
	for _, key := range []any{sale["ledgerId"], sale["id"], sale["shortCode"], "t1-0042", sale["ledgerId"].(string)[:6]} {
		got := s.run("ledger", "show", key.(string))
		doc := got.document(t)
		facts := doc["facts"].([]any)
		if got.code != exitDone || doc["id"] != sale["id"] || doc["outcome"] != "paid" || facts[0].(map[string]any)["name"] != "opened" {
			t.Errorf("show %v: exit %d: %s", key, got.code, got.stdout)
		}
	}
	if got := s.run("ledger", "show", "nothing"); got.code != exitUsage || got.failure(t)["code"] != codeNotFound {
		t.Errorf("show nothing: exit %d: %s", got.code, got.stdout)
	}
	line := s.latest()
	value := line["value"].(map[string]any)
	if line["kind"] != "sale" || line["externalRef"] != "T1-0042" || value["amount"] != "1250" || value["currency"] != "NZD" ||
		line["status"] != "paid" || line["closed"] != true || line["running"] != false || line["service"] != s.env["CENTRAPOS_API_URL"] {
		t.Errorf("line %v", line)
	}
	words := s.command("ledger", "list").run(t)
	if words.code != exitDone || !strings.Contains(words.stdout, "NZD 12.50") || !strings.Contains(words.stdout, "T1-0042") {
		t.Errorf("in words: %s", words.stdout)
	}
}

func TestLedgerVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	s := openShop(t, sandbox.WithPatron(sandbox.Automatic(0)))
	s.run("sale", "12.50")
	db, err := sql.Open("sqlite", filepath.Join(s.recordDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"DROP TRIGGER IF EXISTS " + triggerOnUpdate(t, db),
		"UPDATE entries SET body = replace(body, '1250', '250') WHERE seq = 1",
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	got := s.run("ledger", "verify")
	doc := got.document(t)
	if got.code != exitInternal || doc["sound"] != false || got.failure(t)["code"] != codeDamaged || len(doc["problems"].([]any)) == 0 {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
}

// triggerOnUpdate is the guard that forbids changing entries.
func triggerOnUpdate(t *testing.T, db *sql.DB) string {
	t.Helper()
	var name string
	err := db.QueryRowContext(t.Context(),
		"SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'entries' AND sql LIKE '%BEFORE UPDATE%'").Scan(&name)
	if err != nil {
		t.Fatal(err)
	}
	return name
}
