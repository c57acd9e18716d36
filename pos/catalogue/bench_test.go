package catalogue_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"centrapos/pos/catalogue"
)

var productCount = flag.Int("catalogue.products", 100_000, "products of the benchmarked catalogue")

// wordList has words as shops have them: made of syllables, some of them long.
func wordList(n int) []string {
	rng := rand.New(rand.NewPCG(1, 2))
	syllables := []string{"ba", "cho", "co", "la", "te", "mi", "lk", "bre", "ad", "or", "an", "ge", "ki", "wi", "fru", "it", "sal", "mon", "pas", "ta",
		"rice", "su", "gar", "hon", "ey", "ta", "ble", "lamp", "soap", "ne", "ro", "vi", "do", "que", "ja", "zu", "fi", "sh", "ham", "pea"}
	list := []string{"milk", "chocolate", "bread", "coffee", "organic", "fresh", "kg", "pack"}
	seen := map[string]bool{}
	for len(list) < n {
		w := ""
		for range 2 + rng.IntN(3) {
			w += syllables[rng.IntN(len(syllables))]
		}
		if !seen[w] {
			seen[w] = true
			list = append(list, w)
		}
	}
	return list
}

// pick takes a word: a few are on many products, most on few.
func pick(rng *rand.Rand, words []string) string {
	u := rng.Float64()
	return words[int(u*u*u*float64(len(words)))]
}

// gtinOf is a made-up EAN-13 with its check digit.
func gtinOf(n int) string {
	code := fmt.Sprintf("94%010d", n)
	sum := 0
	for i, d := range code {
		sum += int(d-'0') * (1 + 2*(i%2))
	}
	return code + fmt.Sprint((10-sum%10)%10)
}

// productFile writes a product list of n rows.
func productFile(tb testing.TB, dir string, n int) string {
	tb.Helper()
	rng, words := rand.New(rand.NewPCG(5, 6)), wordList(40_000)
	path := filepath.Join(dir, fmt.Sprintf("products-%d.csv", n))
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(out, "sku,gtin,name,price,tax,unit,restricted,department")
	for i := range n {
		name := make([]string, 2+rng.IntN(4))
		for j := range name {
			name[j] = pick(rng, words)
		}
		fmt.Fprintf(out, "P%07d,%s,%s,%d.%02d,15,each,,dept %d\n", i, gtinOf(i), strings.Join(name, " "), 1+rng.IntN(99), rng.IntN(100), i%40)
	}
	if err := out.Flush(); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// imported makes a catalogue of a product list.
func imported(tb testing.TB, dir, path string) *catalogue.Catalogue {
	tb.Helper()
	c, err := catalogue.Open(tb.Context(), dir, nzd(tb))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	start := time.Now()
	report, err := c.Import(tb.Context(), f, catalogue.ImportOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Logf("%v, in %v: %.0f rows a second", report, time.Since(start).Round(time.Millisecond), float64(report.Rows)/time.Since(start).Seconds())
	return c
}

func BenchmarkImport(b *testing.B) {
	path := productFile(b, b.TempDir(), *productCount)
	for b.Loop() {
		imported(b, b.TempDir(), path)
	}
	b.ReportMetric(float64(*productCount)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLookUp measures what a cashier waits for, in a catalogue of
// -catalogue.products.
func BenchmarkLookUp(b *testing.B) {
	dir := b.TempDir()
	c := imported(b, dir, productFile(b, dir, *productCount))
	rng, words := rand.New(rand.NewPCG(3, 4)), wordList(40_000)
	wrong := func() string {
		for {
			if w := pick(rng, words); len(w) > 5 {
				i := 1 + rng.IntN(len(w)-3)
				return w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:] // two letters exchanged
			}
		}
	}
	search := func(typed func() string) func(context.Context) error {
		return func(ctx context.Context) error { _, err := c.Search(ctx, typed(), 8); return err }
	}
	code := func(more int) func(context.Context) error {
		return func(ctx context.Context) error {
			_, _, err := c.ByCode(ctx, gtinOf(rng.IntN(*productCount)+more))
			return err
		}
	}
	for _, kind := range []struct {
		name string
		ask  func(ctx context.Context) error
	}{
		{"barcode", code(0)},
		{"unknown-barcode", code(5_000_000)},
		{"one-letter", search(func() string { return pick(rng, words)[:1] })},
		{"two-letters", search(func() string { return pick(rng, words)[:2] })},
		{"word", search(func() string { return pick(rng, words) })},
		{"two-words", search(func() string { return pick(rng, words) + " " + pick(rng, words)[:2] })},
		{"five-letters-and-word", search(func() string { return (pick(rng, words) + "    ")[:5] + " " + pick(rng, words) })},
		{"misspelt", search(wrong)},
		{"misspelt-and-word", search(func() string { return wrong() + " " + pick(rng, words) })},
	} {
		b.Run(kind.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if err := kind.ask(b.Context()); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-µs")
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	dir := b.TempDir()
	c := imported(b, dir, productFile(b, dir, *productCount))
	if err := c.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c, err := catalogue.Open(b.Context(), dir, nzd(b))
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := c.ByCode(b.Context(), gtinOf(7)); err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
