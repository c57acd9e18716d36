package config

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Credentials finds the API key for the service that the settings name.
//
// APIKey returns the key and where it comes from. Its error is an *Error:
// CREDENTIAL_MISSING when there is no key, which matches ErrKeyringUnavailable
// when the keyring could not be asked, and CONFIG_INVALID when what was found
// cannot be a key.
type Credentials interface {
	APIKey(ctx context.Context, s Settings) (Secret, Origin, error)
}

// Lookup is the Credentials of a run of the program. While the settings are
// Embedded the key is the sandbox's own and nothing else is looked at, so no
// real key meets the rehearsal; otherwise the environment beats the keyring.
type Lookup struct {
	Env     func(string) string // as os.Getenv; nil is an empty environment
	Keyring Keyring             // nil is a machine without one
	Sandbox Secret              // the key that the embedded sandbox takes
}

// APIKey implements Credentials. It waits for the keyring at most KeyringTimeout.
func (l Lookup) APIKey(ctx context.Context, s Settings) (Secret, Origin, error) {
	if s.Embedded {
		return l.Sandbox, Origin{Source: FromTraining}, nil
	}
	if l.Env != nil {
		if text := l.Env(APIKeyVariable); text != "" {
			return usable(text, Origin{Source: FromEnvironment, Name: APIKeyVariable})
		}
	}
	text, err := l.ask(ctx, s.Profile)
	switch {
	case errors.Is(err, ErrNoSuchKey):
		return Secret{}, Origin{}, noKey("there is no API key for the profile "+s.Profile, s.Profile, nil)
	case err != nil:
		return Secret{}, Origin{}, noKey("the system keyring could not be asked for the API key ("+err.Error()+")", s.Profile,
			fmt.Errorf("%w: %w", ErrKeyringUnavailable, err))
	}
	return usable(text, Origin{Source: FromKeyring, Name: "system keyring"})
}

// ask asks the keyring for the key of a profile.
func (l Lookup) ask(ctx context.Context, profile string) (string, error) {
	if l.Keyring == nil {
		return "", ErrNoSuchKey
	}
	return inTime(ctx, func() (string, error) { return l.Keyring.Get(keyringService, profile) })
}

// usable takes a line end or spaces away that came along with a key, and keeps
// out what an HTTP header cannot hold.
func usable(text string, where Origin) (Secret, Origin, error) {
	text = strings.TrimSpace(text)
	broken := func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == 0x7f }
	if text == "" || strings.ContainsFunc(text, broken) {
		return Secret{}, Origin{}, &Error{[]Problem{{Code: CodeConfigInvalid, Where: where.String(),
			What: "the API key is empty or has spaces or other characters that no key has", Fix: "Copy the key again, on one line."}}}
	}
	return NewSecret(text), where, nil
}

func noKey(what, profile string, cause error) error {
	return &Error{[]Problem{{Code: CodeCredentialMissing, What: what, Err: cause,
		Fix: fmt.Sprintf("Put the key into %s, or into the system keyring (service %s, user %s).", APIKeyVariable, keyringService, profile)}}}
}

// KeyringTimeout is how long the keyring has to answer: a locked one waits for
// somebody to type a password, and the till must not wait with it.
const KeyringTimeout = 3 * time.Second
