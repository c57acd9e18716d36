package pos_test

import (
	"testing"

	"centrapos/pos"
)

// BenchmarkHistories is how many histories of the simulation one core plays in a
// second.
func BenchmarkHistories(b *testing.B) {
	seed := uint64(0)
	for b.Loop() {
		seed++
		w := newWorld(seed, pos.Step, nil)
		if w.run(); len(w.wrong) > 0 {
			b.Fatalf("seed %d: %v", seed, w.wrong)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "histories/s")
}
