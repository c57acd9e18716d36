package ui

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"github.com/shopspring/decimal"

	"centrapos/assets"
	"centrapos/pos"
	"centrapos/pos/postest"
	"centrapos/ui/screentest"
	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

var nzd = pos.Currency{Code: "NZD", Decimals: 2}

// noon is when the tests begin: two past two in the afternoon, on a whole second.
var noon = time.Date(2026, 3, 14, 14, 2, 0, 0, time.UTC)

func cents(n int64) pos.Money { return pos.NewMoney(decimal.NewFromInt(n), nzd) }

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// cafe is the demonstration café's catalogue.
func cafe(tb testing.TB) pos.ProductList {
	tb.Helper()
	list, err := pos.ReadProducts(assets.DemoCatalogue(), nzd)
	if err != nil {
		tb.Fatal(err)
	}
	return list
}

// counting counts the work done; none of it may be done by Update or View.
type counting struct {
	pos.ProductList
	mu    sync.Mutex
	calls []string
	op    *fakeOp
	asked pos.Sale // the latest
	err   error
}

func (c *counting) count(call string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call)
}

func (c *counting) counted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.calls)
}

func (c *counting) Sell(_ context.Context, sale pos.Sale) (operation, error) {
	c.count("sell " + sale.Amount.String())
	c.mu.Lock()
	c.asked = sale
	c.mu.Unlock()
	if c.err != nil {
		return nil, c.err
	}
	c.op.mu.Lock()
	defer c.op.mu.Unlock()
	c.op.ref = sale.ExternalRef
	return c.op, nil
}

func (c *counting) ByCode(ctx context.Context, code string) (pos.Product, bool, error) {
	c.count("by code " + code)
	return c.ProductList.ByCode(ctx, code)
}

func (c *counting) Search(ctx context.Context, words string, limit int) ([]pos.Product, error) {
	c.count("search " + words)
	return c.ProductList.Search(ctx, words, limit)
}

func (c *counting) Pay(_ context.Context, id string) error    { c.count("pay " + id); return nil }
func (c *counting) Cancel(_ context.Context, id string) error { c.count("cancel " + id); return nil }
func (c *counting) RunOut(_ context.Context, id string) error { c.count("run out " + id); return nil }

func (c *counting) unfinished(context.Context) ([]pos.Summary, error) {
	c.count("unfinished")
	return nil, nil
}

// countingDrafts counts what is asked of the baskets' record.
type countingDrafts struct {
	*postest.Drafts
	counting *counting
}

func (d countingDrafts) Save(ctx context.Context, id pos.BasketID, entries []pos.BasketEntry, s pos.BasketSummary) error {
	d.counting.count("save basket")
	return d.Drafts.Save(ctx, id, entries, s)
}

func (d countingDrafts) Load(ctx context.Context, id pos.BasketID) ([]pos.BasketEntry, error) {
	d.counting.count("load basket")
	return d.Drafts.Load(ctx, id)
}

func (d countingDrafts) ClaimInProgress(ctx context.Context, till string) ([]pos.BasketSummary, error) {
	d.counting.count("claim baskets")
	return d.Drafts.ClaimInProgress(ctx, till)
}

func (d countingDrafts) Held(ctx context.Context) ([]pos.BasketSummary, error) {
	d.counting.count("held baskets")
	return d.Drafts.Held(ctx)
}

// fakeOp is an operation that stands still until it is told.
type fakeOp struct {
	counting *counting
	mu       sync.Mutex
	state    pos.State
	ref      string // the sale's
	trouble  error
	changed  chan struct{}
	closed   chan struct{}
}

func newFakeOp(c *counting, s pos.State) *fakeOp {
	return &fakeOp{counting: c, state: s, changed: make(chan struct{}, 1), closed: make(chan struct{})}
}

func (f *fakeOp) ID() pos.OpID { f.counting.count("id"); return f.state.Op }
func (f *fakeOp) State() pos.State {
	f.counting.count("state")
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.state
	if f.ref != "" {
		s.Record.Sale.ExternalRef = f.ref
	}
	return s
}

// set changes the operation, and says so.
func (f *fakeOp) set(s pos.State) {
	f.mu.Lock()
	f.state = s
	f.mu.Unlock()
	select {
	case f.changed <- struct{}{}:
	default:
	}
}
func (f *fakeOp) LedgerTrouble() error     { f.counting.count("trouble"); return f.trouble }
func (f *fakeOp) Changed() <-chan struct{} { f.counting.count("changed"); return f.changed }
func (f *fakeOp) Closed() <-chan struct{}  { f.counting.count("closed"); return f.closed }
func (f *fakeOp) Stop(why pos.Why)         { f.counting.count("stop " + string(why)) }
func (f *fakeOp) Answer(id string, accept bool) {
	f.counting.count(fmt.Sprint("answer ", id, " ", accept))
}

// styles are those of a terminal with these colours.
func styles(p termenv.Profile, tokens theme.Tokens) *theme.Styles {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(p)
	return theme.New(r, tokens)
}

// desk drives a model as Bubble Tea would, in the virtual time of a synctest
// bubble: commands run by themselves, and what they report comes back in order.
type desk struct {
	tb   testing.TB
	m    model
	work *counting
	mu   sync.Mutex
	came []tea.Msg
	quit bool
}

// config is a café in training.
func config(tb testing.TB, c *counting, clock func() time.Time) Config {
	tb.Helper()
	return Config{
		Catalogue: c, Customer: c, Unfinished: c.unfinished,
		Merchant: "Centrapay Café", TillName: "till-1", Operator: "Mia", Training: true,
		Currency: nzd, TaxRate: dec("15"), Clock: clock, Drafts: countingDrafts{postest.NewDrafts(), c},
		Styles: styles(termenv.TrueColor, theme.Dark()), Origin: pos.Origin{ConfigID: "cfg", TerminalID: "till-1"},
	}
}

// fixed is a model at noon that nobody drives, at 80x24.
func fixed(tb testing.TB) (model, *counting) {
	tb.Helper()
	work := &counting{ProductList: cafe(tb)}
	m := newModel(context.Background(), config(tb, work, func() time.Time { return noon }))
	m.work.sell = work.Sell
	m.sale.work = m.work
	return m.sized(80, 24), work
}

// driven runs a test with a model on a desk, at 80x24 and noon.
func driven(t *testing.T, f func(d *desk), change ...func(*Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		// Timers that still run must run out before the bubble may end.
		defer time.Sleep(2 * time.Minute)
		d, cancel := newDesk(t, change...)
		defer cancel()
		f(d)
	})
}

// newDesk gives a model on a desk, inside a bubble.
func newDesk(t *testing.T, change ...func(*Config)) (*desk, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	start := time.Now()
	d := &desk{tb: t, work: &counting{ProductList: cafe(t)}}
	d.work.op = newFakeOp(d.work, pos.State{Op: storyID})
	c := config(t, d.work, func() time.Time { return noon.Add(time.Since(start)) })
	for _, each := range change {
		each(&c)
	}
	d.m = newModel(ctx, c)
	if c.Till == nil {
		refs := 'S'
		d.m.work.sell = d.work.Sell
		d.m.work.newRef = func() string { refs++; return "TILL1-7KQ3-X2MN-PD4" + string(refs) }
		d.m.sale.work = d.m.work
	}
	d.run(d.m.Init())
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	return d, cancel
}

// run runs a command beside the model.
func (d *desk) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		d.mu.Lock()
		defer d.mu.Unlock()
		d.came = append(d.came, msg)
	}()
}

// update gives one message to the model.
func (d *desk) update(msg tea.Msg) {
	d.tb.Helper()
	switch msg := msg.(type) {
	case nil:
		return
	case tea.QuitMsg:
		d.quit = true
		return
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.run(cmd)
		}
		return
	case tea.Cmd, func() tea.Msg:
		d.tb.Errorf("a command came where a message belongs, and would be lost")
	}
	next, cmd := d.m.Update(msg)
	d.m = next.(model)
	d.run(cmd)
}

// send gives messages to the model, and lets all happen that takes no time.
func (d *desk) send(msgs ...tea.Msg) {
	d.tb.Helper()
	for _, msg := range msgs {
		d.update(msg)
	}
	for {
		synctest.Wait()
		d.mu.Lock()
		came := d.came
		d.came = nil
		d.mu.Unlock()
		if len(came) == 0 {
			return
		}
		for _, msg := range came {
			d.update(msg)
		}
	}
}

// pass lets time pass.
func (d *desk) pass(t time.Duration) {
	d.tb.Helper()
	step := min(max(t/50, 10*time.Millisecond), 150*time.Millisecond)
	for ; t > 0; t -= step {
		time.Sleep(min(t, step))
		d.send()
	}
}

// namedKeys are the keys that are no characters, by the names bindings have.
var namedKeys = sync.OnceValue(func() map[string]tea.KeyMsg {
	out := map[string]tea.KeyMsg{" ": {Type: tea.KeySpace, Runes: []rune{' '}}}
	for t := tea.KeyType(-200); t < 200; t++ {
		if name := (tea.KeyMsg{Type: t}).String(); t != tea.KeyRunes && t != tea.KeySpace && name != "" {
			if _, there := out[name]; !there {
				out[name] = tea.KeyMsg{Type: t}
			}
		}
	}
	return out
})

// keyMsg is a key by its name, or a character.
func keyMsg(name string) tea.KeyMsg {
	if k, there := namedKeys()[name]; there {
		return k
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// press presses keys as a person does, one after the other.
func (d *desk) press(names ...string) {
	d.tb.Helper()
	for _, name := range names {
		asked := d.m.prompt.open()
		d.send(keyMsg(name))
		d.pass(100 * time.Millisecond)
		if asked { // an answer counts once it is sure that nothing follows it
			d.pass(answerGap - 100*time.Millisecond + 10*time.Millisecond)
		}
		if name == "u" && len(names) == 1 { // a letter that is a shortcut might begin a word
			d.pass(wordGap)
		}
	}
}

// write types text as a person does.
func (d *desk) write(text string) {
	d.tb.Helper()
	for _, r := range text {
		d.send(keyMsg(string(r)))
		d.pass(100 * time.Millisecond)
	}
}

// scan sends text as a scanner does: all at once, and Enter.
func (d *desk) scan(text string) {
	d.tb.Helper()
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)}, keyMsg("enter"))
	d.pass(100 * time.Millisecond)
}

func (d *desk) screen() string { return plain(d.tb, d.m.View(), d.m.width, d.m.height) }

// shows fails the test unless every text stands on the screen.
func (d *desk) shows(texts ...string) {
	d.tb.Helper()
	for _, text := range texts {
		if !strings.Contains(d.screen(), text) {
			d.tb.Errorf("the screen does not show %q:\n%s", text, d.screen())
		}
	}
}

// says fails the test unless every text can be read on the screen, over the ends of
// lines too.
func (d *desk) says(texts ...string) {
	d.tb.Helper()
	shown := strings.Join(strings.Fields(d.screen()), " ")
	for _, text := range texts {
		if !strings.Contains(shown, strings.Join(strings.Fields(text), " ")) {
			d.tb.Errorf("the screen does not say %q:\n%s", text, d.screen())
		}
	}
}

// hides fails the test if one of the texts stands on the screen.
func (d *desk) hides(texts ...string) {
	d.tb.Helper()
	for _, text := range texts {
		if strings.Contains(d.screen(), text) {
			d.tb.Errorf("the screen shows %q:\n%s", text, d.screen())
		}
	}
}

// basket is what is in the basket, a line each.
func (d *desk) basket() []string {
	var out []string
	for _, l := range d.m.sale.basket.Lines() {
		out = append(out, l.Qty.String()+" "+l.Name+" "+l.Total().String())
	}
	return out
}

// holds fails the test unless these lines are in the basket.
func (d *desk) holds(lines ...string) {
	d.tb.Helper()
	if got := d.basket(); !slices.Equal(got, lines) {
		d.tb.Errorf("the basket holds %q, want %q", got, lines)
	}
}

// paying rings up a sale, asks for payment, and begins its story.
func (d *desk) paying() *story {
	d.tb.Helper()
	d.scan("9421900000036")
	d.scan("2*9421900000017")
	s := tell(d.m.clock(), d.m.sale.basket.Total())
	d.work.op = newFakeOp(d.work, s.state)
	d.press("f9")
	return s
}

// hear lets the model hear where the story stands.
func (d *desk) hear(s *story) {
	d.tb.Helper()
	if wait := s.at.Sub(d.m.clock()); wait > 0 {
		d.pass(wait)
	}
	d.work.op.set(s.state)
	d.send()
}

// plain is what a drawn screen reads as.
func plain(tb testing.TB, view string, width, height int) string {
	tb.Helper()
	s := screentest.NewScreen(width, height)
	defer s.Close()
	s.Draw(view)
	return s.String()
}

// sold lists the payments asked for.
func (c *counting) sold() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, call := range c.calls {
		if strings.HasPrefix(call, "sell ") {
			out = append(out, call)
		}
	}
	return out
}

// misfit says how a view does not fill a window exactly; empty when it does.
func misfit(view string, width, height int) string {
	lines := strings.Split(view, "\n")
	if len(lines) != height {
		return fmt.Sprintf("%d lines", len(lines))
	}
	for i, line := range lines {
		if got := widget.Width(line); got != width {
			return fmt.Sprintf("line %d has %d columns: %q", i, got, line)
		}
	}
	return ""
}
