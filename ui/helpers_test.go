package ui

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
	"github.com/shopspring/decimal"

	"centrapos/assets"
	"centrapos/pos"
	"centrapos/ui/screentest"
	"centrapos/ui/theme"
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

func product(tb testing.TB, sku string) pos.Product {
	tb.Helper()
	p, there, err := cafe(tb).ByCode(context.Background(), sku)
	if err != nil || !there {
		tb.Fatalf("the café has no product %s: %v", sku, err)
	}
	return p
}

// counting counts the work done; none of it may be done by Update or View.
type counting struct {
	pos.ProductList
	mu    sync.Mutex
	calls []string
	op    *fakeOp
	err   error
}

func (c *counting) count(call string) {
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
	if c.err != nil {
		return nil, c.err
	}
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

// fakeOp is an operation that stands still until it is told.
type fakeOp struct {
	counting *counting
	mu       sync.Mutex
	state    pos.State
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
	return f.state
}
func (f *fakeOp) LedgerTrouble() error          { f.counting.count("trouble"); return f.trouble }
func (f *fakeOp) Changed() <-chan struct{}      { f.counting.count("changed"); return f.changed }
func (f *fakeOp) Closed() <-chan struct{}       { f.counting.count("closed"); return f.closed }
func (f *fakeOp) Stop(why pos.Why)              { f.counting.count("stop " + string(why)) }
func (f *fakeOp) Answer(id string, accept bool) { f.counting.count("answer " + id) }

// desk drives a model by hand: messages in, commands run when the test says so.
type desk struct {
	tb    testing.TB
	m     model
	work  *counting
	now   time.Time
	queue []tea.Cmd // not run yet
}

// styles are those of a terminal with all colours.
func styles(p termenv.Profile, tokens theme.Tokens) *theme.Styles {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(p)
	return theme.New(r, tokens)
}

func newDesk(tb testing.TB, change ...func(*Config)) *desk {
	tb.Helper()
	d := &desk{tb: tb, now: noon, work: &counting{ProductList: cafe(tb)}}
	c := Config{
		Catalogue: d.work, Customer: d.work, Unfinished: d.work.unfinished,
		Merchant: "Centrapay Café", TillName: "till-1", Operator: "Mia", Training: true,
		Currency: nzd, TaxRate: dec("15"), Clock: func() time.Time { return d.now },
		Styles: styles(termenv.TrueColor, theme.Dark()), Origin: pos.Origin{ConfigID: "cfg", TerminalID: "till-1"},
	}
	for _, f := range change {
		f(&c)
	}
	d.m = newModel(context.Background(), c)
	d.m.work.sell = d.work.Sell
	d.m.sale.work = d.m.work
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	return d
}

// send gives messages to the model and keeps the commands they lead to.
func (d *desk) send(msgs ...tea.Msg) {
	for _, msg := range msgs {
		next, cmd := d.m.Update(msg)
		d.m = next.(model)
		if cmd != nil {
			d.queue = append(d.queue, cmd)
		}
	}
}

// settle runs the commands that end at once, and what they lead to. Timers and
// listening are left out: the test is their clock.
func (d *desk) settle() {
	for len(d.queue) > 0 {
		cmd := d.queue[0]
		d.queue = d.queue[1:]
		done := make(chan tea.Msg, 1)
		go func() { done <- cmd() }()
		select {
		case msg := <-done:
			switch msg := msg.(type) {
			case nil:
			case tea.BatchMsg:
				d.queue = append(d.queue, msg...)
			default:
				d.send(msg)
			}
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// pass lets time pass, by the model's clock.
func (d *desk) pass(t time.Duration) { d.now = d.now.Add(t) }

func (d *desk) screen() string { return plain(d.tb, d.m.View(), d.m.width, d.m.height) }

// plain is what a drawn screen reads as.
func plain(tb testing.TB, view string, width, height int) string {
	tb.Helper()
	s := screentest.NewScreen(width, height)
	defer s.Close()
	s.Draw(view)
	return s.String()
}
