package ui

import (
	"context"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file is the rest of the work the screens start; see commands.go.

// lookTimeout is how long looking a payment up may take, Centrapay's answers included.
const lookTimeout = 20 * time.Second

// moreWork is what the commands of this file do their work with.
type moreWork struct {
	replace func(ctx context.Context, old operation, sale pos.Sale) (operation, error)
	void    func(ctx context.Context, target pos.Target) (operation, error)
	refund  func(ctx context.Context, refund pos.Refund) (operation, error)
	late    func(ctx context.Context) (pos.LatePayment, bool)
	records Records
	save    func(ctx context.Context, p Preferences) error
	ring    func()
	print   func(ctx context.Context, op pos.OpID) (string, error)
}

func newMoreWork(c Config) moreWork {
	w := moreWork{records: c.Records, save: c.SavePreferences, ring: c.Ring, print: c.Print}
	if c.Till == nil {
		return w
	}
	w.replace = func(ctx context.Context, old operation, sale pos.Sale) (operation, error) {
		running, is := old.(*pos.Operation)
		if !is {
			return nil, pos.ErrNoOperation
		}
		return given(c.Till.Replace(ctx, running, sale))
	}
	w.void = func(ctx context.Context, target pos.Target) (operation, error) {
		return given(c.Till.Void(ctx, target))
	}
	w.refund = func(ctx context.Context, refund pos.Refund) (operation, error) {
		return given(c.Till.Refund(ctx, refund))
	}
	w.late = c.Till.NextLate
	return w
}

// given is what the till gives, where a nil operation is no operation.
func given(op *pos.Operation, err error) (operation, error) {
	if op == nil {
		return nil, err
	}
	return op, err
}

// Replies.
type (
	// cameLate is money that came after its sale had ended.
	cameLate struct{ payment pos.LatePayment }
	// recordsFound answers a search of earlier operations.
	recordsFound struct {
		of    place
		id    int
		words string
		list  []pos.Summary
		err   error
	}
	// looked answers the look-up of one payment.
	looked struct {
		of      place
		id      int
		dossier dossier
	}
	preferencesSaved struct {
		id  int
		err error
	}
)

// dossier is all there is to know of one payment.
type dossier struct {
	key string // what it was looked up by
	// tales are the operations on it that this till has on record, the oldest first.
	tales []tale
	// several: the key names operations on several payments, which these are.
	several []pos.Summary
	// request is what Centrapay says of it, with reply done.
	request pos.Request
	reply   pos.Reply
	asked   bool // Centrapay was asked at all
	// history is what Centrapay lists of it, newest first, with historyReply done.
	history      []pos.Activity
	historyReply pos.Reply
	trouble      string // why the till's record could not be read
}

// tale is one operation on record.
type tale struct {
	summary pos.Summary
	entries []pos.Entry
	record  pos.Record
}

// began tells how an operation was begun.
func began(attempt int, op operation, err error) begun {
	if err != nil || op == nil {
		return begun{attempt: attempt, err: err}
	}
	return begun{attempt: attempt, op: op, now: lookAt(op)}
}

// replaceBy ends one payment and begins another.
func (w work) replaceBy(attempt int, old operation, sale pos.Sale) tea.Cmd {
	return func() tea.Msg {
		op, err := w.replace(w.ctx, old, sale)
		reply := began(attempt, op, err)
		reply.returned = old.State().Record.Returned
		return reply
	}
}

// beginRefund begins to give a part of a payment back.
func (w work) beginRefund(attempt int, refund pos.Refund) tea.Cmd {
	return func() tea.Msg {
		op, err := w.refund(w.ctx, refund)
		return began(attempt, op, err)
	}
}

// beginVoid begins to void a payment.
func (w work) beginVoid(attempt int, target pos.Target) tea.Cmd {
	return func() tea.Msg {
		op, err := w.void(w.ctx, target)
		return began(attempt, op, err)
	}
}

// awaitLate waits for money that comes after its sale has ended.
func (w work) awaitLate() tea.Cmd {
	if w.late == nil {
		return nil
	}
	return func() tea.Msg {
		payment, more := w.late(w.ctx)
		if !more {
			return nil
		}
		return cameLate{payment: payment}
	}
}

// searchRecords looks for earlier operations.
func (w work) searchRecords(of place, id int, q RecordQuery) tea.Cmd {
	if w.records == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, listTimeout)
		defer cancel()
		list, err := w.records.Search(ctx, q)
		return recordsFound{of: of, id: id, words: q.Words, list: list, err: err}
	}
}

// investigate finds out all about the payment that a key names.
func (w work) investigate(of place, id int, key string) tea.Cmd {
	if w.records == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, lookTimeout)
		defer cancel()
		return looked{of: of, id: id, dossier: lookUp(ctx, w.records, key)}
	}
}

func lookUp(ctx context.Context, records Records, key string) dossier {
	d := dossier{key: key}
	named, err := records.Named(ctx, key)
	if err != nil {
		d.trouble = err.Error()
	}
	requests := requestsOf(named)
	switch {
	case len(requests) > 1:
		d.several = named
		return d
	case len(requests) == 1:
		key = requests[0]
	case len(named) > 0: // no payment request came of it
		return d.told(ctx, records, named)
	}
	d.asked = true
	d.request, d.reply = records.Request(ctx, key)
	if d.reply.Answer == pos.AnswerDone {
		d.history, d.historyReply = records.Activities(ctx, d.request.ID)
		key = d.request.ID
	}
	if all, err := records.Named(ctx, key); err == nil && len(all) > 0 {
		named = all
	}
	return d.told(ctx, records, named)
}

// requestsOf lists the payment requests that operations stand on.
func requestsOf(list []pos.Summary) []string {
	var out []string
	for _, each := range list {
		if each.RequestID != "" && !slices.Contains(out, each.RequestID) {
			out = append(out, each.RequestID)
		}
	}
	return out
}

// told adds what the till has on record of operations.
func (d dossier) told(ctx context.Context, records Records, list []pos.Summary) dossier {
	for _, each := range slices.Backward(list) {
		entries, err := records.Entries(ctx, each.Op)
		if err != nil {
			d.trouble = err.Error()
			continue
		}
		d.tales = append(d.tales, tale{summary: each, entries: entries, record: pos.Replay(entries)})
	}
	return d
}

// savePreferences keeps what staff changed.
func (w work) savePreferences(id int, p Preferences) tea.Cmd {
	if w.save == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(w.ctx, listTimeout)
		defer cancel()
		return preferencesSaved{id: id, err: w.save(ctx, p)}
	}
}

// bell rings the terminal's bell.
func (w work) bell() tea.Cmd {
	if w.ring == nil {
		return nil
	}
	return func() tea.Msg {
		w.ring()
		return nil
	}
}
