package ledger

import (
	"slices"
	"sync"

	"centrapos/pos"
)

// memory keeps the entries of operations that this process is in the middle of,
// so that appending to a long one does not read it all again. It is never relied
// on: entries do not change, so what is kept is all there is for as long as nobody
// else has written, and all there is or too short after that.
type memory struct {
	mu   sync.Mutex
	kept map[string]remembrance
}

// remembrance is what an operation had when the record was of a version (tip).
type remembrance struct {
	entries []pos.Entry
	line    projection // as this process wrote it
	version int64
}

// of gives what is kept of an operation.
func (m *memory) of(op string) remembrance {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[op]
}

// keep replaces what is kept of the operation; once nothing is to follow, by nothing.
func (m *memory) keep(op string, now remembrance) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.line.Closed {
		delete(m.kept, op)
		return
	}
	if m.kept == nil {
		m.kept = map[string]remembrance{}
	}
	now.entries = slices.Clip(now.entries)
	m.kept[op] = now
}
