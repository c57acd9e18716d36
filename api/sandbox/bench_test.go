package sandbox_test

import (
	"testing"

	"centrapos/api/sandbox"
)

// BenchmarkSale is one create, three polls, a payment and a last poll, in memory.
func BenchmarkSale(b *testing.B) {
	benchmarkSales(newRig(b), b)
}

// BenchmarkSaleInFile is the same with every change saved durably, behind 1,000
// requests that the file holds already.
func BenchmarkSaleInFile(b *testing.B) {
	r := fileRig(b, filePath(b))
	for range 1000 {
		r.create(nil)
	}
	benchmarkSales(r, b)
}

func benchmarkSales(r *rig, b *testing.B) {
	for b.Loop() {
		id := r.create(nil).ID
		for range 3 {
			r.get(id)
		}
		r.must(r.svc.Pay(id, sandbox.PayOptions{}))
		r.get(id)
	}
}
