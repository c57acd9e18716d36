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

// Logins keeps the logins of this user of the machine: in the system keyring, or
// for the sandbox inside the program, whose tokens open nothing, in a file of the
// training folder. Its errors never contain a token.
type Logins struct {
	Keyring Keyring // nil is a machine without one
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
	text, err := store.get(ctx, refreshEntry)
	if err != nil {
		return Login{}, err
	}
	var kept storedLogin
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return Login{}, fmt.Errorf("%w: what is kept of a login cannot be read", ErrNoLogin)
	}
	if kept.Access == "" { // an entry of its own
		kept.Access, err = store.get(ctx, accessEntry)
		if err != nil && !errors.Is(err, ErrNoLogin) {
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
	} else if err := store.set(ctx, accessEntry, login.Access.Reveal()); err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	if err := store.set(ctx, refreshEntry, string(text)); err != nil {
		return fmt.Errorf("keep the login: %w", err)
	}
	return nil
}

// Forget removes the login of the profile. It is no error when there is none.
func (l Logins) Forget(ctx context.Context, s Settings) error {
	store := l.store(s)
	if err := errors.Join(store.remove(ctx, refreshEntry), store.remove(ctx, accessEntry)); err != nil {
		return fmt.Errorf("forget the login: %w", err)
	}
	return nil
}

// store is where the logins of these settings lie.
func (l Logins) store(s Settings) loginStore {
	if s.Embedded {
		return fileStore{filepath.Join(s.DataDir, s.Profile)}
	}
	return ringStore{l.Keyring, s.Profile}
}

// loginStore keeps texts by name; what is not there is ErrNoLogin.
type loginStore interface {
	get(ctx context.Context, entry string) (string, error)
	set(ctx context.Context, entry, text string) error
	remove(ctx context.Context, entry string) error
}

// ringStore is the keyring, under a profile's name.
type ringStore struct {
	ring    Keyring
	profile string
}

func (r ringStore) get(ctx context.Context, entry string) (string, error) {
	text, err := r.ask(ctx, func() (string, error) { return r.ring.Get(keyringService, r.profile+entry) })
	if err == nil && text == "" {
		return "", ErrNoLogin
	}
	return text, err
}

func (r ringStore) set(ctx context.Context, entry, text string) error {
	_, err := r.ask(ctx, func() (string, error) { return "", r.ring.Set(keyringService, r.profile+entry, text) })
	return err
}

func (r ringStore) remove(ctx context.Context, entry string) error {
	_, err := r.ask(ctx, func() (string, error) { return "", r.ring.Delete(keyringService, r.profile+entry) })
	if errors.Is(err, ErrNoLogin) {
		return nil
	}
	return err
}

// ask asks the keyring in the time that it has.
func (r ringStore) ask(ctx context.Context, do func() (string, error)) (string, error) {
	if r.ring == nil {
		return "", fmt.Errorf("%w: this machine has none", ErrKeyringUnavailable)
	}
	text, err := inTime(ctx, do)
	switch {
	case errors.Is(err, ErrNoSuchKey):
		return "", ErrNoLogin
	case err != nil:
		return "", fmt.Errorf("%w: %w", ErrKeyringUnavailable, err)
	}
	return text, nil
}

// fileStore is the training folder. It keeps a login whole.
type fileStore struct{ dir string }

func (f fileStore) get(_ context.Context, entry string) (string, error) {
	if entry != refreshEntry {
		return "", ErrNoLogin
	}
	data, err := os.ReadFile(filepath.Join(f.dir, loginFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", ErrNoLogin
	}
	return string(data), err
}

// set replaces the file at once, so that no half of it is ever read.
func (f fileStore) set(_ context.Context, _, text string) error {
	return replaceFile(filepath.Join(f.dir, loginFile), []byte(text))
}

func (f fileStore) remove(context.Context, string) error {
	if err := os.Remove(filepath.Join(f.dir, loginFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
