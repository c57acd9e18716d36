package api

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestPhoneNumberIsBroughtIntoTheFormThatIsSent(t *testing.T) {
	t.Parallel()
	tests := map[string]PhoneNumber{
		"+6421537663":            "+6421537663", // the documents' own
		"+64212345":              "+64212345",   // a bank authority's
		"+64 21 537 663":         "+6421537663", // E.123
		" +64-21-537-663\n":      "+6421537663",
		"+64.21.537.663":         "+6421537663",
		"+64 (21) 537 663":       "+6421537663",
		"+64 (0)21 537 663":      "+6421537663",
		"+358(0)9 123 4567":      "+35891234567",
		"+64\u00a021\u202f53766": "+642153766",
		"+1 415 555 0123":        "+14155550123",
		"+683 4000":              "+6834000",
		"+123456789012345":       "+123456789012345",
	}
	for text, want := range tests {
		got, err := ParsePhoneNumber(text)
		if err != nil || got != want {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
		n := PhoneNumber(text)
		if !n.Valid() || n.Normal() != want || !n.Equal(want) || n.String() != text {
			t.Errorf("%q: valid %v, normal %q", text, n.Valid(), n.Normal())
		}
	}
}

func TestPhoneNumberThatIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "+", "021 537 663", "0064 21 537 663", "6421537663", "+0 21 537 663", "+64 21", "+1234567890123456",
		"+64 21 call me", "+64 21 537 663 ext 4", "++6421537663", "+64/21537663", "+６４２１５３７６６３", "(0)", "+(0)",
		"+64 21 5(0)37 663", "+64 (0)(0)21 537 663", // a zero that may belong to the number
	} {
		if got, err := ParsePhoneNumber(text); err == nil {
			t.Errorf("%q was parsed as %q", text, got)
		} else if want := "parse phone number: " + errPhoneNumber.Error(); err.Error() != want { // and not somebody's number
			t.Errorf("%q: got %q", text, err)
		}
		if n := PhoneNumber(text); n.Valid() || n.Normal() != n {
			t.Errorf("%q: valid %v, normal %q", text, n.Valid(), n.Normal())
		}
	}
	if PhoneNumber("021 537 663").Equal("+6421537663") {
		t.Error("a number of some country equals one of New Zealand")
	}
}

func TestPhoneNumberOnTheWire(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]PhoneNumber{
		`"+64 21 537 663"`: "+64 21 537 663", `6421537663`: "6421537663", `"call me"`: "call me", `""`: "", `null`: "",
	} {
		got := read[PhoneNumber](t, wire)
		equal(t, wire, got, want)
		// It is sent as it was given.
		equal(t, wire, read[PhoneNumber](t, string(mustMarshal(t, got))), want)
	}
	if err := json.Unmarshal([]byte(`{}`), new(PhoneNumber)); err == nil {
		t.Error("an object was read as a phone number")
	}
}

func FuzzPhoneNumber(f *testing.F) {
	for _, s := range []string{"+64 21 537 663", "+64 (0)21 537663", "021 537 663", "+", "(0)", "+\u00a0(0)(0)", "+683 4000", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := ParsePhoneNumber(text)
		if (err == nil) != PhoneNumber(text).Valid() {
			t.Fatalf("%q: valid %v, parsed %v", text, PhoneNumber(text).Valid(), err)
		}
		if err != nil {
			if n != "" || PhoneNumber(text).Normal() != PhoneNumber(text) {
				t.Fatalf("%q was changed to %q", text, PhoneNumber(text).Normal())
			}
			return
		}
		digits, plus := strings.CutPrefix(n.String(), "+")
		if !plus || !isDigits(digits) || len(digits) < minPhoneDigits || len(digits) > maxPhoneDigits {
			t.Fatalf("%q became %q", text, n)
		}
		if again, err := ParsePhoneNumber(n.String()); err != nil || again != n || !PhoneNumber(text).Equal(n) {
			t.Fatalf("%q became %q, then %q, %v", text, n, again, err)
		}
	})
}
