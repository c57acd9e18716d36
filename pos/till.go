package pos

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Till runs money operations against one service and one ledger.
type Till struct {
	payments Payments
	ledger   Ledger
	ids      IDs
	service  string

	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	// taking has room for whoever begins an action or takes operations up, one at a
	// time, so that none is taken up twice.
	taking chan struct{}

	mu       sync.Mutex
	minted   map[string]bool // references given by NewRef that no sale has yet
	open     []*Operation    // not closed
	watching []*Operation    // closed, and looked at again
	closed   bool
	lates    []LatePayment
	lateCame chan struct{} // has something in it while lates has
}

// ErrTillClosed is given for operations asked of a till that is shutting down.
var ErrTillClosed = errors.New("the till is closing; nothing was sent")

// LedgerError says that an operation was not begun because its intent could not
// be written. Nothing was sent.
type LedgerError struct{ Err error }

// Error says what happened, that nothing was sent, and what to do.
func (e *LedgerError) Error() string {
	return fmt.Sprintf("the till's record could not be written, so nothing was sent and no money moved: %v", e.Err)
}

// Unwrap gives the ledger's own error.
func (e *LedgerError) Unwrap() error { return e.Err }

// NewTill makes a till. The service names what the payments are with (its base
// URL); recovery leaves operations with other services alone.
func NewTill(payments Payments, ledger Ledger, ids IDs, service string) *Till {
	ctx, cancel := context.WithCancel(context.Background())
	return &Till{payments: payments, ledger: ledger, ids: ids, service: service, ctx: ctx, cancel: cancel, taking: make(chan struct{}, 1), minted: map[string]bool{}, lateCame: make(chan struct{}, 1)}
}

// NewRef mints a reference for a sale.
func (t *Till) NewRef(terminalID string) string {
	ref := t.ids.NewRef(terminalID)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.minted[ref] = true
	return ref
}

// Sell begins a sale. A sale without a reference is given one, and without an
// expiry the default. It returns once the intent is durable; the create then
// goes out by itself. Under a reference that somebody chose none is begun beside another
// that may still be paid, nor, unless it is meant (Sale.Again), after one that was paid
// of the same amount. The error is an InputError for a sale that cannot be, and
// a LedgerError when it could not be written; nothing was sent then.
func (t *Till) Sell(ctx context.Context, sale Sale) (*Operation, error) {
	sale = t.filled(sale)
	if err := sale.Check(); err != nil {
		return nil, err
	}
	if sale.RefGiven {
		return t.sellAs(ctx, sale)
	}
	return t.begin(ctx, Opened{Kind: KindSale, Service: t.service, Sale: &sale})
}

// Void begins the voiding of a payment request: it is cancelled if unpaid, and
// its money given back if paid. Where an earlier void of it is open, that one is given;
// beside a refund, a confirmation or a release of it that is open none is begun. Errors
// are as with Refund.
func (t *Till) Void(ctx context.Context, target Target) (*Operation, error) {
	if target.RequestID == "" {
		return nil, &InputError{Code: CodeInvalidSale, Problem: "there is no payment request to void"}
	}
	return t.beginAction(ctx, Opened{Kind: KindVoid, Service: t.service, Void: &target}, false)
}

func (t *Till) begin(ctx context.Context, intent Opened) (*Operation, error) {
	if t.isClosed() {
		return nil, ErrTillClosed
	}
	op := newOperation(t.ids.NewOp(), t.payments, t.ledger)
	effects, err := op.begin(ctx, intent)
	if err != nil {
		return nil, &LedgerError{Err: err}
	}
	return op, t.run(op, effects)
}

func (t *Till) isClosed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.closed
}

// run starts the goroutine that owns the operation. An operation whose intent is
// written and that finds the till closed is left to recovery.
func (t *Till) run(op *Operation, effects []Effect) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return ErrTillClosed
	}
	t.open = append(t.open, op)
	op.late = func(givenBack []Request) { t.cameLate(op, givenBack) }
	t.running.Go(func() {
		op.run(t.ctx, effects, func() { t.move(op, true) })
		t.move(op, false)
	})
	return nil
}

// move takes an operation that is closed off the list of open ones; it may be
// looked at again.
func (t *Till) move(op *Operation, watched bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	is := func(o *Operation) bool { return o == op }
	t.open, t.watching = slices.DeleteFunc(t.open, is), slices.DeleteFunc(t.watching, is)
	if watched {
		t.watching = append(t.watching, op)
	}
}

// Open gives the operations that are running, oldest first.
func (t *Till) Open() []*Operation {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.open)
}

// Recover takes up every operation of this service that a process which has
// ended left unfinished, and runs each to its end. Sales that have ended, but of
// which money may still arrive, are looked at again behind that (NextLate). Those it gives are running
// even beside an error, which names those that could not be read.
func (t *Till) Recover(ctx context.Context) ([]*Operation, error) {
	if err := t.take(ctx); err != nil {
		return nil, err
	}
	defer t.taken()
	ids, err := t.ledger.ClaimOrphans(ctx, t.service)
	if err != nil {
		return nil, fmt.Errorf("find unfinished payments: %w", err)
	}
	ops := make([]*Operation, 0, len(ids))
	var problems []error
	for _, id := range ids {
		op, err := t.recover(ctx, id, Resumed{})
		if err != nil {
			problems = append(problems, err)
			continue
		}
		ops = append(ops, op)
	}
	if _, err := t.watchDoubtful(ctx, time.Now().Add(-doubtLasts), false); err != nil {
		problems = append(problems, err)
	}
	return ops, errors.Join(problems...)
}

// take waits for its turn to begin an action or to take operations up.
func (t *Till) take(ctx context.Context) error {
	select {
	case t.taking <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for unfinished payments to be taken up; nothing was sent: %w", context.Cause(ctx))
	}
}

func (t *Till) taken() { <-t.taking }

func (t *Till) recover(ctx context.Context, id OpID, how Resumed) (*Operation, error) {
	entries, err := t.ledger.Entries(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read the unfinished payment %s: %w", id, err)
	}
	op := newOperation(id, t.payments, t.ledger)
	if err := t.run(op, op.resume(entries, how)); err != nil {
		return nil, err
	}
	return op, nil
}

// Drain ends the till: no new operation is begun, every open one is asked to
// stop, and Drain waits until all are closed or the context ends. Whatever is
// still open then stays in the ledger as unfinished. It reports the operations
// that were open when it was called.
func (t *Till) Drain(ctx context.Context) []*Operation {
	t.mu.Lock()
	t.closed = true
	open := slices.Clone(t.open)
	t.mu.Unlock()
	for _, op := range open {
		op.Stop(WhyShutdown)
	}
	for _, op := range open {
		select {
		case <-op.Closed():
		case <-ctx.Done():
		}
	}
	t.cancel()
	t.running.Wait()
	return open
}
