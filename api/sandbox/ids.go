package sandbox

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
)

// ids mints what must differ. It is used under the store's lock only.
type ids struct{ random *rand.Rand }

// newIDs mints from a seed: the same seed gives the same ids.
func newIDs(seed [32]byte) *ids { return &ids{random: rand.New(rand.NewChaCha8(seed))} }

// seedOf spreads a number over a whole seed.
func seedOf(n uint64) [32]byte {
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], n)
	return sha256.Sum256(seed[:])
}

// requestID has the look of the documented ones: 22 characters of base 58.
func (s *ids) requestID() string {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	id := make([]byte, 22)
	for i := range id {
		id[i] = alphabet[s.random.IntN(len(alphabet))]
	}
	return string(id)
}

// digits is a text of n digits.
func (s *ids) digits(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('0' + s.random.IntN(10))
	}
	return string(text)
}

func (s *ids) shortCode() string {
	var values [5]int
	for i := range values {
		values[i] = s.random.IntN(len(shortCodeAlphabet))
	}
	return shortCodeOf(values)
}

// activityID has the look of the documented ones, 32 hexadecimal digits, and
// follows from what it names.
func activityID(requestID string, number int) string {
	sum := sha256.Sum256([]byte(requestID + "#" + strconv.Itoa(number)))
	return hex.EncodeToString(sum[:16])
}
