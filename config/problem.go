package config

import (
	"errors"
	"fmt"
	"strings"
)

// Code says what kind of trouble the settings are in. The codes are ours, not
// the service's, and stand in the error object of the command line's --json.
type Code string

const (
	// CodeConfigInvalid: something is set to what it cannot be.
	CodeConfigInvalid Code = "CONFIG_INVALID"
	// CodeConfigMissing: something that is needed is set nowhere.
	CodeConfigMissing Code = "CONFIG_MISSING"
	// CodeCredentialMissing: no API key can be had.
	CodeCredentialMissing Code = "CREDENTIAL_MISSING"
	// CodeCredentialStore: the place where credentials are kept cannot be used: it is
	// locked, its passphrase is wrong, or it cannot be written.
	CodeCredentialStore Code = "CREDENTIAL_STORE"
)

// Problem is one thing that is wrong with the settings, in words for the person
// who can put it right. It never holds a credential.
type Problem struct {
	Code  Code
	Where string // flag, variable or file:line it comes from; may be empty
	What  string // what is wrong, without a full stop
	Fix   string // what to do about it, a sentence
	Err   error  // what the system said, where that is the cause; may be nil
}

// String is the problem on one line: where, what, and what to do.
func (p Problem) String() string {
	text := p.What + ". " + p.Fix
	if p.Where != "" {
		text = p.Where + ": " + text
	}
	return text
}

// Error is all that is wrong with the settings, listed at once. Nothing has been
// sent to anybody when it is returned.
type Error struct {
	Problems []Problem // at least one
}

// Error lists the problems, one a line.
func (e *Error) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].String()
	}
	lines := []string{fmt.Sprintf("%d problems with the settings:", len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

// Code returns the code of the gravest problem: invalid before missing, and a
// missing setting before a missing credential.
func (e *Error) Code() Code {
	for _, code := range []Code{CodeConfigInvalid, CodeConfigMissing, CodeCredentialStore} {
		for _, p := range e.Problems {
			if p.Code == code {
				return code
			}
		}
	}
	return CodeCredentialMissing
}

// Unwrap gives the system's errors behind the problems to errors.Is.
func (e *Error) Unwrap() []error {
	var causes []error
	for _, p := range e.Problems {
		if p.Err != nil {
			causes = append(causes, p.Err)
		}
	}
	return causes
}

// Join makes one list of the problems of several errors, so that a command can
// say at once all that it lacks. Errors of other kinds are kept beside it, nil
// ones are left out, and with nothing left the result is nil.
func Join(errs ...error) error {
	var all Error
	var others []error
	for _, err := range errs {
		var some *Error
		if errors.As(err, &some) {
			all.Problems = append(all.Problems, some.Problems...)
		} else {
			others = append(others, err)
		}
	}
	if len(all.Problems) > 0 {
		others = append([]error{&all}, others...)
	}
	if len(others) == 1 {
		return others[0]
	}
	return errors.Join(others...)
}

// list makes an error of problems, or nil of none.
func list(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Problems: problems}
}

// fault is what is wrong with a value, before it is known where the value stands.
type fault struct {
	what string // goes on after the setting's name: "has no host"
	fix  string
}

// at makes a problem of a fault.
func (f fault) at(key Key, where Origin) Problem {
	return Problem{Code: CodeConfigInvalid, Where: where.String(), What: string(key) + " " + f.what, Fix: f.fix}
}
