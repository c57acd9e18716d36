package pos

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Timeouts of single calls. A poll is cut short early, so that a hung
// connection does not stand between the till and a payment that arrived.
const (
	pollTimeout = 4 * time.Second
	callTimeout = 8 * time.Second
	// ledgerRetry is how long after a failed write of the ledger it is tried again.
	ledgerRetry = time.Second
	// ledgerPatience is how long what takes money waits for the ledger before it
	// counts as not sent. It is well below createSettles, which counts from the
	// fact that could not be written.
	ledgerPatience = 3 * time.Second
)

// Operation is one money operation being run: it performs what Step asks for
// and feeds back what comes of it. One goroutine owns it, from its intent until
// nothing is left to do; screens and commands only look at it and ask.
type Operation struct {
	id       OpID
	payments Payments
	ledger   Ledger

	events  chan Event
	changed chan struct{}
	ended   chan struct{} // closed once the outcome is known
	closed  chan struct{}
	gone    chan struct{}   // closed once nobody takes events any more
	late    func([]Request) // called when money arrived after the end, with what of it was given back

	mu      sync.Mutex
	state   State
	trouble error // the ledger's, while it cannot be written

	timers      map[Timer]*time.Timer
	backlog     []Effect // effects that wait for the ledger
	retryLedger bool     // a ledgerDue event is on its way
	earlier     bool     // the intent was written before this call of the till
	written     Record   // what the durable facts amount to
	facts       int      // how many those are
	heldSince   time.Time
	nextLook    time.Time // what the timer for it is set to
}

func newOperation(id OpID, payments Payments, ledger Ledger) *Operation {
	return &Operation{
		id: id, payments: payments, ledger: ledger,
		events:  make(chan Event, 16),
		changed: make(chan struct{}, 1),
		ended:   make(chan struct{}),
		closed:  make(chan struct{}),
		gone:    make(chan struct{}),
		late:    func([]Request) {},
		state:   State{Op: id},
		timers:  map[Timer]*time.Timer{},
	}
}

// ID is the operation's id in the ledger.
func (o *Operation) ID() OpID { return o.id }

// Earlier reports whether the operation was not begun by the call that gave it,
// but before: it is one that was taken up again, or its record.
func (o *Operation) Earlier() bool { return o.earlier }

// State gives where the operation stands.
func (o *Operation) State() State {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state
}

// LedgerTrouble is why the ledger cannot be written now; nil while it can.
func (o *Operation) LedgerTrouble() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.trouble
}

// Changed gives a value after the state has changed; several changes may give
// one. It is for a single listener.
func (o *Operation) Changed() <-chan struct{} { return o.changed }

// Ended is closed when the outcome is known and written, or the till has been shut
// down.
func (o *Operation) Ended() <-chan struct{} { return o.ended }

// Closed is closed when nothing is left to do or the till has been shut down. A
// sale whose end is doubtful is looked at again afterwards (Record.Doubtful).
func (o *Operation) Closed() <-chan struct{} { return o.closed }

// Stop asks for the operation to be ended. It is safe to call at any time.
func (o *Operation) Stop(why Why) { o.post(StopAsked{Why: why}) }

// Answer gives staff's answer to a condition of the payment request.
func (o *Operation) Answer(conditionID string, accept bool) {
	o.post(ConditionAnswered{ConditionID: conditionID, Accept: accept})
}

func (o *Operation) post(e Event) {
	select {
	case o.events <- e:
	case <-o.gone:
	}
}

// Wait returns the state once done says so, once the operation is closed, or
// when the context ends. It listens to Changed, so nothing else may.
func (o *Operation) Wait(ctx context.Context, done func(State) bool) State {
	for {
		if s := o.State(); done(s) {
			return s
		}
		select {
		case <-o.changed:
		case <-o.closed:
			return o.State()
		case <-ctx.Done():
			return o.State()
		}
	}
}

// begin takes the operation's first step and writes its intent. Where that
// cannot be made durable nothing is sent, and the operation never was. What says
// that a call is about to leave is not written with it but behind it: a write that
// failed and succeeded unseen must not leave in the ledger what recovery would
// take for sent, when whoever asked was told that nothing was.
func (o *Operation) begin(ctx context.Context, intent Opened) ([]Effect, error) {
	var effects []Effect
	o.state, effects = Step(o.state, time.Now(), Begun{Intent: intent})
	return effects[1:], o.append(ctx, leadingEntries(effects[:1]))
}

// beginUnless is begin for an operation on an earlier payment request, unless there
// are others on it than those seen: the error is an *AlreadyOpened then.
func (o *Operation) beginUnless(ctx context.Context, intent Opened, seen []OpID) ([]Effect, error) {
	var effects []Effect
	o.state, effects = Step(o.state, time.Now(), Begun{Intent: intent})
	opened := leadingEntries(effects[:1])
	record := Replay(opened)
	if err := o.ledger.Open(context.WithoutCancel(ctx), o.id, opened[0], record.Summary(o.id), seen); err != nil {
		return nil, err
	}
	o.written, o.facts = record, len(opened)
	return effects[1:], nil
}

// resume takes the operation up from its entries. What that makes true is
// written by run, however long the ledger takes: the operation is this till's now.
func (o *Operation) resume(entries []Entry, how Resumed) (effects []Effect) {
	o.earlier = true
	o.written, o.facts = Replay(entries), len(entries)
	o.state.Record = o.written
	o.state, effects = Step(o.state, time.Now(), how)
	return effects
}

// run owns the operation until there is nothing left to do or to look at again, or
// the till's context ends. What is then still in flight is given up; recovery takes
// it from the ledger. It says when the operation is closed first.
func (o *Operation) run(ctx context.Context, effects []Effect, closed func()) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer close(o.gone)
	defer o.shut(o.closed)
	defer o.shut(o.ended)
	defer o.stopTimers()
	o.perform(ctx, effects)
	o.tell()
	for {
		if o.finished() {
			if o.shut(o.closed) {
				closed()
			}
			if !o.watches() {
				return
			}
		}
		select {
		case e := <-o.events:
			o.handle(ctx, e)
		case <-ctx.Done():
			return
		}
	}
}

// shut closes a channel that only the operation's goroutine closes, and reports
// whether it was open.
func (o *Operation) shut(c chan struct{}) bool {
	select {
	case <-c:
		return false
	default:
		close(c)
		return true
	}
}

// watches reports whether the closed operation is looked at again, and sets the
// time of the next look.
func (o *Operation) watches() bool {
	next := o.state.Record.NextLook()
	if !next.IsZero() && !next.Equal(o.nextLook) {
		o.nextLook = next
		o.wake(Wake{Timer: TimerLookBack, At: next})
	}
	return !next.IsZero() || o.state.Live.lookWanted
}

func (o *Operation) finished() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.state.Record.Closed() && len(o.backlog) == 0
}

func (o *Operation) handle(ctx context.Context, e Event) {
	if _, retry := e.(ledgerDue); retry {
		o.retryLedger = false
		o.perform(ctx, nil)
		o.tell()
		return
	}
	if _, looks := e.(LookOnlyAsked); looks {
		o.dropSendings()
	}
	state, effects := Step(o.state, time.Now(), e)
	// Nobody is shown a code to pay, or an end, that the ledger could still have
	// forgotten. Where it cannot be written, LedgerTrouble says so beside the state.
	o.perform(ctx, effects)
	more := len(state.Record.Late) > len(o.state.Record.Late)
	givenBack := state.Record.givenBackSince(o.state.Record)
	o.mu.Lock()
	o.state = state
	o.mu.Unlock()
	if state.Record.Outcome != OutcomeOpen && len(o.backlog) == 0 {
		o.shut(o.ended)
	}
	if more || len(givenBack) > 0 {
		o.late(givenBack)
	}
	o.tell()
}

func (o *Operation) tell() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// ledgerDue is the runner's own event: try the ledger again.
type ledgerDue struct{}

func (ledgerDue) isEvent() {}

// perform does effects in order. Facts are made durable first; while the ledger
// cannot be written, nothing that can move money leaves: it waits behind the
// facts it rests on, and only reading goes on.
func (o *Operation) perform(ctx context.Context, effects []Effect) {
	queue := slices.Concat(o.backlog, effects)
	o.backlog = nil
	for len(queue) > 0 {
		if entries := leadingEntries(queue); len(entries) > 0 {
			if err := o.append(ctx, entries); err != nil {
				o.hold(ctx, queue)
				return
			}
			queue = queue[len(entries):]
			continue
		}
		o.start(ctx, queue[0])
		queue = queue[1:]
	}
}

func leadingEntries(effects []Effect) []Entry {
	var entries []Entry
	for _, e := range effects {
		w, ok := e.(Write)
		if !ok {
			break
		}
		entries = append(entries, w.Entry)
	}
	return entries
}

func (o *Operation) append(ctx context.Context, entries []Entry) error {
	// What became true is written even while the till is shutting down.
	err := o.write(context.WithoutCancel(ctx), entries)
	o.mu.Lock()
	o.trouble = err
	o.mu.Unlock()
	return err
}

// write appends entries with the summary that they lead to; the state may know
// more already. An append that failed may have succeeded unseen: what of it
// stands in the ledger is not written again.
func (o *Operation) write(ctx context.Context, entries []Entry) error {
	record := o.written
	for _, e := range entries {
		record = record.apply(e)
	}
	missing := entries
	if o.LedgerTrouble() != nil {
		stored, err := o.ledger.Entries(ctx, o.id)
		if err != nil {
			return err
		}
		missing = entries[min(max(0, len(stored)-o.facts), len(entries)):]
	}
	if len(missing) > 0 {
		if err := o.ledger.Append(ctx, o.id, missing, record.Summary(o.id)); err != nil {
			return err
		}
	}
	o.written, o.heldSince = record, time.Time{}
	o.facts += len(entries)
	return nil
}

// hold keeps back what rests on facts that could not be written, but lets
// reading and timers go on, so that the screen stays truthful.
func (o *Operation) hold(ctx context.Context, queue []Effect) {
	if o.heldSince.IsZero() {
		o.heldSince = time.Now()
	}
	for _, e := range queue {
		switch e.(type) {
		case Poll, LookUp, ReadHistory, Wake:
			o.start(ctx, e)
		case Create, Decide, SendRefund, SendConfirm, SendRelease:
			o.holdMoney(e)
		default:
			o.backlog = append(o.backlog, e)
		}
	}
	if !o.retryLedger {
		o.retryLedger = true
		time.AfterFunc(ledgerRetry, func() { o.post(ledgerDue{}) })
	}
}

// holdMoney keeps back what takes money or gives it back, but not for long: it
// must not leave minutes later, when nobody wants it any more. A void, in
// contrast, is wanted until it is done.
func (o *Operation) holdMoney(e Effect) {
	if time.Since(o.heldSince) < ledgerPatience {
		o.backlog = append(o.backlog, e)
		return
	}
	unsent := Reply{Answer: AnswerNotSent, Detail: "the till's record cannot be written"}
	switch e := e.(type) {
	case Create:
		go o.post(CreateReplied{Reply: unsent})
	case Decide:
		go o.post(DecideReplied{ConditionID: e.ConditionID, Reply: unsent})
	case SendRefund, SendConfirm, SendRelease:
		go o.post(ActionReplied{Reply: unsent})
	}
}

// dropSendings keeps what waits for the ledger and would give money back or take it
// from leaving at all.
func (o *Operation) dropSendings() {
	o.backlog = slices.DeleteFunc(o.backlog, func(e Effect) bool {
		switch e.(type) {
		case SendRefund, SendConfirm:
			go o.post(ActionReplied{Reply: Reply{Answer: AnswerNotSent, Detail: "somebody is settling it by hand"}})
			return true
		}
		return false
	})
}

func (o *Operation) start(ctx context.Context, e Effect) {
	switch e := e.(type) {
	case Create:
		o.call(ctx, callTimeout, func(ctx context.Context) Event {
			req, reply := o.payments.Create(ctx, e.Sale)
			return CreateReplied{Reply: reply, Request: req}
		})
	case Poll:
		o.call(hurry(ctx, !e.Unhurried), pollTimeout, func(ctx context.Context) Event {
			req, reply := o.payments.Get(ctx, e.RequestID)
			return PollReplied{RequestID: e.RequestID, Reply: reply, Request: req}
		})
	case LookUp:
		o.call(hurry(ctx, !e.Unhurried), callTimeout, func(ctx context.Context) Event {
			reqs, reply := o.payments.LookUp(ctx, e.Sale.ExternalRef, e.Sale.Origin)
			reqs, err := o.withoutOthers(ctx, reqs)
			if err != nil && reply.Answer == AnswerDone {
				reply = Reply{Detail: err.Error(), Clock: reply.Clock}
			}
			return LookUpReplied{Reply: reply, Requests: o.identified(ctx, e.Sale, reqs)}
		})
	case Void:
		o.call(ctx, callTimeout, func(ctx context.Context) Event {
			reversal, reply := o.payments.Void(ctx, e.RequestID)
			return VoidReplied{RequestID: e.RequestID, Reply: reply, Reversal: reversal}
		})
	case Decide:
		o.call(ctx, callTimeout, func(ctx context.Context) Event {
			reply := o.payments.Decide(ctx, e.RequestID, e.ConditionID, e.Accept)
			return DecideReplied{ConditionID: e.ConditionID, Reply: reply}
		})
	case Wake:
		o.wake(e)
	default:
		o.startAction(ctx, e)
	}
}

func (o *Operation) startAction(ctx context.Context, e Effect) {
	switch e := e.(type) {
	case SendRefund:
		o.callAction(ctx, func(ctx context.Context) (Activity, Reply) { return o.payments.Refund(ctx, e.Refund) })
	case SendConfirm:
		o.callAction(ctx, func(ctx context.Context) (Activity, Reply) { return o.payments.Confirm(ctx, e.Confirm) })
	case SendRelease:
		o.callAction(ctx, func(ctx context.Context) (Activity, Reply) { return o.payments.Release(ctx, e.RequestID) })
	case ReadHistory:
		o.call(ctx, callTimeout, func(ctx context.Context) Event {
			history, reply := o.payments.Activities(ctx, e.RequestID)
			return HistoryReplied{Reply: reply, Activities: history}
		})
	}
}

func (o *Operation) callAction(ctx context.Context, do func(context.Context) (Activity, Reply)) {
	o.call(ctx, callTimeout, func(ctx context.Context) Event {
		activity, reply := do(ctx)
		return ActionReplied{Reply: reply, Activity: activity}
	})
}

// withoutOthers leaves out what other sales of this till stand on: somebody may
// have chosen one reference twice, and a payment belongs to one sale only.
func (o *Operation) withoutOthers(ctx context.Context, requests []Request) ([]Request, error) {
	var rest []Request
	for _, r := range requests {
		holder, err := o.ledger.SaleOf(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if holder == "" || holder == o.id {
			rest = append(rest, r)
		}
	}
	return rest, nil
}

// call makes one call without blocking the operation's goroutine, so that staff
// can stop a payment while the network hangs.
func (o *Operation) call(ctx context.Context, timeout time.Duration, do func(context.Context) Event) {
	go func() {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		o.post(do(ctx))
	}()
}

func (o *Operation) wake(w Wake) {
	if old := o.timers[w.Timer]; old != nil {
		old.Stop()
	}
	o.timers[w.Timer] = time.AfterFunc(time.Until(w.At), func() { o.post(TimerDue{Timer: w.Timer}) })
}

func (o *Operation) stopTimers() {
	for _, t := range o.timers {
		t.Stop()
	}
}
