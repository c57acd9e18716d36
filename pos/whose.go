package pos

import (
	"context"
	"slices"
)

// This file holds how the till tells its own payment requests from those of others
// that carry the same reference.
//
// A reference that the till has minted was never given before, so that it says all. One
// that somebody chose, such as a shop's own order number, may be carried by another
// till's request, or by an older one. No field of a payment request is free for a mark of
// the till's own that the service gives back (Payment Requests, Create: the invoice and
// purchase order references are the merchant's books and come and go between readings,
// the operator and the device are named to people, and there are no metadata). So a
// request is judged by everything that was sent and is listed again.

// Asked is what a request was made with, as far as a list of requests says it: empty
// is what it does not say. It is read where it is judged whose a request is, and no
// record keeps it.
type Asked struct {
	ConfigID, TerminalID, DeviceID, Barcode string
	Basket                                  Money
	Lines                                   []LineItem
	PreAuth, Partial                        bool
}

// owner says whose a request is that a look-up by reference lists.
type owner int

const (
	// notOurs: another's, or known already. It is neither taken nor voided.
	notOurs owner = iota
	// unclear: it cannot be told apart. It is neither taken nor voided, and a person
	// has to find out where money hangs on it.
	unclear
	// ours: made by a create of this sale.
	ours
)

// whose judges a request that a look-up lists.
func (t *step) whose(r Request) owner {
	rec := t.s.Record
	sale := rec.Sale
	switch {
	case r.ID == "" || r.ID == rec.Request.ID || t.stray(r.ID):
		return notOurs
	case r.ExternalRef != "" && r.ExternalRef != sale.ExternalRef:
		return notOurs
	case !sale.RefGiven: // nothing else has ever carried it, whatever any clock says
		return ours
	case slices.Contains(sale.NotThese, r.ID) || sale.anothers(r):
		return notOurs
	case t.seemsOlder(r) && sale.showsCode():
		return notOurs // nobody can have seen the code of the lost one
	case t.seemsOlder(r), r.CreatedAt.IsZero(), !sale.known(r):
		return unclear
	}
	return ours
}

// listed gives the requests of a look-up that are the sale's, as records keep them, and
// whether there is one that cannot be told apart and was or can be paid.
func (t *step) listed(requests []Request) (mine []Request, doubt bool) {
	for _, r := range requests {
		switch t.whose(r) {
		case ours:
			r.Asked = nil
			mine = append(mine, r)
		case unclear:
			doubt = doubt || r.moneyMoved() || !r.Status.Final()
		case notOurs:
		}
	}
	return mine, doubt
}

// anothers reports whether a request is certainly not one that the sale asked for: it
// is for another amount, or of another till.
func (s Sale) anothers(r Request) bool {
	if r.Value.IsKnown() && !r.Value.Equal(s.Amount) {
		return true
	}
	a := r.Asked
	return a != nil && (a.TerminalID != "" && a.TerminalID != s.Origin.TerminalID || a.DeviceID != "" && a.DeviceID != s.Origin.DeviceID)
}

// known reports whether a request, which is not certainly another's, is known to be of
// this till and to agree with the sale in all that is listed.
func (s Sale) known(r Request) bool {
	a := r.Asked
	if a == nil || a.TerminalID == "" && a.DeviceID == "" || !r.Value.IsKnown() {
		return false
	}
	agree := func(listed, sent string) bool { return listed == "" || listed == sent }
	switch {
	case !agree(a.ConfigID, s.Origin.ConfigID), !agree(a.Barcode, s.Barcode):
		return false
	case a.PreAuth && !s.PreAuth, a.Partial && !s.Partial:
		return false
	case a.Basket.IsKnown() && !a.Basket.Equal(s.Basket):
		return false
	}
	return len(a.Lines) == 0 || slices.EqualFunc(a.Lines, s.Lines, func(listed, sent LineItem) bool {
		return listed.Name == sent.Name && listed.Qty.Equal(sent.Qty) && listed.Price.Equal(sent.Price)
	})
}

// seemsOlder reports whether a request was made before the sale's first create can have
// reached the service: by the service's clock as this process has compared it with its
// own, or, where it has not or was not the one that sent, unless the clocks are further
// apart than clockSlack.
func (t *step) seemsOlder(r Request) bool {
	slack := clockSlack
	if skew := t.s.Live.Skew; skew.Known && !t.s.Live.resumed {
		slack = skew.Error + datesSlack
	}
	return !r.CreatedAt.IsZero() && t.s.Live.Skew.Local(r.CreatedAt).Before(t.s.Record.OpenedAt.Add(-slack))
}

// mostIdentified bounds how many requests of a list are read one by one.
const mostIdentified = 10

// identified reads those requests one by one of which a list says too little to tell
// whose they are, as the published example of it does. What cannot be read stays unclear.
func (o *Operation) identified(ctx context.Context, sale Sale, reqs []Request) []Request {
	if !sale.RefGiven {
		return reqs
	}
	out := slices.Clone(reqs)
	for i, read := 0, 0; i < len(out) && read < mostIdentified; i++ {
		r := &out[i]
		says := r.Asked != nil && (r.Asked.TerminalID != "" || r.Asked.DeviceID != "")
		if says || sale.anothers(*r) || slices.Contains(sale.NotThese, r.ID) {
			continue
		}
		read++
		if full, reply := o.payments.Get(ctx, r.ID); reply.Answer == AnswerDone && full.ID == r.ID {
			r.Asked = full.Asked
		}
	}
	return out
}
