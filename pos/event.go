package pos

import "time"

// Event is something that happened to one operation. Events and the time they
// happened are all that Step reads besides the state.
type Event interface{ isEvent() }

// Begun starts a new operation with its intent.
type Begun struct{ Intent Opened }

// Resumed goes on with an operation that was replayed from the ledger after its
// process ended.
type Resumed struct {
	// LookOnly: it is taken up for a person who is about to settle it by hand; a
	// refund, a confirmation or a release is looked at, and not sent again.
	LookOnly bool
}

// LookOnlyAsked is Resumed.LookOnly for an operation that is running: nothing of a
// refund, a confirmation or a release is sent any more.
type LookOnlyAsked struct{}

// TimerDue says that a timer set by a Wake effect ran out.
type TimerDue struct{ Timer Timer }

// StopAsked says that somebody wants the operation ended.
type StopAsked struct{ Why Why }

// ConditionAnswered is staff's answer to a condition.
type ConditionAnswered struct {
	ConditionID string
	Accept      bool
}

// CreateReplied is the answer to a Create effect.
type CreateReplied struct {
	Reply   Reply
	Request Request // with AnswerDone
}

// PollReplied is the answer to a Poll effect.
type PollReplied struct {
	RequestID string
	Reply     Reply
	Request   Request // with AnswerDone
}

// LookUpReplied is the answer to a LookUp effect.
type LookUpReplied struct {
	Reply    Reply
	Requests []Request // with AnswerDone
}

// VoidReplied is the answer to a Void effect.
type VoidReplied struct {
	RequestID string
	Reply     Reply
	Reversal  Reversal // with AnswerDone
}

// DecideReplied is the answer to a Decide effect.
type DecideReplied struct {
	ConditionID string
	Reply       Reply
}

// ActionReplied is the answer to a SendRefund, SendConfirm or SendRelease effect.
type ActionReplied struct {
	Reply    Reply
	Activity Activity // with AnswerDone
}

// LookBackAsked asks to look again now at a sale that has ended, or at a refund, a
// confirmation or a release that is in doubt, as when a shift is closed.
type LookBackAsked struct{}

// HistoryReplied is the answer to a ReadHistory effect.
type HistoryReplied struct {
	Reply      Reply
	Activities []Activity // with AnswerDone
}

func (Begun) isEvent()             {}
func (Resumed) isEvent()           {}
func (TimerDue) isEvent()          {}
func (StopAsked) isEvent()         {}
func (ConditionAnswered) isEvent() {}
func (CreateReplied) isEvent()     {}
func (PollReplied) isEvent()       {}
func (LookUpReplied) isEvent()     {}
func (VoidReplied) isEvent()       {}
func (DecideReplied) isEvent()     {}
func (ActionReplied) isEvent()     {}
func (HistoryReplied) isEvent()    {}
func (LookBackAsked) isEvent()     {}
func (LookOnlyAsked) isEvent()     {}

// Effect is something the runner must do next. Effects are performed in the
// order given, and none that reaches the service is performed before the Write
// effects ahead of it are durable.
type Effect interface{ isEffect() }

// Write puts a fact into the ledger.
type Write struct{ Entry Entry }

// Create makes a payment request for the sale.
type Create struct{ Sale Sale }

// Poll reads a payment request. No customer waits for one that is unhurried.
type Poll struct {
	RequestID string
	Unhurried bool
}

// LookUp lists the payment requests that carry a sale's reference. No customer
// waits for one that is unhurried.
type LookUp struct {
	Sale      Sale
	Unhurried bool
}

// Void cancels a payment request, or gives its money back.
type Void struct{ RequestID string }

// Decide answers a condition.
type Decide struct {
	RequestID, ConditionID string
	Accept                 bool
}

// SendRefund asks for a refund.
type SendRefund struct{ Refund Refund }

// SendConfirm asks for a confirmation.
type SendConfirm struct{ Confirm Confirm }

// SendRelease asks for the release of a pre-auth.
type SendRelease struct{ RequestID string }

// ReadHistory reads the activities of a payment request.
type ReadHistory struct{ RequestID string }

// Wake asks for a TimerDue event at a time by the till's clock. It replaces an
// earlier Wake of the same timer.
type Wake struct {
	Timer Timer
	At    time.Time
}

func (Write) isEffect()       {}
func (Create) isEffect()      {}
func (Poll) isEffect()        {}
func (LookUp) isEffect()      {}
func (Void) isEffect()        {}
func (Decide) isEffect()      {}
func (SendRefund) isEffect()  {}
func (SendConfirm) isEffect() {}
func (SendRelease) isEffect() {}
func (ReadHistory) isEffect() {}
func (Wake) isEffect()        {}

// Timer names one of an operation's timers.
type Timer string

// The timers of an operation.
const (
	TimerPoll     Timer = "poll"
	TimerDeadline Timer = "deadline"
	TimerCreate   Timer = "create"
	TimerLookUp   Timer = "look-up"
	TimerVoid     Timer = "void"
	TimerAction   Timer = "action"
	TimerHistory  Timer = "history"
	// TimerLookBack is for the looks after the end; whoever runs the operation sets
	// it for Record.NextLook too.
	TimerLookBack Timer = "look-back"
)
