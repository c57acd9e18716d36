package auth

import (
	"fmt"
	"io"
	"log/slog"
)

// String names the issuer and the program.
func (p *Provider) String() string {
	return "login provider of " + p.config.Issuer + " for " + p.config.ClientID
}

// Format prints String for every verb: fmt would read the fields past all locks.
func (p *Provider) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.String()) }

// LogValue is String, for log/slog.
func (p *Provider) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String says whose tokens the source gives out.
func (s *Source) String() string { return "source of " + s.Tokens().String() }

// Format prints String for every verb: fmt would read the fields past all locks.
func (s *Source) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue is String, for log/slog.
func (s *Source) LogValue() slog.Value { return slog.StringValue(s.String()) }

// String names the endpoint that calls are for.
func (v *Verifier) String() string { return "verifier of calls to " + v.audience }

// Format prints String for every verb: fmt would read the fields past all locks.
func (v *Verifier) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// LogValue is String, for log/slog.
func (v *Verifier) LogValue() slog.Value { return slog.StringValue(v.String()) }
