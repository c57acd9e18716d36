package postest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"centrapos/pos"
)

// ErrDead is what a Ledger gives after its process was declared dead.
var ErrDead = errors.New("the process that held this ledger has ended")

// store is what all processes share: the file.
type store struct {
	mu     sync.Mutex
	ops    map[pos.OpID]*stored
	order  []pos.OpID
	living map[*Ledger]bool
}

// stored is one operation's part of the store.
type stored struct {
	owner   *Ledger
	service string
	entries []pos.Entry
	summary pos.Summary
	appends int
}

// Ledger is one process's handle on a ledger in memory. It implements
// pos.Ledger and is safe for concurrent use.
type Ledger struct {
	store *store
	// fail is asked ahead of each append; guarded by store.mu.
	fail func() appendFault
}

// appendFault is how one append fails; none when the error is nil.
type appendFault struct {
	err    error
	stored bool // the entries are durable all the same
}

// NewLedger gives an empty ledger, held by one living process.
func NewLedger() *Ledger {
	s := &store{ops: map[pos.OpID]*stored{}, living: map[*Ledger]bool{}}
	return s.open()
}

func (s *store) open() *Ledger {
	l := &Ledger{store: s}
	s.living[l] = true
	return l
}

// Second gives the handle of another living process on the same ledger.
func (l *Ledger) Second() *Ledger {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return l.store.open()
}

// Restart declares this handle's process dead and gives the handle of the
// process that comes after it.
func (l *Ledger) Restart() *Ledger {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	delete(l.store.living, l)
	return l.store.open()
}

// Fail makes every append fail with err, storing nothing, until Fail(nil).
func (l *Ledger) Fail(err error) {
	l.setFault(func() appendFault { return appendFault{err: err} })
}

// FailNext makes the next n appends fail with err, storing nothing.
func (l *Ledger) FailNext(n int, err error) { l.setFault(times(n, appendFault{err: err})) }

// FailNextAfterStoring makes the next n appends store their entries and report
// err all the same, as a commit does whose answer was lost.
func (l *Ledger) FailNextAfterStoring(n int, err error) {
	l.setFault(times(n, appendFault{err: err, stored: true}))
}

func times(n int, fault appendFault) func() appendFault {
	return func() appendFault {
		if n--; n < 0 {
			return appendFault{}
		}
		return fault
	}
}

func (l *Ledger) setFault(fail func() appendFault) {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	l.fail = fail
}

// Append implements pos.Ledger. What it returns nil for is durable.
func (l *Ledger) Append(_ context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return l.append(op, entries, summary)
}

func (l *Ledger) append(op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	s := l.store
	if !s.living[l] {
		return ErrDead
	}
	var fault appendFault
	if l.fail != nil {
		fault = l.fail()
	}
	if fault.err != nil && !fault.stored {
		return fault.err
	}
	o := s.ops[op]
	if o == nil {
		o = &stored{owner: l, service: summary.Service}
		s.ops[op] = o
		s.order = append(s.order, op)
	}
	if o.owner != l {
		return errors.New("the operation belongs to another process")
	}
	o.entries = append(o.entries, entries...)
	o.summary = summary
	o.appends++
	return fault.err
}

// Entries implements pos.Ledger.
func (l *Ledger) Entries(_ context.Context, op pos.OpID) ([]pos.Entry, error) {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if !l.store.living[l] {
		return nil, ErrDead
	}
	if o := l.store.ops[op]; o != nil {
		return slices.Clone(o.entries), nil
	}
	return nil, nil
}

// SaleOf implements pos.Ledger.
func (l *Ledger) SaleOf(_ context.Context, requestID string) (pos.OpID, error) {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if !l.store.living[l] {
		return "", ErrDead
	}
	for _, op := range l.store.order {
		if s := l.store.ops[op].summary; s.Kind == pos.KindSale && s.RequestID == requestID {
			return op, nil
		}
	}
	return "", nil
}

// ClaimOrphans implements pos.Ledger.
func (l *Ledger) ClaimOrphans(_ context.Context, service string) ([]pos.OpID, error) {
	s := l.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.living[l] {
		return nil, ErrDead
	}
	var claimed []pos.OpID
	for _, id := range s.order {
		o := s.ops[id]
		if o.service == service && !o.summary.Closed && !s.living[o.owner] {
			o.owner = l
			claimed = append(claimed, id)
		}
	}
	return claimed, nil
}

// ClaimDoubtful implements pos.Ledger.
func (l *Ledger) ClaimDoubtful(_ context.Context, service string, since time.Time) ([]pos.OpID, error) {
	s := l.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.living[l] {
		return nil, ErrDead
	}
	var claimed []pos.OpID
	for _, id := range s.order {
		o := s.ops[id]
		mine := o.owner == l || !s.living[o.owner]
		if o.service == service && o.summary.Closed && o.summary.Doubtful && !o.summary.OpenedAt.Before(since) && mine {
			o.owner = l
			claimed = append(claimed, id)
		}
	}
	return claimed, nil
}

// Claim implements pos.Ledger.
func (l *Ledger) Claim(_ context.Context, op pos.OpID) (bool, error) {
	s := l.store
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.living[l] {
		return false, ErrDead
	}
	o := s.ops[op]
	switch {
	case o == nil:
		return false, nil
	case o.owner != l && !s.living[o.owner] && !o.summary.Closed:
		o.owner = l
	}
	return o.owner == l, nil
}

// ActionsOn implements pos.Ledger.
func (l *Ledger) ActionsOn(_ context.Context, service, requestID string) ([]pos.OpID, error) {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if !l.store.living[l] {
		return nil, ErrDead
	}
	return l.store.actionsOn(service, requestID), nil
}

func (s *store) actionsOn(service, requestID string) []pos.OpID {
	family := pos.ServiceFamily(service)
	var ops []pos.OpID
	for _, id := range s.order {
		o := s.ops[id].summary
		if o.Kind != pos.KindSale && o.RequestID == requestID && pos.ServiceFamily(o.Service) == family {
			ops = append(ops, id)
		}
	}
	return ops
}

// SalesBy implements pos.Ledger.
func (l *Ledger) SalesBy(_ context.Context, service, externalRef string) ([]pos.OpID, error) {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if !l.store.living[l] {
		return nil, ErrDead
	}
	return l.store.salesBy(service, externalRef), nil
}

func (s *store) salesBy(service, externalRef string) []pos.OpID {
	family := pos.ServiceFamily(service)
	var ops []pos.OpID
	for _, id := range s.order {
		o := s.ops[id].summary
		if o.Kind == pos.KindSale && o.ExternalRef == externalRef && pos.ServiceFamily(o.Service) == family {
			ops = append(ops, id)
		}
	}
	return ops
}

// Open implements pos.Ledger.
func (l *Ledger) Open(_ context.Context, op pos.OpID, intent pos.Entry, summary pos.Summary, seen []pos.OpID) error {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	others := l.store.actionsOn(summary.Service, summary.RequestID)
	if summary.Kind == pos.KindSale {
		others = l.store.salesBy(summary.Service, summary.ExternalRef)
	}
	for _, other := range others {
		if !slices.Contains(seen, other) {
			return &pos.AlreadyOpened{Op: other}
		}
	}
	return l.append(op, []pos.Entry{intent}, summary)
}

// Ops lists every operation, oldest first, whoever owns it.
func (l *Ledger) Ops() []pos.OpID {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	return slices.Clone(l.store.order)
}

// Facts gives the facts of an operation in order, whoever owns it.
func (l *Ledger) Facts(op pos.OpID) []pos.Fact {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	o := l.store.ops[op]
	if o == nil {
		return nil
	}
	facts := make([]pos.Fact, 0, len(o.entries))
	for _, e := range o.entries {
		facts = append(facts, e.Fact)
	}
	return facts
}

// Record replays an operation's entries, whoever owns it.
func (l *Ledger) Record(op pos.OpID) pos.Record {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	if o := l.store.ops[op]; o != nil {
		return pos.Replay(o.entries)
	}
	return pos.Record{}
}

// Summaries gives the line of every operation as it was last written, oldest first.
func (l *Ledger) Summaries() []pos.Summary {
	l.store.mu.Lock()
	defer l.store.mu.Unlock()
	lines := make([]pos.Summary, 0, len(l.store.order))
	for _, id := range l.store.order {
		lines = append(lines, l.store.ops[id].summary)
	}
	return lines
}
