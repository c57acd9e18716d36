package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestConfigThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"no client id":        func(c *Config) { c.ClientID = "" },
		"client id of lines":  func(c *Config) { c.ClientID = "a\nb" },
		"no URL":              func(c *Config) { c.Issuer = "auth.centrapay.com" },
		"in the clear":        func(c *Config) { c.Issuer = "http://auth.centrapay.com/" },
		"file":                func(c *Config) { c.Issuer = "file:///etc/passwd" },
		"no host":             func(c *Config) { c.Issuer = "https://:443/" },
		"with a password":     func(c *Config) { c.Issuer = "https://user:hunter2@auth.centrapay.com/" },
		"looks like loopback": func(c *Config) { c.Issuer = "http://127.0.0.1.evil.test/" },
		"negative time limit": func(c *Config) { c.Timeout = -1 },
		"negative leeway":     func(c *Config) { c.Leeway = -1 },
	} {
		config := Config{Issuer: issuerURL, ClientID: testClientID}
		change(&config)
		if _, err := NewProvider(config); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v shows the password", name, err)
		}
	}
}

func TestConfigDefaults(t *testing.T) {
	t.Parallel()
	p, err := NewProvider(Config{ClientID: testClientID, Scopes: []string{"profile"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	equal(t, "issuer", p.config.Issuer, "https://auth.centrapay.com/")
	equal(t, "end session", p.config.EndSessionURL, "https://auth.centrapay.com/logout")
	equal(t, "scopes", strings.Join(p.config.Scopes, " "), "openid profile")
	if _, err := NewProvider(Config{Issuer: "http://[::1]:8080/auth", ClientID: testClientID}); err != nil {
		t.Errorf("an issuer on this machine: %v", err)
	}
}

// Issuers spell their names with and without a slash; nothing else is let pass.
func TestNamesOfTheIssuer(t *testing.T) {
	t.Parallel()
	const pool = "https://cognito-idp.ap-southeast-2.test/pool"
	for _, tt := range []struct {
		configured, expected, says string
		want                       bool
	}{
		{issuerURL, "", issuerURL, true},
		{issuerURL, "", issuerURL + "/", true},
		{issuerURL + "/", "", issuerURL, true},
		{issuerURL + "/", "", issuerURL + "/", true},
		{issuerURL, "", issuerURL + "//", false},
		{issuerURL, "", "https://evil.test", false},
		{issuerURL, "", strings.ToUpper(issuerURL), false},
		{issuerURL, "", "", false},
		{issuerURL, "", pool, false},
		{issuerURL, pool, pool, true},
		{issuerURL, pool, issuerURL, false},
	} {
		i := newTestIssuer(t)
		i.name = tt.says
		p := newTestProvider(t, i, func(c *Config) { c.Issuer, c.IssuerName = tt.configured, tt.expected })
		if _, err := p.discover(t.Context()); (err == nil) != tt.want {
			t.Errorf("%+v: got %v", tt, err)
		}
		equal(t, "requests", i.count("/.well-known/openid-configuration"), 1)
	}
}

func TestConfigurationThatLeadsElsewhere(t *testing.T) {
	t.Parallel()
	for field, address := range map[string]string{
		"authorization_endpoint": "file:///etc/passwd", "token_endpoint": "http://issuer.test/token",
		"jwks_uri": "", "revocation_endpoint": "http://evil.test", "end_session_endpoint": "javascript:alert(1)",
	} {
		i := newTestIssuer(t)
		i.document = func(c map[string]any) { c[field] = address }
		_, err := newTestProvider(t, i).discover(t.Context())
		if err == nil || !strings.Contains(err.Error(), "its "+field) {
			t.Errorf("%s %q: got %v", field, address, err)
		}
	}
}

func TestConfigurationIsReadOnceADay(t *testing.T) {
	t.Parallel()
	const path = "/.well-known/openid-configuration"
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		p := newTestProvider(t, i)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if _, err := p.discover(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		equal(t, "requests of 50 at once", i.count(path), 1)
		first, _ := p.discover(t.Context())

		time.Sleep(configurationLasts)
		i.setFault(path, answering(http.StatusBadGateway, "text/html", "<html>"))
		if _, err := p.discover(t.Context()); err != nil {
			t.Errorf("an older configuration is forgotten when there is no newer: %v", err)
		}
		i.setFault(path, nil)
		second, err := p.discover(t.Context())
		if err != nil || second == first {
			t.Errorf("it is not read again the next day: %v", err)
		}
		if second.keys != first.keys {
			t.Error("the keys are forgotten with it")
		}
		equal(t, "requests", i.count(path), 3)
	})
}

func TestWhoeverLeavesDoesNotEndItForOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		i.setFault("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(5 * time.Second)
			i.mu.Lock()
			defer i.mu.Unlock()
			i.configuration(w)
		})
		p := newTestProvider(t, i)
		var all sync.WaitGroup
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := p.discover(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the one who left: %v", err)
			}
		})
		time.Sleep(time.Millisecond)
		all.Go(func() {
			if _, err := p.discover(t.Context()); err != nil {
				t.Errorf("the one who stayed: %v", err)
			}
		})
		all.Wait()
		equal(t, "requests", i.count("/.well-known/openid-configuration"), 1)
	})
}

func TestEndSessionURL(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ configured, published, want string }{
		"known to neither":  {"", "", ""},
		"by the config":     {"https://issuer.test/bye", "", "https://issuer.test/bye"},
		"by the issuer":     {"", issuerURL + "/logout", issuerURL + "/logout"},
		"the issuer's wins": {"https://issuer.test/bye", issuerURL + "/logout", issuerURL + "/logout"},
	} {
		i := newTestIssuer(t)
		if tt.published != "" {
			i.document = func(c map[string]any) { c["end_session_endpoint"] = tt.published }
		}
		got, err := newTestProvider(t, i, func(c *Config) { c.EndSessionURL = tt.configured }).EndSessionURL(t.Context())
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, tt.want)
		}
	}
}

func TestAlgorithmsOfIDTokens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		published string
		want      string
	}{
		{"ES256 RS256", "ES256 RS256"}, {"HS256 none RS512", "RS512"}, {"HS256 none", "RS256 ES256"}, {"", "RS256 ES256"},
	} {
		got := configuration{Algorithms: strings.Fields(tt.published)}.algorithms()
		equal(t, "published "+tt.published, strings.Join(got, " "), tt.want)
	}
}
