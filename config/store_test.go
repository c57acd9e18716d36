package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"centrapos/config"
)

const passphrase = "planted horse battery staple"

// asked gives one passphrase and counts how often it was asked for.
func asked(text string, times *int) config.Passphrase {
	return func(context.Context, string, bool) (config.Secret, error) {
		if times != nil {
			*times++
		}
		return config.NewSecret(text), nil
	}
}

func inFile(t *testing.T) (config.Settings, string) {
	t.Helper()
	dir := t.TempDir()
	return config.Settings{Profile: "live", DataDir: dir, CredentialStore: config.InFile}, filepath.Join(dir, "credentials.age")
}

func keysWith(ask config.Passphrase) config.Keys {
	return config.Keys{Places: config.Places{Vault: config.QuickVault(ask)}}
}

// said is the one problem of an error of a store: what must be said of each.
func said(t *testing.T, err error, code config.Code, says string) {
	t.Helper()
	var told *config.Error
	if !errors.As(err, &told) || told.Code() != code || !strings.Contains(err.Error(), says) || told.Problems[0].Fix == "" {
		t.Errorf("got %v, want %s that says %q and what to do", err, code, says)
	}
	if err != nil && (strings.Contains(err.Error(), planted) || strings.Contains(err.Error(), passphrase)) {
		t.Errorf("a secret stands in %v", err)
	}
}

func TestKeysInTheEncryptedFile(t *testing.T) {
	t.Parallel()
	s, path := inFile(t)
	ctx := t.Context()
	var times int
	keys := config.Keys{Places: config.Places{Vault: config.NewVault(asked(passphrase, &times))}}
	if key, err := keys.Current(ctx, s); err != nil || !key.IsZero() || times != 0 {
		t.Errorf("no file yet: %v, %v, asked %d times", key, err, times)
	}
	if err := keys.Save(ctx, s, config.NewSecret(planted)); err != nil {
		t.Fatal(err)
	}
	other := s
	other.Profile = "test"
	if err := keys.Save(ctx, other, config.NewSecret("another-key")); err != nil {
		t.Fatal(err)
	}
	logins := config.Logins{Vault: config.NewVault(asked(passphrase, nil))}
	if err := logins.Save(ctx, s, someLogin()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "age-encryption.org/v1\n-> scrypt ") || !strings.Contains(string(text), " 16\n") {
		t.Errorf("no age file of work factor 16: %v", err)
	}
	for _, secret := range []string{planted, passphrase, "another-key", plantedAccess, plantedRefresh, "user-1"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the file has %q in clear", secret)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	times = 0
	lookup := config.Lookup{Vault: config.NewVault(asked(passphrase, &times))}
	for range 3 { // once in a run
		key, from, err := lookup.APIKey(ctx, s)
		if err != nil || key.Reveal() != planted || from.Name != path {
			t.Errorf("got %v from %v: %v", key, from, err)
		}
	}
	if times != 1 {
		t.Errorf("asked %d times for the passphrase", times)
	}
	again, err := logins.Load(ctx, s)
	if err != nil || again.Access.Reveal() != plantedAccess {
		t.Errorf("the login: %v", err)
	}
	if err := keys.Forget(ctx, s); err != nil {
		t.Fatal(err)
	}
	if key, err := keysWith(asked(passphrase, nil)).Current(ctx, s); err != nil || !key.IsZero() {
		t.Errorf("forgotten: %v, %v", key, err)
	}
}

func TestFileThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	made := func(t *testing.T) (config.Settings, string) {
		t.Helper()
		s, path := inFile(t)
		if err := keysWith(asked(passphrase, nil)).Save(ctx, s, config.NewSecret(planted)); err != nil {
			t.Fatal(err)
		}
		return s, path
	}
	for name, c := range map[string]struct {
		ask   config.Passphrase
		spoil func(t *testing.T, path string)
		says  string
		is    error
	}{
		"wrong passphrase": {asked("wrong", nil), nil, "does not open", config.ErrPassphrase},
		"empty passphrase": {asked("", nil), nil, "empty", nil},
		"nobody to ask":    {nil, nil, config.PassphraseVariable, nil},
		"no age file":      {asked(passphrase, nil), func(t *testing.T, path string) { spoil(t, path, planted) }, "cannot be read", nil},
		"a folder":         {asked(passphrase, nil), func(t *testing.T, path string) { _ = os.Remove(path); _ = os.Mkdir(path, 0o700) }, "cannot be read", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, path := made(t)
			if c.spoil != nil {
				c.spoil(t, path)
			}
			before, _ := os.ReadFile(path)
			_, _, err := config.Lookup{Vault: config.NewVault(c.ask)}.APIKey(ctx, s)
			said(t, err, config.CodeCredentialStore, c.says)
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v is not %v", err, c.is)
			}
			said(t, keysWith(c.ask).Save(ctx, s, config.NewSecret("new-key-of-the-shop")), config.CodeCredentialStore, c.says)
			if after, _ := os.ReadFile(path); string(after) != string(before) {
				t.Error("the file was changed")
			}
		})
	}
	s, _ := made(t)
	said(t, keysWith(asked("wrong", nil)).Rotate(ctx, s, config.NewSecret("x-key")), config.CodeCredentialStore, "does not open")
}

func spoil(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A folder that nothing can be written to: the old file stays, and it is said.
func TestFileOnAReadOnlyDisk(t *testing.T) {
	t.Parallel()
	s, _ := inFile(t)
	s.DataDir = filepath.Join(s.DataDir, "file", "below")
	spoil(t, filepath.Dir(s.DataDir), "no folder")
	err := keysWith(asked(passphrase, nil)).Save(t.Context(), s, config.NewSecret(planted))
	said(t, err, config.CodeCredentialStore, "cannot be")
}

// Two processes that change the file at the same time lose nothing of each other.
func TestChangesOfTheFileAreOneAfterAnother(t *testing.T) {
	t.Parallel()
	s, path := inFile(t)
	if err := keysWith(asked(passphrase, nil)).Save(t.Context(), s, config.NewSecret(planted)); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	names := []string{"a", "b", "c", "d"}
	for _, name := range names {
		all.Go(func() {
			mine := s
			mine.Profile = name
			if err := keysWith(asked(passphrase, nil)).Save(t.Context(), mine, config.NewSecret("key-of-"+name)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	keys := keysWith(asked(passphrase, nil))
	for _, name := range names {
		mine := s
		mine.Profile = name
		if key, err := keys.Current(t.Context(), mine); err != nil || key.Reveal() != "key-of-"+name {
			t.Errorf("%s: %v, %v", name, key, err)
		}
	}
	left, err := filepath.Glob(path + ".*")
	if err != nil || len(left) != 1 || filepath.Ext(left[0]) != ".lock" {
		t.Errorf("left beside it: %v", left)
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := config.Settings{Profile: "live"}
	ring := ring{keys: map[string]string{}}
	keys := config.Keys{Places: config.Places{Keyring: ring}}
	old, next := config.NewSecret("old-key-of-the-shop"), config.NewSecret("new-key-of-the-shop")
	expect := func(what string, current, previous config.Secret) {
		t.Helper()
		c, err := keys.Current(ctx, s)
		p, err2 := keys.Previous(ctx, s)
		if err != nil || err2 != nil || c.Reveal() != current.Reveal() || p.Reveal() != previous.Reveal() {
			t.Errorf("%s: %q before it %q; %v, %v", what, c.Reveal(), p.Reveal(), err, err2)
		}
	}
	none := config.Secret{}
	for _, step := range []struct {
		what              string
		do                func() error
		current, previous config.Secret
	}{
		{"nothing to replace", func() error { return keys.Rotate(ctx, s, old) }, old, none},
		{"the same again", func() error { return keys.Rotate(ctx, s, old) }, old, none},
		{"replaced", func() error { return keys.Rotate(ctx, s, next) }, next, old},
		{"replaced twice", func() error { return keys.Rotate(ctx, s, next) }, next, old},
		{"settled", func() error { return keys.Settle(ctx, s) }, next, none},
		{"settled twice", func() error { return keys.Settle(ctx, s) }, next, none},
		{"forgotten", func() error { return keys.Forget(ctx, s) }, none, none},
	} {
		if err := step.do(); err != nil {
			t.Errorf("%s: %v", step.what, err)
		}
		expect(step.what, step.current, step.previous)
	}
	locked := config.Keys{Places: config.Places{Keyring: failing{errors.New("it is locked")}}}
	said(t, locked.Save(ctx, s, next), config.CodeCredentialStore, "it is locked")
	if err := locked.Save(ctx, s, next); !errors.Is(err, config.ErrKeyringUnavailable) {
		t.Errorf("%v does not match ErrKeyringUnavailable", err)
	}
}

// failing is a keyring that is locked.
type failing struct{ err error }

func (f failing) Get(string, string) (string, error) { return "", f.err }
func (f failing) Set(string, string, string) error   { return f.err }
func (f failing) Delete(string, string) error        { return f.err }

func TestCredentialsOfSystemd(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	dir := t.TempDir()
	s := config.Settings{Profile: "live", CredentialStore: config.InSystemd}
	env := environment{"CREDENTIALS_DIRECTORY": dir}.get
	lookup := config.Lookup{Env: env, Keyring: ring{keys: map[string]string{"centrapos/live": "of the keyring"}}}
	_, _, err := lookup.APIKey(ctx, s)
	said(t, err, config.CodeCredentialMissing, "no API key") // and never that of the keyring
	spoil(t, filepath.Join(dir, "centrapos-live"), planted+"\n")
	key, from, err := lookup.APIKey(ctx, s)
	if err != nil || key.Reveal() != planted || from.Name != "systemd credential centrapos-live" {
		t.Errorf("got %v from %v: %v", key, from, err)
	}
	keys := config.Keys{Places: config.Places{Env: env}}
	said(t, keys.Save(ctx, s, config.NewSecret("another-key")), config.CodeCredentialStore, "systemd-creds encrypt")
	if text, err := os.ReadFile(filepath.Join(dir, "centrapos-live")); err != nil || string(text) != planted+"\n" {
		t.Errorf("changed: %v", err)
	}
	said(t, config.Logins{Env: env}.Save(ctx, s, someLogin()), config.CodeCredentialStore, "a login cannot be kept")
	spoil(t, filepath.Join(dir, "centrapos-live"), strings.Repeat("x", 70_000))
	_, _, err = lookup.APIKey(ctx, s)
	said(t, err, config.CodeCredentialStore, "too long")
	_, _, err = config.Lookup{}.APIKey(ctx, s)
	said(t, err, config.CodeCredentialStore, "CREDENTIALS_DIRECTORY")
}
