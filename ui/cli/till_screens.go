package cli

import (
	"context"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui"
	"centrapos/ui/theme"
)

// This file gives the screens what they look up and what they keep.

// records is what the screens can look up: this till's record, and Centrapay.
type records struct{ *session }

// Search implements ui.Records. Words that name a kind or an outcome narrow the list to
// those; all others are looked for as one text.
func (r records) Search(ctx context.Context, q ui.RecordQuery) ([]pos.Summary, error) {
	search := searchFor(q)
	var out []pos.Summary
	for {
		page, err := r.ledger.History(ctx, search)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if r.keeps(row.Service) {
				out = append(out, row)
			}
			if q.Limit > 0 && len(out) == q.Limit {
				return out, nil
			}
		}
		if page.Next == 0 {
			return out, nil
		}
		search.After = page.Next
	}
}

func searchFor(q ui.RecordQuery) ledger.Search {
	search := ledger.Search{Limit: q.Limit}
	if q.Kind != "" {
		search.Kinds = []pos.Kind{q.Kind}
	}
	var rest []string
	for word := range strings.FieldsSeq(q.Words) {
		switch kind, outcome := namedKinds[strings.ToLower(word)], namedOutcomes[strings.ToLower(word)]; {
		case kind != "" && q.Kind == "":
			search.Kinds = append(search.Kinds, kind)
		case outcome != "":
			search.Outcomes = append(search.Outcomes, outcome)
		default:
			rest = append(rest, word)
		}
	}
	search.Text = strings.Join(rest, " ")
	return search
}

var namedKinds = map[string]pos.Kind{
	"sale": pos.KindSale, "sales": pos.KindSale, "refund": pos.KindRefund, "refunds": pos.KindRefund, "void": pos.KindVoid, "voids": pos.KindVoid,
}

var namedOutcomes = map[string]pos.Outcome{
	"paid": pos.OutcomePaid, "cancelled": pos.OutcomeCancelled, "expired": pos.OutcomeExpired, "refunded": pos.OutcomeRefunded,
	"voided": pos.OutcomeVoided, "refused": pos.OutcomeRefused, "late": pos.OutcomePaidLate,
}

// Named implements ui.Records.
func (r records) Named(ctx context.Context, key string) ([]pos.Summary, error) {
	rows, err := r.named(ctx, r.ledger.Reader, strings.TrimSpace(key))
	out := make([]pos.Summary, 0, len(rows))
	for _, row := range rows {
		out = append(out, row.Summary)
	}
	return out, err
}

// Entries implements ui.Records.
func (r records) Entries(ctx context.Context, op pos.OpID) ([]pos.Entry, error) {
	return r.ledger.Entries(ctx, op)
}

// Request implements ui.Records.
func (r records) Request(ctx context.Context, key string) (pos.Request, pos.Reply) {
	guess, _ := bareCodeOf(key)
	return naming{key: strings.TrimSpace(key), guess: guess}.read(ctx, r.payments)
}

// Activities implements ui.Records. What is only read may be asked again.
func (r records) Activities(ctx context.Context, requestID string) ([]pos.Activity, pos.Reply) {
	list, reply := r.payments.Activities(ctx, requestID)
	if reply.Answer == pos.AnswerUnknown || reply.Answer == pos.AnswerNotSent && reply.RetryAfter == 0 {
		return r.payments.Activities(ctx, requestID)
	}
	return list, reply
}

// equip adds to what the screens are told: what they can look up, how they look and
// sound, and where they keep what staff change of that.
func (p *program) equip(c *ui.Config, s *session) {
	set := s.settings
	renderer := p.renderer(set.NoColor)
	name := set.Theme
	if set.Origin(config.KeyTheme).Source == config.FromDefault {
		name = theme.ForTerminal(p.env("COLORFGBG")).Name
	}
	c.Records = records{s}
	c.Themes = config.Themes()
	c.StylesOf = func(name string) *theme.Styles {
		tokens, _ := theme.ByName(name)
		return theme.New(renderer, tokens)
	}
	c.Styles = c.StylesOf(name)
	c.Preferences = ui.Preferences{Theme: name, Bell: set.Bell, ScanGap: set.ScanGap}
	c.ScanGap = set.ScanGap
	if path := set.PathToChange(p.env); path != "" {
		c.SavePreferences = p.keeper(path, set.Profile, c.Preferences)
	}
}

// keeper writes what staff changed into the config file, and nothing else.
func (p *program) keeper(path, profile string, was ui.Preferences) func(context.Context, ui.Preferences) error {
	turns := make(chan ui.Preferences, 1) // one change is written at a time
	turns <- was
	return func(ctx context.Context, now ui.Preferences) error {
		var was ui.Preferences
		select {
		case was = <-turns:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		err := config.ChangeFile(path, profile, changesOf(was, now)...)
		if err == nil {
			was = now
		}
		turns <- was
		return err
	}
}

func changesOf(was, now ui.Preferences) []config.Change {
	text := func(p ui.Preferences, key config.Key) string {
		return config.Settings{Theme: p.Theme, Bell: p.Bell, ScanGap: p.ScanGap}.Value(key)
	}
	var changes []config.Change
	for _, key := range []config.Key{config.KeyTheme, config.KeyBell, config.KeyScanGap} {
		if text(was, key) != text(now, key) {
			changes = append(changes, config.Change{Key: key, Value: text(now, key)})
		}
	}
	return changes
}

// renderer draws for the terminal in front, which is not asked for its colours.
func (p *program) renderer(noColor bool) *lipgloss.Renderer {
	return lipgloss.NewRenderer(p.stdout, termenv.WithEnvironment(environment{p.env, noColor}))
}
