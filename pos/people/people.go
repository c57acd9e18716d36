package people

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Role is what a person may do.
type Role string

// The roles, each of which may do what the one before it may.
const (
	Assistant  Role = "assistant"
	Supervisor Role = "supervisor"
	Owner      Role = "owner"
)

var roles = []Role{Assistant, Supervisor, Owner}

// ParseRole reads a role.
func ParseRole(text string) (Role, bool) {
	r := Role(strings.ToLower(strings.TrimSpace(text)))
	return r, slices.Contains(roles, r)
}

// May reports whether the role may do what another one may.
func (r Role) May(what Role) bool { return slices.Index(roles, r) >= slices.Index(roles, what) }

// Person is somebody who works at the till.
type Person struct {
	ID   string // never used again for somebody else
	Name string
	Role Role
}

// What can be wrong, for errors.Is.
var (
	// ErrWrongPIN: nobody has this PIN.
	ErrWrongPIN = errors.New("nobody has this PIN")
	// ErrNotAllowed: the PIN is somebody's who may not do this.
	ErrNotAllowed = errors.New("this needs somebody who may approve it")
	// ErrWeakPIN: the PIN cannot be one.
	ErrWeakPIN = errors.New("the PIN is too easy to guess: take four to eight digits that are no row and no date of this century")
	// ErrTaken: the name or the PIN is somebody else's.
	ErrTaken = errors.New("choose another one")
	// ErrNoPerson: there is nobody of this name.
	ErrNoPerson = errors.New("there is nobody of this name")
	// ErrLastOwner: somebody has to be able to say who the others are.
	ErrLastOwner = errors.New("this is the only owner, and there has to be one")
	// ErrName: the name cannot be one.
	ErrName = errors.New("a name has one to forty characters, on one line")
)

// LockedError says that the till takes no PIN for a while.
type LockedError struct{ Until time.Time }

func (e *LockedError) Error() string {
	return "too many wrong PINs: wait until " + e.Until.Local().Format("15:04:05")
}

// The cost of one comparison: about a fiftieth of a second, and 19 MiB (OWASP,
// Password Storage Cheat Sheet, argon2id). Stored with each PIN, so it can be raised.
const (
	passes  = 2
	memory  = 19 << 10 // KiB
	threads = 1
	keySize = 32
)

// freeTries is how many wrong PINs cost nothing; each further one doubles the wait.
const (
	freeTries = 3
	firstWait = 5 * time.Second
	longest   = 15 * time.Minute
)

// kept is a person as the file has it.
type kept struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Role    Role   `json:"role"`
	Salt    []byte `json:"salt"`
	Hash    []byte `json:"hash"`
	Passes  uint32 `json:"passes"`
	Memory  uint32 `json:"memoryKiB"`
	Threads uint8  `json:"threads"`
}

func (k kept) person() Person { return Person{k.ID, k.Name, k.Role} }

type document struct {
	Version int       `json:"version"`
	People  []kept    `json:"people"`
	Wrong   int       `json:"wrong"` // PINs in a row
	Until   time.Time `json:"until,omitzero"`
}

// People is who works at the tills of a shop, in a file.
type People struct {
	path   string
	secret []byte
	now    func() time.Time

	mu  sync.Mutex
	doc document
}

// Open reads the people of a file; there are none while there is no file. The secret
// keys their PINs, and has to be the same each time. now tells the time; nil for
// time.Now.
func Open(path string, secret []byte, now func() time.Time) (*People, error) {
	if len(secret) < keySize {
		return nil, fmt.Errorf("open the people of the till: the secret has to have %d bytes", keySize)
	}
	if now == nil {
		now = time.Now
	}
	p := &People{path: path, secret: slices.Clone(secret), now: now, doc: document{Version: 1}}
	return p, p.load()
}

// load reads the file again, since another till may have changed it.
func (p *People) load() error {
	data, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var doc document
	if err == nil {
		err = json.Unmarshal(data, &doc)
	}
	if err == nil && doc.Version != 1 {
		err = fmt.Errorf("it is of version %d, and this program knows 1", doc.Version)
	}
	if err != nil {
		return fmt.Errorf("read the people of the till: %w", err)
	}
	p.doc = doc
	return nil
}

// List gives everybody, by name.
func (p *People) List() ([]Person, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.load(); err != nil {
		return nil, err
	}
	list := make([]Person, 0, len(p.doc.People))
	for _, k := range p.doc.People {
		list = append(list, k.person())
	}
	slices.SortFunc(list, func(a, b Person) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return list, nil
}

// Check says whose PIN it is, if that person may do what a role may: Assistant for
// anybody. It takes as long for a wrong PIN as for a right one. The error is
// ErrWrongPIN, ErrNotAllowed, a LockedError, or that of the disk: a wrong PIN that
// cannot be counted is not answered.
func (p *People) Check(pin string, needs Role) (Person, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.load(); err != nil {
		return Person{}, err
	}
	if p.now().Before(p.doc.Until) {
		return Person{}, &LockedError{p.doc.Until}
	}
	found, ok := p.whose(pin)
	if !ok {
		return Person{}, p.wrong()
	}
	if p.doc.Wrong > 0 {
		p.doc.Wrong, p.doc.Until = 0, time.Time{}
		if err := p.save(); err != nil {
			return Person{}, err
		}
	}
	if !found.Role.May(needs) {
		return found.person(), ErrNotAllowed
	}
	return found.person(), nil
}

// whose compares a PIN with everybody's. It never stops early.
func (p *People) whose(pin string) (kept, bool) {
	var found kept
	there := false
	for _, k := range p.doc.People {
		if subtle.ConstantTimeCompare(p.hash(pin, k), k.Hash) == 1 {
			found, there = k, true
		}
	}
	if len(p.doc.People) == 0 {
		p.hash(pin, kept{Salt: make([]byte, 16), Passes: passes, Memory: memory, Threads: threads})
	}
	return found, there
}

// hash keys a PIN with the secret and then makes it expensive.
func (p *People) hash(pin string, k kept) []byte {
	keyed := hmac.New(sha256.New, p.secret)
	keyed.Write([]byte(pin))
	return argon2.IDKey(keyed.Sum(nil), k.Salt, k.Passes, k.Memory, k.Threads, keySize)
}

// wrong counts a wrong PIN and says what follows.
func (p *People) wrong() error {
	p.doc.Wrong++
	if over := p.doc.Wrong - freeTries; over >= 0 {
		wait := longest
		if over < 8 { // beyond that it is the longest anyway
			wait = min(firstWait<<over, longest)
		}
		p.doc.Until = p.now().Add(wait)
	}
	if err := p.save(); err != nil {
		return err
	}
	return ErrWrongPIN
}

// Add enters a person. The error is ErrName, ErrWeakPIN, or ErrTaken for a name or a
// PIN that somebody has. The first person has to be an owner, or ErrLastOwner is given.
func (p *People) Add(name string, role Role, pin string) (Person, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.load(); err != nil {
		return Person{}, err
	}
	name = strings.TrimSpace(name)
	switch {
	case badName(name):
		return Person{}, ErrName
	case !slices.Contains(roles, role):
		return Person{}, fmt.Errorf("%q is no role: there are assistant, supervisor and owner", role)
	case p.named(name) >= 0:
		return Person{}, fmt.Errorf("the name %s is somebody's: %w", name, ErrTaken)
	case len(p.doc.People) == 0 && role != Owner:
		return Person{}, ErrLastOwner
	}
	k := kept{ID: strings.ToLower(rand.Text()[:10]), Name: name, Role: role}
	if err := p.setPIN(&k, pin); err != nil {
		return Person{}, err
	}
	p.doc.People = append(p.doc.People, k)
	return k.person(), p.save()
}

// SetPIN gives a person another PIN, and lets the till take PINs again at once.
func (p *People) SetPIN(name, pin string) error {
	return p.change(name, func(k *kept) error {
		p.doc.Wrong, p.doc.Until = 0, time.Time{}
		return p.setPIN(k, pin)
	})
}

// SetRole gives a person another role.
func (p *People) SetRole(name string, role Role) error {
	return p.change(name, func(k *kept) error {
		if k.Role == Owner && role != Owner && p.owners() == 1 {
			return ErrLastOwner
		}
		k.Role = role
		return nil
	})
}

// Remove takes a person out. What they did stays in the ledger under their name.
func (p *People) Remove(name string) error {
	return p.change(name, func(k *kept) error {
		if k.Role == Owner && p.owners() == 1 && len(p.doc.People) > 1 {
			return ErrLastOwner
		}
		id := k.ID
		p.doc.People = slices.DeleteFunc(p.doc.People, func(k kept) bool { return k.ID == id })
		return nil
	})
}

func (p *People) change(name string, do func(*kept) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.load(); err != nil {
		return err
	}
	i := p.named(name)
	if i < 0 {
		return ErrNoPerson
	}
	if err := do(&p.doc.People[i]); err != nil {
		return errors.Join(err, p.load())
	}
	return p.save()
}

func (p *People) named(name string) int {
	return slices.IndexFunc(p.doc.People, func(k kept) bool { return strings.EqualFold(k.Name, strings.TrimSpace(name)) })
}

func (p *People) owners() int {
	n := 0
	for _, k := range p.doc.People {
		if k.Role == Owner {
			n++
		}
	}
	return n
}

func badName(name string) bool {
	n := utf8.RuneCountInString(name)
	return n < 1 || n > 40 || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

// setPIN checks a PIN and keeps its hash.
func (p *People) setPIN(k *kept, pin string) error {
	if weak(pin) {
		return ErrWeakPIN
	}
	if other, ok := p.whose(pin); ok && other.ID != k.ID {
		return fmt.Errorf("this PIN cannot be had: %w", ErrTaken)
	}
	k.Salt = make([]byte, 16)
	_, _ = rand.Read(k.Salt) // it never fails (crypto/rand)
	k.Passes, k.Memory, k.Threads = passes, memory, threads
	k.Hash = p.hash(pin, *k)
	return nil
}

// weak reports whether a PIN is among the first that somebody would try.
func weak(pin string) bool {
	if len(pin) < 4 || len(pin) > 8 || strings.Trim(pin, "0123456789") != "" {
		return true
	}
	same, up, down := true, true, true
	for i := 1; i < len(pin); i++ {
		step := int(pin[i]) - int(pin[i-1])
		same, up, down = same && step == 0, up && (step == 1 || step == -9), down && (step == -1 || step == 9)
	}
	half := len(pin) / 2
	year := len(pin) == 4 && (strings.HasPrefix(pin, "19") || strings.HasPrefix(pin, "20"))
	return same || up || down || year || len(pin)%2 == 0 && pin[:half] == pin[half:] || slices.Contains([]string{"2580", "0852", "1004", "6969"}, pin)
}

// save replaces the file, whole or not at all.
func (p *People) save() error {
	data, err := json.MarshalIndent(p.doc, "", "  ")
	if err != nil {
		return fmt.Errorf("keep the people of the till: %w", err)
	}
	if err := replace(p.path, data); err != nil {
		return fmt.Errorf("keep the people of the till: %w", err)
	}
	return nil
}

func replace(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // for its owner alone
	if err != nil {
		return err
	}
	_, err = next.Write(data)
	if err == nil {
		err = next.Sync()
	}
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	return nil
}
