package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// shop is a merchant for one test: a sandbox on a listener that takes the
// planted key, and a data folder.
type shop struct {
	t       *testing.T
	service *sandbox.Service
	env     map[string]string
	dir     string

	mu    sync.Mutex
	calls []sandbox.Call
}

// openShop opens a shop whose customers do nothing by themselves unless told
// otherwise. When the test ends the key must not lie in the data folder.
func openShop(t *testing.T, opts ...sandbox.Option) *shop {
	t.Helper()
	s := &shop{t: t, dir: t.TempDir()}
	merchant := sandbox.Demo()
	merchant.APIKey = plantedKey
	opts = append([]sandbox.Option{sandbox.WithMerchants(merchant), sandbox.WithRateLimit(0), sandbox.WithObserver(s.see)}, opts...)
	server, err := sandbox.Listen(t.Context(), "", opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		s.searchForKey()
	})
	s.service = server.Service()
	s.env = map[string]string{
		"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": s.dir, "CENTRAPOS_API_URL": server.URL(),
		"CENTRAPOS_API_KEY": plantedKey, "CENTRAPOS_CONFIG_ID": sandbox.DemoConfigID,
		"CENTRAPOS_MERCHANT_ACCOUNT_ID": sandbox.DemoMerchantAccountID, "CENTRAPOS_TERMINAL_ID": "till-1",
	}
	return s
}

func (s *shop) see(c sandbox.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
}

// count is how many calls of an endpoint the service has dealt with; of all for
// sandbox.EndpointAny.
func (s *shop) count(endpoint string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.calls {
		if c.Endpoint == endpoint || endpoint == sandbox.EndpointAny {
			n++
		}
	}
	return n
}

func (s *shop) fault(spec string) {
	s.t.Helper()
	f, err := sandbox.ParseFault(spec)
	if err != nil {
		s.t.Fatal(err)
	}
	s.service.AddFault(f)
}

// requests are all payment requests, newest first.
func (s *shop) requests() []sandbox.Snapshot {
	all, err := s.service.Requests()
	if err != nil {
		s.t.Error(err)
	}
	return all
}

// onlyRequest is the one payment request there is.
func (s *shop) onlyRequest() sandbox.Snapshot {
	s.t.Helper()
	all := s.requests()
	if len(all) != 1 {
		s.t.Fatalf("the service has %d payment requests, want 1", len(all))
	}
	return all[0]
}

// made waits for the next payment request to exist and gives its id.
func (s *shop) made() string {
	before := 0
	id := ""
	s.waitFor("a payment request", func() bool {
		all := s.requests()
		if len(all) > before {
			id = all[0].ID
		}
		return id != ""
	})
	return id
}

// shown waits until the till has had the answer to its create.
func (s *shop) shown() string {
	s.waitFor("the create to be answered", func() bool { return s.count(sandbox.EndpointCreate) > 0 })
	return s.made()
}

func (s *shop) waitFor(what string, done func() bool) {
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			s.t.Errorf("waited in vain for %s", what)
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// must fails the test where the customer could not do what he was to do.
func (s *shop) must(err error) {
	if err != nil {
		s.t.Error(err)
	}
}

// recordDir is the folder of the shop's record.
func (s *shop) recordDir() string {
	return filepath.Join(s.dir, "@"+fileName(s.env["CENTRAPOS_API_URL"]))
}

func (s *shop) command(args ...string) command { return command{args: args, env: s.env} }

// run carries out a command line with --json.
func (s *shop) run(args ...string) outcome {
	s.t.Helper()
	return s.command(append([]string{"--json"}, args...)...).run(s.t)
}

// nothingPayable holds the shop against what must be true once recovery is done:
// no request that anybody could pay, nothing unfinished, a sound record.
func (s *shop) nothingPayable() {
	s.t.Helper()
	for _, r := range s.requests() {
		if r.Status == api.StatusNew {
			s.t.Errorf("request %s can still be paid, and nobody watches it", r.ID)
		}
	}
	if items := s.run("ledger", "list", "--unfinished").document(s.t)["items"].([]any); len(items) > 0 {
		s.t.Errorf("the record has unfinished payments: %v", items)
	}
	if got := s.run("ledger", "verify"); got.code != exitDone {
		s.t.Errorf("the record is not sound: %s", got.stdout)
	}
}

// latest is the newest line of the record.
func (s *shop) latest() map[string]any {
	s.t.Helper()
	items := s.run("ledger", "list", "--limit", "1").document(s.t)["items"].([]any)
	if len(items) != 1 {
		s.t.Fatal("the record is empty")
	}
	return items[0].(map[string]any)
}

// searchForKey looks for the key in everything that was left on disk.
func (s *shop) searchForKey() {
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), plantedKey) {
			s.t.Errorf("the key lies in %s", path)
		}
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
}
