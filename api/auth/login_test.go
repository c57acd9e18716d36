package auth

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		b := newTestBrowser(i, p)
		var shown string
		opened := make(chan error, 1)
		tokens, err := p.Login(t.Context(), LoginOptions{
			PhoneHint: "+64 21 123 4567",
			Show:      func(address string) { shown = address },
			Open:      func(address string) error { err := b.open(address); opened <- err; return err },
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-opened; err != nil {
			t.Fatal(err)
		}

		wantClaims := Claims{
			Subject: testSubject, Email: "hana@example.com", EmailVerified: true, GivenName: "Hana", FamilyName: "Walker",
			PhoneNumber: "+64211234567", PreferredUsername: "hana",
		}
		equal(t, "claims", tokens.Claims, wantClaims)
		equal(t, "lifetime", time.Until(tokens.Expiry).Round(time.Second), time.Hour)
		for name, secret := range map[string]Secret{"access": tokens.AccessToken, "refresh": tokens.RefreshToken, "ID": tokens.IDToken} {
			if secret.IsZero() {
				t.Errorf("no %s token", name)
			}
		}
		checkAuthorization(t, shown)
		checkExchange(t, i, shown)
		checkPage(t, b.shown)
		select {
		case <-b.local.closed:
		default:
			t.Error("the callback still listens")
		}
	})
}

// checkAuthorization checks all that the login page is asked for.
func checkAuthorization(t *testing.T, shown string) {
	t.Helper()
	address, err := url.Parse(shown)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "login page", address.Scheme+"://"+address.Host+address.Path, issuerURL+"/authorize")
	got := address.Query()
	for key, want := range map[string]string{
		"response_type": "code", "client_id": testClientID, "scope": "openid", "u": "+64 21 123 4567",
		"redirect_uri": "http://127.0.0.1:49152/oidc-callback", "code_challenge_method": "S256",
	} {
		equal(t, key, got.Get(key), want)
		got.Del(key)
	}
	for _, key := range []string{"state", "nonce", "code_challenge"} {
		if len(got.Get(key)) < 26 {
			t.Errorf("%s is %q, want at least 128 random bits", key, got.Get(key))
		}
		got.Del(key)
	}
	equal(t, "other parameters", got.Encode(), "")
}

// checkExchange checks all that the token endpoint is asked for.
func checkExchange(t *testing.T, i *testIssuer, shown string) {
	t.Helper()
	equal(t, "exchanges", i.count("/token"), 1)
	got := i.form("/token")
	equal(t, "grant type", got.Get("grant_type"), "authorization_code")
	equal(t, "redirect", got.Get("redirect_uri"), "http://127.0.0.1:49152/oidc-callback")
	equal(t, "client", got.Get("client_id"), testClientID)
	if strings.Contains(shown, got.Get("code_verifier")) {
		t.Error("the verifier went through the browser")
	}
	for key := range got {
		switch key {
		case "grant_type", "redirect_uri", "client_id", "code_verifier", "code":
		default:
			t.Errorf("unexpected parameter %s", key)
		}
	}
}

// checkPage checks that the page keeps the code out of address bar and history,
// and nothing gets out of it.
func checkPage(t *testing.T, shown visited) {
	t.Helper()
	equal(t, "status", shown.status, http.StatusOK)
	for _, want := range []string{"<h1>Logged in</h1>", `history.replaceState(null, "", location.pathname)`} {
		if !strings.Contains(shown.page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	equal(t, "caching", shown.header.Get("Cache-Control"), "no-store")
	equal(t, "referrer", shown.header.Get("Referrer-Policy"), "no-referrer")
	if csp := shown.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'nonce-") {
		t.Errorf("content security policy %q", csp)
	}
}

// login logs in with a browser that does as it is told.
func login(t testing.TB, i *testIssuer, p *Provider) (Tokens, error) {
	t.Helper()
	return p.Login(t.Context(), LoginOptions{Open: newTestBrowser(i, p).open})
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		query url.Values // that the browser brings in place of the code
		want  string
		is    error
	}{
		"by the person":       {url.Values{"error": {"access_denied"}, "error_description": {"User denied"}}, "log in: the issuer answered access_denied (User denied): the login was refused in the browser", ErrLoginRefused},
		"by the issuer":       {url.Values{"error": {"server_error"}}, "log in: the issuer answered server_error", nil},
		"with a strange code": {url.Values{"error": {"<b>\x1b[2J"}}, "log in", nil},
		"with a long word":    {url.Values{"error": {"invalid_scope"}, "error_description": {strings.Repeat("a", 99) + "\x1b[2J"}}, "log in: the issuer answered invalid_scope ([redacted][2J)", nil},
		"from another issuer": {url.Values{"code": {"abc"}, "iss": {"https://evil.test"}}, "log in: the answer is not from the issuer that was asked", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				i.redirect = func(query url.Values) {
					query.Del("code")
					for key, values := range tt.query {
						query[key] = values
					}
				}
				_, err := login(t, i, newTestProvider(t, i))
				if err == nil || err.Error() != tt.want {
					t.Fatalf("got %q, want %q", err, tt.want)
				}
				if tt.is != nil && !errors.Is(err, tt.is) {
					t.Errorf("%v does not match %v", err, tt.is)
				}
				equal(t, "exchanges", i.count("/token"), 0)
			})
		})
	}
}

func TestIssuerNamesItselfInItsAnswer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		iss  string
		want bool
	}{
		"itself":             {issuerURL, true},
		"itself, with slash": {issuerURL + "/", true},
		"another":            {"https://evil.test", false},
		"not at all":         {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				i.document = func(c map[string]any) { c["authorization_response_iss_parameter_supported"] = true }
				i.redirect = func(query url.Values) {
					if tt.iss != "" {
						query.Set("iss", tt.iss)
					}
				}
				_, err := login(t, i, newTestProvider(t, i))
				equal(t, "logged in", err == nil, tt.want)
			})
		})
	}
}

// Whatever reaches the callback and is not the answer to this login, from another
// page of the browser perhaps, is turned away, and the login goes on.
func TestStrangersDoNotEndALogin(t *testing.T) {
	t.Parallel()
	const page = "http://127.0.0.1:49152/oidc-callback"
	for name, tt := range map[string]struct {
		method, address, host string
		want                  int
	}{
		"wrong state":      {"GET", page + "?code=x&state=wrong", "", http.StatusBadRequest},
		"no state":         {"GET", page + "?code=x", "", http.StatusBadRequest},
		"refusal":          {"GET", page + "?error=access_denied", "", http.StatusBadRequest},
		"two states":       {"GET", page + "?code=x&state={state}&state=other", "", http.StatusBadRequest},
		"two codes":        {"GET", page + "?code=x&code=y&state={state}", "", http.StatusBadRequest},
		"code and refusal": {"GET", page + "?code=x&error=y&state={state}", "", http.StatusBadRequest},
		"neither":          {"GET", page + "?state={state}", "", http.StatusBadRequest},
		"empty code":       {"GET", page + "?code=&state={state}", "", http.StatusBadRequest},
		"POST":             {"POST", page + "?code=x&state={state}", "", http.StatusMethodNotAllowed},
		"other path":       {"GET", "http://127.0.0.1:49152/favicon.ico?code=x&state={state}", "", http.StatusNotFound},
		"rebound name":     {"GET", page + "?code=x&state={state}", "evil.test:49152", http.StatusMisdirectedRequest},
		"other port":       {"GET", page + "?code=x&state={state}", "127.0.0.1", http.StatusMisdirectedRequest},
		"other own name":   {"GET", page + "?code=x&state={state}", "localhost:49152", http.StatusMisdirectedRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				p := newTestProvider(t, i)
				b := newTestBrowser(i, p)
				_, err := p.Login(t.Context(), LoginOptions{Open: func(address string) error {
					back, err := b.login(address)
					if err != nil {
						return err
					}
					genuine, _ := url.Parse(back)
					got, err := b.visit(t.Context(), tt.method, strings.ReplaceAll(tt.address, "{state}", genuine.Query().Get("state")), tt.host)
					if err != nil {
						return err
					}
					equal(t, "status", got.status, tt.want)
					if !strings.Contains(got.page, "<h1>The login failed</h1>") {
						t.Errorf("a stranger is told %s", got.page)
					}
					_, err = b.visit(t.Context(), http.MethodGet, back, "")
					return err
				}})
				if err != nil {
					t.Errorf("the genuine answer came to nothing: %v", err)
				}
			})
		})
	}
}

// The browser shows what came of the login, which is not known before the tokens
// are here and checked.
func TestTheBrowserShowsWhatCameOfTheLogin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(i *testIssuer)
		want   string
	}{
		"all is well": {want: "Logged in"},
		"refused": {change: func(i *testIssuer) {
			i.redirect = func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }
		}, want: "Not logged in"},
		"a fault there":      {change: func(i *testIssuer) { i.redirect = func(q url.Values) { q.Del("code"); q.Set("error", "server_error") } }, want: "The login failed"},
		"a forged code":      {change: func(i *testIssuer) { i.redirect = func(q url.Values) { q.Set("code", "forged") } }, want: "The login failed"},
		"another issuer":     {change: func(i *testIssuer) { i.redirect = func(q url.Values) { q.Set("iss", "https://evil.test") } }, want: "The login failed"},
		"no tokens":          {change: func(i *testIssuer) { i.fault["/token"] = answering(500, "text/html", "<html>") }, want: "The login failed"},
		"a forged ID token":  {change: func(i *testIssuer) { i.answer = func(a map[string]any) { a["id_token"] = "e30.e30.e30" } }, want: "The login failed"},
		"for another answer": {change: func(i *testIssuer) { i.claims = func(c map[string]any) { c["nonce"] = "other" } }, want: "The login failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				if tt.change != nil {
					i.set(tt.change)
				}
				p := newTestProvider(t, i)
				b := newTestBrowser(i, p)
				visited := make(chan error, 1)
				_, err := p.Login(t.Context(), LoginOptions{Open: func(address string) error {
					err := b.open(address)
					visited <- err
					return err
				}})
				equal(t, "logged in", err == nil, tt.want == "Logged in")
				if err := <-visited; err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(b.shown.page, "<h1>"+tt.want+"</h1>") {
					t.Errorf("the browser shows %s", b.shown.page)
				}
			})
		})
	}
}

func TestAnAnswerCountsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		b := newTestBrowser(i, p)
		var back string
		i.setFault("/token", func(w http.ResponseWriter, r *http.Request) {
			// While the code is exchanged, the browser comes again.
			got, err := b.visit(r.Context(), http.MethodGet, back, "")
			if err != nil {
				t.Error(err)
			}
			equal(t, "status", got.status, http.StatusConflict)
			i.setFault("/token", nil)
			i.ServeHTTP(w, r)
		})
		_, err := p.Login(t.Context(), LoginOptions{Open: func(address string) error {
			var err error
			if back, err = b.login(address); err != nil {
				return err
			}
			_, err = b.visit(t.Context(), http.MethodGet, back, "")
			return err
		}})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestNobodyComesBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		timeout time.Duration
		end     time.Duration // when the caller gives up; 0 is never
		want    time.Duration
		is      error
	}{
		"in five minutes":     {0, 0, 5 * time.Minute, context.DeadlineExceeded},
		"in time":             {time.Minute, 0, time.Minute, context.DeadlineExceeded},
		"and the caller ends": {0, time.Second, time.Second, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := newTestIssuer(t)
				p := newTestProvider(t, i)
				b := newTestBrowser(i, p)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tt.end > 0 {
					time.AfterFunc(tt.end, cancel)
				}
				start := time.Now()
				_, err := p.Login(ctx, LoginOptions{Timeout: tt.timeout, Open: func(string) error { return nil }})
				if !errors.Is(err, tt.is) {
					t.Errorf("got %v, want it to match %v", err, tt.is)
				}
				equal(t, "time", time.Since(start), tt.want)
				select {
				case <-b.local.closed:
				default:
					t.Error("the callback still listens")
				}
			})
		})
	}
}

func TestBrowserThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	broken := errors.New("no browser here")
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		newTestBrowser(i, p)
		if _, err := p.Login(t.Context(), LoginOptions{Open: func(string) error { return broken }}); !errors.Is(err, broken) {
			t.Errorf("without anybody told the address: got %v, want it to match %v", err, broken)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		b := newTestBrowser(i, p)
		_, err := p.Login(t.Context(), LoginOptions{
			Open: func(string) error { return broken },
			// Somebody copies it into a browser of theirs.
			Show: func(address string) { time.AfterFunc(time.Minute, func() { _ = b.open(address) }) },
		})
		if err != nil {
			t.Errorf("with somebody told the address: %v", err)
		}
	})
}

func TestBrowserThatStaysInFront(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		b := newTestBrowser(i, p)
		start := time.Now()
		_, err := p.Login(t.Context(), LoginOptions{Open: func(address string) error {
			err := b.open(address)
			time.Sleep(time.Hour)
			return err
		}})
		if err != nil || time.Since(start) > time.Minute {
			t.Errorf("the login took %s: %v", time.Since(start), err)
		}
		time.Sleep(time.Hour) // until the browser is closed
	})
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
