package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"centrapos/api/sandbox"
	"centrapos/config"
)

// ring is a keyring inside the test.
type ring struct {
	mu   sync.Mutex
	kept map[string]string
	err  error
}

func (r *ring) Get(service, user string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, ok := r.kept[service+"/"+user]
	if !ok && r.err == nil {
		return "", config.ErrNoSuchKey
	}
	return text, r.err
}

func (r *ring) Set(service, user, secret string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.kept[service+"/"+user] = secret
	}
	return r.err
}

func (r *ring) Delete(service, user string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.kept[service+"/"+user]; !ok && r.err == nil {
		return config.ErrNoSuchKey
	}
	delete(r.kept, service+"/"+user)
	return r.err
}

// secrets are all tokens in the ring.
func (r *ring) secrets() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []string
	for _, text := range r.kept {
		all = append(all, regexp.MustCompile(`[A-Za-z0-9_.-]{40,}`).FindAllString(text, -1)...)
	}
	return all
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// browserOf is a browser whose person logs in as a user of the sandbox; "" has
// none of it and refuses.
func browserOf(user string) func(string) error {
	return func(page string) error {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		shown, err := browse(ctx, http.MethodGet, page, nil)
		if err != nil {
			return err
		}
		form := url.Values{"user": {user}}
		if user == "" {
			form = url.Values{"cancel": {"1"}}
		}
		for _, field := range hiddenField.FindAllStringSubmatch(shown, -1) {
			form.Set(field[1], strings.NewReplacer("&#43;", "+", "&amp;", "&").Replace(field[2]))
		}
		_, err = browse(ctx, http.MethodPost, page, form) // and back to the program
		return err
	}
}

func browse(ctx context.Context, method, address string, form url.Values) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 400 {
		err = fmt.Errorf("%s %s: %d %s", method, address, resp.StatusCode, body)
	}
	return string(body), err
}

// person is somebody at a shop's machine, who has a keyring and a browser.
type person struct {
	*shop
	ring *ring
	user string
}

func (s *shop) person(user string) *person {
	s.env["CENTRAPOS_AUTH_ISSUER"] = sandbox.IssuerURL(s.env["CENTRAPOS_API_URL"])
	s.env["CENTRAPOS_AUTH_CLIENT_ID"] = sandbox.DemoClientID
	return &person{shop: s, ring: &ring{kept: map[string]string{}}, user: user}
}

func (p *person) run(args ...string) outcome {
	p.t.Helper()
	got := command{
		args: append([]string{"--json"}, args...), env: p.env,
		prepare: func(program *program) { program.keyring, program.browser = p.ring, browserOf(p.user) },
	}.run(p.t)
	for _, secret := range p.ring.secrets() {
		if strings.Contains(got.stdout+got.stderr, secret) {
			p.t.Errorf("%q printed a token", args)
		}
	}
	return got
}

func TestLoginForWhatAKeyMayNotDo(t *testing.T) {
	t.Parallel()
	owner := sandbox.DemoUsers()[0]
	p := openShop(t).person(owner.ID)
	if got := p.run("whoami", "--login"); got.code != exitUsage || got.failure(t)["code"] != codeLogin {
		t.Errorf("before any login: exit %d, %s", got.code, got.stdout)
	}
	got := p.run("login")
	doc := got.document(t)
	if got.code != exitDone || doc["outcome"] != "logged-in" || doc["userId"] != owner.ID || doc["accountId"] != sandbox.DemoMerchantAccountID {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if len(p.ring.kept) != 2 {
		t.Errorf("the keyring holds %d entries", len(p.ring.kept))
	}
	me := p.run("whoami", "--login").document(t)
	if me["outcome"] != "known" || me["userId"] != owner.ID || me["credential"].(map[string]any)["kind"] != "login" {
		t.Errorf("whoami: %v", me)
	}
	if till := p.run("whoami").document(t); till["credential"].(map[string]any)["kind"] != "api-key" {
		t.Errorf("the till's own credential: %v", till)
	}
	delete(p.env, "CENTRAPOS_API_KEY") // what is given for a run beats the login
	if listed := p.run("bank", "list"); listed.code != exitDone || listed.document(t)["outcome"] != "listed" {
		t.Errorf("with the login: exit %d, %s", listed.code, listed.stdout)
	}
	out := p.run("logout")
	if doc := out.document(t); out.code != exitDone || doc["revoked"] != true || len(p.ring.kept) != 0 {
		t.Errorf("exit %d, %s; the keyring holds %d entries", out.code, out.stdout, len(p.ring.kept))
	}
	if again := p.run("logout"); again.code != exitUsage || again.failure(t)["code"] != codeLogin {
		t.Errorf("twice: exit %d, %s", again.code, again.stdout)
	}
}

func TestLoginOfACashier(t *testing.T) {
	t.Parallel()
	p := openShop(t).person(sandbox.DemoUsers()[1].ID)
	if got := p.run("login"); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	delete(p.env, "CENTRAPOS_API_KEY")
	got := p.run("bank", "list")
	if f := got.failure(t); got.code != exitRefused || f["code"] != "FORBIDDEN" || !strings.Contains(f["message"].(string), "whoami") {
		t.Errorf("exit %d, %v", got.code, f)
	}
	for _, may := range p.run("whoami", "--login").document(t)["may"].([]any) {
		if may := may.(map[string]any); may["role"] == "cashier" {
			for _, task := range may["tasks"].([]any) {
				task := task.(map[string]any)
				if task["permission"] == "bank-accounts:read" && task["allowed"] != false {
					t.Errorf("a cashier may: %v", task)
				}
				if task["permission"] == "payment-requests:refund" && task["allowed"] != true {
					t.Errorf("a cashier may not: %v", task)
				}
			}
			return
		}
	}
	t.Error("whoami knows no cashier")
}

func TestLoginThatFails(t *testing.T) {
	t.Parallel()
	locked := errors.New("failed to unlock")
	for name, c := range map[string]struct {
		change func(*person)
		args   []string
		exit   int
		code   string
	}{
		"refused":           {func(p *person) { p.user = "" }, []string{"--timeout", "10s"}, exitRefused, "LOGIN_REFUSED"},
		"nobody comes back": {func(p *person) { p.user = "nobody" }, []string{"--timeout", "50ms"}, exitRefused, "LOGIN_TIMEOUT"},
		"no keyring":        {func(p *person) { p.ring.err = locked }, nil, exitUsage, "CREDENTIAL_MISSING"},
		"no client id":      {func(p *person) { delete(p.env, "CENTRAPOS_AUTH_CLIENT_ID") }, nil, exitUsage, "CONFIG_MISSING"},
		"not known there":   {func(p *person) { p.env["CENTRAPOS_AUTH_CLIENT_ID"] = "stranger" }, []string{"--timeout", "50ms"}, exitRefused, "LOGIN_TIMEOUT"},
		"no issuer there":   {func(p *person) { p.env["CENTRAPOS_AUTH_ISSUER"] += "/no" }, nil, exitRefused, "LOGIN_FAILED"},
		"no time":           {func(*person) {}, []string{"--timeout", "0s"}, exitUsage, codeUsage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openShop(t).person(sandbox.DemoUsers()[0].ID)
			c.change(p)
			got := p.run(append([]string{"login"}, c.args...)...)
			if f := got.failure(t); got.code != c.exit || f["code"] != c.code {
				t.Errorf("exit %d, %v", got.code, f)
			}
			if len(p.ring.kept) != 0 {
				t.Errorf("the keyring holds %d entries", len(p.ring.kept))
			}
		})
	}
}

// Nobody is sent to the browser for a login that would be lost.
func TestLoginIsNotAskedForWhereItCannotBeKept(t *testing.T) {
	t.Parallel()
	owner := sandbox.DemoUsers()[0].ID
	for name, keyring := range map[string]config.Keyring{
		"no keyring":      nil,
		"a locked one":    &ring{err: errors.New("failed to unlock")},
		"none that runs":  &ring{err: errors.New(`exec: "dbus-launch": executable file not found in $PATH`)},
		"a forgetful one": forgetful{&ring{kept: map[string]string{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openShop(t).person(owner)
			opened := false
			got := command{args: []string{"--json", "login"}, env: p.env, prepare: func(program *program) {
				program.keyring = keyring
				program.browser = func(string) error { opened = true; return nil }
			}}.run(t)
			f := got.failure(t)
			if got.code != exitUsage || f["code"] != "CREDENTIAL_MISSING" || opened || strings.Contains(got.stderr, "Log in with the browser") {
				t.Errorf("exit %d, %v, opened %v: %s", got.code, f, opened, got.stderr)
			}
		})
	}
	// Trying leaves nothing behind, and an earlier login as it was.
	p := openShop(t).person(owner)
	if got := p.run("login"); got.code != exitDone {
		t.Fatalf("exit %d: %s", got.code, got.stdout)
	}
	before := maps.Clone(p.ring.kept)
	p.user = "" // who refuses
	if got := p.run("login", "--timeout", "10s"); got.code != exitRefused {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if !maps.Equal(before, p.ring.kept) {
		t.Errorf("the keyring had %d entries and has %d", len(before), len(p.ring.kept))
	}
}

// forgetful is a keyring that takes what it is given and has nothing.
type forgetful struct{ *ring }

func (forgetful) Set(string, string, string) error { return nil }

// A login in training lives in the training folder and outlives the process, as
// the sandbox does.
func TestLoginInTraining(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := map[string]string{"HOME": t.TempDir(), "CENTRAPOS_DATA_DIR": dir}
	run := func(args ...string) outcome {
		return command{args: append([]string{"--json"}, args...), env: env,
			prepare: func(p *program) { p.browser = browserOf(sandbox.DemoUsers()[0].ID) }}.run(t)
	}
	if got := run("login"); got.code != exitDone {
		t.Fatalf("exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
	file := filepath.Join(dir, "training", "login.json")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if doc := run("whoami", "--login").document(t); doc["name"] != "Mere Ngata" {
		t.Errorf("whoami: %v", doc)
	}
	if got := run("bank", "list"); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if got := run("logout"); got.code != exitDone {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the login is still there: %v", err)
	}
}
