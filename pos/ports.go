package pos

import (
	"context"
	"strings"
	"time"
)

// unhurried marks the context of a call that no customer waits for.
type unhurried struct{}

// hurry gives a context for a call that a customer waits for, or does not.
func hurry(ctx context.Context, waits bool) context.Context {
	if waits {
		return ctx
	}
	return context.WithValue(ctx, unhurried{}, true)
}

// Unhurried reports whether no customer waits for the call that is made with this
// context: under a limit of calls, those that one waits for go first.
func Unhurried(ctx context.Context) bool { return ctx.Value(unhurried{}) != nil }

// Payments is the Centrapay service as the payment rules need it. Each call is
// tried once: repeating is for the rules to decide. A Reply is always given,
// never an error: what could not be done is an answer too. Calls must end when
// their context does, and may be made from several goroutines at once.
type Payments interface {
	// Create makes a payment request for a sale. It has no idempotency key.
	Create(ctx context.Context, sale Sale) (Request, Reply)
	// Get reads a payment request by its id.
	Get(ctx context.Context, requestID string) (Request, Reply)
	// GetByShortCode reads the newest payment request with a short code.
	GetByShortCode(ctx context.Context, shortCode string) (Request, Reply)
	// LookUp lists every payment request that carries an external reference,
	// at the merchant account the origin names.
	LookUp(ctx context.Context, externalRef string, origin Origin) ([]Request, Reply)
	// Void cancels a payment request, or gives a paid one's money back.
	Void(ctx context.Context, requestID string) (Reversal, Reply)
	// Decide accepts or declines a condition of a payment request.
	Decide(ctx context.Context, requestID, conditionID string, accept bool) Reply
	// Refund begins to give money back. The service takes a repeat with the same
	// reference and amount for the same refund.
	Refund(ctx context.Context, refund Refund) (Activity, Reply)
	// Confirm draws on a pre-auth. The service takes a repeat with the same key and
	// content for the same confirmation.
	Confirm(ctx context.Context, confirm Confirm) (Activity, Reply)
	// Release ends a pre-auth. It has no key.
	Release(ctx context.Context, requestID string) (Activity, Reply)
	// Activities gives the whole history of a payment request, newest first. What is
	// answered with AnswerDone lacks nothing that the service lists.
	Activities(ctx context.Context, requestID string) ([]Activity, Reply)
}

// Ledger is the till's local record. It is append-only: there is no call that
// changes or removes an entry.
type Ledger interface {
	// Append makes entries of one operation durable, all or none, in order, and
	// the summary that they lead to with them. When it returns nil they survive
	// the loss of power. The operation's first append makes the caller its owner.
	Append(ctx context.Context, op OpID, entries []Entry, summary Summary) error
	// Entries gives an operation's entries in order; none for an unknown operation.
	Entries(ctx context.Context, op OpID) ([]Entry, error)
	// SaleOf gives the sale that stands on a payment request; empty when no sale
	// of this ledger does.
	SaleOf(ctx context.Context, requestID string) (OpID, error)
	// ClaimOrphans takes over, for this process, the operations at a service that
	// are not closed and whose owner is no longer running, and lists them oldest
	// first. An operation is never given to two owners.
	ClaimOrphans(ctx context.Context, service string) ([]OpID, error)
	// Claim takes over one operation for this process. It reports whether the
	// operation is in this process's hands: not while its owner is running.
	Claim(ctx context.Context, op OpID) (mine bool, err error)
	// ClaimDoubtful takes over, for this process, the sales at a service that were
	// opened at or after a time, have ended and are doubtful (Summary.Doubtful), and
	// whose owner is no longer running, and lists them with those that are this
	// process's already, oldest first.
	ClaimDoubtful(ctx context.Context, service string, since time.Time) ([]OpID, error)
	// ActionsOn lists the operations on a payment request that was made before - voids,
	// refunds, confirmations and releases, but no sales - at any service of the family
	// (ServiceFamily), oldest first.
	ActionsOn(ctx context.Context, service, requestID string) ([]OpID, error)
	// SalesBy lists the sales that carry a reference, at any service of the family
	// (ServiceFamily), oldest first.
	SalesBy(ctx context.Context, service, externalRef string) ([]OpID, error)
	// Open is the first Append of an operation that ActionsOn or SalesBy lists: it makes
	// the intent durable and the caller its owner, if ActionsOn would list no other
	// operations on its request (Summary.Service, Summary.RequestID) than those seen or,
	// for a sale, SalesBy no other sales with its reference (Summary.ExternalRef).
	// Looking and writing are one atomic step, also between processes: whoever decided
	// by what was seen to begin one more decided by all there is. Where another was
	// opened since, nothing is written and the error is an *AlreadyOpened; the till
	// then reads again and decides anew. With any other error it is as with Append.
	Open(ctx context.Context, op OpID, intent Entry, summary Summary, seen []OpID) error
}

// AlreadyOpened says that an operation was not opened (Ledger.Open), since another on
// the same payment request, or another sale with the same reference, has been opened that whoever asked had not seen. Nothing
// was written.
type AlreadyOpened struct {
	Op OpID // the oldest one that had not been seen
}

// Error names the operation.
func (e *AlreadyOpened) Error() string {
	return "another operation on the same payment request, or with the same reference, was begun meanwhile: " + string(e.Op)
}

// ServiceFamily gives what services have in common that see the same payment requests:
// a service is named by its base URL, and forms of the API that speak to the same one
// by a # and a word behind it ("https://service.centrapay.com#legacy").
func ServiceFamily(service string) string {
	family, _, _ := strings.Cut(service, "#")
	return family
}

// IDs mints what must be unique. It is the one source of randomness of the
// payment rules, so that a simulation can replace it.
type IDs interface {
	// NewOp gives an operation id never given before.
	NewOp() OpID
	// NewRef gives an external reference never given before, by any till.
	NewRef(terminalID string) string
}
