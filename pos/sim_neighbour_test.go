package pos_test

import (
	"time"

	"centrapos/pos"
)

// neighbour is another till's payment under a reference that somebody chose for both, or
// an older one of the same till's other machine.
type neighbour struct {
	at    time.Duration // after the start; before it when negative
	sale  pos.Sale
	pays  time.Duration // after it was made; never when zero
	hurry bool          // made before the till begins
}

// drawNeighbours lets somebody choose the reference, and other tills take payments under
// it. Its own draws leave those of other histories as they are.
func (p *plan) drawNeighbours() {
	d := newDraw(p.seed ^ 0xa11e1)
	if p.kind != pos.KindSale || p.options.MakesFor.IsKnown() || p.newAmount > 0 || p.replaced > 0 || !d.chance(0.3) {
		return
	}
	p.sale.RefGiven = true
	p.options.StampClock = 0 // requests are dated by the clock that the service tells
	p.sale.Origin.DeviceID = "D1"
	for d.chance(0.7) && len(p.neighbours) < 4 {
		n := neighbour{at: d.upTo(30 * time.Second), sale: p.sale, pays: d.upTo(20 * time.Second), hurry: d.chance(0.4)}
		n.sale.Partial, n.sale.Basket, n.sale.PreAuth = false, pos.Money{}, false
		n.sale.Expiry = time.Duration(pick(d, 20, 120)) * time.Second
		switch d.IntN(3) {
		case 0:
			n.sale.Origin.TerminalID = "till-9"
		case 1:
			n.sale.Origin.DeviceID = "D9"
		case 2:
			n.sale.Amount = cents(900)
		}
		if d.chance(0.3) {
			n.pays = 0
		}
		p.neighbours = append(p.neighbours, n)
	}
}

// beginNeighbours sets the other tills going. Nobody but their customers touches what
// they make.
func (w *world) beginNeighbours() {
	for _, n := range w.neighbours {
		wait := n.at
		if n.hurry {
			wait = 0
		}
		w.at(wait, func() {
			req, _ := w.svc.Create(background, n.sale)
			w.foreign[req.ID] = true
			w.logf("another till makes %s", req.ID)
			if n.pays > 0 {
				w.at(n.pays, func() { w.logf("another customer pays %s: %v", req.ID, w.svc.Pay(req.ID)) })
			}
		})
	}
}

// checkForeign holds that no till takes another's request, or ends it.
func (w *world) checkForeign(p *simTill, rec pos.Record) {
	ids := []string{rec.Request.ID}
	for _, list := range [][]pos.Request{rec.Strays, rec.Late} {
		for _, req := range list {
			ids = append(ids, req.ID)
		}
	}
	for _, v := range rec.Voids {
		ids = append(ids, v.RequestID)
	}
	for _, id := range ids {
		if w.foreign[id] {
			w.breaks("%s is another till's, and %s took it", id, p.op)
		}
	}
}
