package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"centrapos/config"
)

// prompts asks for lines at the terminal.
type prompts struct {
	p  *program
	in *bufio.Reader
}

// ask asks for one line until the check has nothing against it; an empty one is the
// fallback. An interrupt ends the asking.
func (a *prompts) ask(prompt, fallback string, check func(string) error) (string, error) {
	if fallback != "" {
		prompt += " [" + fallback + "]"
	}
	for {
		fmt.Fprint(a.p.out.asides(), prompt+": ")
		text, err := a.line()
		if err != nil {
			return "", err
		}
		if text = strings.TrimSpace(text); text == "" {
			text = fallback
		}
		if check == nil {
			return text, nil
		}
		err = check(text)
		if err == nil {
			return text, nil
		}
		a.p.warn("%v", err)
	}
}

// line reads one line. The terminal hands over one at a time, so that none of what is
// typed without echo next is read ahead.
func (a *prompts) line() (string, error) {
	if a.in == nil {
		a.in = bufio.NewReader(a.p.stdin)
	}
	type typed struct {
		text string
		err  error
	}
	answer := make(chan typed, 1)
	go func() {
		text, err := a.in.ReadString('\n')
		answer <- typed{text, err}
	}()
	select {
	case got := <-answer:
		if got.err != nil {
			return "", usage("nothing more was typed; nothing was changed")
		}
		return got.text, nil
	case <-a.p.interrupts.asked: // the reading ends with the process
		return "", errInterrupted
	}
}

// number asks for one of so many.
func (a *prompts) number(what string, most int) (int, error) {
	chosen := 0
	_, err := a.ask(what+", 1 to "+strconv.Itoa(most), "", func(text string) error {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > most {
			return fmt.Errorf("type a number from 1 to %d", most)
		}
		chosen = n
		return nil
	})
	return chosen, err
}

// yes asks for a yes or no; nothing is no.
func (a *prompts) yes(question string) (bool, error) {
	text, err := a.ask(question+" [y/N]", "", nil)
	text = strings.ToLower(text)
	return text == "y" || text == "yes", err
}

// settingCheck is what the config file would say of a value that must be there.
func settingCheck(key config.Key) func(string) error {
	return func(text string) error {
		if text == "" {
			return fmt.Errorf("%s is needed", key)
		}
		return config.CheckValue(key, text)
	}
}

// passphrase finds what opens the credential file: from a file descriptor, the
// environment, or somebody at the terminal. It is kept out of all output.
func (p *program) passphrase(_ context.Context, path string, fresh bool) (config.Secret, error) {
	text, err := p.givenPassphrase(path, fresh)
	if err != nil {
		return config.Secret{}, err
	}
	text = strings.TrimRight(text, "\r\n")
	p.out.keep(text)
	return config.NewSecret(text), nil
}

func (p *program) givenPassphrase(path string, fresh bool) (string, error) {
	if number := p.env(config.PassphraseFDVariable); number != "" {
		return fromDescriptor(number)
	}
	if text := p.env(config.PassphraseVariable); text != "" {
		return text, nil
	}
	if !isTerminal(p.stdin) {
		return "", &config.Error{Problems: []config.Problem{{Code: config.CodeCredentialStore, Where: path,
			What: "the credential file needs its passphrase, and there is no terminal to ask at",
			Fix:  "Give it in " + config.PassphraseVariable + ", or on a file descriptor with " + config.PassphraseFDVariable + "=3 3<FILE."}}}
	}
	if !fresh {
		return p.askSecret("Passphrase of " + path + " (not shown): ")
	}
	p.warn("The key is kept in %s, encrypted with a passphrase that is asked for whenever the till starts.\nWithout it the key is lost, and a new one has to be set up. Some words are better than one.", path)
	for {
		first, err := p.askSecret("New passphrase (not shown): ")
		if err != nil {
			return "", err
		}
		if len(first) < shortestPassphrase {
			p.warn("It has to have %d characters or more.", shortestPassphrase)
			continue
		}
		second, err := p.askSecret("The same again: ")
		if err != nil || first == second {
			return first, err
		}
		p.warn("These were not the same.")
	}
}

// shortestPassphrase is the least that somebody may choose, in bytes.
const shortestPassphrase = 8

// fromDescriptor reads a passphrase from an open file: its first line.
func fromDescriptor(number string) (string, error) {
	wrong := func(why string) error {
		return &config.Error{Problems: []config.Problem{{Code: config.CodeCredentialStore, Where: config.PassphraseFDVariable,
			What: "the passphrase of the credential file cannot be read (" + why + ")", Fix: "Open it for the program, as in " + config.PassphraseFDVariable + "=3 centrapos … 3<FILE."}}}
	}
	fd, err := strconv.Atoi(number)
	if err != nil || fd < 3 || fd > 1<<16 {
		return "", wrong("it is not the number of a file descriptor from 3 up")
	}
	in := os.NewFile(uintptr(fd), "passphrase")
	if in == nil {
		return "", wrong("there is no such file descriptor")
	}
	defer in.Close() //nolint:errcheck // read only: closing cannot lose anything
	text, err := bufio.NewReader(io.LimitReader(in, largestKey)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", wrong(plainCause(err))
	}
	return text, nil
}

// places are the stores of this machine.
func (p *program) places() config.Places {
	return config.Places{Keyring: p.keyring, Env: p.env, Vault: p.vault}
}
