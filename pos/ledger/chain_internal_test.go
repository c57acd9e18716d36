package ledger

import (
	"bytes"
	"encoding/hex"
	"testing"

	"pgregory.net/rapid"
)

// TestLinkIsFixedForEver: ledgers written by every version are verified by every
// later one, so the beginning of the chain and the encoding never change. Both
// values were worked out with Python's hashlib and struct.
func TestLinkIsFixedForEver(t *testing.T) {
	t.Parallel()
	first := stored{
		seq: 1, op: "k3q9x2mn", n: 1, name: "opened", at: "2026-11-20T14:02:03.250000000Z",
		body: `{"kind":"sale"}`, prevHash: genesis(),
	}
	for _, tt := range []struct {
		what string
		got  []byte
		want string
	}{
		{"the beginning", genesis(), "9b7ba432f9b4f37c8baf4c1f1df24487e43febab89485dacf1ee38fb31005323"},
		{"the first entry's hash", first.link(), "573bb6ca13c9fc78b5c874730a73b84801a9e1bb6461cbbb58a75505689cb084"},
	} {
		if got := hex.EncodeToString(tt.got); got != tt.want {
			t.Errorf("%s is %s, want %s", tt.what, got, tt.want)
		}
	}
}

// TestNoTwoEntriesHashAlike moves text from one field to its neighbour, changes
// a field, or neither: the hash is the same only if every field is.
func TestNoTwoEntriesHashAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		// Few letters and short texts, so that fields often hold the same.
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab\x00")), 0, 3, -1)
		number := rapid.Int64Range(1, 3)
		entry := func(label string) stored {
			return stored{
				seq: number.Draw(rt, label+" seq"), op: text.Draw(rt, label+" op"), n: number.Draw(rt, label+" n"),
				name: text.Draw(rt, label+" name"), at: text.Draw(rt, label+" at"), body: text.Draw(rt, label+" body"),
				prevHash: []byte(text.Draw(rt, label+" prevHash")),
			}
		}
		a := entry("a")
		b := a
		switch rapid.IntRange(0, 4).Draw(rt, "change") {
		case 0:
			b = entry("b")
		case 1:
			b.name, b.at = a.name+a.at, ""
		case 2:
			b.at, b.body = "", a.at+a.body
		case 3:
			b.seq, b.n = number.Draw(rt, "b seq"), number.Draw(rt, "b n")
		}
		same := a.seq == b.seq && a.op == b.op && a.n == b.n && a.name == b.name && a.at == b.at && a.body == b.body &&
			bytes.Equal(a.prevHash, b.prevHash)
		if bytes.Equal(a.link(), b.link()) != same {
			rt.Fatalf("%+v and %+v: the hashes are alike, %v; the entries are, %v", a, b, !same, same)
		}
	})
}
