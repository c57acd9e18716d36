package sandbox

import (
	"net/http"
	"time"
)

// The demonstration login: where the issuer stands and which program logs in.
const (
	// DemoAuthPath is where the issuer is, below the base URL of the sandbox; see
	// IssuerURL.
	DemoAuthPath = "/auth"
	// DemoClientID is the client id of programs of this machine.
	DemoClientID = "sandbox-client"
)

// Endpoint names of the issuer, for faults and in a Call.
const (
	EndpointLoginDiscovery = "login-discovery"
	EndpointLoginKeys      = "login-keys"
	EndpointLoginPage      = "login-page"
	EndpointLoginToken     = "login-token"
	EndpointLoginRevoke    = "login-revoke"
	EndpointLogout         = "logout"
	EndpointWebhookKeys    = "webhook-keys"
)

func issuerEndpoints() []string {
	return []string{
		EndpointLoginDiscovery, EndpointLoginKeys, EndpointLoginPage, EndpointLoginToken, EndpointLoginRevoke,
		EndpointLogout, EndpointWebhookKeys,
	}
}

// scopeOpenID is the documented scope; others that are asked for besides are left
// out.
const scopeOpenID = "openid"

// IssuerURL returns the issuer of the sandbox with a base URL, such as that of
// Server.URL. A client finds everything else by its discovery document.
func IssuerURL(base string) string { return base + DemoAuthPath }

// issuerOf is the issuer as the caller sees it.
func issuerOf(r *http.Request) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return IssuerURL(scheme + r.Host)
}

// discovery is the discovery document. There is no userinfo endpoint, as with the
// real issuer. Source: Centrapay docs, auth; OpenID Connect Discovery 1.0.
type discovery struct {
	Issuer             string   `json:"issuer"`
	Authorization      string   `json:"authorization_endpoint"`
	Token              string   `json:"token_endpoint"`
	Revocation         string   `json:"revocation_endpoint"`
	EndSession         string   `json:"end_session_endpoint"`
	Keys               string   `json:"jwks_uri"`
	Scopes             []string `json:"scopes_supported"`
	ResponseTypes      []string `json:"response_types_supported"`
	GrantTypes         []string `json:"grant_types_supported"`
	SubjectTypes       []string `json:"subject_types_supported"`
	SigningAlgorithms  []string `json:"id_token_signing_alg_values_supported"`
	ClientAuth         []string `json:"token_endpoint_auth_methods_supported"`
	ChallengeMethods   []string `json:"code_challenge_methods_supported"`
	Claims             []string `json:"claims_supported"`
	ResponseIssuerSent bool     `json:"authorization_response_iss_parameter_supported"`
}

// discoveryAge is how long others may keep the discovery document: not at all for
// long, since a sandbox comes back on another port.
const discoveryAge = time.Minute

func (s *Service) handleDiscovery(w http.ResponseWriter, r *http.Request) {
	issuer := issuerOf(r)
	replyPublic(w, discovery{
		Issuer:        issuer,
		Authorization: issuer + "/authorize",
		Token:         issuer + "/token",
		Revocation:    issuer + "/revoke",
		EndSession:    issuer + "/logout",
		Keys:          issuer + "/.well-known/jwks.json",
		Scopes:        []string{scopeOpenID}, ResponseTypes: []string{"code"},
		GrantTypes:   []string{"authorization_code", "refresh_token"},
		SubjectTypes: []string{"public"}, SigningAlgorithms: []string{"ES256"},
		ClientAuth: []string{"none"}, ChallengeMethods: []string{challengeS256},
		Claims: []string{
			"sub", "email", "email_verified", "phone_number", "phone_number_verified",
			"given_name", "family_name", "preferred_username",
		},
		ResponseIssuerSent: true,
	}, discoveryAge)
}

// issuerRoutes are the endpoints of the sandbox's own OpenID issuer, with the key
// set of webhooks, which the real service publishes on the same host, and the
// control calls for them.
func (s *Service) issuerRoutes(shapes pages) {
	show, enter := s.loginPages(shapes)
	leave := func(w http.ResponseWriter, r *http.Request) { s.handleLogout(w, r, shapes) }
	for _, e := range []struct {
		name, method, path string
		handle             http.HandlerFunc
	}{
		{EndpointLoginDiscovery, http.MethodGet, "/.well-known/openid-configuration", s.handleDiscovery},
		{EndpointLoginKeys, http.MethodGet, "/.well-known/jwks.json", s.serveKeySet(signsLogins)},
		{EndpointLoginPage, http.MethodGet, "/authorize", show},
		{EndpointLoginPage, http.MethodPost, "/authorize", enter},
		{EndpointLoginToken, http.MethodPost, "/token", s.handleToken},
		{EndpointLoginRevoke, http.MethodPost, "/revoke", s.handleRevoke},
		{EndpointLogout, http.MethodGet, "/logout", leave},
		{EndpointWebhookKeys, http.MethodGet, "/api/.well-known/jwks.json", s.serveKeySet(signsWebhooks)},
	} {
		s.mux.HandleFunc(e.method+" "+DemoAuthPath+e.path, func(w http.ResponseWriter, r *http.Request) {
			s.watched(w, r, e.name, e.handle)
		})
	}
	s.webhookRoutes()
}
