package legacy

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// printedPay is a PayRequest without its methods, to be printed.
type printedPay PayRequest

func (b PayRequest) masked() printedPay {
	if b.Authorization != "" {
		b.Authorization = "[redacted]"
	}
	return printedPay(b)
}

// Format prints the request for every verb with Authorization masked: whoever
// reads an authority can pay with it.
func (b PayRequest) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), b.masked())
}

// MarshalJSON writes the request with Authorization masked: it is sent as a form or
// a query, never as JSON, but loggers encode what they are given.
func (b PayRequest) MarshalJSON() ([]byte, error) { return json.Marshal(b.masked()) }

// LogValue is the request with Authorization masked, for log/slog.
func (b PayRequest) LogValue() slog.Value { return slog.AnyValue(b.masked()) }
