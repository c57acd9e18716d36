package cli

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// The key for a run comes first. Where its role may not do what is asked, a login
// for the same account does, and everybody is told.
func TestLoginGoesOnWhereTheKeyMayNot(t *testing.T) {
	t.Parallel()
	owner := sandbox.DemoUsers()[0].ID
	for name, c := range map[string]struct {
		login []string // "" for none
		user  string
		key   string
		exit  int
		code  string
		says  []string
	}{
		"a login for the same account": {login: []string{"login"}, user: owner, exit: exitDone,
			says: []string{"The API key", "may not do this; going on with the login of Mere Ngata"}},
		"no login": {exit: exitRefused, code: "FORBIDDEN",
			says: []string{"It was asked with the API key", `Run "centrapos login" and leave CENTRAPOS_API_KEY out`}},
		"a login for another account": {login: []string{"login", "--account", "another"}, user: owner, exit: exitRefused, code: "FORBIDDEN",
			says: []string{"The login of Mere Ngata was not used, since it acts for another account"}},
		"a login that may not either": {login: []string{"login"}, user: sandbox.DemoUsers()[1].ID, exit: exitRefused, code: "FORBIDDEN",
			says: []string{"It was asked with the API key", "then with the login of"}},
		"a key that was revoked": {login: []string{"login"}, user: owner, key: "a-key-of-last-year", exit: exitRefused, code: "UNAUTHORIZED",
			says: []string{"it was revoked, has run out, or is wrong (UNAUTHORIZED)", "the key's could not be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openShop(t).person(c.user)
			if c.login != nil {
				if got := p.run(c.login...); got.code != exitDone {
					t.Fatalf("login: exit %d: %s%s", got.code, got.stdout, got.stderr)
				}
			}
			if c.key != "" {
				p.env["CENTRAPOS_API_KEY"] = c.key
			}
			got := p.run("bank", "list")
			if got.code != c.exit {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if c.code != "" && got.failure(t)["code"] != c.code {
				t.Errorf("got %s", got.stdout)
			}
			for _, text := range c.says {
				if !strings.Contains(got.stderr, text) {
					t.Errorf("it does not say %q: %s", text, got.stderr)
				}
			}
		})
	}
}

// Whoever is turned away is told which credential it was.
func TestWhoIsTurnedAwayIsToldWithWhat(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.env["CENTRAPOS_API_KEY"] = "a-key-of-last-year"
	got := s.run("whoami")
	f := got.failure(t)
	if got.code != exitRefused || f["code"] != "UNAUTHORIZED" || f["reason"] != "" || !strings.Contains(f["message"].(string), "····year (CENTRAPOS_API_KEY)") ||
		!strings.Contains(f["message"].(string), "revoked") || strings.Contains(f["message"].(string), "whoami") {
		t.Errorf("exit %d, %v", got.code, f)
	}
}

// A call whose end is not known says where to look, by the very command.
func TestWhereToLookForWhatMayHaveBeenDone(t *testing.T) {
	t.Parallel()
	s := ownersShop(t)
	id := s.run("bank", "add", bankNumber, "--name", "Corner Dairy Ltd").document(t)["id"].(string)
	person := []string{"--full-name", "Mia Tāne", "--phone", "+6421537663", "--email", "mia@example.com"}
	for spec, c := range map[string]struct {
		args []string
		look string
	}{
		"bank-create:drop-after:*":      {[]string{"bank", "add", bankNumber, "--name", "Another"}, "centrapos bank list --account " + sandbox.DemoMerchantAccountID},
		"bank-authorize:drop-after:*":   {append([]string{"bank", "authorize", id}, person...), "centrapos bank show " + id},
		"bank-verify:drop-after:*":      {[]string{"bank", "verify", id, "9999"}, "centrapos bank show " + id},
		"authority-create:drop-after:*": {append([]string{"bank", "authorities", "add", bankNumber, "--name", "x"}, person...), "centrapos bank authorities list"},
	} {
		s.fault(spec)
		got := s.run(c.args...)
		f := got.failure(t)
		if got.code != exitUnresolved || f["code"] != codeUnknown || got.document(t)["outcome"] != outcomeUnresolved {
			t.Errorf("%s: exit %d, %s", spec, got.code, got.stdout)
		}
		if !strings.Contains(f["message"].(string), `look with "`+c.look+`"`) {
			t.Errorf("%s: it does not say where to look: %v", spec, f["message"])
		}
	}
}

// A service that asks to be left alone is not a network that is down.
func TestCommandsThatTheServiceTurnsAwayForAWhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fault, args string }{
		"activities": {"merchant-activities:status=429,300", "activities --merchant-id " + sandbox.DemoMerchantID},
		"status":     {"get:status=429,300", "status {id}"},
		"condition":  {"get:status=429,300", "condition accept {id} 1"},
		"legacy":     {"legacy-info:status=429,300", "legacy info {id}"},
		"whoami":     {"memberships:status=429,300", "whoami"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			id := s.asked()
			s.fault(c.fault)
			start := time.Now()
			got := s.run(strings.Fields(strings.ReplaceAll(c.args, "{id}", id))...)
			f := got.failure(t)
			if got.code != exitRefused || f["code"] != string(api.CodeRateLimitExceeded) || f["retryable"] != true || !strings.Contains(f["message"].(string), "wait 5m0s") {
				t.Errorf("exit %d, %v", got.code, f)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("it waited %s", took)
			}
		})
	}
}

// What the login service says is told; it is no trouble of the network.
func TestALoginThatCannotBeRenewed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(p *person)
		exit   int
		code   string
		says   []string
	}{
		"ended": {func(p *person) { p.spoil(`"refresh":"[^"]*"`, `"refresh":"ended"`) }, exitUsage, codeLogin,
			[]string{"invalid_grant", `"centrapos login"`}},
		"of another program": {func(p *person) { p.env["CENTRAPOS_AUTH_CLIENT_ID"] = "stranger" }, exitRefused, codeLoginFailed,
			[]string{"invalid_client", "the login service refused", `"centrapos login"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := openShop(t).person(sandbox.DemoUsers()[0].ID)
			if got := p.run("login"); got.code != exitDone {
				t.Fatalf("exit %d: %s", got.code, got.stdout)
			}
			delete(p.env, "CENTRAPOS_API_KEY")
			p.spoil(`"expiry":"[^"]*"`, `"expiry":"2020-01-01T00:00:00Z"`)
			c.change(p)
			got := p.run("bank", "list")
			f := got.failure(t)
			if got.code != c.exit || f["code"] != c.code || strings.Contains(got.stderr, "check the network") {
				t.Errorf("exit %d, %v", got.code, f)
			}
			for _, text := range c.says {
				if !strings.Contains(got.stderr, text) {
					t.Errorf("it does not say %q: %s", text, got.stderr)
				}
			}
		})
	}
}

// spoil changes what is kept of a login.
func (p *person) spoil(what, with string) {
	p.ring.mu.Lock()
	defer p.ring.mu.Unlock()
	for name, text := range p.ring.kept {
		p.ring.kept[name] = regexp.MustCompile(what).ReplaceAllString(text, with)
	}
}
