package pos

import (
	"encoding/json"
	"fmt"
	"time"
)

// Fact is something that became true of one operation and must survive: the
// ledger's entries are facts, and an operation's durable state is nothing but
// its facts applied in order (Replay). Facts are values; none is ever changed.
type Fact interface {
	// FactName is the name the ledger stores, fixed for ever.
	FactName() string
}

// Opened is an operation's intent: the first fact of every operation, durable
// before its first call leaves. Exactly one of the intents is set, that of its kind.
type Opened struct {
	Kind    Kind     `json:"kind"`
	Sale    *Sale    `json:"sale,omitempty"`
	Void    *Target  `json:"void,omitempty"`
	Refund  *Refund  `json:"refund,omitempty"`
	Confirm *Confirm `json:"confirm,omitempty"`
	Release *Release `json:"release,omitempty"`
	// Service is the base URL or name of the service the operation is with; it
	// is recovered at that service only.
	Service string `json:"service"`
}

// CreateSent says that one more create is about to leave, after an unknown one.
type CreateSent struct{}

// CreateNotSent says that a create left nothing at the service: it never got
// there, or was turned away before being acted on.
type CreateNotSent struct {
	Detail string `json:"detail,omitempty"`
}

// CreateRefused is the service's definite no to a create.
type CreateRefused struct {
	Refusal Refusal `json:"refusal"`
}

// LostWrittenOff says that creates whose answers were lost need no more
// looking for: nobody can pay what they may have made.
type LostWrittenOff struct {
	Why string `json:"why"`
}

// NoAnswer says that a call which can change things got no definite answer.
type NoAnswer struct {
	Call   string `json:"call"`             // create, void or condition; or the action: refund, confirm or release
	Detail string `json:"detail,omitempty"` // for support
}

// Adopted says which payment request the operation stands on from now on.
type Adopted struct {
	Request Request `json:"request"`
}

// Noted is a reading of the adopted request that says something new.
type Noted struct {
	Request Request `json:"request"`
}

// StrayFound is another payment request made for the same sale by a create
// whose answer was lost. It must be voided.
type StrayFound struct {
	Request Request `json:"request"`
}

// Decided is staff's answer to a condition, durable before it is sent, since
// accepting can make the money move.
type Decided struct {
	ConditionID string `json:"conditionId"`
	Accept      bool   `json:"accept"`
}

// StopWanted says that the operation is to be brought to an end, and why.
type StopWanted struct {
	Why Why `json:"why"`
}

// VoidSent says that a void of a request is about to leave.
type VoidSent struct {
	RequestID string `json:"requestId"`
}

// VoidNotSent says that a void never reached the service.
type VoidNotSent struct {
	RequestID string `json:"requestId"`
	Detail    string `json:"detail,omitempty"`
}

// VoidDone is the service's word that a request was voided.
type VoidDone struct {
	RequestID string   `json:"requestId"`
	Reversal  Reversal `json:"reversal"`
}

// VoidRefused is the service's definite no to a void.
type VoidRefused struct {
	RequestID string  `json:"requestId"`
	Refusal   Refusal `json:"refusal"`
}

// Ended states the outcome. No later fact changes it but PaidLate. Only what is left
// behind may follow it: strays, lost creates and looks back.
type Ended struct {
	Outcome Outcome  `json:"outcome"`
	Refusal *Refusal `json:"refusal,omitempty"` // what the service refused, with OutcomeRefused
	Detail  string   `json:"detail,omitempty"`  // why nothing was made, with OutcomeNotMade
	// Doubtful: money could still move, so that a sale is looked at again.
	Doubtful bool `json:"doubtful,omitempty"`
}

// Why is the reason an operation is being stopped.
type Why string

// The reasons to stop.
const (
	WhyNone     Why = ""
	WhyStaff    Why = "staff"    // the cashier pressed stop
	WhyShutdown Why = "shutdown" // the program is ending
	WhyDeadline Why = "deadline" // the till's deadline passed without a final status
	WhyReplaced Why = "replaced" // another sale takes its place
	WhyRecovery Why = "recovery" // found unfinished after a restart; nobody is watching
	// WhyDiffers: the payment request that was made is not the one asked for.
	WhyDiffers Why = "not-as-asked"
)

// FactName implements Fact.
func (Opened) FactName() string { return "opened" }

// FactName implements Fact.
func (CreateSent) FactName() string { return "create-sent" }

// FactName implements Fact.
func (CreateNotSent) FactName() string { return "create-not-sent" }

// FactName implements Fact.
func (CreateRefused) FactName() string { return "create-refused" }

// FactName implements Fact.
func (LostWrittenOff) FactName() string { return "lost-written-off" }

// FactName implements Fact.
func (VoidNotSent) FactName() string { return "void-not-sent" }

// FactName implements Fact.
func (NoAnswer) FactName() string { return "no-answer" }

// FactName implements Fact.
func (Adopted) FactName() string { return "adopted" }

// FactName implements Fact.
func (Noted) FactName() string { return "noted" }

// FactName implements Fact.
func (StrayFound) FactName() string { return "stray-found" }

// FactName implements Fact.
func (Decided) FactName() string { return "decided" }

// FactName implements Fact.
func (StopWanted) FactName() string { return "stop-wanted" }

// FactName implements Fact.
func (VoidSent) FactName() string { return "void-sent" }

// FactName implements Fact.
func (VoidDone) FactName() string { return "void-done" }

// FactName implements Fact.
func (VoidRefused) FactName() string { return "void-refused" }

// FactName implements Fact.
func (Ended) FactName() string { return "ended" }

// Entry is a fact with the time it became known, by the till's clock.
type Entry struct {
	At   time.Time
	Fact Fact
}

// EncodeFact writes a fact's content as the JSON the ledger stores.
func EncodeFact(f Fact) ([]byte, error) {
	data, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write the fact %q: %w", f.FactName(), err)
	}
	return data, nil
}

// DecodeFact reads a fact back from its name and what EncodeFact wrote. A name
// this version does not know is an error: guessing would change what happened.
func DecodeFact(name string, data []byte) (Fact, error) {
	decode, known := factDecoders[name]
	if !known {
		return nil, fmt.Errorf("the ledger holds a fact %q that this version of the till does not know", name)
	}
	return decode(name, data)
}

var factDecoders = map[string]func(string, []byte) (Fact, error){
	Opened{}.FactName():         decodeAs[Opened],
	CreateSent{}.FactName():     decodeAs[CreateSent],
	CreateNotSent{}.FactName():  decodeAs[CreateNotSent],
	CreateRefused{}.FactName():  decodeAs[CreateRefused],
	LostWrittenOff{}.FactName(): decodeAs[LostWrittenOff],
	NoAnswer{}.FactName():       decodeAs[NoAnswer],
	Adopted{}.FactName():        decodeAs[Adopted],
	Noted{}.FactName():          decodeAs[Noted],
	StrayFound{}.FactName():     decodeAs[StrayFound],
	Decided{}.FactName():        decodeAs[Decided],
	StopWanted{}.FactName():     decodeAs[StopWanted],
	VoidSent{}.FactName():       decodeAs[VoidSent],
	VoidNotSent{}.FactName():    decodeAs[VoidNotSent],
	VoidDone{}.FactName():       decodeAs[VoidDone],
	VoidRefused{}.FactName():    decodeAs[VoidRefused],
	Ended{}.FactName():          decodeAs[Ended],
	ActionSent{}.FactName():     decodeAs[ActionSent],
	ActionNotSent{}.FactName():  decodeAs[ActionNotSent],
	ActionRefused{}.FactName():  decodeAs[ActionRefused],
	ActionDone{}.FactName():     decodeAs[ActionDone],
	ActionFound{}.FactName():    decodeAs[ActionFound],
	WordGiven{}.FactName():      decodeAs[WordGiven],
	LookedBack{}.FactName():     decodeAs[LookedBack],
	PaidLate{}.FactName():       decodeAs[PaidLate],
}

func decodeAs[F Fact](name string, data []byte) (Fact, error) {
	var f F
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("read the fact %q: %w", name, err)
	}
	return f, nil
}
