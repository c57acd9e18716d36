package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"centrapos/api/auth"
	"centrapos/config"
)

// Run carries out one command line, without the program's name, and gives the
// exit code. It reads the environment through env, as os.Getenv does, and takes
// over the process's interrupt, terminate and hang-up signals while it runs; the
// end of ctx counts as one interrupt.
func Run(ctx context.Context, args []string, env func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := newProgram(env, stdin, stdout, stderr)
	stop := p.interrupts.watch(ctx)
	defer stop()
	return p.run(context.WithoutCancel(ctx), args)
}

// program is one run of the command line.
type program struct {
	env        func(string) string
	stdin      io.Reader
	stdout     io.Writer // as given, to ask whether it is a terminal
	stderr     io.Writer
	out        *output
	interrupts *interrupts
	times      times
	keyring    config.Keyring
	vault      *config.Vault
	browser    func(address string) error
	jsonFlag   bool
	noColor    bool
	moves      bool // a till was opened, so money may have moved
	result     *result
}

// result is what a command has to say at its end: the JSON document, and the
// exit code.
type result struct {
	document any
	exit     int
}

func newProgram(env func(string) string, stdin io.Reader, stdout, stderr io.Writer) *program {
	p := &program{
		env: env, stdin: stdin, stdout: stdout, stderr: stderr,
		out:        &output{stdout: stdout, stderr: stderr},
		interrupts: newInterrupts(),
		times:      usualTimes(),
		keyring:    config.SystemKeyring(),
		browser:    auth.OpenBrowser,
	}
	p.vault = config.NewVault(p.passphrase)
	p.out.keep(env(config.APIKeyVariable))
	return p
}

// run carries out the command line and ends with exactly one document, where
// one was asked for.
func (p *program) run(ctx context.Context, args []string) (code int) {
	p.out.json = wantsJSON(args) // until the flags are read, which may fail
	defer func() {
		if fault := recover(); fault != nil {
			code = p.fail(crash(fault))
		}
	}()
	root := p.root() //nolint:contextcheck // cobra hands each command its context
	root.SetArgs(args)
	if err := root.ExecuteContext(ctx); err != nil {
		return p.fail(err)
	}
	if p.result == nil { // help, version, completion: words alone
		p.result = &result{document: map[string]string{"text": p.out.spoken()}}
	}
	_ = p.out.document(p.result.document) // kept by the output, as what is lost of the words
	if lost := p.out.lost(); lost != nil {
		return p.undelivered(lost)
	}
	return p.result.exit
}

// undelivered is the end of a run whose result could not be written to stdout:
// where money may have moved it is said on stderr instead. An exit code that says
// more than that the work is done stays.
func (p *program) undelivered(lost error) int {
	left := errors.Is(lost, syscall.EPIPE)
	if !left || p.moves {
		p.warn("centrapos: the result could not be written to stdout: %s", plainCause(lost))
	}
	if p.moves {
		p.sayDocument(p.result.document)
	}
	if p.result.exit == exitDone {
		return exitInternal
	}
	return p.result.exit
}

// sayDocument says a result on stderr: how it ended, where it is on record, and the
// whole document.
func (p *program) sayDocument(document any) {
	doc, err := json.Marshal(document)
	if err != nil || document == nil {
		p.warn("It is on record: \"centrapos ledger list\" shows it.")
		return
	}
	var said struct{ Outcome, LedgerID string }
	if json.Unmarshal(doc, &said) == nil && said.LedgerID != "" {
		p.warn("It ended as %q: \"centrapos ledger show %s\" shows it.", said.Outcome, said.LedgerID)
	}
	p.warn("It was: %s", doc)
}

// plainCause is what the system said, without the names of calls before it.
func plainCause(err error) string {
	if cause, ok := errors.AsType[syscall.Errno](err); ok {
		return cause.Error()
	}
	return err.Error()
}

// fail reports why the command did not do its work.
func (p *program) fail(err error) int {
	f := failureOf(err)
	fmt.Fprintf(p.out.asides(), "centrapos: %s\n", f.Error())
	// Where even this cannot be written there is nobody left to tell.
	_ = p.out.document(f.document())
	return f.exit
}

// crash is the failure that a panic amounts to.
func crash(fault any) error {
	return &failure{exit: exitInternal, Code: codeInternal,
		Message: fmt.Sprintf("the program has a fault and had to stop: %v; the record is safe, run \"centrapos recover\"", fault)}
}

// runs makes a command's work of a function that gives a result.
func (p *program) runs(work func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error)) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		p.out.json = p.jsonFlag
		r, err := work(cmd.Context(), cmd, args)
		p.result = r
		return err
	}
}

// say writes one line of human text.
func (p *program) say(format string, args ...any) {
	fmt.Fprintf(p.out.words(), format+"\n", args...)
}

// warn writes one line that is no part of the command's result.
func (p *program) warn(format string, args ...any) {
	fmt.Fprintf(p.out.asides(), format+"\n", args...)
}

// wantsJSON looks for --json before the command line has been understood.
func wantsJSON(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "--json=true":
			return true
		}
	}
	return false
}
