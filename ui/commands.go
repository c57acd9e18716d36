package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// This file holds all the work the screens start: every command that does I/O or
// waits, as a function of plain values. Nothing else in the package calls the
// till, an operation, the catalogue or the customer.

// Limits of single pieces of work. Beginning a sale has none: it must be known
// whether it began.
const (
	lookUpTimeout   = 5 * time.Second
	customerTimeout = 10 * time.Second
	listTimeout     = 10 * time.Second
)

// operation is a payment under way, as the screens need it; *pos.Operation is one.
type operation interface {
	ID() pos.OpID
	State() pos.State
	LedgerTrouble() error
	Changed() <-chan struct{}
	Closed() <-chan struct{}
	Stop(why pos.Why)
	Answer(conditionID string, accept bool)
}

// work is what the commands do their work with. It is a value that never
// changes, so commands may capture it.
type work struct {
	ctx        context.Context // ends when the program does
	sell       func(ctx context.Context, sale pos.Sale) (operation, error)
	catalogue  pos.Catalogue
	customer   Customer
	unfinished func(ctx context.Context) ([]pos.Summary, error)
	recovered  func(ctx context.Context) (pos.Record, bool)
	moreWork
	draftWork
	forms []pos.EmbeddedForm
	money pos.Currency
}

func newWork(ctx context.Context, c Config) work {
	sell := func(ctx context.Context, sale pos.Sale) (operation, error) {
		op, err := c.Till.Sell(ctx, sale)
		if err != nil {
			return nil, err
		}
		return op, nil
	}
	return work{
		ctx: ctx, sell: sell, catalogue: c.Catalogue, customer: c.Customer,
		unfinished: c.Unfinished, recovered: c.Recovered, moreWork: newMoreWork(c),
		draftWork: newDraftWork(c), forms: c.EmbeddedForms, money: c.Currency,
	}
}

// snapshot is where an operation stood when a command looked.
type snapshot struct {
	id      pos.OpID
	state   pos.State
	trouble string // why the till's record cannot be written now
	closed  bool
}

// Replies: what commands report.
type (
	// found answers a search, or the look-up of an entry.
	found struct {
		id       int
		text     string
		exact    bool // the first product has exactly this code
		products []pos.Product
		err      error
		// labelled: the code has a price or a weight in it, and the first product, if
		// there is one, is what it is of. labelErr says that it was misread.
		labelled bool
		label    pos.Embedded
		labelErr error
	}
	// begun answers the beginning of a payment; op is nil with an error.
	begun struct {
		attempt int
		op      operation
		now     snapshot
		err     error
		asked   *draft // the basket as it is kept now; nil where baskets are not
		// returned is what the payment that this one takes the place of gave back.
		returned pos.Money
	}
	// opChanged says where an operation stands.
	opChanged struct{ now snapshot }
	// codeDrawn is the code of an address, in every size.
	codeDrawn struct {
		url  string
		code widget.QRCode
		err  error
	}
	// customerDid answers what staff made the customer do.
	customerDid struct {
		id   pos.OpID
		deed deed
		err  error
	}
	// unfinishedListed answers the listing of what is not closed.
	unfinishedListed struct {
		id   int
		list []pos.Summary
		err  error
	}
	// recovered is a payment of an earlier run that has ended.
	recovered struct{ record pos.Record }
)

// Timers: each names what it is for.
type (
	minuteDue     struct{ id int }
	payTick       struct{ id int }
	holdDue       struct{ id int }
	unfinishedDue struct{ id int }
	noteDue       struct {
		of place
		id int
	}
)

// after gives a message when a time has passed.
func after(d time.Duration, msg tea.Msg) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return msg })
}

// find looks for what an entry names: the product with exactly this code, the one
// whose item number is in a label's barcode or, for words, those that fit.
func (w work) find(id int, e entry, limit int) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, lookUpTimeout)
		defer cancel()
		reply := found{id: id, text: e.text}
		product, exact, err := w.catalogue.ByCode(ctx, e.text)
		switch {
		case err != nil:
			reply.err = fmt.Errorf("look up the code %q: %w", e.text, err)
			return reply
		case exact:
			reply.exact, reply.products = true, []pos.Product{product}
		case e.kind == entryCode:
			return w.findLabel(ctx, reply)
		}
		if e.kind != entryWords {
			return reply
		}
		list, err := w.catalogue.Search(ctx, e.text, limit)
		if err != nil {
			reply.err = fmt.Errorf("search the products for %q: %w", e.text, err)
			return reply
		}
		for _, p := range list {
			if !exact || p.SKU != product.SKU || p.GTIN != product.GTIN || p.Name != product.Name {
				reply.products = append(reply.products, p)
			}
		}
		return reply
	}
}

// findLabel looks for the product that a code with a price or a weight in it is of.
func (w work) findLabel(ctx context.Context, reply found) found {
	reply.label, reply.labelled, reply.labelErr = pos.ParseEmbedded(reply.text, w.forms, w.money)
	if !reply.labelled || reply.labelErr != nil {
		return reply
	}
	for _, code := range []string{reply.label.Lookup, reply.label.Item} {
		product, there, err := w.catalogue.ByCode(ctx, code)
		if err != nil {
			reply.err = fmt.Errorf("look up the item %q of a label: %w", code, err)
			return reply
		}
		if there {
			reply.products = []pos.Product{product}
			return reply
		}
	}
	return reply
}

// listen waits until an operation changes.
func (w work) listen(op operation) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-op.Changed():
		case <-op.Closed():
		case <-w.ctx.Done():
			return nil
		}
		return opChanged{now: lookAt(op)}
	}
}

func lookAt(op operation) snapshot {
	now := snapshot{id: op.ID()}
	select {
	case <-op.Closed():
		now.closed = true
	default:
	}
	now.state = op.State()
	if err := op.LedgerTrouble(); err != nil {
		now.trouble = err.Error()
	}
	return now
}

// drawCode draws the code of a payment's address. It takes some milliseconds, as
// every size is read back.
func drawCode(url string, colour bool) tea.Cmd {
	return func() tea.Msg {
		code, err := widget.NewQRCode(url, widget.QROptions{Mark: true, Colour: colour})
		return codeDrawn{url: url, code: code, err: err}
	}
}

// stop asks for a payment to be ended. How that went, listening tells.
func (w work) stop(op operation) tea.Cmd {
	return func() tea.Msg {
		op.Stop(pos.WhyStaff)
		return nil
	}
}

// answer answers a condition of a payment. How that went, listening tells.
func (w work) answer(op operation, conditionID string, accept bool) tea.Cmd {
	return func() tea.Msg {
		op.Answer(conditionID, accept)
		return nil
	}
}

// deed is what staff make the customer do in training.
type deed int

const (
	deedPay deed = iota
	deedCancel
	deedRunOut
)

// act makes the customer do something with a payment request.
func (w work) act(id pos.OpID, requestID string, d deed) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, customerTimeout)
		defer cancel()
		var err error
		switch d {
		case deedPay:
			err = w.customer.Pay(ctx, requestID)
		case deedCancel:
			err = w.customer.Cancel(ctx, requestID)
		case deedRunOut:
			err = w.customer.RunOut(ctx, requestID)
		}
		return customerDid{id: id, deed: d, err: err}
	}
}

// list lists what is not closed.
func (w work) list(id int) tea.Cmd {
	if w.unfinished == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, listTimeout)
		defer cancel()
		list, err := w.unfinished(ctx)
		if err != nil && errors.Is(w.ctx.Err(), context.Canceled) {
			return nil
		}
		return unfinishedListed{id: id, list: list, err: err}
	}
}

// awaitRecovered waits until the next payment of an earlier run has ended.
func (w work) awaitRecovered() tea.Cmd {
	if w.recovered == nil {
		return nil
	}
	return func() tea.Msg {
		record, more := w.recovered(w.ctx)
		if !more {
			return nil
		}
		return recovered{record: record}
	}
}
