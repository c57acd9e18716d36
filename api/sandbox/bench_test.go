package sandbox_test

import (
	"net/http"
	"runtime"
	"testing"

	"centrapos/api/sandbox"
)

// BenchmarkSale is one create, three polls, a payment and a last poll, in memory. It
// tells what a sale takes of memory that stays: with -benchtime=100000x after 100,000
// of them.
func BenchmarkSale(b *testing.B) {
	r := newRig(b)
	before := heapInUse()
	benchmarkSales(r, b)
	b.ReportMetric(float64(heapInUse()-before)/float64(b.N), "B-kept/op")
	runtime.KeepAlive(r)
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

// BenchmarkSaleOverHTTP is one create, three polls and a pay call over real
// connections, by as many clients as there are processors; it reports sales a second.
func BenchmarkSaleOverHTTP(b *testing.B) {
	server := listen(b, sandbox.WithRateLimit(0))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	const pay = `{"assetType":"centrapay.nzd.test","assetId":"sandboxWallet:centrapay.nzd.test","idempotencyKey":"k"}`
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			made := callOver(b, client, post, server.URL()+requests, createJSON)
			id := idIn(b, made.body)
			for range 3 {
				callOver(b, client, get, server.URL()+at(id), "")
			}
			if paid := callOver(b, client, post, server.URL()+at(id, "pay"), pay); paid.status != http.StatusOK {
				b.Errorf("answered %+v", paid)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sales/s")
}

func idIn(b *testing.B, body string) string {
	o, _ := generic(b, []byte(body)).(map[string]any)
	id, _ := o["id"].(string)
	return id
}
