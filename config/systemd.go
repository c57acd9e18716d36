package config

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// credentialsDirVariable is where systemd puts the credentials of a service. Source:
// systemd.exec(5), LoadCredential= and LoadCredentialEncrypted=.
const credentialsDirVariable = "CREDENTIALS_DIRECTORY"

// largestCredential is more than any API key or token has, in bytes.
const largestCredential = 64 << 10

// systemdStore is what systemd gave to this service: read only.
type systemdStore struct {
	dir     string
	profile string
}

// name is that of a credential: "centrapos-live". A colon may not be in one.
func (s systemdStore) name(entry string) string {
	return keyringService + "-" + s.profile + strings.ReplaceAll(entry, ":", ".")
}

// Get implements Store.
func (s systemdStore) Get(_ context.Context, entry string) (string, error) {
	if s.dir == "" {
		return "", storeProblem("", "credential-store is systemd, and systemd has given no credentials to this run ("+credentialsDirVariable+" is not set)",
			"Start it as a service with LoadCredentialEncrypted="+s.name(entry)+":FILE, or choose another credential-store.", nil)
	}
	in, err := os.Open(filepath.Join(s.dir, s.name(entry)))
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNoSuchKey
	}
	if err != nil {
		return "", s.unreadable(entry, err)
	}
	defer in.Close() //nolint:errcheck // read only: closing cannot lose anything
	text, err := io.ReadAll(io.LimitReader(in, largestCredential+1))
	switch {
	case err != nil:
		return "", s.unreadable(entry, err)
	case len(text) > largestCredential:
		return "", s.unreadable(entry, errors.New("it is too long"))
	case strings.TrimSpace(string(text)) == "":
		return "", ErrNoSuchKey
	}
	return string(text), nil
}

func (s systemdStore) unreadable(entry string, err error) error {
	return storeProblem(s.Place(entry), "this cannot be read ("+reason(err)+")", "Look at LoadCredential of the service.", err)
}

// Set implements Store: a service cannot change what it is given.
func (s systemdStore) Set(_ context.Context, entry, _ string) error { return s.readOnly(entry) }

// Remove implements Store. What is not there need not be removed.
func (s systemdStore) Remove(ctx context.Context, entry string) error {
	if _, err := s.Get(ctx, entry); errors.Is(err, ErrNoSuchKey) {
		return nil
	}
	return s.readOnly(entry)
}

func (s systemdStore) readOnly(entry string) error {
	if entry != "" && entry != previousEntry {
		return storeProblem("", "credential-store is systemd, where a login cannot be kept",
			"Nothing was changed. Use an account owner's key in "+APIKeyVariable+", or a profile with another credential-store.", nil)
	}
	return storeProblem("", plainEntry(s.profile, entry)+" is given by systemd, and can only be changed there",
		"Nothing was changed. Encrypt the new one with: systemd-creds encrypt --name="+s.name(entry)+" - FILE, and name FILE in LoadCredentialEncrypted of the service.", nil)
}

// Place implements Store.
func (s systemdStore) Place(entry string) string { return "systemd credential " + s.name(entry) }
