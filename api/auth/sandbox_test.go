package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/sandbox"
)

// visit sends a browser somewhere, with a form unless that is "", and returns
// where it is sent on to.
func visit(method, address, form string) (status int, next string, err error) {
	req, err := http.NewRequestWithContext(context.Background(), method, address, strings.NewReader(form))
	if err != nil {
		return 0, "", err
	}
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return 0, "", err
	}
	return resp.StatusCode, resp.Header.Get("Location"), resp.Body.Close()
}

// logInAs answers the sandbox's login page with a field of its form, and goes
// where that sends the browser.
func logInAs(field, value string) func(string) error {
	return func(address string) error {
		page, form, _ := strings.Cut(address, "?")
		_, next, err := visit(http.MethodPost, page, form+"&"+url.Values{field: {value}}.Encode())
		if err != nil {
			return err
		}
		status, _, err := visit(http.MethodGet, next, "")
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return fmt.Errorf("the program answered %d", status)
		}
		return nil
	}
}

// newSandbox starts a sandbox and returns it with a provider that logs in there.
func newSandbox(t *testing.T) (*sandbox.Server, *auth.Provider) {
	t.Helper()
	server, err := sandbox.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := auth.NewProvider(auth.Config{Issuer: sandbox.IssuerURL(server.URL()), ClientID: sandbox.DemoClientID})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		provider.Close()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, provider
}

// The whole life of a login over the network: log in, make calls, renew, log out.
func TestLoginToTheSandbox(t *testing.T) {
	t.Parallel()
	server, provider := newSandbox(t)

	_, err := provider.Login(t.Context(), auth.LoginOptions{Open: logInAs("cancel", "1")})
	if !errors.Is(err, auth.ErrLoginRefused) {
		t.Errorf("the person does not want to: %v", err)
	}
	tokens, err := provider.Login(t.Context(), auth.LoginOptions{Open: logInAs("user", "mere@sandbox.example")})
	if err != nil {
		t.Fatal(err)
	}
	if got := tokens.Claims.DisplayName(); got != "Mere Ngata" || !tokens.Claims.EmailVerified {
		t.Errorf("logged in as %s", got)
	}

	// As after a restart: only the refresh token is left.
	var kept auth.Tokens
	source := provider.Source(auth.Tokens{RefreshToken: tokens.RefreshToken, Claims: tokens.Claims}, auth.SourceOptions{
		OnRefresh: func(renewed auth.Tokens) error { kept = renewed; return nil },
	})
	client, err := api.New(server.URL(), api.WithUserToken(source), api.WithAccount(sandbox.DemoMerchantAccountID))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if _, _, err := client.PaymentRequests.Create(t.Context(), api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(1250, "NZD"),
	}); err != nil {
		t.Errorf("create a payment request as a user: %v", err)
	}
	if kept.RefreshToken.IsZero() || kept.RefreshToken.Reveal() == tokens.RefreshToken.Reveal() {
		t.Error("the sandbox gives out a new refresh token each time, and it was not kept")
	}
	if err := source.Close(); err != nil {
		t.Error(err)
	}
	if err := provider.Revoke(t.Context(), source.Tokens()); err != nil {
		t.Errorf("log out: %v", err)
	}
	mustLogIn(t, server.URL(), provider.Source(auth.Tokens{RefreshToken: kept.RefreshToken}, auth.SourceOptions{}))
}

// mustLogIn checks that a call as a user whose login is over is not sent, and
// says so.
func mustLogIn(t *testing.T, base string, source api.TokenSource) {
	t.Helper()
	client, err := api.New(base, api.WithUserToken(source))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, meta, err := client.PaymentRequests.Get(t.Context(), "MhocUmpxxmgdHjr7DgKoKw")
	e, is := errors.AsType[*api.Error](err)
	if !is || e.Code != api.CodeLoginRequired || e.Outcome != api.NotSent || meta.Attempts != 1 {
		t.Errorf("a call after the login is over: %v in %d attempts", err, meta.Attempts)
	}
}

// A fixed port is the one that the issuer was told, and nobody else's.
func TestLoginOnAFixedPort(t *testing.T) {
	t.Parallel()
	_, provider := newSandbox(t)
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	redirect := "http://localhost:" + strings.TrimPrefix(taken.Addr().String(), "127.0.0.1:") + "/back"

	_, err = provider.Login(t.Context(), auth.LoginOptions{RedirectURL: redirect, Open: logInAs("user", "jack@sandbox.example")})
	if inUse, is := errors.AsType[*net.OpError](err); !is || inUse.Op != "listen" {
		t.Errorf("on a port that is taken: %v", err)
	}
	if err := taken.Close(); err != nil {
		t.Fatal(err)
	}
	var shown string
	tokens, err := provider.Login(t.Context(), auth.LoginOptions{
		RedirectURL: redirect, Open: logInAs("user", "jack@sandbox.example"), Timeout: 30 * time.Second,
		Show: func(address string) { shown = address },
	})
	if err != nil || tokens.Claims.GivenName != "Jack" {
		t.Fatalf("logged in %s, %v", tokens, err)
	}
	if page, err := url.Parse(shown); err != nil || page.Query().Get("redirect_uri") != redirect {
		t.Errorf("the issuer is told another redirect URL in %s", shown)
	}
	for _, wrong := range []string{
		"https://127.0.0.1:0/back", "http://example.com/back", "http://192.168.1.7/back", "http://127.0.0.1:0/back?x=1",
		"http://user@127.0.0.1/back", "com.example.app://back", "http://127.0.0.1.evil.test/",
	} {
		if _, err := provider.Login(t.Context(), auth.LoginOptions{RedirectURL: wrong, Open: logInAs("user", "jack")}); err == nil ||
			!strings.Contains(err.Error(), "the redirect URL must") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
