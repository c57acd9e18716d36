package pos_test

import (
	"strings"
	"time"

	"centrapos/pos"
)

const (
	// replacePatience is how long staff wait for the old sale to be over.
	replacePatience = 30 * time.Second
	// inPlaceRef is the reference of the sale that takes its place.
	inPlaceRef = "T1-0002"
)

// requestsOf are the payment requests that a till's operation made, or is about.
func (w *world) requestsOf(p *simTill) []pos.Request {
	var list []pos.Request
	for _, req := range w.svc.Requests() {
		if second := strings.HasPrefix(req.ExternalRef, inPlaceRef); second == (p != w.till) && !w.foreign[req.ID] {
			list = append(list, req)
		}
	}
	return list
}

// saleOf is the sale of a till: the one in the place of the first asks for less.
func (w *world) saleOf(p *simTill) pos.Sale {
	sale := w.sale
	if p != w.till {
		sale.ExternalRef, sale.Replaces, sale.Lines = inPlaceRef, w.till.op, nil
		sale.Amount = cents(900)
	}
	return sale
}

// replace is Till.Replace in miniature: the old sale is stopped, and another begun once
// nobody can pay it any more.
func (w *world) replace() {
	old := w.till
	if !old.running && !old.state.Record.Closed() || len(old.disk) == 0 {
		return
	}
	w.logf("staff replace the sale")
	life, until := old.life, w.now.Add(replacePatience)
	old.deliver(pos.StopAsked{Why: pos.WhyReplaced})
	w.afterOld(life, until)
}

// afterOld begins the new sale as soon as the old one is over, unless the process ends
// before, or staff have enough.
func (w *world) afterOld(life int, until time.Time) {
	old := w.till
	rec := old.state.Record
	written := len(old.backlog) == 0
	ended, closed := rec.Outcome != pos.OutcomeOpen && written, rec.Closed() && written
	over := ended && w.sale.Barcode == "" || closed
	switch {
	case old.life != life, rec.Outcome.Successful():
	case w.hasty, over:
		w.beginInPlace()
	case w.now.Before(until):
		w.at(100*time.Millisecond, func() { w.afterOld(life, until) })
	}
}

// beginInPlace begins the new sale. What the till knows of the old one, the customer
// cannot pay any more.
func (w *world) beginInPlace() {
	old := w.till.state.Record
	for _, req := range append(append([]pos.Request{}, old.Strays...), old.Request) {
		if shown := w.barcode() || req.ID == old.Request.ID; shown && w.svc.Payable(req.ID) {
			w.breaks("%s can be paid, and another is asked for", req.ID)
		}
	}
	next := w.newTill("op2", w.till.step)
	sale := w.saleOf(next)
	next.begin(pos.Opened{Kind: pos.KindSale, Service: "s", Sale: &sale})
	if w.draw.chance(0.7) {
		w.at(w.reaction+time.Second, w.customerActs) // who may have paid the old one all the same
	}
}
