package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/term"

	"centrapos/api/legacy"
)

// maxAuthorization bounds what is read as an authorization, in bytes.
const maxAuthorization = 4 << 10

// authorization asks for what authorizes a payment, or reads it from stdin. From
// then on it is kept out of the output.
func (p *program) authorization(fromStdin bool) (string, error) {
	read := p.askSecret
	if fromStdin {
		read = p.readSecret
	}
	text, err := read("Authorization (not shown): ")
	if err != nil {
		return "", err
	}
	text = strings.TrimSpace(text)
	p.out.keep(text)
	switch {
	case text == "":
		return "", noAuthorization("there is no authorization")
	case strings.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError || !unicode.IsGraphic(r) }):
		return "", noAuthorization("the authorization has characters that none has")
	}
	return text, nil
}

func noAuthorization(why string) error {
	return &failure{exit: exitUsage, Code: string(legacy.CodeInvalidAuthorization), Message: why + ", so nothing was sent"}
}

// readSecret reads the first line of stdin.
func (p *program) readSecret(string) (string, error) {
	in := bufio.NewReader(io.LimitReader(p.stdin, maxAuthorization+1))
	text, err := in.ReadString('\n')
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return "", usage("stdin cannot be read: " + err.Error())
	case len(text) > maxAuthorization:
		return "", usage("what stands on stdin is too long for an authorization")
	}
	return text, nil
}

// askSecret asks for a text at the terminal that is not shown as it is typed. An
// interrupt ends the asking, and the terminal is as it was.
func (p *program) askSecret(prompt string) (string, error) {
	file, ok := p.stdin.(*os.File)
	if !ok || !isTerminal(file) {
		return "", usage("there is no terminal to ask at")
	}
	before, err := term.GetState(int(file.Fd()))
	if err != nil {
		return "", usage("the terminal cannot be asked without showing what is typed: " + err.Error())
	}
	fmt.Fprint(p.out.asides(), prompt)
	defer fmt.Fprintln(p.out.asides())
	type typed struct {
		text []byte
		err  error
	}
	answer := make(chan typed, 1)
	go func() {
		text, err := term.ReadPassword(int(file.Fd()))
		answer <- typed{text, err}
	}()
	select {
	case got := <-answer:
		if got.err != nil {
			return "", usage("nothing was typed: " + got.err.Error())
		}
		return string(got.text), nil
	case <-p.interrupts.asked:
		// The reading goroutine ends with the process, which is about to.
		_ = term.Restore(int(file.Fd()), before)
		return "", errInterrupted
	}
}
