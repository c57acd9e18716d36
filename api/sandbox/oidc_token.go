package sandbox

import (
	"crypto/rand"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// tokenAnswer is what the token endpoint gives.
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	IDToken      string `json:"id_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string `json:"scope"`
}

// loginError is the issuer saying no. Source: RFC 6749, section 5.2.
type loginError struct {
	Code        string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

func (e *loginError) Error() string { return e.Code + ": " + e.Description }

func badGrant(why string) error   { return &loginError{"invalid_grant", why} }
func badRequest(why string) error { return &loginError{"invalid_request", why} }

// idClaims are those of an id token. Source: Centrapay docs, auth, id token.
type idClaims struct {
	jwt.Claims
	AuthTime          *jwt.NumericDate `json:"auth_time"`
	Nonce             string           `json:"nonce,omitempty"`
	Email             string           `json:"email,omitempty"`
	EmailVerified     bool             `json:"email_verified"`
	Phone             string           `json:"phone_number,omitempty"`
	PhoneVerified     bool             `json:"phone_number_verified"`
	GivenName         string           `json:"given_name,omitempty"`
	FamilyName        string           `json:"family_name,omitempty"`
	PreferredUsername string           `json:"preferred_username,omitempty"`
}

// accessClaims are those of an access token, which the docs leave to the service.
type accessClaims struct {
	jwt.Claims
	ClientID string `json:"client_id"`
	Scope    string `json:"scope"`
	// Login is the id of the login it belongs to.
	Login string `json:"sid"`
}

// The types in the headers of the tokens keep one from being taken for the other.
const (
	typeID     = "JWT"
	typeAccess = "at+jwt"
)

// handleToken gives tokens for a code, and new ones for a refresh token. Programs
// have no secret; one that a program sends is not looked at.
func (s *Service) handleToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	answer, err := s.grant(w, r)
	var refused *loginError
	switch {
	case errors.As(err, &refused):
		reply(w, http.StatusBadRequest, refused)
	case err != nil:
		s.refuse(w, err)
	default:
		reply(w, http.StatusOK, answer)
	}
}

func (s *Service) grant(w http.ResponseWriter, r *http.Request) (tokenAnswer, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return tokenAnswer{}, badRequest("the body is no form")
	}
	client := r.PostForm.Get("client_id")
	if id, _, basic := r.BasicAuth(); basic {
		client = id
	}
	if _, ok := s.dir.loginClient(client); !ok {
		return tokenAnswer{}, &loginError{"invalid_client", "no such client_id"}
	}
	exchange := (*tx).exchangeCode
	switch kind := r.PostForm.Get("grant_type"); kind {
	case "authorization_code":
	case "refresh_token":
		exchange = (*tx).refresh
	default:
		return tokenAnswer{}, &loginError{"unsupported_grant_type", "want authorization_code or refresh_token"}
	}
	var answer tokenAnswer
	err := s.transact(func(t *tx) error {
		t.changeAdmin().forget(t.now)
		l, token, err := exchange(t, client, r.PostForm.Get)
		if err != nil {
			return err
		}
		answer, err = t.tokens(issuerOf(r), l)
		answer.RefreshToken = token
		return err
	})
	return answer, err
}

// exchangeCode begins a login.
func (t *tx) exchangeCode(client string, form func(string) string) (l login, refreshToken string, err error) {
	state := t.changeAdmin()
	code, ok := state.takeCode(form("code"))
	switch {
	case !ok:
		return login{}, "", badGrant("the code is not known, was used, or is too old")
	case code.ClientID != client || code.RedirectURI != form("redirect_uri"):
		return login{}, "", badGrant("the code was given to another client_id or redirect_uri")
	case !code.proves(form("code_verifier")):
		return login{}, "", badGrant("the code_verifier does not match")
	}
	token := rand.Text() + rand.Text()
	l = login{
		ID: rand.Text(), UserID: code.UserID, ClientID: client, Nonce: code.Nonce, Code: code.Digest,
		At: code.At, Ends: t.now.Add(refreshLifetime), Refresh: digest(token),
	}
	state.Logins = append(state.Logins, l)
	return l, token, nil
}

// refresh renews a login: the refresh token that was sent is worth nothing from
// now on.
func (t *tx) refresh(client string, form func(string) string) (l login, refreshToken string, err error) {
	state := t.changeAdmin()
	i := state.find(t.now, withRefresh(form("refresh_token")))
	if i < 0 || state.Logins[i].ClientID != client {
		return login{}, "", badGrant("the refresh_token is not known, was used or revoked, or is too old")
	}
	token := rand.Text() + rand.Text()
	state.Logins[i].Refresh = digest(token)
	return state.Logins[i], token, nil
}

// tokens are a new id token and access token of a login.
func (t *tx) tokens(issuer string, l login) (tokenAnswer, error) {
	user, ok := t.svc.dir.user(l.UserID)
	if !ok {
		return tokenAnswer{}, badGrant("there is no such user any more")
	}
	k, err := t.key(signsLogins)
	if err != nil {
		return tokenAnswer{}, err
	}
	claims := jwt.Claims{
		Issuer: issuer, Subject: user.ID, IssuedAt: jwt.NewNumericDate(t.now), Expiry: jwt.NewNumericDate(t.now.Add(accessLifetime)),
	}
	forClient := claims
	forClient.Audience = jwt.Audience{l.ClientID}
	id, err := signed(k, typeID, idClaims{
		Claims: forClient, AuthTime: jwt.NewNumericDate(l.At), Nonce: l.Nonce,
		Email: user.Email, EmailVerified: user.Email != "", Phone: user.Phone, PhoneVerified: user.Phone != "",
		GivenName: user.GivenName, FamilyName: user.FamilyName, PreferredUsername: user.Username,
	})
	if err != nil {
		return tokenAnswer{}, err
	}
	claims.ID = rand.Text()
	access, err := signed(k, typeAccess, accessClaims{Claims: claims, ClientID: l.ClientID, Scope: scopeOpenID, Login: l.ID})
	if err != nil {
		return tokenAnswer{}, err
	}
	return tokenAnswer{
		AccessToken: access, IDToken: id, TokenType: "Bearer", ExpiresIn: int(accessLifetime.Seconds()), Scope: scopeOpenID,
	}, nil
}

// handleRevoke ends the login that a refresh or access token belongs to; all its
// tokens are worth nothing then. A token that is not known is answered alike.
// Source: RFC 7009.
func (s *Service) handleRevoke(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil || r.PostForm.Get("token") == "" {
		reply(w, http.StatusBadRequest, badRequest("token is required"))
		return
	}
	token := r.PostForm.Get("token")
	err := s.transact(func(t *tx) error {
		i := t.admin().find(t.now, withRefresh(token))
		if claims, ok := t.accessToken(token); ok {
			i = t.admin().find(t.now, withID(claims.Login))
		}
		if i >= 0 {
			state := t.changeAdmin()
			state.Logins = slices.Delete(state.Logins, i, i+1)
		}
		return nil
	})
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
}

// accessToken reads an access token, and tells whether it is one of this issuer's
// that has not expired.
func (t *tx) accessToken(text string) (accessClaims, bool) {
	var claims accessClaims
	k, there := t.admin().Keys[signsLogins]
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.ES256})
	if !there || err != nil || token.Headers[0].ExtraHeaders[jose.HeaderType] != typeAccess {
		return claims, false
	}
	if token.Claims(k.Public(), &claims) != nil || claims.Expiry == nil || !t.now.Before(claims.Expiry.Time()) {
		return claims, false
	}
	return claims, true
}

// userKey finds what the user of a call may do; found is false for a call without
// a user token that is good. The token stands bare in Authorization: no example
// of the docs has "Bearer" before it.
func (s *Service) userKey(r *http.Request) (key Key, found bool, err error) {
	token := r.Header.Get("Authorization")
	if token == "" || r.Header.Get("X-Api-Key") != "" {
		return Key{}, false, nil
	}
	var user User
	err = s.transact(func(t *tx) error {
		claims, ok := t.accessToken(token)
		if ok && t.admin().find(t.now, withID(claims.Login)) >= 0 {
			user, found = t.svc.dir.user(claims.Subject)
		}
		return nil
	})
	if !found || err != nil {
		return Key{}, false, err
	}
	key, ok := user.key(strings.TrimSpace(r.Header.Get("X-Centrapay-Account")))
	if !ok {
		return Key{}, true, forbidden()
	}
	return key, true, nil
}
