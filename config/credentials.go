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
// real key meets the rehearsal; otherwise the environment beats the profile's store.
type Lookup struct {
	Env     func(string) string // as os.Getenv; nil is an empty environment
	Keyring Keyring             // nil is a machine without one
	Vault   *Vault              // opens the credential file; nil opens none
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
	store := Places{l.Keyring, l.Env, l.Vault}.Store(s)
	text, err := store.Get(ctx, "")
	if _, isRing := store.(ringStore); isRing && l.Keyring == nil {
		err = ErrNoSuchKey // a machine without one holds no key
	}
	var told *Error
	switch {
	case errors.Is(err, ErrNoSuchKey):
		return Secret{}, Origin{}, noKey("there is no API key for the profile "+s.Profile, s.Profile, nil)
	case errors.As(err, &told):
		return Secret{}, Origin{}, told
	case err != nil:
		return Secret{}, Origin{}, noKey("the system keyring could not be asked for the API key ("+err.Error()+")", s.Profile, err)
	}
	return usable(text, Origin{Source: FromKeyring, Name: store.Place("")})
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
	setup := "centrapos setup --profile " + profile
	if profile == Training { // which has none of its own
		setup = "centrapos setup"
	}
	if cause != nil {
		setup += " --credential-store " + InFile
	}
	return &Error{[]Problem{{Code: CodeCredentialMissing, What: what, Err: cause,
		Fix: fmt.Sprintf("Run \"%s\", or put the key into %s.", setup, APIKeyVariable)}}}
}

// KeyringTimeout is how long the keyring has to answer: a locked one waits for
// somebody to type a password, and the till must not wait with it.
const KeyringTimeout = 3 * time.Second
