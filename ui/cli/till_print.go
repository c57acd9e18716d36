package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"centrapos/pos"
	"centrapos/pos/printer"
	"centrapos/pos/receipt"
)

// This file prints receipts behind the screens.

// printing is the till's printer and what it has printed.
type printing struct {
	s     *session
	kind  receipt.Printer
	queue *printer.Queue
	since time.Time

	mu     sync.Mutex
	copies map[pos.OpID]int

	changed chan struct{} // has something in it when a job may have moved
}

// printTold is how long staff wait for the word that a receipt is out.
const printTold = 4 * time.Second

// printEnds is how long a receipt may take that is printing while the till is left.
const printEnds = 10 * time.Second

// openPrinting opens the till's printer; nil where the profile has none.
func openPrinting(s *session) (*printing, error) {
	if s.settings.Printer == "" {
		return nil, nil //nolint:nilnil // a till without a printer is as good as one with
	}
	device, err := deviceOf(s.settings)
	if err != nil {
		return nil, err
	}
	kind, err := printerOf(s.settings)
	if err != nil {
		return nil, err
	}
	p := &printing{s: s, kind: kind, since: time.Now(), copies: map[pos.OpID]int{}, changed: make(chan struct{}, 1)}
	p.queue = printer.NewQueue(device, 0, func() {
		select {
		case p.changed <- struct{}{}:
		default:
		}
	})
	return p, nil
}

// close lets a receipt that is printing come out.
func (p *printing) close(ctx context.Context) {
	if p == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), printEnds)
	defer cancel()
	p.queue.Close(ctx)
}

// print puts the receipt of an operation into the queue, and waits a moment for what
// becomes of it.
func (p *printing) print(ctx context.Context, op pos.OpID) (string, error) {
	entries, err := p.s.ledger.Entries(ctx, op)
	if err != nil {
		return "", err
	}
	rec := pos.Replay(entries)
	r, ok := p.receiptOf(ctx, rec)
	if !ok {
		return "", errors.New("there is no receipt for this: no money was taken or given back, as far as the till knows")
	}
	if err := r.Check(); err != nil {
		return "", fmt.Errorf("the receipt does not add up and was not printed: %w", err)
	}
	r.Copy = p.copyOf(op, rec)
	id := p.queue.Add(r.Title()+" "+r.Number, receipt.ESCPOS(r, p.kind))
	return p.await(ctx, id), nil
}

// receiptOf is the receipt of the whole basket that a sale was for, once all of it is
// paid; else that of the operation alone.
func (p *printing) receiptOf(ctx context.Context, rec pos.Record) (receipt.Receipt, bool) {
	o := occasionOf(p.s.settings)
	o.Training = p.s.training()
	alone, ok := receipt.OfRecord(rec, o)
	if !ok || rec.Kind != pos.KindSale {
		return alone, ok
	}
	baskets := p.s.ledger.Baskets()
	id, err := baskets.BasketOf(ctx, rec.Sale.ExternalRef)
	if err != nil || id == "" {
		return alone, true
	}
	entries, err := baskets.Load(ctx, id)
	if err != nil {
		return alone, true
	}
	basket, err := pos.ReplayBasket(entries)
	if err != nil || basket.Stage() != pos.StageSold {
		return alone, true
	}
	o.Number, o.At = alone.Number, alone.At
	o.ShortCodes = map[string]string{rec.Sale.ExternalRef: rec.Request.ShortCode}
	whole := receipt.OfSale(basket, o)
	if whole.Check() != nil {
		return alone, true
	}
	return whole, true
}

// copyOf is the number of the copy: none for the first print of what ended while this
// till was running, since nobody can have printed that before.
func (p *printing) copyOf(op pos.OpID, rec pos.Record) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, printed := p.copies[op]
	if !printed && rec.EndedAt.Before(p.since) {
		n = 1
	}
	p.copies[op] = n + 1
	return n
}

// await says what became of a job, or that it is waiting.
func (p *printing) await(ctx context.Context, id int) string {
	ctx, cancel := context.WithTimeout(ctx, printTold)
	defer cancel()
	for {
		for _, job := range p.queue.Jobs() {
			switch {
			case job.ID != id:
			case job.State == printer.StatePrinted:
				return "The receipt is printed."
			case job.Problem != "":
				return "Not printed yet: " + job.Problem + ". The till goes on trying for ten minutes."
			}
		}
		select {
		case <-p.changed:
		case <-ctx.Done():
			return "The receipt waits for the printer, which is busy."
		}
	}
}
