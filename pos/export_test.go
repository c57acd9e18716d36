package pos

import (
	"maps"
	"slices"
)

// FactNames lists the names of every fact that this version can read.
func FactNames() []string { return slices.Sorted(maps.Keys(factDecoders)) }

// Kill ends a till the way the loss of power does: nothing is stopped or
// voided, and nothing more is written.
func (t *Till) Kill() {
	t.mu.Lock()
	t.closed = true // what is begun in this moment is begun no more
	t.mu.Unlock()
	t.cancel()
	t.running.Wait()
}

// StillLists makes the till list an operation that is gone, as it does for a moment
// before it notices.
func (t *Till) StillLists(op *Operation) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watching = append(t.watching, op)
}
