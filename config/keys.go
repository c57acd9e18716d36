package config

import (
	"context"
	"errors"
	"fmt"
)

// previousEntry is where the key lies that a rotation has replaced, until the new one
// has been taken once.
const previousEntry = ":previous"

// Keys looks after the API key of a profile in the store that the profile has chosen.
type Keys struct{ Places }

// Current is the key that is kept; the zero Secret for none.
func (k Keys) Current(ctx context.Context, s Settings) (Secret, error) { return k.secret(ctx, s, "") }

// Previous is the key that a rotation has replaced, while the new one has not been
// taken yet; the zero Secret for none.
func (k Keys) Previous(ctx context.Context, s Settings) (Secret, error) {
	return k.secret(ctx, s, previousEntry)
}

func (k Keys) secret(ctx context.Context, s Settings, entry string) (Secret, error) {
	store := k.Store(s)
	text, err := store.Get(ctx, entry)
	if errors.Is(err, ErrNoSuchKey) {
		return Secret{}, nil
	}
	if err != nil {
		return Secret{}, storeError(err)
	}
	secret, _, err := usable(text, Origin{Source: FromKeyring, Name: store.Place(entry)})
	return secret, err
}

// Save keeps a key in place of any other, and forgets the previous one.
func (k Keys) Save(ctx context.Context, s Settings, key Secret) error {
	store := k.Store(s)
	if err := store.Set(ctx, "", key.Reveal()); err != nil {
		return storeError(err)
	}
	return storeError(store.Remove(ctx, previousEntry))
}

// Rotate keeps a new key and the one that it replaces, which counts again should the
// new one be refused (see Settle). However it is cut off, one of the two is the key.
func (k Keys) Rotate(ctx context.Context, s Settings, key Secret) error {
	old, err := k.Current(ctx, s)
	if err != nil {
		return err
	}
	store := k.Store(s)
	if !old.IsZero() && old.Reveal() != key.Reveal() {
		if err := store.Set(ctx, previousEntry, old.Reveal()); err != nil {
			return storeError(err)
		}
	}
	return storeError(store.Set(ctx, "", key.Reveal()))
}

// Settle ends a rotation: the new key was taken, and the previous one is forgotten.
func (k Keys) Settle(ctx context.Context, s Settings) error {
	return storeError(k.Store(s).Remove(ctx, previousEntry))
}

// Forget takes the key of the profile away, and the previous one.
func (k Keys) Forget(ctx context.Context, s Settings) error {
	store := k.Store(s)
	return storeError(errors.Join(store.Remove(ctx, previousEntry), store.Remove(ctx, "")))
}

// Usable takes spaces and line ends away that came along with a key that was pasted,
// and refuses with CONFIG_INVALID what no key can be.
func Usable(text, where string) (Secret, error) {
	secret, _, err := usable(text, Origin{Source: FromKeyring, Name: where})
	return secret, err
}

// storeError is an error of any store as an *Error that says what to do.
func storeError(err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	return storeProblem("", fmt.Sprintf("the system keyring cannot be used (%v)", err),
		"Unlock it, or start one; where there can be none choose credential-store = \"file\" in the profile, or give the key in "+APIKeyVariable+".", err)
}
