package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
)

// worded is an error in plain words for people, with what a program or support
// needs of it behind.
type worded struct {
	words string
	err   error
	// whole says that the words leave nothing out.
	whole bool
}

// Error is the words, and in brackets what they were made of where they leave
// something out.
func (w *worded) Error() string {
	if w.whole {
		return w.words
	}
	return w.words + " [" + w.err.Error() + "]"
}

// Unwrap returns what the words were made of.
func (w *worded) Unwrap() error { return w.err }

// inWords puts words before an error of the network that people can do something
// with. One that it knows no better words for stays as it is.
func inWords(err error) error {
	if err == nil {
		return nil
	}
	if words := wordsFor(err); words != "" {
		return &worded{words: words, err: err, whole: saysNothing(err)}
	}
	return err
}

// saysNothing reports whether an error tells no more than words for it do.
func saysNothing(err error) bool {
	for _, plain := range []error{context.DeadlineExceeded, context.Canceled, io.EOF, io.ErrUnexpectedEOF} {
		if err == plain { //nolint:errorlint // what is wrapped around one does say more
			return true
		}
	}
	return false
}

func wordsFor(err error) string {
	if words := trustWords(err); words != "" {
		return words
	}
	_, garbled := errors.AsType[*tls.RecordHeaderError](err)
	dns, unnamed := errors.AsType[*net.DNSError](err)
	var timeout net.Error
	switch {
	case garbled, errors.Is(err, http.ErrSchemeMismatch):
		return "what answers does not speak https"
	case unnamed && dns.IsNotFound:
		return "there is no machine of the name " + dns.Name
	case unnamed:
		return "the name " + dns.Name + " could not be looked up"
	case errors.Is(err, errAttemptTimeout), errors.Is(err, context.DeadlineExceeded):
		return "no complete answer came in time"
	case errors.Is(err, context.Canceled):
		return "it was given up"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nobody answers there"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "the network does not lead there"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection broke off"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no connection could be made in time"
	}
	return ""
}

// trustWords says why what answered is not believed to be the service.
func trustWords(err error) string {
	host, otherName := errors.AsType[x509.HostnameError](err)
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	_, stranger := errors.AsType[x509.UnknownAuthorityError](err)
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case otherName:
		return "the certificate is not one of " + host.Host + ", so something else may be answering"
	case isInvalid && invalid.Reason == x509.Expired:
		return "the certificate has run out or is not valid yet, unless the clock of this machine is wrong"
	case stranger:
		return "the certificate is from nobody whom this machine trusts, so something else may be answering"
	case isInvalid, untrusted:
		return "the certificate cannot be trusted, so something else may be answering"
	}
	return ""
}

// unreadable is why the body of an answer is not what it should be.
func unreadable(what string, err error) error {
	words := what
	kind, wrongKind := errors.AsType[*json.UnmarshalTypeError](err)
	syntax, broken := errors.AsType[*json.SyntaxError](err)
	switch {
	case wrongKind && kind.Field != "":
		words += fmt.Sprintf(": its %s is %s", clip(kind.Field), article(kind.Value))
	case wrongKind:
		words += ": it is " + article(kind.Value)
	case broken && strings.Contains(syntax.Error(), "unexpected end"):
		words += ": it ends too early"
	case broken:
		words += ": it is no JSON"
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
	return &worded{words: words, err: err}
}

// article puts the article before a kind of JSON value.
func article(kind string) string {
	kind, _, _ = strings.Cut(kind, " ") // "number 7.5": the value may be anything
	switch kind {
	case "array":
		return "a list"
	case "object":
		return "an object"
	case "bool":
		return "true or false"
	case "string":
		return "a text"
	}
	return "a " + kind
}
