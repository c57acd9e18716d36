package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"sync"

	"centrapos/api/sandbox"
)

// output is where a run's words and its document go. Everything passes a filter
// that knows the run's secrets.
type output struct {
	mu             sync.Mutex
	stdout, stderr io.Writer
	json           bool // one document on stdout, words on stderr
	documented     bool
	said           bytes.Buffer // with json: what would have been stdout
	secrets        []string
	unwritten      error // the first failure to write what belongs to stdout
}

// lost is why some of what belongs to stdout was not written; nil while all was.
func (o *output) lost() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unwritten
}

// missed notes that something was not written to stdout. The caller holds the lock.
func (o *output) missed(err error) error {
	if err != nil && o.unwritten == nil {
		o.unwritten = err
	}
	return err
}

// keep makes a secret known to the filter.
func (o *output) keep(secret string) {
	// Shorter texts are no credentials, and would be found in ordinary words. The
	// sandbox's own key is printed for everybody.
	if len(secret) < 8 || secret == sandbox.DemoAPIKey {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.secrets = append(o.secrets, secret)
}

// words is the stream for human text: stdout, or with --json stderr.
func (o *output) words() io.Writer { return stream{o, func() io.Writer { return o.forWords() }, true} }

// asides is the stream for what is not a command's result: errors, prompts.
func (o *output) asides() io.Writer { return stream{o, func() io.Writer { return o.stderr }, false} }

func (o *output) forWords() io.Writer {
	if o.json {
		return o.stderr
	}
	return o.stdout
}

// stream is one of the two, decided at each write, since --json is known only
// once the command line has been read.
type stream struct {
	o    *output
	to   func() io.Writer
	said bool
}

func (s stream) Write(p []byte) (int, error) {
	s.o.mu.Lock()
	defer s.o.mu.Unlock()
	text := s.o.scrub(p)
	if s.said && s.o.json {
		s.o.said.Write(text)
	}
	_, err := s.to().Write(text)
	if s.said && !s.o.json {
		err = s.o.missed(err)
	}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// document writes the one JSON document of a run. A second one is not written.
func (o *output) document(doc any) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.json || o.documented {
		return nil
	}
	o.documented = true
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(doc); err != nil {
		return o.missed(err)
	}
	_, err := o.stdout.Write(o.scrub(b.Bytes()))
	return o.missed(err)
}

// spoken is what the run has said in words so far, with --json.
func (o *output) spoken() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSpace(o.said.String())
}

// scrub takes the secrets out of a text, the longest first. The caller holds the lock.
func (o *output) scrub(text []byte) []byte {
	secrets := slices.SortedFunc(slices.Values(o.secrets), func(a, b string) int { return len(b) - len(a) })
	for _, secret := range secrets {
		text = bytes.ReplaceAll(text, []byte(secret), []byte("[redacted]"))
	}
	return text
}
