// Package words says in plain words what the service's message codes mean, and
// what to do about them. It is a table and nothing else, so that a screen, the
// command line and a receipt say the same of the same code.
//
// A code means what it means for a call: INVALID_AMOUNT of a refund is another
// thing than of a confirmation. Whether money moved is not said here, since the
// code alone does not decide that: what was sent before may have had no answer.
package words

// Call is what the service was asked for.
type Call string

// The calls that a till makes, besides those that only read.
const (
	Create    Call = "create"
	Void      Call = "void"
	Refund    Call = "refund"
	Confirm   Call = "confirm"
	Release   Call = "release"
	Condition Call = "condition"
	// Read is any call that changes nothing.
	Read Call = "read"
)

// Meaning is what a code says.
type Meaning struct {
	// Says is what is so, as a sentence without its capital letter and full stop:
	// "the payment is too old to be refunded".
	Says string
	// Next is what to do, as a whole sentence; it may be empty.
	Next string
}

// Of gives the meaning of a code as the answer to a call; false for a code that is
// not documented for it, which has to be shown as it is.
func Of(call Call, code string) (Meaning, bool) {
	if m, ok := table[call][code]; ok {
		return m, true
	}
	m, ok := anyCall[code]
	return m, ok
}

// Codes lists the codes that are documented for a call and no other, in no order.
func Codes(call Call) []string {
	codes := make([]string, 0, len(table[call]))
	for code := range table[call] {
		codes = append(codes, code)
	}
	return codes
}
