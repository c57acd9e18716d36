package pagetest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/sandbox"
)

// login logs in with the phone as its browser; act is what the person does there.
func (s *shop) login(p *phone, act func()) (auth.Tokens, error) {
	s.Helper()
	p.also = append(p.also, sandbox.DemoAuthPath+"/", "/callback")
	provider, err := auth.NewProvider(auth.Config{Issuer: sandbox.IssuerURL(s.server.URL()), ClientID: sandbox.DemoClientID})
	s.must(err)
	defer provider.Close()
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	defer cancel()
	page := make(chan string, 1)
	type result struct {
		tokens auth.Tokens
		err    error
	}
	ended := make(chan result, 1)
	go func() {
		tokens, err := provider.Login(ctx, auth.LoginOptions{
			RedirectURL: "http://127.0.0.1:0/callback",
			Open:        func(address string) error { page <- address; return nil },
		})
		ended <- result{tokens, err}
	}()
	select {
	case address := <-page:
		p.open(address)
		act()
	case r := <-ended:
		return r.tokens, r.err
	}
	r := <-ended
	return r.tokens, r.err
}

// Somebody logs in with the keys alone, by the whole flow with PKCE, and calls the API
// with what they get.
func TestLoginByKeys(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	who := sandbox.DemoUsers()[0]
	tokens, err := s.login(p, func() {
		p.shows("Log in to the sandbox", "Who are you?", who.Email, "need no password")
		p.shoot("login-light")
		for range 10 {
			p.do(chromedp.KeyEvent(kb.Tab))
			if read[string](p, `document.activeElement.value ?? ""`) == who.ID {
				break
			}
			if read[bool](p, `getComputedStyle(document.activeElement).outlineStyle === "none"`) {
				t.Error("something has the focus, and one cannot see it")
			}
		}
		p.do(chromedp.KeyEvent(kb.Enter))
		p.waits(`location.pathname === "/callback"`)
	})
	s.must(err)
	if got := tokens.Claims.Email; got != who.Email {
		t.Errorf("logged in as %q", got)
	}
	client, err := api.New(s.server.URL(), api.WithUserToken(auth.StaticToken(tokens.AccessToken)))
	s.must(err)
	defer client.Close()
	all, _, err := client.Accounts.Memberships(t.Context())
	s.must(err)
	shop := who.Memberships[0].AccountID
	if !slices.ContainsFunc(all, func(a api.AccountMembership) bool { return a.AccountID == shop }) {
		t.Errorf("as the user one has %+v, want %s in it", all, shop)
	}
}

func TestLoginIsRefused(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t, "prefers-color-scheme", "dark")
	_, err := s.login(p, func() {
		p.shoot("login-dark")
		p.press("Do not log in")
		p.waits(`location.pathname === "/callback"`)
	})
	if !errors.Is(err, auth.ErrLoginRefused) {
		t.Errorf("who does not want to log in gets %v", err)
	}
}

// Nobody stumbles over the login page, in light or dark, with a hint or without.
func TestEverybodyCanLogIn(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	for _, scheme := range []string{"light", "dark"} {
		p := take(t, "prefers-color-scheme", scheme)
		p.also = []string{sandbox.DemoAuthPath + "/"}
		for _, hint := range []string{"", sandbox.DemoUsers()[1].Email} {
			p.open(s.loginPage(hint))
			p.shows("Log in to the sandbox")
			complaints := p.audit()
			p.do(chromedp.EmulateViewport(320, 568, chromedp.EmulateMobile))
			p.eval(`document.documentElement.style.fontSize = "200%%"`)
			for _, complaint := range slices.Concat(complaints, p.audit()) {
				t.Errorf("%s, hint %q: %s", scheme, hint, complaint)
			}
			if focused := read[string](p, `document.activeElement.value ?? ""`); hint != "" && focused != sandbox.DemoUsers()[1].ID {
				t.Errorf("the focus is on %q, want it on who is expected", focused)
			}
		}
	}
}

// loginPage is the address to which a program sends its user.
func (s *shop) loginPage(hint string) string {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, sandbox.IssuerURL(s.server.URL())+"/authorize", nil)
	s.must(err)
	q := req.URL.Query()
	for name, value := range map[string]string{
		"response_type": "code", "scope": "openid", "client_id": sandbox.DemoClientID, "redirect_uri": "http://127.0.0.1:1/callback",
		"state": "s", "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256", "login_hint": hint,
	} {
		q.Set(name, value)
	}
	req.URL.RawQuery = q.Encode()
	return req.URL.String()
}
