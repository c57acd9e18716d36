package config

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// The places where credentials can be kept, as the setting credential-store names
// them. Which one it is is chosen openly: where the chosen one cannot be used that is
// an error, and no other is used in its stead.
const (
	InKeyring = "keyring" // the system keyring
	InFile    = "file"    // a file of the data folder, encrypted with a passphrase
	InSystemd = "systemd" // given to the service by systemd; can only be read
)

// Stores lists the places where credentials can be kept, the default first.
func Stores() []string { return []string{InKeyring, InFile, InSystemd} }

// vaultFile is the encrypted file of the data folder.
const vaultFile = "credentials.age"

// Store keeps the credentials of one profile by the names of their entries; the API
// key has the name "".
//
// What is not there is ErrNoSuchKey. Of other errors those of the keyring match
// ErrKeyringUnavailable, and those of other stores are an *Error with CREDENTIAL_STORE,
// which says what to do. None holds a credential or a passphrase.
type Store interface {
	Get(ctx context.Context, entry string) (string, error)
	// Set keeps a text in place of an earlier one, or leaves all as it was.
	Set(ctx context.Context, entry, text string) error
	// Remove takes an entry away. It is no error when there is none.
	Remove(ctx context.Context, entry string) error
	// Place is where it lies, for people: "system keyring", the path of a file.
	Place(entry string) string
}

// Places are the stores of this machine.
type Places struct {
	Keyring Keyring             // nil is a machine without one
	Env     func(string) string // as os.Getenv, for what systemd gives; nil is empty
	Vault   *Vault              // opens the encrypted file; nil opens none
}

// Store is the store that a profile has chosen.
func (p Places) Store(s Settings) Store {
	switch s.CredentialStore {
	case InFile:
		return vaultStore{p.Vault, filepath.Join(s.DataDir, vaultFile), s.Profile}
	case InSystemd:
		dir := ""
		if p.Env != nil {
			dir = p.Env(credentialsDirVariable)
		}
		return systemdStore{dir, s.Profile}
	}
	return ringStore{p.Keyring, s.Profile}
}

// ringStore is the keyring, under a profile's name.
type ringStore struct {
	ring    Keyring
	profile string
}

// Get implements Store.
func (r ringStore) Get(ctx context.Context, entry string) (string, error) {
	text, err := r.ask(ctx, func() (string, error) { return r.ring.Get(keyringService, r.profile+entry) })
	if err == nil && text == "" {
		return "", ErrNoSuchKey
	}
	return text, err
}

// Set implements Store.
func (r ringStore) Set(ctx context.Context, entry, text string) error {
	_, err := r.ask(ctx, func() (string, error) { return "", r.ring.Set(keyringService, r.profile+entry, text) })
	return err
}

// Remove implements Store.
func (r ringStore) Remove(ctx context.Context, entry string) error {
	_, err := r.ask(ctx, func() (string, error) { return "", r.ring.Delete(keyringService, r.profile+entry) })
	if errors.Is(err, ErrNoSuchKey) {
		return nil
	}
	return err
}

// Place implements Store.
func (ringStore) Place(string) string { return "system keyring" }

// ask asks the keyring in the time that it has.
func (r ringStore) ask(ctx context.Context, do func() (string, error)) (string, error) {
	if r.ring == nil {
		return "", fmt.Errorf("%w: this machine has none", ErrKeyringUnavailable)
	}
	text, err := inTime(ctx, do)
	if err != nil && !errors.Is(err, ErrNoSuchKey) {
		return "", fmt.Errorf("%w: %w", ErrKeyringUnavailable, err)
	}
	return text, err
}

// plainEntry names an entry for people.
func plainEntry(profile, entry string) string {
	switch entry {
	case "":
		return "the API key of the profile " + profile
	case previousEntry:
		return "the previous API key of the profile " + profile
	}
	return "the " + strings.TrimPrefix(entry, ":") + " of the profile " + profile
}

// storeProblem is what is wrong with the place where credentials are kept.
func storeProblem(where, what, fix string, cause error) error {
	return &Error{[]Problem{{Code: CodeCredentialStore, Where: where, What: what, Fix: fix, Err: cause}}}
}
