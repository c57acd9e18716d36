package api

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// printedPay is a PayPaymentRequest without its methods, to be printed.
type printedPay PayPaymentRequest

func (b PayPaymentRequest) masked() printedPay {
	if b.Authorization != "" {
		b.Authorization = redacted
	}
	return printedPay(b)
}

// Format prints the body for every verb with Authorization masked: whoever reads
// an authority can pay with it. As JSON the body is what is sent.
func (b PayPaymentRequest) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), b.masked())
}

// LogValue is the body with Authorization masked, for log/slog.
func (b PayPaymentRequest) LogValue() slog.Value { return slog.AnyValue(b.masked()) }

// String says what is called, with the names of the parameters and not their
// values, since some are authorities.
func (c Call) String() string {
	text := c.Method + " /" + strings.Join(c.Path, "/")
	names := slices.Sorted(maps.Keys(c.Query))
	names = append(names, slices.Sorted(maps.Keys(c.Form))...)
	if len(names) > 0 {
		text += " with " + strings.Join(names, ", ")
	}
	if c.JSON != nil {
		text += " and a body"
	}
	return text
}

// GoString is String, so that %#v prints no parameter either.
func (c Call) GoString() string { return c.String() }

// Format prints String for every verb.
func (c Call) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue is String, for log/slog.
func (c Call) LogValue() slog.Value { return slog.StringValue(c.String()) }
