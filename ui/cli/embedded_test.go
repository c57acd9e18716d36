package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A training file of an earlier version stops nobody: it is set aside, and that is
// said once.
func TestOlderTrainingFileIsSetAside(t *testing.T) {
	t.Parallel()
	env := map[string]string{"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": t.TempDir()}
	file := filepath.Join(env["CENTRAPOS_DATA_DIR"], "training", "sandbox.json")
	const older = `{"centrapaySandbox":1,"generation":"x"}` + "\n"
	write := func(content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(older)
	sell := func() outcome {
		return command{args: []string{"--json", "sale", "12.50", "--no-wait"}, env: env}.run(t)
	}
	first := sell()
	if first.code != exitDone || first.document(t)["status"] != "new" {
		t.Fatalf("exit %d: %s%s", first.code, first.stdout, first.stderr)
	}
	if n := strings.Count(first.stderr, "sandbox.json.old-1"); n != 1 {
		t.Errorf("it is said %d times: %s", n, first.stderr)
	}
	if got, err := os.ReadFile(file + ".old-1"); err != nil || string(got) != older {
		t.Errorf("set aside: %q, %v", got, err)
	}
	if second := sell(); second.code != exitDone || strings.Contains(second.stderr, "old-1") {
		t.Errorf("the next time: exit %d, %s", second.code, second.stderr)
	}
	// What a later version wrote is not ours to move.
	write(strings.Replace(older, "1", "99", 1))
	if later := sell(); later.code == exitDone || !strings.Contains(later.stderr, "later version") {
		t.Errorf("of a later version: exit %d, %s", later.code, later.stderr)
	}
}
