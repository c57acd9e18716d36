package people_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"centrapos/pos/people"
)

var secret = bytes.Repeat([]byte{7}, 32)

// shop is the people of a shop with an owner (PIN 4827), and a clock.
type shop struct {
	*people.People
	t    *testing.T
	path string
	at   time.Time
}

func opened(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, path: filepath.Join(t.TempDir(), "till", "people.json"), at: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	s.reopen()
	s.add("Aroha", people.Owner, "4827")
	return s
}

func (s *shop) reopen() {
	s.t.Helper()
	var err error
	if s.People, err = people.Open(s.path, secret, func() time.Time { return s.at }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) add(name string, role people.Role, pin string) {
	s.t.Helper()
	if _, err := s.Add(name, role, pin); err != nil {
		s.t.Fatal(err)
	}
}

func TestAPINSaysWhoSomebodyIs(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.add("Mia", people.Assistant, "7391")
	s.add("Tane", people.Supervisor, "86420")
	s.reopen()
	for _, c := range []struct {
		pin   string
		needs people.Role
		name  string
		err   error
	}{
		{"7391", people.Assistant, "Mia", nil}, {"86420", people.Assistant, "Tane", nil}, {"86420", people.Supervisor, "Tane", nil}, {"4827", people.Supervisor, "Aroha", nil},
		{"7391", people.Supervisor, "Mia", people.ErrNotAllowed}, {"86420", people.Owner, "Tane", people.ErrNotAllowed}, {"8642", people.Assistant, "", people.ErrWrongPIN},
	} {
		if who, err := s.Check(c.pin, c.needs); who.Name != c.name || !errors.Is(err, c.err) {
			t.Errorf("%s for %s: %q, %v; want %q, %v", c.pin, c.needs, who.Name, err, c.name, c.err)
		}
	}
}

func TestWrongPINsMakeTheTillWait(t *testing.T) {
	t.Parallel()
	s := opened(t)
	wrong := func(n int) {
		t.Helper()
		for range n {
			if _, err := s.Check("1111", people.Assistant); !errors.Is(err, people.ErrWrongPIN) {
				t.Fatalf("a wrong one: %v", err)
			}
		}
	}
	wrong(3)
	var locked *people.LockedError
	if _, err := s.Check("4827", people.Assistant); !errors.As(err, &locked) || !locked.Until.Equal(s.at.Add(5*time.Second)) {
		t.Fatalf("after three wrong ones the right one: %v", err)
	}
	s.reopen() // it is no way out
	if _, err := s.Check("4827", people.Assistant); !errors.As(err, &locked) {
		t.Fatalf("after a restart: %v", err)
	}
	waits := []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second}
	for _, wait := range waits {
		s.at = s.at.Add(time.Hour)
		wrong(1)
		if _, err := s.Check("4827", people.Assistant); !errors.As(err, &locked) || !locked.Until.Equal(s.at.Add(wait)) {
			t.Errorf("want a wait of %v: %v", wait, err)
		}
	}
	s.at = s.at.Add(time.Hour)
	if who, err := s.Check("4827", people.Assistant); err != nil || who.Name != "Aroha" {
		t.Errorf("once the wait is over: %v", err)
	}
	wrong(2) // the count began again
	if _, err := s.Check("4827", people.Assistant); err != nil {
		t.Errorf("after two wrong ones: %v", err)
	}
}

func TestPINsThatCannotBe(t *testing.T) {
	t.Parallel()
	s := opened(t)
	for _, pin := range []string{"", "123", "1234", "4321", "0000", "9012", "1212", "1987", "2026", "12a4", "１２３４", "123456789", "2580"} {
		if _, err := s.Add("Mia", people.Assistant, pin); !errors.Is(err, people.ErrWeakPIN) {
			t.Errorf("%q: %v", pin, err)
		}
	}
	if _, err := s.Add("Mia", people.Assistant, "4827"); !errors.Is(err, people.ErrTaken) {
		t.Errorf("somebody's PIN: %v", err)
	}
	if _, err := s.Add("AROHA", people.Assistant, "7391"); !errors.Is(err, people.ErrTaken) {
		t.Errorf("somebody's name: %v", err)
	}
	for _, name := range []string{"", " ", "a\nb"} {
		if _, err := s.Add(name, people.Assistant, "7391"); !errors.Is(err, people.ErrName) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := s.SetPIN("Aroha", "4827"); err != nil {
		t.Errorf("one's own PIN again: %v", err)
	}
}

func TestThereIsAlwaysAnOwner(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.add("Mia", people.Assistant, "7391")
	for what, err := range map[string]error{"taken out": s.Remove("Aroha"), "made an assistant": s.SetRole("aroha", people.Assistant)} {
		if !errors.Is(err, people.ErrLastOwner) {
			t.Errorf("the last owner %s: %v", what, err)
		}
	}
	if err := errors.Join(s.SetRole("Mia", people.Owner), s.Remove("Aroha")); err != nil {
		t.Fatal(err)
	}
	if list, err := s.List(); err != nil || len(list) != 1 || list[0].Name != "Mia" || list[0].Role != people.Owner {
		t.Errorf("left: %v, %v", list, err)
	}
	if err := s.SetPIN("Nobody", "7391"); !errors.Is(err, people.ErrNoPerson) {
		t.Errorf("nobody's PIN: %v", err)
	}
	if err := s.Remove("Mia"); err != nil { // and with her all rules
		t.Fatal(err)
	}
	if _, err := s.Add("Ben", people.Assistant, "7391"); !errors.Is(err, people.ErrLastOwner) {
		t.Errorf("an assistant first: %v", err)
	}
}

// The file alone is of no use: with every PIN there is, and another secret, nobody's
// is found. It holds no PIN, and is for its owner alone.
func TestTheFileIsUselessToWhoStealsIt(t *testing.T) {
	t.Parallel()
	s := opened(t)
	data, err := os.ReadFile(s.path)
	if err != nil || bytes.Contains(data, []byte("4827")) || bytes.Contains(data, secret) {
		t.Errorf("the file tells: %s, %v", data, err)
	}
	if info, err := os.Stat(s.path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the file is for others too: %v, %v", info.Mode(), err)
	}
	thief, err := people.Open(s.path, bytes.Repeat([]byte{8}, 32), nil)
	if err != nil {
		t.Fatal(err)
	}
	if who, err := thief.Check("4827", people.Assistant); !errors.Is(err, people.ErrWrongPIN) {
		t.Errorf("the right PIN without the secret: %v, %v", who, err)
	}
	if _, err := people.Open(s.path, []byte("short"), nil); err == nil {
		t.Error("a short secret was taken")
	}
}

// A check takes the same work whoever's PIN it is, and for a wrong one.
func TestACheckTakesAsLongForAWrongPIN(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures")
	}
	s := opened(t)
	s.add("Mia", people.Assistant, "7391")
	s.add("Tane", people.Supervisor, "86420")
	took := func(pin string) time.Duration {
		best := time.Hour
		for range 5 {
			start := time.Now()
			_, _ = s.Check(pin, people.Assistant)
			best = min(best, time.Since(start))
			s.at = s.at.Add(time.Hour)
		}
		return best
	}
	first, last, wrong := took("4827"), took("86420"), took("99887")
	for what, d := range map[string]time.Duration{"the last one's": last, "a wrong one": wrong} {
		if d > 3*first || first > 3*d {
			t.Errorf("%s takes %v, the first one's %v", what, d, first)
		}
	}
}

func TestADamagedFileIsTold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "people.json")
	for _, text := range []string{"{", `{"version": 2}`} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := people.Open(path, secret, nil); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
