package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"centrapos/pos"
)

// genesis is what the first entry follows. It is fixed for ever, as is the
// encoding that link hashes.
func genesis() []byte {
	sum := sha256.Sum256([]byte("centrapos ledger 1"))
	return sum[:]
}

// stored is one row of the entries table.
type stored struct {
	seq      int64 // place in the chain, from 1
	op       string
	n        int64 // place within the operation, from 1
	name     string
	at       string
	body     string
	prevHash []byte
	hash     []byte

	// What it says, once it has been read: of an operation, or of a basket.
	entry  pos.Entry
	change pos.BasketEntry
}

// link is the hash of an entry: SHA-256 over every field in a fixed order, each
// text or hash behind its length and each number in eight bytes, so that no two
// different entries are written alike.
func (s *stored) link() []byte {
	h := sha256.New()
	hashText(h, string(s.prevHash))
	hashNumber(h, s.seq)
	hashText(h, s.op)
	hashNumber(h, s.n)
	hashText(h, s.name)
	hashText(h, s.at)
	hashText(h, s.body)
	return h.Sum(nil)
}

func hashNumber(h hash.Hash, n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	h.Write(b[:])
}

func hashText(h hash.Hash, text string) {
	hashNumber(h, int64(len(text)))
	h.Write([]byte(text))
}

// Head is the end of the chain at one moment. Whoever keeps one outside the
// till, on a printed shift report for instance, can have Verify prove that
// nothing up to it was changed or cut off since.
type Head struct {
	Seq  int64  // the last entry's place; 0 for an empty ledger
	Hash string // its hash, in hexadecimal
}

func headOf(seq int64, hash []byte) Head {
	return Head{Seq: seq, Hash: hex.EncodeToString(hash)}
}
