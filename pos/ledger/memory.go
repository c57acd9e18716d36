package ledger

import (
	"slices"
	"sync"

	"centrapos/pos"
)

// memory keeps the entries of operations that this process is in the middle of,
// so that appending to a long one does not read it all again. It is never relied
// on: entries do not change, so what is kept is either all there is or too short.
type memory struct {
	mu sync.Mutex
	of map[string][]pos.Entry
}

// recall gives the operation's entries if exactly n of them are kept.
func (m *memory) recall(op string, n int) ([]pos.Entry, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries := m.of[op]
	return entries, len(entries) == n
}

// keep replaces what is kept of the operation; once nothing is to follow, by nothing.
func (m *memory) keep(op string, entries []pos.Entry, closed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if closed {
		delete(m.of, op)
		return
	}
	if m.of == nil {
		m.of = map[string][]pos.Entry{}
	}
	m.of[op] = slices.Clip(entries)
}
