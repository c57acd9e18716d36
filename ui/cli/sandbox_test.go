//go:build unix

package cli

import (
	"net/http"
	"os"
	"strings"
	"testing"
)

// TestSandboxOnTheNetwork: with --lan the code leads to an address of the network,
// and the control page stays with this machine.
func TestSandboxOnTheNetwork(t *testing.T) {
	t.Parallel()
	p, doc := served(t, "--lan=127.0.0.1")
	own, lan, control := doc["url"].(string), doc["lanUrl"].(string), doc["controlUrl"].(string)
	if lan == "" || lan == own || control != own+"/sandbox/" {
		t.Errorf("this machine is let in at %s, the network at %q, the trainer at %s", own, lan, control)
	}
	if said := p.stderr.String(); !strings.Contains(said, lan+"/pay/") || !strings.Contains(said, "for this machine only, is "+control) {
		t.Errorf("it does not say who gets in where:\n%s", said)
	}
	env := freshHome(t)
	env["CENTRAPOS_API_URL"], env["CENTRAPOS_API_KEY"], env["CENTRAPOS_CONFIG_ID"] = own, doc["apiKey"].(string), doc["configId"].(string)
	sale := start(t, env, "sale", "12.50", "--json", "--no-wait").wait()
	page, _ := sale.document(t)["url"].(string)
	if !strings.HasPrefix(page, lan+"/pay/") {
		t.Errorf("the code leads to %q, want it on the network: %s", page, sale.stderr)
	}
	for address, want := range map[string]int{page: http.StatusOK, lan + "/sandbox/": http.StatusNotFound, control: http.StatusOK} {
		if got := answerOf(t, address); got != want {
			t.Errorf("%s: %d, want %d", address, got, want)
		}
	}
	p.signal(os.Interrupt)
	if got := p.wait(); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
	got := command{args: []string{"--json", "sandbox", "--lan=8.8.8.8"}}.run(t)
	if got.code != exitUsage || !strings.Contains(got.stdout, "not for the internet") {
		t.Errorf("an address of the internet: exit %d: %s", got.code, got.stdout)
	}
}

func answerOf(t *testing.T, address string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
