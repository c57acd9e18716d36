//go:build unix

package cli

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"centrapos/api/sandbox"
)

// served starts the sandbox and reads what it says once it serves.
func served(t *testing.T, args ...string) (*process, map[string]any) {
	t.Helper()
	p := start(t, freshHome(t), append([]string{"sandbox", "--json", "--patron", "manual"}, args...)...)
	deadline := time.Now().Add(10 * time.Second)
	// Its words come by another way than its document, and may be later.
	for !strings.HasSuffix(p.stdout.String(), "\n") || !strings.Contains(p.stderr.String(), "Ctrl-C ends it.") {
		if time.Now().After(deadline) {
			t.Fatalf("it does not serve: %s", p.stderr.String())
		}
		time.Sleep(5 * time.Millisecond)
	}
	return p, outcome{stdout: p.stdout.String(), stderr: p.stderr.String()}.document(t)
}

// end interrupts the sandbox, which is how it is meant to end.
func (p *process) end() {
	p.t.Helper()
	p.signal(os.Interrupt)
	if got := p.wait(); got.code != exitDone {
		p.t.Errorf("exit %d: %s", got.code, got.stderr)
	}
}

// tillOf is the environment of a till of a sandbox.
func tillOf(t *testing.T, doc map[string]any) map[string]string {
	env := freshHome(t)
	for name, field := range map[string]string{
		"CENTRAPOS_API_URL": "url", "CENTRAPOS_API_KEY": "apiKey", "CENTRAPOS_CONFIG_ID": "configId",
		"CENTRAPOS_MERCHANT_ID": "merchantId", "CENTRAPOS_MERCHANT_ACCOUNT_ID": "merchantAccountId",
	} {
		env[name] = doc[field].(string)
	}
	return env
}

// TestSandboxKeepsTellsAndRepeats: a file for the next sandbox, webhooks, a seed, and
// faults and quirks that are told.
func TestSandboxKeepsTellsAndRepeats(t *testing.T) {
	t.Parallel()
	told := make(chan string, 16)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- r.Header.Get("Authorization") + " " + string(body)
	}))
	defer receiver.Close()
	file := filepath.Join(t.TempDir(), "demo.json")
	flags := []string{
		"--file", file, "--seed", "7", "--quirks=E1,B9", "--fault", "*:delay=1ms:50%", "--webhook", receiver.URL,
		"--notify-hosts", "shop.example,*", "--legacy-2023", "--rate-limit", "0",
	}
	p, doc := served(t, flags...)
	var faults []string
	for _, f := range doc["faults"].([]any) {
		faults = append(faults, f.(string))
	}
	if !slices.Equal(faults, []string{"*:delay=1ms:50%", "*:quirks=B9,E1:*"}) || doc["seed"].(json.Number) != "7" ||
		doc["file"] != file || doc["webhook"] != receiver.URL || doc["authorityFile"] != "" {
		t.Errorf("it says %v", doc)
	}
	env := tillOf(t, doc)
	made := start(t, env, "sale", "12.50", "--json", "--no-wait").wait().document(t)
	if answer := rawAnswer(t, http.MethodGet, doc["url"].(string)+"/api/payment-requests/"+made["id"].(string)); !strings.Contains(answer, `Z"`) || strings.Contains(answer, `.000Z"`) {
		t.Errorf("without quirk E1: %s", answer)
	}
	if answer := rawAnswer(t, http.MethodPost, doc["url"].(string)+"/payments/api/requests.cancel?requestId=none"); !strings.Contains(answer, "404 REQUEST_NOT_FOUND") {
		t.Errorf("without the statuses of 2023: %s", answer)
	}
	if got := start(t, env, "patron", "pay").wait(); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stderr)
	}
	select {
	case notification := <-told:
		if !strings.Contains(notification, "payment-request:paid") || !strings.Contains(notification, made["id"].(string)) {
			t.Errorf("told %s", notification)
		}
	case <-time.After(10 * time.Second):
		t.Error("nobody is told")
	}
	p.end()

	again, doc := served(t, flags...)
	if got := start(t, tillOf(t, doc), "status", made["id"].(string), "--json").wait(); got.document(t)["status"] != "paid" {
		t.Errorf("the next sandbox: %s", got.stdout)
	}
	again.end()
	fresh, doc := served(t, "--seed", "7")
	if repeated := start(t, tillOf(t, doc), "sale", "1.00", "--json", "--no-wait").wait().document(t); repeated["id"] != made["id"] {
		t.Errorf("with one seed the first request is %v, and then %v", made["id"], repeated["id"])
	}
	fresh.end()
}

// rawAnswer is the status and body of a call with the sandbox's key.
func rawAnswer(t *testing.T, method, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Api-Key", sandbox.DemoAPIKey)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var body struct{ Message string }
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if json.Unmarshal(text, &body) == nil && body.Message != "" {
		return resp.Status[:4] + body.Message
	}
	return string(text)
}

// TestSandboxOverTLS: who trusts the certificate that it writes sells, who does not
// sends nothing.
func TestSandboxOverTLS(t *testing.T) {
	t.Parallel()
	authority := filepath.Join(t.TempDir(), "authority.pem")
	p, doc := served(t, "--tls", authority)
	defer p.end()
	if doc["authorityFile"] != authority || !strings.HasPrefix(doc["url"].(string), "https://127.0.0.1:") {
		t.Errorf("it says %v", doc)
	}
	env := tillOf(t, doc)
	if got := start(t, env, "sale", "12.50", "--json", "--no-wait").wait(); got.code != exitRefused || !strings.Contains(got.stderr, "certificate") {
		t.Errorf("a stranger: exit %d: %s", got.code, got.stderr)
	}
	env["SSL_CERT_FILE"] = authority
	if got := start(t, env, "sale", "12.50", "--json", "--no-wait").wait(); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stderr)
	}
}

func TestSandboxFlagsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no such quirk":     {[]string{"--quirks=Z9"}, "Z9"},
		"no quirk":          {[]string{"--quirks=E1,"}, "no quirk"},
		"no such fault":     {[]string{"--fault", "create:fly"}, "fly"},
		"no share":          {[]string{"--fault", "create:status:120%"}, "120%"},
		"no seed":           {[]string{"--seed", "x"}, "--seed"},
		"negative limit":    {[]string{"--rate-limit=-1"}, "negative"},
		"no URL":            {[]string{"--webhook", "shop"}, "shop"},
		"no host":           {[]string{"--notify-hosts", "a,,b"}, "no name"},
		"no such folder":    {[]string{"--file", "/no/such/folder/f"}, "/no/such/folder"},
		"nowhere to write":  {[]string{"--tls", "/no/such/folder/f"}, "/no/such/folder"},
		"no address":        {[]string{"--addr", "nonsense"}, "such as 127.0.0.1:8080"},
		"no such port":      {[]string{"--addr", "127.0.0.1:99999"}, "0 to 65535"},
		"a name for a port": {[]string{"--addr", "127.0.0.1:till"}, "0 to 65535"},
		"a folder to keep":  {[]string{"--file", "/"}, "which is a folder"},
		"a folder to trust": {[]string{"--tls", "/"}, "which is a folder"},
		"somebody's patron": {[]string{"--patron", "rude"}, "auto or manual"},
	} {
		got := command{args: append([]string{"--json", "sandbox"}, c.args...)}.run(t)
		if f := got.failure(t); got.code != exitUsage || !strings.Contains(f["message"].(string), c.says) {
			t.Errorf("%s: exit %d, %v", name, got.code, f)
		}
	}
}

// TestSandboxQuirksAreListed: what --quirks takes is what the sandbox has.
func TestSandboxQuirksAreListed(t *testing.T) {
	t.Parallel()
	got := command{args: []string{"--json", "sandbox", "--quirks=list"}}.run(t)
	items := got.document(t)["items"].([]any)
	if got.code != exitDone || len(items) != len(sandbox.Quirks()) {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	for i, q := range sandbox.Quirks() {
		if item := items[i].(map[string]any); item["number"] != q.Number || item["about"] != q.About || item["inAll"] == q.Untrue {
			t.Errorf("%v is listed as %v", q, item)
		}
	}
}

// TestSandboxHelpHasEveryFault: the help says of each kind of fault what it is, what
// it takes, and how it is written so that the sandbox reads it.
func TestSandboxHelpHasEveryFault(t *testing.T) {
	t.Parallel()
	help := command{args: []string{"help", "sandbox"}}.run(t).stdout
	rows := map[string]faultRow{}
	for _, row := range faultRows {
		rows[strings.TrimSuffix(row.kind, " +")] = row
		if fault, err := sandbox.ParseFault(row.example); err != nil {
			t.Errorf("%s: the example is refused: %v", row.kind, err)
		} else if !strings.Contains(fault.String(), strings.TrimSuffix(row.kind, " +")) {
			t.Errorf("%s: the example is of another kind: %s", row.kind, fault)
		}
		if !strings.Contains(help, "--fault '"+row.example+"'") || !strings.Contains(help, row.meets) {
			t.Errorf("help does not show %s", row.kind)
		}
		before, after := forms(row)
		if both := strings.HasSuffix(row.kind, " +"); both != (before && after) && !strings.HasPrefix(row.kind, "drop") {
			t.Errorf("%s: before %v, after %v", row.kind, before, after)
		}
	}
	for _, kind := range sandbox.FaultKinds() {
		name, usual, takes := strings.Cut(kind, "=")
		row, ok := rows[name]
		if !ok || takes == (row.argument == "none") || !strings.Contains(row.argument, "("+usual+")") && takes {
			t.Errorf("help has %+v of %s", row, kind)
		}
		delete(rows, name)
	}
	for name := range rows {
		t.Errorf("help has the kind %s, and the sandbox has not", name)
	}
	for _, endpoint := range sandbox.Endpoints() {
		if !strings.Contains(help, " "+endpoint) {
			t.Errorf("help does not name the endpoint %s", endpoint)
		}
	}
}

// forms reports whether a kind can be struck before and after the call's effect.
func forms(row faultRow) (before, after bool) {
	name := strings.TrimSuffix(row.kind, " +")
	endpoint, _, _ := strings.Cut(row.example, ":")
	_, noBefore := sandbox.ParseFault(endpoint + ":" + name + "-before")
	_, noAfter := sandbox.ParseFault(endpoint + ":" + name + "-after")
	return noBefore == nil, noAfter == nil
}
