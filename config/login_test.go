package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centrapos/config"
)

const (
	plantedAccess  = "eyJhbGciOi.access-planted.c2ln"
	plantedRefresh = "refresh-planted-0123456789"
)

func someLogin() config.Login {
	return config.Login{
		Issuer: "https://auth.example/", ClientID: "client", UserID: "user-1", Name: "Mia Tāne", AccountID: "org-1",
		Access: config.NewSecret(plantedAccess), Refresh: config.NewSecret(plantedRefresh),
		Expiry: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
	}
}

// places are the two stores of logins, with the settings that choose them.
func places(t *testing.T) map[string]struct {
	logins   config.Logins
	settings config.Settings
} {
	t.Helper()
	return map[string]struct {
		logins   config.Logins
		settings config.Settings
	}{
		"keyring":  {config.Logins{Keyring: ring{keys: map[string]string{}}}, config.Settings{Profile: "live"}},
		"training": {config.Logins{}, config.Settings{Profile: config.Training, Embedded: true, DataDir: t.TempDir()}},
	}
}

func TestLoginIsKept(t *testing.T) {
	t.Parallel()
	for name, c := range places(t) {
		ctx := t.Context()
		if _, err := c.logins.Load(ctx, c.settings); !errors.Is(err, config.ErrNoLogin) {
			t.Errorf("%s: before any login: %v", name, err)
		}
		want := someLogin()
		if err := c.logins.Save(ctx, c.settings, want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := c.logins.Load(ctx, c.settings)
		if err != nil || got.Access.Reveal() != plantedAccess || got.Refresh.Reveal() != plantedRefresh {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
		if got.Issuer != want.Issuer || got.ClientID != want.ClientID || !got.Expiry.Equal(want.Expiry) || got.UserID != want.UserID || got.Name != want.Name || got.AccountID != want.AccountID {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		if text := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(text, "planted") {
			t.Errorf("%s: the tokens print: %s", name, text)
		}
		for range 2 { // the second time there is nothing to forget
			if err := c.logins.Forget(ctx, c.settings); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := c.logins.Load(ctx, c.settings); !errors.Is(err, config.ErrNoLogin) {
			t.Errorf("%s: after it was forgotten: %v", name, err)
		}
	}
}

func TestLoginsOfProfilesAreApart(t *testing.T) {
	t.Parallel()
	logins := config.Logins{Keyring: ring{keys: map[string]string{"centrapos/test": planted}}}
	if err := logins.Save(t.Context(), config.Settings{Profile: "live"}, someLogin()); err != nil {
		t.Fatal(err)
	}
	if _, err := logins.Load(t.Context(), config.Settings{Profile: "test"}); !errors.Is(err, config.ErrNoLogin) {
		t.Errorf("another profile has it: %v", err)
	}
	if err := logins.Forget(t.Context(), config.Settings{Profile: "test"}); err != nil {
		t.Error(err)
	}
	key, _, err := config.Lookup{Keyring: logins.Keyring}.APIKey(t.Context(), config.Settings{Profile: "test"})
	if err != nil || key.Reveal() != planted {
		t.Errorf("forgetting a login took the API key: %v", err)
	}
}

func TestTrainingLoginIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	s := config.Settings{Profile: config.Training, Embedded: true, DataDir: filepath.Join(t.TempDir(), "not", "there")}
	if err := (config.Logins{}).Save(t.Context(), s, someLogin()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(s.DataDir, s.Profile, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder holds %v, %v", files, err)
	}
	info, err := os.Stat(files[0])
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(files[0], []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := (config.Logins{}).Load(t.Context(), s); !errors.Is(err, config.ErrNoLogin) || strings.Contains(err.Error(), "half") {
		t.Errorf("a file that is none: %v", err)
	}
}

func TestLoginWithoutAKeyring(t *testing.T) {
	t.Parallel()
	live := config.Settings{Profile: "live"}
	for name, logins := range map[string]config.Logins{
		"none":   {},
		"locked": {Keyring: ring{err: errors.New("failed to unlock")}},
	} {
		_, loading := logins.Load(t.Context(), live)
		saving := logins.Save(t.Context(), live, someLogin())
		forgetting := logins.Forget(t.Context(), live)
		for what, err := range map[string]error{"load": loading, "save": saving, "forget": forgetting} {
			if !errors.Is(err, config.ErrKeyringUnavailable) || strings.Contains(err.Error(), "planted") {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

func TestWhereToLogInMustBeSafe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ variable, value, says string }{
		"in clear to another machine": {"CENTRAPOS_AUTH_ISSUER", "http://auth.example/", "in clear to auth.example"},
		"not the web":                 {"CENTRAPOS_AUTH_ISSUER", "auth.example", "https://"},
		"a password in it":            {"CENTRAPOS_AUTH_ISSUER", "https://a:" + planted + "@auth.example/", "password"},
		"no port":                     {"CENTRAPOS_AUTH_PORT", "70000", "port"},
		"no number":                   {"CENTRAPOS_AUTH_PORT", "http", "port"},
		"an id with a space":          {"CENTRAPOS_AUTH_CLIENT_ID", "a b", "space"},
	} {
		b := newBench(t)
		b.env[c.variable] = c.value
		list := b.problems(t)
		if list.Code() != config.CodeConfigInvalid || !strings.Contains(list.Error(), c.says) || strings.Contains(list.Error(), planted) {
			t.Errorf("%s: %v", name, list)
		}
	}
	b := newBench(t)
	b.env["CENTRAPOS_AUTH_ISSUER"] = "http://127.0.0.1:8080/auth"
	if s := b.mustLoad(t); s.AuthIssuer != "http://127.0.0.1:8080/auth" {
		t.Errorf("this machine's issuer became %q", s.AuthIssuer)
	}
}
