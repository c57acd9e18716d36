//go:build unix

package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"centrapos/pos"
)

// report is everything that is known of a case that went wrong.
func (c *crashCase) report() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("%s, seed %d: %v", c.name, *crashSeed, c.plan)
	for _, p := range c.problems {
		line("PROBLEM  %s", p)
	}
	line("Once more: %s", c.replay())
	line("\nWhat happened:")
	c.gate.mu.Lock()
	for _, text := range c.gate.log {
		line("  %s", text)
	}
	c.gate.mu.Unlock()
	line("\nThe service has:")
	for _, s := range c.requests() {
		line("  %s %s %s %s (%s), reference %s, remaining %s, pre-auth %q", s.ID, s.ShortCode, s.Value.Amount, s.Status, s.CancellationReason,
			s.ExternalRef, s.RemainingAmount, s.PreAuthStatus)
		for i := len(s.Activities) - 1; i >= 0; i-- {
			a := s.Activities[i]
			line("    %v %s %s key %q", a.CreatedAt, a.Type, a.Value.Amount, a.IdempotencyKey)
		}
	}
	line("\nThe record has:")
	b.WriteString(c.ledgerHistory())
	for _, run := range c.runs {
		line("\nThe program said, as %q, exit %d:\n%s", run.what, run.code(), run.shows())
	}
	return b.String()
}

// replay is the command that plays the case once more.
func (c *crashCase) replay() string {
	if _, err := parseCrashCase(c.name); err != nil {
		return fmt.Sprintf("go test ./ui/cli -count=1 -run '^%s$'", strings.ReplaceAll(c.t.Name(), "/", "$/^"))
	}
	return fmt.Sprintf("go test ./ui/cli -count=1 -run 'TestCrash$' -crash.seed=%d -crash.only=%s", *crashSeed, c.name)
}

// ledgerHistory is every fact of every operation.
func (c *crashCase) ledgerHistory() string {
	var b strings.Builder
	ops, _, err := c.operations(c.t.Context())
	if err != nil {
		return fmt.Sprintf("  it cannot be read: %v\n", err)
	}
	for _, op := range ops {
		fmt.Fprintf(&b, "  %s %s %q, closed %v\n", op.id, op.rec.Kind, op.rec.Outcome, op.rec.Closed())
		for _, e := range op.entries {
			fmt.Fprintf(&b, "    %s  %s %s\n", e.At.Local().Format("15:04:05.000"), e.Fact.FactName(), factText(e.Fact))
		}
	}
	return b.String()
}

// factText is a fact's content without the service's own documents.
func factText(fact pos.Fact) string {
	const most = 300
	data, err := pos.EncodeFact(fact)
	if err != nil {
		return err.Error()
	}
	var content map[string]any
	if json.Unmarshal(data, &content) == nil {
		for _, name := range []string{"request", "activity"} {
			if inner, ok := content[name].(map[string]any); ok {
				delete(inner, "document")
			}
		}
		if short, err := json.Marshal(content); err == nil {
			data = short
		}
	}
	return string(data[:min(len(data), most)])
}
