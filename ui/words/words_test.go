package words_test

import (
	"strings"
	"testing"

	"centrapos/ui/words"
)

var calls = []words.Call{words.Create, words.Void, words.Refund, words.Confirm, words.Release, words.Condition, words.Read}

// Words are read by people at a counter: sentences, and none of the service's own names.
func TestWordsAreSentences(t *testing.T) {
	t.Parallel()
	for _, call := range calls {
		codes := append(words.Codes(call), "UNAUTHORIZED", "FORBIDDEN", "BAD_REQUEST", "NOT_FOUND", "RATE_LIMIT_EXCEEDED")
		for _, code := range codes {
			m, ok := words.Of(call, code)
			begins := strings.HasPrefix(m.Says, "Centrapay ") || strings.ToLower(m.Says[:min(1, len(m.Says))]) == m.Says[:min(1, len(m.Says))]
			if !ok || m.Says == "" || strings.HasSuffix(m.Says, ".") || !begins {
				t.Errorf("%s of a %s says %q", code, call, m.Says)
			}
			if m.Next != "" && !strings.HasSuffix(m.Next, ".") {
				t.Errorf("%s of a %s: next %q is no sentence", code, call, m.Next)
			}
			for _, jargon := range []string{"patron", "terminal", "_"} {
				if strings.Contains(m.Says+m.Next, jargon) {
					t.Errorf("%s of a %s says %q", code, call, jargon)
				}
			}
		}
	}
}

func TestCancellations(t *testing.T) {
	t.Parallel()
	if says, ok := words.Cancelled("CANCELLED_BY_PATRON"); !ok || !strings.Contains(says, "customer") {
		t.Errorf("%q, %v", says, ok)
	}
	if says, ok := words.Cancelled("A_NEW_ONE"); ok {
		t.Errorf("%q", says)
	}
}

func TestACodeMeansWhatItMeansForACall(t *testing.T) {
	t.Parallel()
	refund, _ := words.Of(words.Refund, "INVALID_AMOUNT")
	confirm, _ := words.Of(words.Confirm, "INVALID_AMOUNT")
	if refund == confirm || !strings.Contains(refund.Says, "refund") {
		t.Errorf("%q, %q", refund, confirm)
	}
	for _, unknown := range []string{"NOT_PAID", "A_NEW_ONE", ""} {
		if m, ok := words.Of(words.Confirm, unknown); ok {
			t.Errorf("%s of a confirmation: %q", unknown, m)
		}
	}
}
