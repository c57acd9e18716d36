package config

import (
	"errors"

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
