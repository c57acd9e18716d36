package cli

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui"
	"centrapos/ui/theme"
)

// openScreens opens the till for staff, and sees to what is open once they leave it.
func (p *program) openScreens(ctx context.Context, cmd *cobra.Command) (*result, error) {
	if p.out.json || !isTerminal(p.stdin) || !isTerminal(p.stdout) {
		return nil, &failure{exit: exitUsage, Code: codeNoTerminal,
			Message: "the till needs a terminal; to take a payment without one, run \"centrapos sale AMOUNT\""}
	}
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	currency, err := pos.CurrencyOf(settings.Currency)
	if err != nil {
		return nil, err
	}
	keymap, err := keymapOf(settings.Keymap)
	if err != nil {
		return nil, err
	}
	products, closeProducts, err := productsOf(ctx, settings, currency)
	if err != nil {
		return nil, err
	}
	defer closeProducts()
	s, err := p.openTill(ctx, settings, sandbox.Manual, config.KeyConfigID)
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	if err := p.rightMoney(ctx, s.line); err != nil {
		return nil, err
	}
	paper, err := openPrinting(s) //nolint:contextcheck // it prints until it is closed, whatever ends before
	if err != nil {
		return nil, err
	}
	defer paper.close(ctx)
	rest := s.recoverBehind(ctx)
	heard := s.listen(ctx, rest, nil)
	screens, cancel := p.interrupts.bind(ctx)
	defer cancel()
	look := p.screens(s, currency, products)
	look.Till = screensTill{s.till, heard}
	look.Recovered, look.Keymap = rest.next, keymap
	p.equip(&look, s)
	if paper != nil {
		look.Print = paper.print
	}
	left, failed := ui.Run(screens, look, p.stdin, p.stdout, ui.Options{NoSignals: true})
	<-rest.taken
	p.tellHeard(heard.end())
	r := p.endTill(ctx, s, rest, left)
	if failed != nil {
		return nil, failed
	}
	return r, nil
}

// screens is what the screens are told.
func (p *program) screens(s *session, currency pos.Currency, products pos.Catalogue) ui.Config {
	c := ui.Config{
		Till: s.till, Catalogue: products, Currency: currency,
		Merchant: s.settings.MerchantName, TillName: s.settings.TerminalID, Operator: s.settings.Operator,
		Training: s.training(), TaxRate: s.settings.GSTRate, Origin: s.origin(), Expiry: s.settings.Expiry,
		Styles:     p.styles(s.settings.NoColor),
		Unfinished: s.unfinished, Drafts: s.ledger.Baskets(),
	}
	if s.house != nil {
		c.Customer = s.house
	}
	return c
}

// unfinished lists what is not closed at this service, but for what another till
// that is running has in hand: its staff see to that.
func (s *session) unfinished(ctx context.Context) ([]pos.Summary, error) {
	rows, err := s.ledger.List(ctx, ledger.Filter{OnlyUnfinished: true})
	if err != nil {
		return nil, err
	}
	list := make([]pos.Summary, 0, len(rows))
	for _, row := range rows {
		if s.keeps(row.Service) && (row.Owner == s.ledger.Owner() || !row.OwnerAlive) {
			list = append(list, row.Summary)
		}
	}
	return list, nil
}

// recovery is what was taken up behind the screens.
type recovery struct {
	taken chan struct{} // closed once ops and err stand
	ops   []*pos.Operation
	err   error
	ended chan pos.Record // how each ended; closed once all have
}

// recoverBehind takes up what earlier runs left open, behind the screens.
func (s *session) recoverBehind(ctx context.Context) *recovery {
	r := &recovery{taken: make(chan struct{}), ended: make(chan pos.Record)}
	go func() {
		r.ops, r.err = s.recoverAll(ctx)
		close(r.taken)
		var all sync.WaitGroup
		for _, op := range r.ops {
			all.Go(func() { r.await(ctx, op) })
		}
		all.Wait()
		close(r.ended)
	}()
	return r
}

// await passes on how an operation ended, once that is known.
func (r *recovery) await(ctx context.Context, op *pos.Operation) {
	known := func(st pos.State) bool { return st.Record.Outcome != pos.OutcomeOpen }
	if st := op.Wait(ctx, known); known(st) {
		select {
		case r.ended <- st.Record:
		case <-ctx.Done():
		}
	}
}

// next waits for the next payment of an earlier run to end; false when there are
// no more.
func (r *recovery) next(ctx context.Context) (pos.Record, bool) {
	select {
	case rec, more := <-r.ended:
		return rec, more
	case <-ctx.Done():
		return pos.Record{}, false
	}
}

// endTill stops the payments that are open and waits for their end. What earlier
// runs left open is not waited for: it was there before, and stays recorded.
func (p *program) endTill(ctx context.Context, s *session, rest *recovery, left ui.Result) *result {
	if rest.err != nil {
		p.warn("What earlier runs left open could not be taken up: %v", rest.err)
	}
	own := slices.DeleteFunc(s.till.Open(), func(op *pos.Operation) bool {
		return slices.Contains(rest.ops, op) || op.State().Record.Outcome != pos.OutcomeOpen
	})
	if len(own) > 0 {
		p.say("Stopping the open payment …")
	}
	ctx, cancel := context.WithTimeout(ctx, p.times.patience)
	defer cancel()
	go func() {
		defer cancel()
		for _, op := range own {
			select {
			case <-op.Closed():
			case <-ctx.Done():
			case <-p.interrupts.pressed:
				return
			}
		}
	}()
	s.till.Drain(ctx)
	return p.tellEnd(own, left)
}

// tellEnd says how the payments ended that were open when staff left.
func (p *program) tellEnd(own []*pos.Operation, left ui.Result) *result {
	r := &result{}
	for _, op := range own {
		rec := op.State().Record
		n := p.narrator()
		n.line("%s of %s, reference %s:", rec.Kind, amountText(rec.Amount()), rec.Sale.ExternalRef)
		n.result(rec)
		switch {
		case rec.Outcome == pos.OutcomeOpen:
			n.line("It is on record. Start the till again, or run \"centrapos recover\", to find out.")
			r.exit = exitUnresolved
		case !rec.Outcome.Successful() && r.exit == exitDone:
			r.exit = exitInterrupt
		}
	}
	if left.Beginning && len(own) == 0 {
		p.say("A sale was just being begun. Run \"centrapos recover\" to be sure that nothing is left of it.")
		r.exit = exitUnresolved
	}
	return r
}

// styles are those of the terminal in front, which is not asked for its colours.
func (p *program) styles(noColor bool) *theme.Styles {
	renderer := lipgloss.NewRenderer(p.stdout, termenv.WithEnvironment(environment{p.env, noColor}))
	return theme.New(renderer, theme.ForTerminal(p.env("COLORFGBG")))
}

// environment is what termenv reads of the environment, with our own say on colour.
type environment struct {
	get     func(string) string
	noColor bool
}

// Getenv implements termenv.Environ. termenv takes every terminal whose name says
// nothing of colour for one without bold and reverse video too. What stands out by
// these must still do so: in screen and tmux, which have colours, and on a vt100,
// which has none.
func (e environment) Getenv(name string) string {
	term := e.get("TERM")
	inside := term == "screen" || term == "tmux"
	switch {
	case name == "NO_COLOR" && (e.noColor || namesNoColour(term) && !inside):
		return "1"
	case name == "TERM" && namesNoColour(term):
		return "xterm"
	}
	return e.get(name)
}

// namesNoColour reports whether a terminal's name is one of a real terminal and
// says nothing of colour.
func namesNoColour(term string) bool {
	return term != "" && term != "dumb" && term != "linux" && term != "cygwin" && !strings.Contains(term, "color") &&
		!strings.Contains(term, "ansi") && !strings.HasPrefix(term, "xterm") && !strings.HasPrefix(term, "alacritty") &&
		!strings.HasPrefix(term, "foot") && !strings.HasPrefix(term, "wezterm") && !strings.HasPrefix(term, "rio")
}

// Environ implements termenv.Environ. Nothing that is drawn here lists it.
func (environment) Environ() []string { return nil }
