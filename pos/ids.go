package pos

import (
	"crypto/rand"
	"strings"
)

// RandomIDs mints ids from the system's secure random source.
type RandomIDs struct{}

// NewOp gives 80 random bits as 16 letters and digits.
func (RandomIDs) NewOp() OpID { return OpID(strings.ToLower(rand.Text()[:16])) }

// NewRef gives a reference that a person can read out on the phone: the till's
// name and 60 random bits in groups, such as TILL1-7KQ3-X2MN-PD4T. Centrapay looks
// requests up by it, so it must not repeat between tills either.
func (RandomIDs) NewRef(terminalID string) string {
	text := rand.Text()
	ref := text[:4] + "-" + text[4:8] + "-" + text[8:12]
	if name := refPrefix(terminalID); name != "" {
		ref = name + "-" + ref
	}
	return ref
}

// refPrefix keeps the letters and digits of a till's name, at most 8 of them.
func refPrefix(terminalID string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(terminalID) {
		if (r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') && b.Len() < 8 {
			b.WriteRune(r)
		}
	}
	return b.String()
}
