package ui

import (
	"slices"

	"centrapos/pos"
)

// payment is a money operation that this run began and listens to.
type payment struct {
	attempt int
	op      operation
	now     snapshot
	told    bool // staff have seen how it ended
}

// over reports whether nothing is left to do for an operation.
func (s snapshot) over() bool { return s.closed || s.state.Record.Closed() }

// untold reports whether a payment has ended without staff having seen how.
func (p payment) untold() bool { return p.now.state.Phase() == pos.PhaseEnded && !p.told }

// payments are those of this run that are not over and told. The slice is never
// changed in place.
type payments []payment

func (p payments) of(id pos.OpID) (payment, bool) {
	for _, each := range p {
		if each.now.id == id {
			return each, true
		}
	}
	return payment{}, false
}

func (p payments) attempt(n int) (payment, bool) {
	for _, each := range p {
		if each.attempt == n {
			return each, true
		}
	}
	return payment{}, false
}

// with gives the payments with one of them changed. One that is closed, and told,
// is forgotten.
func (p payments) with(changed payment) payments {
	out := slices.Clone(p)
	i := slices.IndexFunc(out, func(each payment) bool { return each.now.id == changed.now.id })
	switch {
	case i < 0:
		return append(out, changed)
	case changed.now.closed && changed.told:
		return slices.Delete(out, i, i+1)
	}
	out[i] = changed
	return out
}

// open are the payments whose end is not known.
func (p payments) open() []pos.OpID {
	var out []pos.OpID
	for _, each := range p {
		if each.now.state.Phase() != pos.PhaseEnded {
			out = append(out, each.now.id)
		}
	}
	return out
}

// unfinishedOf puts together what is not closed: what the till listed, brought up
// to date by what this run knows, and this run's own. The payment in front is
// left out: staff are looking at it.
func (p payments) unfinishedOf(listed []pos.Summary, front pos.OpID) []pos.Summary {
	var out []pos.Summary
	for _, each := range listed {
		if _, own := p.of(each.Op); !own && each.Op != front && !each.Closed {
			out = append(out, each)
		}
	}
	for _, each := range p {
		if each.now.id != front && !each.now.over() {
			out = append(out, each.now.state.Record.Summary(each.now.id))
		}
	}
	slices.SortStableFunc(out, func(a, b pos.Summary) int { return a.OpenedAt.Compare(b.OpenedAt) })
	return out
}
