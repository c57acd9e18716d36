package ui

import (
	"context"
	"time"

	"centrapos/pos"
)

// Records is what is known of earlier operations: by this till's record, and by
// Centrapay. Every call may do I/O, ends when its context does, and may be made
// from several goroutines at once.
type Records interface {
	// Search lists operations, newest first, at most q.Limit of them.
	Search(ctx context.Context, q RecordQuery) ([]pos.Summary, error)
	// Named lists the operations that a key names, newest first: an operation's id,
	// or the id, short code or reference of its payment request.
	Named(ctx context.Context, key string) ([]pos.Summary, error)
	// Entries gives an operation's facts in order; none for an unknown operation.
	Entries(ctx context.Context, op pos.OpID) ([]pos.Entry, error)
	// Request reads a payment request at Centrapay, by its id or short code.
	Request(ctx context.Context, key string) (pos.Request, pos.Reply)
	// Activities gives the whole history of a payment request at Centrapay, newest first.
	Activities(ctx context.Context, requestID string) ([]pos.Activity, pos.Reply)
}

// RecordQuery says which operations are looked for.
type RecordQuery struct {
	// Words all stand in an operation's short codes, references, amount, kind or outcome.
	Words string
	// Kind is the only kind wanted; empty for all.
	Kind  pos.Kind
	Limit int
}

// Preferences are what staff can change of the till while it runs.
type Preferences struct {
	// Theme is the name of the colours; empty for those that suit the terminal.
	Theme string
	// Bell: the terminal's bell is rung when a payment has arrived.
	Bell bool
	// ScanGap is the longest pause between two characters of one scan.
	ScanGap time.Duration
}
