package sandbox

import (
	"bytes"
	"crypto/rand"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	embedded "centrapos/assets"
)

const challengeS256 = "S256"

// loginAsked is what a program asks for when it sends a user to the login page.
// Source: Centrapay docs, auth, authorization code flow with PKCE.
type loginAsked struct {
	ClientID    string
	RedirectURI string
	State       string
	Nonce       string
	Challenge   string
	// Hint is the user whom the program expects: u, as documented, or login_hint.
	Hint string
	// query is all of it, to be sent back by the page's buttons.
	query url.Values
}

// askedOf reads the query of a call. Without a redirect URI that is good there is
// nobody but the user to tell what is wrong.
func (s *Service) askedOf(q url.Values) (asked loginAsked, problem string) {
	a := loginAsked{
		ClientID: q.Get("client_id"), RedirectURI: q.Get("redirect_uri"), State: q.Get("state"), Nonce: q.Get("nonce"),
		Challenge: q.Get("code_challenge"), Hint: q.Get("u"), query: q,
	}
	if a.Hint == "" {
		a.Hint = q.Get("login_hint")
	}
	client, ok := s.dir.loginClient(a.ClientID)
	switch {
	case !ok:
		return a, "The program that sent you here is not known. It should use the client id " + DemoClientID + "."
	case !client.redirectsTo(a.RedirectURI):
		return a, "The program that sent you here wants you sent back to an address that is not one of its own."
	}
	return a, ""
}

// wrong says what the program has to hear instead of a code, nil when all is well.
func (a loginAsked) wrong() *loginError {
	const challengeLength = 43 // of a SHA-256 digest in base64url
	switch {
	case a.query.Get("response_type") != "code":
		return &loginError{"unsupported_response_type", "want code"}
	case !slices.Contains(strings.Fields(a.query.Get("scope")), scopeOpenID):
		return &loginError{"invalid_scope", "want openid"}
	case a.query.Get("code_challenge_method") != challengeS256 || len(a.Challenge) != challengeLength:
		return &loginError{"invalid_request", "PKCE is required: code_challenge with code_challenge_method S256"}
	case slices.Contains(strings.Fields(a.query.Get("prompt")), "none"):
		return &loginError{"login_required", "the sandbox remembers nobody: each login is asked for"}
	}
	return nil
}

// redirectsTo tells whether codes may be sent to a URI.
func (c LoginClient) redirectsTo(uri string) bool {
	if slices.Contains(c.RedirectURIs, uri) {
		return true
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// back is where the browser goes next, with something in its query. Source of iss:
// RFC 9207.
func (a loginAsked) back(issuer string, more url.Values) string {
	u, err := url.Parse(a.RedirectURI)
	if err != nil {
		return a.RedirectURI // not reached: redirectsTo has parsed it
	}
	q := u.Query()
	for name, values := range more {
		q[name] = values
	}
	if a.State != "" {
		q.Set("state", a.State)
	}
	if issuer != "" {
		q.Set("iss", issuer)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (a loginAsked) refused(issuer string, why *loginError) string {
	return a.back(issuer, url.Values{"error": {why.Code}, "error_description": {why.Description}})
}

// loginPage is what the page shows.
type loginPage struct {
	Title, Nonce string
	Style        template.CSS
	// Problem is why nobody can log in here.
	Problem string
	Users   []loginChoice
	Fields  []loginField
	LogOut  bool
}

type loginChoice struct {
	ID, Name, Known string
	// Accounts says what the user may do where.
	Accounts []string
	// Expected is the user whom the program expects.
	Expected bool
}

type loginField struct{ Name, Value string }

// loginPages are the login page and what its buttons do. A test, or a script, can
// send the form without the page: the query of the authorization request with
// user, by id, e-mail, phone number or handle.
func (s *Service) loginPages(shape pages) (show, enter http.HandlerFunc) {
	show = func(w http.ResponseWriter, r *http.Request) { s.showLogin(w, r, shape, r.URL.Query(), "") }
	enter = func(w http.ResponseWriter, r *http.Request) {
		if s.origins.Check(r) != nil {
			s.refuse(w, forbidden())
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := r.ParseForm(); err != nil {
			s.refuse(w, unreadableBody(err))
			return
		}
		s.enter(w, r, shape)
	}
	return show, enter
}

func (s *Service) showLogin(w http.ResponseWriter, r *http.Request, shape pages, q url.Values, problem string) {
	asked, dead := s.askedOf(q)
	if dead != "" {
		s.writePage(w, shape, http.StatusBadRequest, loginPage{Title: "This login cannot go on", Problem: dead}, "")
		return
	}
	if why := asked.wrong(); why != nil {
		http.Redirect(w, r, asked.refused(issuerOf(r), why), http.StatusSeeOther)
		return
	}
	p := loginPage{Title: "Log in to the sandbox", Problem: problem}
	for _, name := range []string{
		"response_type", "scope", "client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method",
	} {
		if q.Has(name) {
			p.Fields = append(p.Fields, loginField{name, q.Get(name)})
		}
	}
	expected, _ := s.dir.user(asked.Hint)
	for _, u := range s.dir.users {
		p.Users = append(p.Users, u.choice(u.ID == expected.ID))
	}
	status := http.StatusOK
	if problem != "" {
		status = http.StatusForbidden
	}
	s.writePage(w, shape, status, p, asked.RedirectURI)
}

func (u User) choice(expected bool) loginChoice {
	c := loginChoice{ID: u.ID, Name: u.name(), Known: u.Email, Expected: expected}
	if c.Known == "" {
		c.Known = u.Phone
	}
	for _, m := range u.Memberships {
		role := "owner"
		if m.Role != RoleAccountOwner {
			role = strings.ReplaceAll(string(m.Role), "-", " ")
		}
		c.Accounts = append(c.Accounts, role+" of "+m.AccountName)
	}
	return c
}

// enter logs a user in, or says that the user does not want to.
func (s *Service) enter(w http.ResponseWriter, r *http.Request, shape pages) {
	asked, dead := s.askedOf(r.Form)
	user, known := s.dir.user(r.PostForm.Get("user"))
	switch {
	case dead != "", asked.wrong() != nil, !known && !r.PostForm.Has("cancel"):
		problem := ""
		if r.PostForm.Has("user") {
			problem = "Nobody of that name can log in here. Choose one of these."
		}
		s.showLogin(w, r, shape, r.Form, problem)
		return
	case r.PostForm.Has("cancel"):
		why := &loginError{"access_denied", "the user did not want to log in"}
		http.Redirect(w, r, asked.refused(issuerOf(r), why), http.StatusSeeOther)
		return
	}
	code := rand.Text()
	err := s.transact(func(t *tx) error {
		state := t.changeAdmin()
		state.forget(t.now)
		state.Codes = append(state.Codes, loginCode{
			Digest: digest(code), ClientID: asked.ClientID, RedirectURI: asked.RedirectURI,
			Challenge: asked.Challenge, Nonce: asked.Nonce, UserID: user.ID, At: t.now,
		})
		return nil
	})
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, asked.back(issuerOf(r), url.Values{"code": {code}}), http.StatusSeeOther)
}

// handleLogout sends the browser back to the program. The issuer remembers no
// browser, so that there is nothing to end: tokens end by being revoked.
func (s *Service) handleLogout(w http.ResponseWriter, r *http.Request, shape pages) {
	q := r.URL.Query()
	client, ok := s.dir.loginClient(q.Get("client_id"))
	if !ok {
		client, _ = s.dir.loginClient(DemoClientID)
	}
	for _, name := range []string{"post_logout_redirect_uri", "logout_uri"} {
		if target := q.Get(name); client.redirectsTo(target) {
			a := loginAsked{RedirectURI: target, State: q.Get("state")}
			http.Redirect(w, r, a.back("", nil), http.StatusSeeOther)
			return
		}
	}
	s.writePage(w, shape, http.StatusOK, loginPage{Title: "You are logged out", LogOut: true}, "")
}

// writePage answers with the page. Its form may lead to the sandbox and on to where
// the program wants the browser sent.
func (s *Service) writePage(w http.ResponseWriter, shape pages, status int, p loginPage, leadsTo string) {
	p.Nonce, p.Style = rand.Text(), template.CSS(embedded.PageStyle())
	var out bytes.Buffer
	forms, err := shape()
	if err == nil {
		err = forms.ExecuteTemplate(&out, "login", p)
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+p.Nonce+"'; form-action 'self'"+
		originOf(leadsTo)+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin") // as for the other pages
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// originOf is the source of a redirect for a content security policy, with a space
// before it.
func originOf(target string) string {
	u, err := url.Parse(target)
	switch {
	case err != nil || u.Scheme == "":
		return ""
	case u.Scheme != "http" && u.Scheme != "https":
		return " " + u.Scheme + ":"
	}
	if host, port, err := net.SplitHostPort(u.Host); err == nil && strings.Trim(port, "0123456789") == "" {
		return " " + u.Scheme + "://" + net.JoinHostPort(host, port)
	}
	return " " + u.Scheme + "://" + u.Hostname()
}
