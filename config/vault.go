package config

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"filippo.io/age"
	"github.com/gofrs/flock"
)

const (
	// vaultWork is scrypt's work factor as a power of two: about 0.2 s on a till.
	// The library's own default takes more than a second, at every start.
	vaultWork = 16
	// mostVaultWork is the most that a file may ask for: more would be another's
	// file, put there to keep the till busy.
	mostVaultWork = 20
	// vaultPatience is how long another process may take over its change.
	vaultPatience = 10 * time.Second
)

// ErrPassphrase says that a passphrase does not open the credential file.
var ErrPassphrase = errors.New("wrong passphrase")

// Passphrase gives what opens the credential file at a path. Where there is no file
// yet, fresh, it should be asked for twice.
type Passphrase func(ctx context.Context, path string, fresh bool) (Secret, error)

// Vault opens encrypted files of credentials. It holds a passphrase and what it opened
// in memory, for as long as it is held itself: one run of the program. Its methods may
// be called at the same time.
type Vault struct {
	ask    Passphrase
	work   int // of scrypt, for what is encrypted; vaultWork but in tests
	mu     sync.Mutex
	opened map[string]openedVault
}

type openedVault struct {
	passphrase Secret
	entries    map[string]string
	info       os.FileInfo // of the file when it was read
}

// NewVault makes a vault that asks for passphrases; with nil it opens nothing.
func NewVault(ask Passphrase) *Vault {
	return &Vault{ask: ask, work: vaultWork, opened: map[string]openedVault{}}
}

// vaultDocument is what is encrypted: the credentials of all profiles of a data folder,
// by profile and entry.
type vaultDocument struct {
	Version int               `json:"version"`
	Entries map[string]string `json:"entries"`
}

const vaultVersion = 1

// read gives what is in the file, which is nothing while there is no file. The caller
// holds the lock.
func (v *Vault) read(ctx context.Context, path string) (openedVault, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return openedVault{passphrase: v.opened[path].passphrase}, nil
	}
	if err != nil {
		return openedVault{}, unreadableVault(path, err)
	}
	known, ok := v.opened[path]
	if ok && known.info != nil && os.SameFile(known.info, info) && known.info.ModTime().Equal(info.ModTime()) && known.info.Size() == info.Size() {
		return known, nil
	}
	if info.Size() > largestFile {
		return openedVault{}, unreadableVault(path, errors.New("it is too large to be one"))
	}
	sealed, err := os.ReadFile(path)
	if err != nil {
		return openedVault{}, unreadableVault(path, err)
	}
	if known.passphrase.IsZero() {
		if known.passphrase, err = v.passphrase(ctx, path, false); err != nil {
			return openedVault{}, err
		}
	}
	known.info = info
	if known.entries, err = open(sealed, known.passphrase); err != nil {
		delete(v.opened, path)
		return openedVault{}, unopened(path, err)
	}
	v.opened[path] = known
	return known, nil
}

func (v *Vault) passphrase(ctx context.Context, path string, fresh bool) (Secret, error) {
	if v.ask == nil {
		return Secret{}, storeProblem(path, "the credential file needs its passphrase, and there is nobody to ask",
			"Run the command in a terminal, or give the passphrase in "+PassphraseVariable+" or "+PassphraseFDVariable+".", nil)
	}
	secret, err := v.ask(ctx, path, fresh)
	if err == nil && secret.IsZero() {
		err = storeProblem(path, "the passphrase is empty", "Nothing was changed. Give one of some words.", nil)
	}
	return secret, err
}

// change puts a file with other entries in place of what is there.
func (v *Vault) change(ctx context.Context, path string, edit func(map[string]string)) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	unlock, err := lockVault(ctx, path)
	if err != nil {
		return err
	}
	defer unlock()
	now, err := v.read(ctx, path)
	if err != nil {
		return err
	}
	next := maps.Clone(now.entries)
	if next == nil {
		next = map[string]string{}
	}
	edit(next)
	if maps.Equal(next, now.entries) || len(next) == 0 && now.info == nil {
		return nil
	}
	if now.passphrase.IsZero() {
		if now.passphrase, err = v.passphrase(ctx, path, true); err != nil {
			return err
		}
	}
	sealed, err := seal(next, now.passphrase, v.work)
	if err == nil {
		err = replacePrivate(path, sealed)
	}
	if err != nil {
		return unwrittenVault(path, err)
	}
	now.entries = next
	if now.info, err = os.Stat(path); err != nil {
		now.info = nil // to be read again
	}
	v.opened[path] = now
	return nil
}

// lockVault keeps other processes from changing the file meanwhile.
func lockVault(ctx context.Context, path string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, unwrittenVault(path, err)
	}
	ctx, cancel := context.WithTimeout(ctx, vaultPatience)
	defer cancel()
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, storeProblem(path, "another process is changing the credential file, and does not end", "Nothing was changed. Do it again.", err)
		}
		return nil, unwrittenVault(path, err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// seal encrypts entries with a passphrase.
func seal(entries map[string]string, passphrase Secret, work int) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	recipient.SetWorkFactor(work)
	text, err := json.Marshal(vaultDocument{vaultVersion, entries})
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	var out bytes.Buffer
	in, err := age.Encrypt(&out, recipient)
	if err == nil {
		_, err = in.Write(text)
	}
	if err == nil {
		err = in.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return out.Bytes(), nil
}

// open decrypts entries. Its error is ErrPassphrase for a wrong passphrase; it never
// repeats what was decrypted.
func open(sealed []byte, passphrase Secret) (map[string]string, error) {
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	identity.SetMaxWorkFactor(mostVaultWork)
	out, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(out, largestFile))
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	var document vaultDocument
	if json.Unmarshal(text, &document) != nil || document.Version != vaultVersion {
		return nil, errors.New("decrypt: another version of this program wrote it")
	}
	return document.Entries, nil
}

func unopened(path string, err error) error {
	if errors.Is(err, ErrPassphrase) {
		return storeProblem(path, "the passphrase does not open the credential file",
			"Nothing was changed. Try again; where it is lost move the file away and run \"centrapos setup\" with a new key.", err)
	}
	return unreadableVault(path, err)
}

func unreadableVault(path string, err error) error {
	return storeProblem(path, "the credential file cannot be read ("+reason(err)+")",
		"It was left as it is. Make it readable to this user alone, or move it away and run \"centrapos setup\".", err)
}

func unwrittenVault(path string, err error) error {
	return storeProblem(path, "the credential file cannot be written ("+reason(err)+")",
		"It is as it was. Its folder must be one that this user may write to, on a disk with room.", err)
}

// vaultStore is a vault's file, under a profile's name.
type vaultStore struct {
	vault   *Vault
	path    string
	profile string
}

// Get implements Store.
func (s vaultStore) Get(ctx context.Context, entry string) (string, error) {
	v := s.opener()
	v.mu.Lock()
	defer v.mu.Unlock()
	now, err := v.read(ctx, s.path)
	if err != nil {
		return "", err
	}
	text := now.entries[s.profile+entry]
	if text == "" {
		return "", ErrNoSuchKey
	}
	return text, nil
}

// Set implements Store.
func (s vaultStore) Set(ctx context.Context, entry, text string) error {
	return s.opener().change(ctx, s.path, func(entries map[string]string) { entries[s.profile+entry] = text })
}

// Remove implements Store.
func (s vaultStore) Remove(ctx context.Context, entry string) error {
	if _, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return s.opener().change(ctx, s.path, func(entries map[string]string) { delete(entries, s.profile+entry) })
}

// Place implements Store.
func (s vaultStore) Place(string) string { return s.path }

func (s vaultStore) opener() *Vault {
	if s.vault == nil {
		return NewVault(nil)
	}
	return s.vault
}
