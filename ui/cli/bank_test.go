package cli

import (
	"slices"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// ownersShop is a shop whose key is an account owner's.
func ownersShop(t *testing.T) *shop {
	t.Helper()
	s := openShop(t)
	s.env["CENTRAPOS_API_KEY"] = sandbox.DemoOwnerKey
	return s
}

const bankNumber = "12-1234-1234567-123"

func TestBankAccountFromAddedToVerified(t *testing.T) {
	t.Parallel()
	for _, form := range [][]string{{"bank"}, {"bank", "authorities"}} {
		t.Run(strings.Join(form, " "), func(t *testing.T) {
			t.Parallel()
			s := ownersShop(t)
			run := func(args ...string) outcome { return s.run(append(append([]string{}, form...), args...)...) }
			added := run("add", bankNumber, "--name", "Corner Dairy Ltd", "--full-name", "Mia Tāne", "--phone", "+6421537663", "--email", "mia@example.com")
			doc := added.document(t)
			if added.code != exitDone || doc["outcome"] != "added" || doc["bankAccountNumber"] != bankNumber || doc["directDebitAuthorized"] != true || doc["verified"] != false {
				t.Fatalf("exit %d: %s", added.code, added.stdout)
			}
			id := doc["id"].(string)
			if shown := run("show", id).document(t); shown["outcome"] != "found" || shown["id"] != id {
				t.Errorf("shown: %v", shown)
			}
			if wrong := run("verify", id, "9999"); wrong.code != exitRefused || wrong.failure(t)["code"] != string(api.CodeVerificationCodeInvalid) {
				t.Errorf("a wrong code: exit %d, %s", wrong.code, wrong.stdout)
			}
			if verified := run("verify", id, sandbox.BankVerificationCode).document(t); verified["outcome"] != "verified" || verified["verified"] != true {
				t.Errorf("verified: %v", verified)
			}
			if again := run("verify", id, sandbox.BankVerificationCode); again.code != exitRefused {
				t.Errorf("verified twice: exit %d, %s", again.code, again.stdout)
			}
			items := run("list").document(t)["items"].([]any)
			if !slices.ContainsFunc(items, func(item any) bool { return item.(map[string]any)["id"] == id }) {
				t.Errorf("listed: %v", items)
			}
		})
	}
}

func TestBankAccountIsAuthorizedLater(t *testing.T) {
	t.Parallel()
	s := ownersShop(t)
	doc := s.run("bank", "add", bankNumber, "--name", "Corner Dairy Ltd").document(t)
	if doc["directDebitAuthorized"] != false {
		t.Errorf("authorized by itself: %v", doc)
	}
	person := []string{"--full-name", "Mia Tāne", "--phone", "+64 21 537 663", "--email", "mia@example.com"}
	got := s.run(append([]string{"bank", "authorize", doc["id"].(string)}, person...)...)
	if after := got.document(t); got.code != exitDone || after["outcome"] != "authorized" || after["directDebitAuthorized"] != true {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	again := s.run(append([]string{"bank", "authorize", doc["id"].(string)}, person...)...)
	if again.code != exitRefused || again.failure(t)["code"] != string(api.CodeDirectDebitAlreadyAuthorized) {
		t.Errorf("twice: exit %d, %s", again.code, again.stdout)
	}
	if got := s.run("bank", "add", bankNumber, "--name", "Again"); got.code != exitRefused || got.failure(t)["code"] != string(api.CodeDuplicateBankAccount) {
		t.Errorf("the same account twice: exit %d, %s", got.code, got.stdout)
	}
}

func TestBankUsage(t *testing.T) {
	t.Parallel()
	s := ownersShop(t)
	for name, args := range map[string][]string{
		"no name":              {"add", bankNumber},
		"half an authority":    {"add", bankNumber, "--name", "x", "--phone", "+6421537663"},
		"no phone number":      {"add", bankNumber, "--name", "x", "--phone", "call me", "--full-name", "y", "--email", "z"},
		"authority of nobody":  {"authorize", "1234"},
		"no number":            {"add"},
		"no code":              {"verify", "1234"},
		"a code of five":       {"verify", "1234", "12345"},
		"an authority of none": {"authorities", "add", bankNumber, "--name", "x"},
	} {
		got := s.run(append([]string{"bank"}, args...)...)
		if f := got.failure(t); got.code != exitUsage || s.count(sandbox.EndpointAny) != 0 {
			t.Errorf("%s: exit %d, %v, %d calls", name, got.code, f, s.count(sandbox.EndpointAny))
		}
	}
}

// The key of a till may do nothing with bank accounts.
func TestBankWithATillsKey(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	got := s.run("bank", "list")
	if f := got.failure(t); got.code != exitRefused || f["code"] != "FORBIDDEN" {
		t.Errorf("exit %d, %v", got.code, f)
	}
}

// A bank account that may have been added is not said to have failed.
func TestBankAccountWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	s := ownersShop(t)
	s.fault("bank-create:drop-after:1")
	got := s.run("bank", "add", bankNumber, "--name", "Corner Dairy Ltd")
	if f := got.failure(t); got.code != exitUnresolved || f["code"] != codeUnknown {
		t.Errorf("exit %d, %v", got.code, f)
	}
}

func TestBankInTrainingNeedsNoSetUp(t *testing.T) {
	t.Parallel()
	env := map[string]string{"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": t.TempDir()}
	added := command{args: []string{"bank", "add", bankNumber, "--name", "Corner Dairy Ltd"}, env: env}.run(t)
	listed := command{args: []string{"bank", "list"}, env: env}.run(t)
	if added.code != exitDone || listed.code != exitDone || !strings.Contains(listed.stdout, bankNumber) {
		t.Errorf("exit %d and %d: %q %q", added.code, listed.code, listed.stdout, listed.stderr)
	}
}

// Each command about bank accounts says what it is for, and none what another does.
func TestBankHelpIsOfEachCommand(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range []string{"list", "show", "add", "authorize", "verify", "archive",
		"authorities list", "authorities show", "authorities add", "authorities verify"} {
		help := command{args: append([]string{"help", "bank"}, strings.Fields(name)...)}.run(t).stdout
		about, _, _ := strings.Cut(help, "\nUsage:")
		if other, ok := seen[about]; ok {
			t.Errorf("%s has the help of %s", name, other)
		}
		seen[about] = name
		if !strings.Contains(about, "With --json") || !strings.Contains(about, "centrapos login") || !strings.Contains(about, "outcome") {
			t.Errorf("%s: %s", name, about)
		}
	}
}
