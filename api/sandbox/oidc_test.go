package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"centrapos/api"
	"centrapos/api/sandbox"
)

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// TestLoginEndToEnd is the whole flow as a program goes through it, with the
// libraries that programs use, over the network.
func TestLoginEndToEnd(t *testing.T) {
	t.Parallel()
	server, err := sandbox.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	}()
	web := browser()
	defer web.CloseIdleConnections()
	ctx := oidc.ClientContext(t.Context(), web)
	provider, err := oidc.NewProvider(ctx, sandbox.IssuerURL(server.URL()))
	if err != nil {
		t.Fatal(err)
	}
	program := oauth2.Config{
		ClientID: sandbox.DemoClientID, Endpoint: provider.Endpoint(), RedirectURL: callback, Scopes: []string{oidc.ScopeOpenID},
	}
	pkce := oauth2.GenerateVerifier()
	page := program.AuthCodeURL("s-2", oauth2.S256ChallengeOption(pkce), oidc.Nonce("n-2"), oauth2.SetAuthURLParam("u", "+64215550101"))

	_, shown := follow(t, web, get, page, nil)
	form := url.Values{"user": {sandbox.DemoUsers()[0].ID}}
	for _, field := range hidden.FindAllStringSubmatch(shown, -1) {
		form.Set(field[1], strings.ReplaceAll(field[2], "&#43;", "+"))
	}
	back, _ := follow(t, web, post, page, form)
	if back == nil || back.Host != "127.0.0.1:53127" || back.Query().Get("state") != "s-2" || back.Query().Get("iss") != sandbox.IssuerURL(server.URL()) {
		t.Fatalf("sent to %v", back)
	}
	token, err := program.Exchange(ctx, back.Query().Get("code"), oauth2.VerifierOption(pkce))
	if err != nil {
		t.Fatal(err)
	}
	wantIDToken(ctx, t, provider, token)

	client, err := api.New(server.URL(), api.WithUserToken(tokenSource(token.AccessToken)), api.WithAccount(sandbox.DemoMerchantAccountID))
	if err != nil {
		t.Fatal(err)
	}
	made, _, err := client.PaymentRequests.Create(ctx, api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(1250, "NZD"),
	})
	if err != nil || made.CreatedByAccountID != sandbox.DemoMerchantAccountID {
		t.Errorf("create as a user: %+v, %v", made, err)
	}
	accounts, _, err := client.Accounts.Memberships(ctx)
	if err != nil || len(accounts) != 2 || accounts[0].AccountType != api.AccountIndividual || accounts[0].Role != api.RoleAccountOwner ||
		accounts[1].AccountID != sandbox.DemoMerchantAccountID || accounts[1].AccountType != api.AccountOrg || accounts[1].Role != api.RoleAccountOwner {
		t.Errorf("memberships %+v, %v", accounts, err)
	}

	stale := &oauth2.Token{RefreshToken: token.RefreshToken, Expiry: time.Now().Add(-time.Hour)}
	fresh, err := program.TokenSource(ctx, stale).Token()
	if err != nil || fresh.RefreshToken == token.RefreshToken || fresh.AccessToken == token.AccessToken {
		t.Fatalf("refresh: %v", err)
	}
	var refused *oauth2.RetrieveError
	if _, err := program.TokenSource(ctx, stale).Token(); !errors.As(err, &refused) || refused.ErrorCode != "invalid_grant" {
		t.Errorf("the replaced refresh token: %v", err)
	}
}

func wantIDToken(ctx context.Context, t *testing.T, provider *oidc.Provider, token *oauth2.Token) {
	t.Helper()
	text, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: sandbox.DemoClientID}).Verify(ctx, text)
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	for name, want := range (m{
		"sub": sandbox.DemoUsers()[0].ID, "email": owner, "email_verified": true, "phone_number": "+64215550101",
		"phone_number_verified": true, "given_name": "Mere", "family_name": "Ngata", "preferred_username": "mere", "nonce": "n-2",
	}) {
		if claims[name] != want {
			t.Errorf("id token: %s is %v, want %v", name, claims[name], want)
		}
	}
	if left := time.Until(token.Expiry); left < 59*time.Minute || left > time.Hour {
		t.Errorf("the access token lives %s, want an hour", left)
	}
}

// tokenSource is a user token that never changes.
type tokenSource string

func (s tokenSource) Token(context.Context) (string, error) { return string(s), nil }

func TestCodeIsExchangedOnceByTheProgramThatAskedForIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		more  m
		code  string
		delay time.Duration
	}{
		"another verifier":      {m{"code_verifier": strings.Repeat("a", 43)}, "invalid_grant", 0},
		"no verifier":           {m{"code_verifier": nil}, "invalid_grant", 0},
		"another redirect":      {m{"redirect_uri": "http://127.0.0.1:1/"}, "invalid_grant", 0},
		"another client":        {m{"client_id": "other"}, "invalid_grant", 0},
		"a client nobody knows": {m{"client_id": "stranger"}, "invalid_client", 0},
		"too late":              {nil, "invalid_grant", time.Minute + time.Second},
		"another grant":         {m{"grant_type": "password"}, "unsupported_grant_type", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, sandbox.WithLoginClients(sandbox.LoginClient{ID: "other"}))
			code := r.code(owner, nil)
			r.clock.advance(c.delay)
			form := m{"code": code}
			maps.Copy(form, c.more)
			refusedGrant(t, r.token(form), c.code)
		})
	}
	r := newRig(t)
	code := r.code(owner, nil)
	refusedGrant(t, r.token(m{"code": code, "code_verifier": strings.Repeat("a", 43)}), "invalid_grant")
	refusedGrant(t, r.token(m{"code": code}), "invalid_grant") // whoever failed to prove it has used it up

	code = r.code(owner, nil)
	first := granted(t, r.token(m{"code": code}))
	refusedGrant(t, r.token(m{"code": code}), "invalid_grant")
	refusedGrant(t, r.renew(first.Refresh), "invalid_grant") // somebody else had the code
	if w := r.asUser(first.Access, "", get, requests+"/x", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("the access token of a code that was used twice: %d", w.Code)
	}
}

func TestAuthorizationRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithLoginClients(sandbox.LoginClient{ID: "app", RedirectURIs: []string{"nz.example.app://oidc-callback"}}))
	for name, c := range map[string]struct {
		more m
		code string
	}{
		"token flow":       {m{"response_type": "token"}, "unsupported_response_type"},
		"no scope":         {m{"scope": nil}, "invalid_scope"},
		"no challenge":     {m{"code_challenge": nil}, "invalid_request"},
		"plain challenge":  {m{"code_challenge_method": "plain"}, "invalid_request"},
		"without a prompt": {m{"prompt": "none"}, "login_required"},
	} {
		w := r.send(httptest.NewRequestWithContext(t.Context(), get, "/auth/authorize?"+authorization(c.more).Encode(), nil))
		if q := landing(t, w).Query(); q.Get("error") != c.code || q.Get("state") != "s-1" || q.Has("code") {
			t.Errorf("%s: %v", name, q)
		}
		q := authorization(c.more)
		q.Set("user", owner)
		if q := landing(t, r.form("/auth/authorize", q)).Query(); q.Get("error") != c.code || q.Has("code") {
			t.Errorf("%s, the form: %v", name, q)
		}
	}
	for name, more := range map[string]m{
		"a client nobody knows": {"client_id": "stranger"},
		"another machine":       {"redirect_uri": "http://shop.example/callback"},
		"another scheme":        {"redirect_uri": "javascript:alert(1)"},
		"a name in front":       {"redirect_uri": "http://127.0.0.1@shop.example/"},
		"a fragment":            {"redirect_uri": callback + "#x"},
		"no redirect":           {"redirect_uri": nil},
		"another's redirect":    {"redirect_uri": "nz.example.app://oidc-callback"},
	} {
		w := r.send(httptest.NewRequestWithContext(t.Context(), get, "/auth/authorize?"+authorization(more).Encode(), nil))
		wantOnPage(t, w, http.StatusBadRequest, "This login cannot go on")
		if strings.Contains(w.Body.String(), "<form") || w.Header().Get("Location") != "" {
			t.Errorf("%s: somebody can log in", name)
		}
	}
	for _, uri := range []string{"http://localhost:3000/", "http://[::1]:9/cb", "http://127.0.0.2/cb"} {
		if r.code(owner, m{"redirect_uri": uri}) == "" {
			t.Errorf("no code for %s", uri)
		}
	}
	if r.code(owner, m{"client_id": "app", "redirect_uri": "nz.example.app://oidc-callback"}) == "" {
		t.Error("no code for an app")
	}
}

func TestLoginPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	q := authorization(m{"u": "+64215550102", "state": `"><script>`}).Encode()
	w := r.send(httptest.NewRequestWithContext(t.Context(), get, "/auth/authorize?"+q, nil))
	wantOnPage(t, w, http.StatusOK, "Log in to the sandbox", "Mere Ngata", owner, "owner of Sandbox Merchant", "cashier of Sandbox Merchant",
		"Do not log in", `lang="en-NZ"`, `class="main" autofocus name="user" value="`+sandbox.DemoUsers()[1].ID+`"`)
	if strings.Contains(w.Body.String(), "<script") {
		t.Error("the page holds what the query sent")
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' http://127.0.0.1:53127;") ||
		!strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("policy %s", policy)
	}
	stranger := authorization(nil)
	stranger.Set("user", "nobody@sandbox.example")
	wantOnPage(t, r.form("/auth/authorize", stranger), http.StatusForbidden, "Nobody of that name", "Mere Ngata")

	unwilling := authorization(nil)
	unwilling.Set("cancel", "1")
	if q := landing(t, r.form("/auth/authorize", unwilling)).Query(); q.Get("error") != "access_denied" || q.Get("state") != "s-1" {
		t.Errorf("cancelled: %v", q)
	}
	empty := newRig(t, sandbox.WithUsers())
	wantOnPage(t, empty.send(httptest.NewRequestWithContext(t.Context(), get, "/auth/authorize?"+q, nil)), http.StatusOK, "Nobody can log in")

	other := httptest.NewRequestWithContext(t.Context(), post, "/auth/authorize", strings.NewReader(authorization(nil).Encode()+"&user=mere"))
	other.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	other.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := r.send(other); w.Code != http.StatusForbidden {
		t.Errorf("a page from elsewhere logs a user in: %d", w.Code)
	}
}

func TestUserTokens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mere, jack := r.logIn(owner), r.logIn("+64215550102")
	café := sandbox.DemoMerchantAccountID

	w := r.asUser(jack.Access, café, post, requests, coffee())
	var made api.PaymentRequest
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != http.StatusOK {
		t.Fatalf("a cashier's create: %d %s", w.Code, w.Body)
	}
	if page := ok[api.Page[api.PaymentActivity]](r, get, at(made.ID, "activities"), nil); page.Items[0].CreatedBy != api.NewCRN("", "user", sandbox.DemoUsers()[1].ID) {
		t.Errorf("created by %s", page.Items[0].CreatedBy)
	}
	other := newRig(t)
	elsewhere := other.logIn(owner)
	parts := strings.Split(mere.Access, ".")
	for name, c := range map[string]struct {
		token, account string
		status         int
	}{
		"for the org":                  {mere.Access, café, 200},
		"for the own account":          {mere.Access, "", 200},
		"for the own account by name":  {mere.Access, sandbox.DemoUsers()[0].AccountID, 200},
		"for an account of others":     {mere.Access, sandbox.DemoUsers()[1].AccountID, 403},
		"with Bearer":                  {"Bearer " + mere.Access, café, 401},
		"the id token":                 {mere.ID, café, 401},
		"the refresh token":            {mere.Refresh, café, 401},
		"of another sandbox":           {elsewhere.Access, café, 401},
		"with the signature of others": {parts[0] + "." + parts[1] + "." + strings.Split(elsewhere.Access, ".")[2], café, 401},
		"without a signature":          {"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0." + parts[1] + ".", café, 401},
		"no token":                     {"hello", café, 401},
	} {
		if w := r.asUser(c.token, c.account, get, at(made.ID), nil); w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", name, w.Code, w.Body, c.status)
		}
	}
	// What a role may not do stays forbidden.
	if w := r.asUser(mere.Access, "", post, requests, coffee()); w.Code != http.StatusForbidden {
		t.Errorf("create for the café without being asked to act for it: %d", w.Code)
	}
	r.clock.advance(time.Hour)
	if w := r.asUser(mere.Access, café, get, at(made.ID), nil); w.Code != http.StatusUnauthorized {
		t.Errorf("after an hour: %d", w.Code)
	}
	if w := r.asUser(granted(t, r.renew(mere.Refresh)).Access, café, get, at(made.ID), nil); w.Code != http.StatusOK {
		t.Errorf("renewed: %d", w.Code)
	}
}

func TestRefreshTokenRotatesForSixtyDays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.logIn(owner)
	second := granted(t, r.renew(first.Refresh))
	refusedGrant(t, r.renew(first.Refresh), "invalid_grant")
	r.clock.advance(59 * 24 * time.Hour)
	third := granted(t, r.renew(second.Refresh))
	if third.Type != "Bearer" || third.Seconds != 3600 {
		t.Errorf("%+v", third)
	}
	refusedGrant(t, r.token(m{"grant_type": "refresh_token", "refresh_token": third.Refresh, "client_id": "stranger"}), "invalid_client")
	r.clock.advance(24 * time.Hour)
	refusedGrant(t, r.renew(third.Refresh), "invalid_grant")
}

func TestRevokedTokensAreWorthNothing(t *testing.T) {
	t.Parallel()
	for name, which := range map[string]func(tokens) string{
		"the refresh token": func(t tokens) string { return t.Refresh },
		"the access token":  func(t tokens) string { return t.Access },
	} {
		r := newRig(t)
		kept, gone := r.logIn(owner), r.logIn(owner)
		if w := r.form("/auth/revoke", url.Values{"token": {which(gone)}, "client_id": {sandbox.DemoClientID}}); w.Code != http.StatusOK {
			t.Errorf("revoke %s: %d %s", name, w.Code, w.Body)
		}
		if w := r.asUser(gone.Access, "", get, requests+"/x", nil); w.Code != http.StatusUnauthorized {
			t.Errorf("the access token once %s is revoked: %d", name, w.Code)
		}
		refusedGrant(t, r.renew(gone.Refresh), "invalid_grant")
		granted(t, r.renew(kept.Refresh))
		if w := r.form("/auth/revoke", url.Values{"token": {"unknown"}}); w.Code != http.StatusOK {
			t.Errorf("revoke what nobody knows: %d", w.Code)
		}
		refusedGrant(t, r.form("/auth/revoke", nil), "invalid_request")
	}
}

func TestLoginSurvivesTheProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	first := fileRig(t, path)
	got, code := first.logIn(owner), first.code(cashier, nil)
	again := fileRig(t, path)
	if w := again.asUser(got.Access, sandbox.DemoMerchantAccountID, post, requests, coffee()); w.Code != http.StatusOK {
		t.Errorf("the access token: %d %s", w.Code, w.Body)
	}
	granted(t, again.renew(got.Refresh))
	refusedGrant(t, first.renew(got.Refresh), "invalid_grant")
	granted(t, again.token(m{"code": code}))
	kept := string(readFile(t, path))
	for _, secret := range []string{got.Access, got.Refresh, got.ID, code} {
		if strings.Contains(kept, secret) {
			t.Error("a token stands in the file as it is")
		}
	}
	gone := fileRig(t, path, sandbox.WithUsers(sandbox.DemoUsers()[1]))
	if w := gone.asUser(got.Access, "", get, requests+"/x", nil); w.Code != http.StatusUnauthorized {
		t.Errorf("a user who is no more: %d", w.Code)
	}
}

// A user's calls count for the user's own account, whatever account they are for.
func TestUserCallsAreLimitedTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithRateLimit(3))
	mere := r.logIn(owner)
	for i, account := range []string{"", sandbox.DemoMerchantAccountID, ""} {
		if w := r.asUser(mere.Access, account, get, requests+"/x", nil); w.Code != http.StatusForbidden {
			t.Errorf("call %d: %d", i, w.Code)
		}
	}
	if w := r.asUser(mere.Access, sandbox.DemoMerchantAccountID, get, requests+"/x", nil); w.Code != http.StatusTooManyRequests {
		t.Errorf("the fourth call: %d", w.Code)
	}
	r.create(nil) // the café's own key has calls left
}

func TestIssuerMeetsFaultsAndIsObserved(t *testing.T) {
	t.Parallel()
	var seen []string
	lost, err := sandbox.ParseFault("login-token:status-after=503:1")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, sandbox.WithFaults(lost), sandbox.WithObserver(func(c sandbox.Call) { seen = append(seen, c.Endpoint) }))
	code := r.code(owner, nil)
	if w := r.token(m{"code": code}); w.Code != http.StatusServiceUnavailable {
		t.Errorf("got %d", w.Code)
	}
	refusedGrant(t, r.token(m{"code": code}), "invalid_grant") // the lost answer had its effect
	if want := []string{"login-page", "login-token", "login-token"}; !slices.Equal(seen, want) {
		t.Errorf("seen %v, want %v", seen, want)
	}
}

// The issuer is named as the caller reached it, whatever the port.
func TestIssuerIsNamedAsItIsReached(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for target, issuer := range map[string]string{
		"http://localhost:4000/auth/.well-known/openid-configuration": "http://localhost:4000/auth",
		"https://sandbox.test/auth/.well-known/openid-configuration":  "https://sandbox.test/auth",
	} {
		w := r.send(httptest.NewRequestWithContext(t.Context(), get, target, nil))
		var got map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got["issuer"] != issuer || got["token_endpoint"] != issuer+"/token" ||
			w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %s", target, w.Body)
		}
		if got["userinfo_endpoint"] != nil {
			t.Error("there is no userinfo endpoint in the documents")
		}
	}
}

func TestLogoutLeadsBackToTheProgram(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	out := func(query string) *httptest.ResponseRecorder {
		return r.send(httptest.NewRequestWithContext(t.Context(), get, "/auth/logout?"+query, nil))
	}
	if u := landing(t, out("client_id="+sandbox.DemoClientID+"&state=x&post_logout_redirect_uri="+escape("http://localhost:3000/bye?a=1"))); u.String() != "http://localhost:3000/bye?a=1&state=x" {
		t.Errorf("sent to %s", u)
	}
	wantOnPage(t, out("logout_uri="+escape("https://elsewhere.example/")), http.StatusOK, "You are logged out")
}

func TestLoginOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	mere := sandbox.DemoUsers()[0]
	for name, opt := range map[string]sandbox.Option{
		"nobody's name":     sandbox.WithUsers(sandbox.User{ID: "x", AccountID: "y"}),
		"one user twice":    sandbox.WithUsers(mere, mere),
		"an unknown role":   sandbox.WithUsers(sandbox.User{ID: "x", AccountID: "y", Email: "z", Memberships: []sandbox.Membership{{AccountID: "a", Role: "king"}}}),
		"a client unnamed":  sandbox.WithLoginClients(sandbox.LoginClient{}),
		"a redirect to /cb": sandbox.WithLoginClients(sandbox.LoginClient{ID: "x", RedirectURIs: []string{"/cb"}}),
	} {
		if _, err := sandbox.New(opt); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
