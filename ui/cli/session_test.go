package cli

import (
	"os"
	"path/filepath"
	"testing"

	"centrapos/config"
	"centrapos/pos"
)

func settingsFor(t *testing.T, env map[string]string, flags map[config.Key]string) config.Settings {
	t.Helper()
	settings, err := config.Load(config.Sources{Env: func(name string) string { return env[name] }, Flags: flags})
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

// Two services never share a record, and none shares the rehearsal's.
func TestEachServiceHasItsOwnRecord(t *testing.T) {
	t.Parallel()
	env := func(url string) map[string]string {
		return map[string]string{"HOME": "/home/mia", "CENTRAPOS_DATA_DIR": "/data", "CENTRAPOS_API_URL": url}
	}
	seen := map[string]string{}
	for _, url := range []string{"", "https://service.centrapay.com", "https://service.centrapay.com/next", "https://Service-centrapay.com",
		"http://127.0.0.1:8080", "http://127.0.0.1:8081", "https://127.0.0.1:8080", "https://127.0.0.1-8080"} {
		dir := ledgerDir(settingsFor(t, env(url), nil))
		if other, taken := seen[dir]; taken {
			t.Errorf("%q and %q both have %s", url, other, dir)
		}
		seen[dir] = url
		if filepath.Dir(dir) != "/data" {
			t.Errorf("%q has %s", url, dir)
		}
		if url == "" {
			continue
		}
		if flag := ledgerDir(settingsFor(t, env(""), map[config.Key]string{config.KeyAPIURL: url})); flag != dir {
			t.Errorf("%q has %s by the environment and %s by the flag", url, dir, flag)
		}
	}
	if seen["/data/training"] != "" || seen["/data/@service.centrapay.com"] != "https://service.centrapay.com" {
		t.Errorf("folders %v", seen)
	}
}

// What an earlier version began in the rehearsal's folder is finished there: a payment
// is never lost sight of by a new name.
func TestRecordOfAnEarlierVersionGoesOn(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.asked()
	s.must(os.Rename(s.recordDir(), filepath.Join(s.dir, config.Training)))
	if got := s.run("recover"); got.code != exitDone || len(got.document(t)["items"].([]any)) != 1 {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if line := s.latest(); line["id"] != id || line["outcome"] != string(pos.OutcomeVoided) {
		t.Errorf("the record says %v", line)
	}
	s.env["CENTRAPOS_API_URL"] = "http://127.0.0.1:1"
	if got := s.run("ledger", "list"); len(got.document(t)["items"].([]any)) != 0 {
		t.Errorf("another service has the same record: %s", got.stdout)
	}
}
