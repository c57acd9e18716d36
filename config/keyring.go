package config

import (
	"context"
	"errors"
	"fmt"

	"github.com/zalando/go-keyring"
)

// keyringService is the service under which keys lie in the system keyring; the
// user is the profile's name.
const keyringService = "centrapos"

var (
	// ErrNoSuchKey says that the keyring works and holds no key for the profile.
	ErrNoSuchKey = errors.New("no such key in the keyring")
	// ErrKeyringUnavailable says that the keyring could not be asked: there is
	// none, it is locked, or it did not answer in time.
	ErrKeyringUnavailable = errors.New("system keyring unavailable")
)

// Keyring is where a computer keeps passwords for its user.
type Keyring interface {
	// Get returns the secret kept for a user of a service. Its error is
	// ErrNoSuchKey when the keyring holds none; any other error means that the
	// keyring could not be asked. It may block while somebody is asked to unlock it.
	Get(service, user string) (string, error)
	// Set keeps a secret for a user of a service, in place of an earlier one. It
	// may block as Get does.
	Set(service, user, secret string) error
	// Delete removes the secret kept for a user of a service. Its error is
	// ErrNoSuchKey when there was none.
	Delete(service, user string) error
}

// SystemKeyring is the keyring of this machine: Secret Service, Keychain or
// Credential Manager.
func SystemKeyring() Keyring { return systemKeyring{} }

type systemKeyring struct{}

func (systemKeyring) Get(service, user string) (string, error) {
	text, err := keyring.Get(service, user)
	if errors.Is(err, keyring.ErrNotFound) {
		return "", ErrNoSuchKey
	}
	return text, err
}

func (systemKeyring) Set(service, user, secret string) error {
	return keyring.Set(service, user, secret)
}

func (systemKeyring) Delete(service, user string) error {
	err := keyring.Delete(service, user)
	if errors.Is(err, keyring.ErrNotFound) {
		return ErrNoSuchKey
	}
	return err
}

// inTime asks the keyring, which may stop to ask the person at the screen to
// unlock it, and waits for it at most KeyringTimeout.
func inTime(ctx context.Context, do func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	// Room for the answer: one that comes too late must not hold the goroutine.
	answers := make(chan answer, 1)
	go func() {
		text, err := do()
		answers <- answer{text, err}
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, KeyringTimeout, fmt.Errorf("no answer in %v; it may be locked", KeyringTimeout))
	defer cancel()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
