package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"golang.org/x/text/currency"
	"pgregory.net/rapid"
)

func TestMonetary(t *testing.T) {
	t.Parallel()
	m := NewMonetary(1250, "NZD")
	if m.String() != "1250 NZD" || !m.Equal(Monetary{"1250.0", "NZD"}) || m.Equal(Monetary{"1250", "AUD"}) || m.Equal(Monetary{"1251", "NZD"}) {
		t.Errorf("got %s", m)
	}
}

func TestMonetaryInWholeUnitsAndForPeople(t *testing.T) {
	t.Parallel()
	tests := []struct {
		m             Monetary
		major, format string
	}{
		{NewMonetary(1250, "NZD"), "12.5", "NZD 12.50"},
		{NewMonetary(5, "NZD"), "0.05", "NZD 0.05"},
		{NewMonetary(0, "NZD"), "0", "NZD 0.00"},
		{NewMonetary(-1250, "NZD"), "-12.5", "NZD -12.50"},
		{NewMonetary(1250, "JPY"), "1250", "JPY 1250"},
		{NewMonetary(1250, "BHD"), "1.25", "BHD 1.250"},
		{NewMonetary(1250, "IDR"), "12.5", "IDR 12.50"}, // CLDR has no decimals for it
		{Monetary{"1250.0", "NZD"}, "12.5", "NZD 12.50"},
		{Monetary{"1e3", "NZD"}, "10", "NZD 10.00"},
		{Monetary{"1250.5", "NZD"}, "12.505", "NZD 12.505"}, // not rounded
		{Monetary{"123456789012345678901234567890", "NZD"}, "1234567890123456789012345678.9", "NZD 1234567890123456789012345678.90"},
		{Monetary{"1e100", "NZD"}, "1" + strings.Repeat("0", 98), "1e100 smallest units of NZD"},
		// What cannot be known is not guessed.
		{Monetary{"0.0027625", "bitcoin"}, "", "0.0027625 smallest units of bitcoin"},
		{NewMonetary(1250, "BTC"), "", "1250 smallest units of BTC"},
		{NewMonetary(1250, "nzd"), "", "1250 smallest units of nzd"},
		{NewMonetary(1250, "XXX"), "", "1250 smallest units of XXX"},
		{NewMonetary(1250, "XAU"), "", "1250 smallest units of XAU"},
		{NewMonetary(1250, "D A"), "", "1250 smallest units of D A"},
		{NewMonetary(1250, ""), "", "1250 smallest units of "},
		{Monetary{"lots", "NZD"}, "", "lots smallest units of NZD"},
		{Monetary{}, "", " smallest units of "},
	}
	for _, tt := range tests {
		major, ok := tt.m.Major()
		if ok != (tt.major != "") || ok && major.String() != tt.major || !ok && !major.IsZero() {
			t.Errorf("%s: got %s, %v", tt.m, major, ok)
		}
		equal(t, tt.m.String(), tt.m.Format(), tt.format)
	}
}

func TestMonetaryFromWholeUnits(t *testing.T) {
	t.Parallel()
	good := []struct {
		major, currency string
		want            Monetary
	}{
		{"12.50", "NZD", Monetary{"1250", "NZD"}},
		{"12.500", "NZD", Monetary{"1250", "NZD"}},
		{"-0.01", "NZD", Monetary{"-1", "NZD"}},
		{"0", "NZD", Monetary{"0", "NZD"}},
		{"1e3", "JPY", Monetary{"1000", "JPY"}},
		{"1.234", "KWD", Monetary{"1234", "KWD"}},
	}
	for _, tt := range good {
		got, err := MonetaryFromMajor(decimal.RequireFromString(tt.major), tt.currency)
		if err != nil || got != tt.want {
			t.Errorf("%s %s: got %s, %v", tt.currency, tt.major, got, err)
		}
	}
	for _, bad := range [][2]string{{"12.505", "NZD"}, {"1250.5", "JPY"}, {"1", "bitcoin"}, {"1", "BTC"}, {"1", ""}, {"1e9999", "NZD"}} {
		if got, err := MonetaryFromMajor(decimal.RequireFromString(bad[0]), bad[1]); err == nil || got != (Monetary{}) {
			t.Errorf("%s: got %s", bad, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := NewMonetary(rapid.Int64().Draw(t, "minor"), rapid.SampledFrom([]string{"NZD", "JPY", "BHD"}).Draw(t, "currency"))
		major, ok := m.Major()
		if back, err := MonetaryFromMajor(major, m.Currency); !ok || err != nil || back != m {
			t.Fatalf("%s became %s, then %s: %v", m, major, back, err)
		}
	})
}

// The table is held against another: that of CLDR, which knows which currencies
// there are, and is right about decimals where it has some.
func TestMinorUnitsAgainstCLDR(t *testing.T) {
	t.Parallel()
	// Still tender there; withdrawn since, or never on list one of ISO 4217.
	gone := map[string]bool{"ANG": true, "BYR": true, "CUC": true, "HRK": true, "MRO": true, "SLL": true, "STD": true, "VEF": true, "ZWL": true}
	here := 0
	for tender := currency.Query(); tender.Next(); {
		code := tender.Unit().String()
		digits, ok := MinorUnit(code)
		switch scale, _ := currency.Standard.Rounding(tender.Unit()); {
		case ok && scale != 0 && int(digits) != scale:
			t.Errorf("%s has %d decimals here and %d there", code, digits, scale)
		case ok:
			here++
		case !gone[code]:
			t.Errorf("%s is not known", code)
		}
	}
	if here < 140 {
		t.Errorf("only %d currencies were compared", here)
	}
	for _, row := range minorUnits {
		codes := strings.Fields(row.codes)
		equal(t, "length", len(row.codes), 4*len(codes)-1)
		for _, code := range codes {
			if digits, ok := MinorUnit(code); !ok || digits != row.digits || strings.Count(row.codes, code) != 1 {
				t.Errorf("%s: got %d, %v", code, digits, ok)
			}
		}
	}
}

func FuzzMonetary(f *testing.F) {
	for _, s := range []string{`{"amount":"1250","currency":"NZD"}`, `{"amount":0.0027625,"currency":"bitcoin"}`, `{"amount":1e9999,"currency":"JPY"}`, `{"amount":"1e-9999","currency":"BHD"}`, `{"amount":"-0","currency":"AED"}`, `{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m, again Monetary
		if json.Unmarshal(data, &m) != nil {
			return
		}
		if err := json.Unmarshal(mustMarshal(t, m), &again); err != nil || again != m || !again.Equal(m) {
			t.Fatalf("%s became %s, %v", m, again, err)
		}
		shown := m.Format()
		major, ok := m.Major()
		inWholeUnits := !strings.Contains(shown, " smallest units of ")
		switch {
		case len(shown) > 200, inWholeUnits && !ok, !ok && !major.IsZero(), !inWholeUnits && len(m.Amount) < 20 && len(major.String()) < 20 && ok:
			t.Fatalf("%s prints as %q", m, shown)
		case !ok:
			return
		case inWholeUnits && (!strings.HasPrefix(shown, m.Currency+" ") || !decimal.RequireFromString(shown[len(m.Currency)+1:]).Equal(major)):
			t.Fatalf("%s prints as %q", m, shown)
		}
		back, err := MonetaryFromMajor(major, m.Currency)
		minor := m.Amount.Decimal()
		tooLong := len(minor.String()) > maxDigits
		if whole := minor.IsInteger(); (whole && !tooLong) != (err == nil) || err == nil && !back.Amount.Decimal().Equal(minor) {
			t.Fatalf("%s became %s, then %s: %v", m, major, back, err)
		}
	})
}
