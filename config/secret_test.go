package config_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/config"
)

const planted = "planted0secret0value0abcd"

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	secret := config.NewSecret(planted)
	private := struct{ key config.Secret }{secret}
	public := struct{ Key config.Secret }{secret}
	var printed []string
	for _, v := range []any{secret, &secret, private, &private, public, &public, []config.Secret{secret}, map[string]config.Secret{"k": secret}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
			printed = append(printed, fmt.Sprintf(verb, v))
		}
		asJSON, err := json.Marshal(v)
		if err != nil {
			t.Error(err)
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		printed = append(printed, string(asJSON), log.String())
	}
	asXML, err := xml.Marshal(secret)
	if err != nil {
		t.Error(err)
	}
	printed = append(printed, string(asXML), fmt.Errorf("with %w and %v", errors.New("x"), secret).Error())
	hex := fmt.Sprintf("%x", planted)
	for _, text := range printed {
		if strings.Contains(text, "planted") || strings.Contains(text, "value0") || strings.Contains(strings.ToLower(text), hex[:20]) {
			t.Errorf("the secret stands in %q", text)
		}
	}
	if secret.Reveal() != planted {
		t.Errorf("Reveal gives %q", secret.Reveal())
	}
}

func TestSecretShowsItsLastFour(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{planted: "····abcd", "elevenchars": "····", "x": "····", "": ""} {
		secret := config.NewSecret(text)
		if got := fmt.Sprint(secret); got != want || secret.String() != want {
			t.Errorf("a secret of %d characters is shown as %q, want %q", len(text), got, want)
		}
		if secret.IsZero() != (text == "") {
			t.Errorf("a secret of %d characters is zero: %v", len(text), secret.IsZero())
		}
	}
}

// ring is a keyring for tests; blocked, it waits until it is let go.
type ring struct {
	keys    map[string]string
	err     error
	blocked chan struct{}
}

func (r ring) Get(service, user string) (string, error) {
	if r.blocked != nil {
		<-r.blocked
	}
	if r.err != nil {
		return "", r.err
	}
	key, ok := r.keys[service+"/"+user]
	if !ok {
		return "", config.ErrNoSuchKey
	}
	return key, nil
}

func (r ring) Set(service, user, secret string) error {
	if r.err == nil {
		r.keys[service+"/"+user] = secret
	}
	return r.err
}

func (r ring) Delete(service, user string) error {
	if _, ok := r.keys[service+"/"+user]; !ok && r.err == nil {
		return config.ErrNoSuchKey
	}
	delete(r.keys, service+"/"+user)
	return r.err
}

func TestWhichKey(t *testing.T) {
	t.Parallel()
	live := config.Settings{Profile: "live", APIURL: "https://service.example"}
	keys := ring{keys: map[string]string{"centrapos/live": "key-of-the-keyring"}}
	fromEnv := environment{config.APIKeyVariable: " key-of-the-environment\n"}.get
	sandbox := config.NewSecret("key-of-the-sandbox")
	for name, c := range map[string]struct {
		lookup   config.Lookup
		settings config.Settings
		want     string
		source   config.Source
	}{
		"environment beats keyring": {config.Lookup{Env: fromEnv, Keyring: keys}, live, "key-of-the-environment", config.FromEnvironment},
		"keyring by profile":        {config.Lookup{Keyring: keys}, live, "key-of-the-keyring", config.FromKeyring},
		"no keyring on the machine": {config.Lookup{Env: fromEnv}, live, "key-of-the-environment", config.FromEnvironment},
		"rehearsal sees no real key": {config.Lookup{Env: fromEnv, Keyring: keys, Sandbox: sandbox},
			config.Settings{Profile: "live", Embedded: true}, "key-of-the-sandbox", config.FromTraining},
	} {
		key, origin, err := config.Credentials(c.lookup).APIKey(t.Context(), c.settings)
		if err != nil || key.Reveal() != c.want || origin.Source != c.source {
			t.Errorf("%s: %q from %v, %v", name, key.Reveal(), origin, err)
		}
	}
}

func TestNoKey(t *testing.T) {
	t.Parallel()
	test := config.Settings{Profile: "test", APIURL: "https://service.example"}
	broken := errors.New("dbus-launch: not found")
	for name, c := range map[string]struct {
		lookup      config.Lookup
		code        config.Code
		unavailable bool
		says        string
	}{
		"another profile's": {config.Lookup{Keyring: ring{keys: map[string]string{"centrapos/live": planted}}}, config.CodeCredentialMissing, false, "no API key for the profile test"},
		"nowhere":           {config.Lookup{}, config.CodeCredentialMissing, false, config.APIKeyVariable},
		"no keyring works":  {config.Lookup{Keyring: ring{err: broken}}, config.CodeCredentialMissing, true, "dbus-launch: not found"},
		"two lines":         {config.Lookup{Env: environment{config.APIKeyVariable: planted + "\nX-Evil: 1"}.get}, config.CodeConfigInvalid, false, config.APIKeyVariable},
		"only spaces":       {config.Lookup{Env: environment{config.APIKeyVariable: "  "}.get}, config.CodeConfigInvalid, false, "empty"},
		"not a header":      {config.Lookup{Keyring: ring{keys: map[string]string{"centrapos/test": planted + "é"}}}, config.CodeConfigInvalid, false, "system keyring"},
	} {
		key, _, err := c.lookup.APIKey(t.Context(), test)
		var list *config.Error
		if !errors.As(err, &list) || list.Code() != c.code || errors.Is(err, config.ErrKeyringUnavailable) != c.unavailable {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !key.IsZero() || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: key %v, %q; want it to say %q", name, key, err, c.says)
		}
		if c.unavailable && !errors.Is(err, broken) {
			t.Errorf("%s: the keyring's own error is lost", name)
		}
	}
}

func TestLockedKeyringDoesNotHoldTheTill(t *testing.T) {
	t.Parallel()
	live := config.Settings{Profile: "live", APIURL: "https://service.example"}
	synctest.Test(t, func(t *testing.T) {
		locked := make(chan struct{})
		defer close(locked)
		start := time.Now()
		_, _, err := config.Lookup{Keyring: ring{blocked: locked}}.APIKey(t.Context(), live)
		if took := time.Since(start); took != config.KeyringTimeout || !errors.Is(err, config.ErrKeyringUnavailable) {
			t.Errorf("after %v: %v", took, err)
		}
		if !strings.Contains(err.Error(), "no answer in 3s") {
			t.Errorf("%q does not say why", err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		locked := make(chan struct{})
		defer close(locked)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := (config.Lookup{Keyring: ring{blocked: locked}}).APIKey(ctx, live); !errors.Is(err, context.Canceled) {
			t.Errorf("given up on: %v", err)
		}
	})
}
