package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrNoLogin says that nobody is logged in with the profile.
var ErrNoLogin = errors.New("nobody is logged in")

// Login is what a person's login left to this profile.
type Login struct {
	Issuer   string // that it was made with
	ClientID string
	Access   Secret // user access token; may be empty
	Refresh  Secret // refresh token; may be empty
	// Expiry is when the access token ends; zero when that is not known.
	Expiry time.Time
	UserID string // sub of the ID token
	Name   string // of the person, for the screen; may be empty
	// AccountID is the account of an organisation that the login acts for; empty
	// for the person's own.
	AccountID string
}

// Logins keeps the logins of this user of the machine: in the profile's store, or
// for the sandbox inside the program, whose tokens open nothing, in a file of the
// training folder. Its errors never contain a token.
type Logins struct {
	Keyring Keyring             // nil is a machine without one
	Env     func(string) string // as Places has it
	Vault   *Vault              // as Places has it
}

// The users under which a login lies in the keyring, after the profile's name.
// Two entries, since some keyrings take no more than 2,500 bytes in one.
const (
	refreshEntry = ":login"
	accessEntry  = ":access"
)

// loginFile is where the training login lies, for its owner alone.
const loginFile = "login.json"

// storedLogin is the form in which a login is kept. The access token is kept
// apart from the rest in the keyring.
type storedLogin struct {
	Issuer   string    `json:"issuer"`
	ClientID string    `json:"clientId"`
	Refresh  string    `json:"refresh,omitempty"`
	Access   string    `json:"access,omitempty"`
	Expiry   time.Time `json:"expiry,omitzero"`
	UserID   string    `json:"userId,omitempty"`
	Name     string    `json:"name,omitempty"`
	Account  string    `json:"accountId,omitempty"`
}

// Load finds the login of the profile. Its error is ErrNoLogin when there is
// none, and matches ErrKeyringUnavailable when the keyring could not be asked.
func (l Logins) Load(ctx context.Context, s Settings) (Login, error) {
	store := l.store(s)
	text, err := store.Get(ctx, refreshEntry)
	if errors.Is(err, ErrNoSuchKey) {
		return Login{}, ErrNoLogin
	}
	if err != nil {
		return Login{}, err
	}
	var kept storedLogin
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return Login{}, fmt.Errorf("%w: what is kept of a login cannot be read", ErrNoLogin)
	}
	if kept.Access == "" { // an entry of its own
		kept.Access, err = store.Get(ctx, accessEntry)
		if err != nil && !errors.Is(err, ErrNoSuchKey) {
			return Login{}, err
		}
	}
	return Login{
		Issuer: kept.Issuer, ClientID: kept.ClientID, Access: NewSecret(kept.Access), Refresh: NewSecret(kept.Refresh),
		Expiry: kept.Expiry, UserID: kept.UserID, Name: kept.Name, AccountID: kept.Account,
	}, nil
}

// Save keeps a login in place of an earlier one of the profile.
func (l Logins) Save(ctx context.Context, s Settings, login Login) error {
	kept := storedLogin{
		Issuer: login.Issuer, ClientID: login.ClientID, Refresh: login.Refresh.Reveal(),
		Expiry: login.Expiry.UTC(), UserID: login.UserID, Name: login.Name, Account: login.AccountID,
	}
	store := l.store(s)
	if _, whole := store.(fileStore); whole {
		kept.Access = login.Access.Reveal()
	} else if err := store.Set(ctx, accessEntry, login.Access.Reveal()); err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	if err := store.Set(ctx, refreshEntry, string(text)); err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	return nil
}

// Forget removes the login of the profile. It is no error when there is none.
func (l Logins) Forget(ctx context.Context, s Settings) error {
	store := l.store(s)
	if err := errors.Join(store.Remove(ctx, refreshEntry), store.Remove(ctx, accessEntry)); err != nil {
		return fmt.Errorf("forget the login: %w", err)
	}
	return nil
}

// store is where the logins of these settings lie.
func (l Logins) store(s Settings) Store {
	if s.Embedded {
		return fileStore{filepath.Join(s.DataDir, s.Profile)}
	}
	return Places{l.Keyring, l.Env, l.Vault}.Store(s)
}

// fileStore is the training folder. It keeps a login whole.
type fileStore struct{ dir string }

// Get implements Store.
func (f fileStore) Get(_ context.Context, entry string) (string, error) {
	if entry != refreshEntry {
		return "", ErrNoSuchKey
	}
	data, err := os.ReadFile(filepath.Join(f.dir, loginFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", ErrNoSuchKey
	}
	return string(data), err
}

// Set implements Store. It replaces the file at once, so that no half of it is ever read.
func (f fileStore) Set(_ context.Context, _, text string) error {
	return replaceFile(filepath.Join(f.dir, loginFile), []byte(text))
}

// Remove implements Store.
func (f fileStore) Remove(context.Context, string) error {
	if err := os.Remove(filepath.Join(f.dir, loginFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Place implements Store.
func (f fileStore) Place(string) string { return filepath.Join(f.dir, loginFile) }
