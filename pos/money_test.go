package pos_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"centrapos/pos"
)

var nzd = pos.Currency{Code: "NZD", Decimals: 2}

// cents gives an amount of New Zealand money.
func cents(n int64) pos.Money { return pos.NewMoney(decimal.NewFromInt(n), nzd) }

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// code gives the till's own code of an error, or its text.
func code(err error) string {
	var input *pos.InputError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &input):
		return input.Code
	}
	return err.Error()
}

func TestParsePayable(t *testing.T) {
	t.Parallel()
	good := map[string]int64{
		"12.50": 1250, "12.5": 1250, "12": 1200, "12.": 1200, ".5": 50, ".05": 5, "0.01": 1, " 12.50\n": 1250,
		"007": 700, "999999.99": 99_999_999, "000000000001": 100,
	}
	for text, want := range good {
		got, err := pos.ParsePayable(text, nzd)
		if err != nil || !got.Equal(cents(want)) {
			t.Errorf("%q: %v, %v; want %d cents", text, got, err, want)
		}
	}
	bad := []string{
		"", " ", ".", "-", "-1", "-0.01", "+1", "0", "0.00", "1000000", "999999.991", "999999.995", "12.345", "12.500", "0.001",
		"1e3", "1E3", "1,000", "1 000", "1_000", "12.50.1", "12,50", "NaN", "Inf", "0x10", "１２", "١٢", "12.5O", "$12", "12.50 NZD",
		"1234567890123", strings.Repeat("9", 100_000), "1." + strings.Repeat("0", 100_000), "1.5-", "--1", "1\x00",
	}
	for _, text := range bad {
		if got, err := pos.ParsePayable(text, nzd); code(err) != pos.CodeInvalidAmount {
			t.Errorf("%.30q was read as %.30v, %.80v", text, got, err)
		}
	}
}

func TestParseAmountKnowsTheCurrencysDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ currency, text, want string }{
		{"JPY", "120", "120"}, {"JPY", "120.5", ""}, {"KWD", "1.005", "1.005"}, {"KWD", "1.0005", ""}, {"NZD", "-3.5", "-3.50"},
	} {
		currency, err := pos.CurrencyOf(c.currency)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pos.ParseAmount(c.text, currency)
		if c.want == "" && code(err) != pos.CodeInvalidAmount || c.want != "" && got.String() != c.want {
			t.Errorf("%s %s: %v, %v; want %q", c.currency, c.text, got, err, c.want)
		}
	}
	for _, unknown := range []string{"", "XXX", "NZ", "NZDD"} {
		if _, err := pos.CurrencyOf(unknown); code(err) != pos.CodeInvalidCurrency {
			t.Errorf("currency %q: %v", unknown, err)
		}
	}
	if c, err := pos.CurrencyOf(" nzd "); err != nil || c != nzd {
		t.Errorf("nzd: %v, %v", c, err)
	}
}

func TestCheckPayable(t *testing.T) {
	t.Parallel()
	for _, m := range []pos.Money{{}, cents(0), cents(-1), cents(100_000_000), pos.NewMoney(dec("1.5"), nzd), pos.NewMoney(dec("0.1"), nzd)} {
		if err := m.CheckPayable(); code(err) != pos.CodeInvalidAmount {
			t.Errorf("%s: %v", m, err)
		}
	}
	for _, m := range []pos.Money{cents(1), cents(99_999_999), pos.NewMoney(dec("1250.00"), nzd)} {
		if err := m.CheckPayable(); err != nil {
			t.Errorf("%s: %v", m, err)
		}
	}
}

func TestMoneyIsShown(t *testing.T) {
	t.Parallel()
	jpy := pos.Currency{Code: "JPY"}
	for _, c := range []struct {
		money         pos.Money
		plain, format string
	}{
		{cents(0), "0.00", "NZD 0.00"},
		{cents(5), "0.05", "NZD 0.05"},
		{cents(-5), "-0.05", "NZD -0.05"},
		{cents(99999), "999.99", "NZD 999.99"},
		{cents(123450), "1234.50", "NZD 1,234.50"},
		{cents(-123456789), "-1234567.89", "NZD -1,234,567.89"},
		{pos.NewMoney(dec("1000"), jpy), "1000", "JPY 1,000"},
		// An answer may have parts of a cent: they are seen, and never rounded away.
		{pos.NewMoney(dec("1250.5"), nzd), "12.505", "NZD 12.505"},
		{pos.NewMoney(dec("-0.4"), nzd), "-0.004", "NZD -0.004"},
		{pos.NewMoney(dec("123456749.99"), nzd), "1234567.4999", "NZD 1,234,567.4999"},
		{pos.NewMoney(dec("1e4"), nzd), "100.00", "NZD 100.00"},
		{pos.NewMoney(dec("1250.00"), nzd), "12.50", "NZD 12.50"},
		{pos.NewMoney(dec("12.5"), jpy), "12.5", "JPY 12.5"},
	} {
		if c.money.String() != c.plain || c.money.Format() != c.format {
			t.Errorf("%q, %q; want %q, %q", c.money.String(), c.money.Format(), c.plain, c.format)
		}
	}
}

func TestMoneyAddsUp(t *testing.T) {
	t.Parallel()
	var none pos.Money
	if sum := none.Add(cents(5)); !sum.Equal(cents(5)) {
		t.Errorf("nothing and 5 cents are %v", sum)
	}
	if left := cents(5).Sub(cents(7)); !left.Equal(cents(-2)) || !left.Neg().Equal(cents(2)) || left.Sign() != -1 {
		t.Errorf("5 less 7 is %v", left)
	}
	if got := cents(3290).Times(dec("0.425")); !got.Equal(cents(1398)) {
		t.Errorf("0.425 kg at 32.90 is %v", got)
	}
	if none.Equal(cents(0)) || cents(1).Equal(pos.NewMoney(dec("1"), pos.Currency{Code: "AUD", Decimals: 2})) {
		t.Error("amounts of different currencies are equal")
	}
	if cents(1).Cmp(cents(2)) != -1 || cents(2).Cmp(cents(2)) != 0 {
		t.Error("Cmp does not order")
	}
	defer func() {
		if recover() == nil {
			t.Error("dollars and yen were added up")
		}
	}()
	cents(1).Add(pos.NewMoney(dec("1"), pos.Currency{Code: "JPY"}))
}

func TestMoneyJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]pos.Money{
		`{"amount":"1250","currency":"NZD"}`: cents(1250), `{"amount":1250,"currency":"nzd"}`: cents(1250), `null`: {},
		`{"amount":"-10","currency":"NZD"}`: cents(-10),
	} {
		var got pos.Money
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{`{}`, `{"amount":"x","currency":"NZD"}`, `{"amount":"1","currency":"???"}`, `12`, `"12"`, `[]`} {
		var got pos.Money
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was read as %v", text, got)
		}
	}
}

func TestMoneyRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		codes := []string{"NZD", "JPY", "KWD"}
		currency, err := pos.CurrencyOf(rapid.SampledFrom(codes).Draw(t, "currency"))
		if err != nil {
			t.Fatal(err)
		}
		m := pos.NewMoney(decimal.NewFromInt(rapid.Int64Range(-99_999_999, 99_999_999).Draw(t, "minor")), currency)
		part := pos.NewMoney(m.Minor().Add(decimal.New(rapid.Int64Range(0, 999).Draw(t, "part"), -3)), currency)
		if shown, err := decimal.NewFromString(part.String()); err != nil || !shown.Shift(currency.Decimals).Equal(part.Minor()) {
			t.Fatalf("%s is shown as %s, %v", part.Minor(), part, err)
		}
		if back, err := pos.ParseAmount(m.String(), currency); err != nil || !back.Equal(m) {
			t.Fatalf("%s was read back as %v, %v", m, back, err)
		}
		format := strings.ReplaceAll(strings.TrimPrefix(m.Format(), currency.Code+" "), ",", "")
		if format != m.String() {
			t.Fatalf("%q and %q differ in more than commas", m.Format(), m.String())
		}
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back pos.Money
		if err := json.Unmarshal(data, &back); err != nil || !back.Equal(m) {
			t.Fatalf("%s was read back as %v, %v", data, back, err)
		}
	})
}

// Whatever is typed, what is taken for an amount is the number that was typed.
func TestParseAmountNeverGuesses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[-+]?[0-9.,eE_ ]{0,16}`)).Draw(t, "text")
		m, err := pos.ParsePayable(text, nzd)
		if err != nil {
			return
		}
		typed, err := decimal.NewFromString(strings.TrimSuffix(strings.TrimSpace(text), "."))
		if err != nil || !typed.Shift(2).Equal(m.Minor()) || m.Sign() <= 0 || m.Minor().GreaterThan(pos.MaxAmount) {
			t.Fatalf("%q was taken for %s", text, m)
		}
	})
}

func TestTaxIncluded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount int64
		rate   string
		want   int64
	}{
		{3440, "15", 449}, {1150, "15", 150}, {1, "15", 0}, {4, "15", 1}, {-3440, "15", -449}, {3440, "0", 0}, {3440, "-5", 0},
		{11000, "10", 1000}, {10750, "7.5", 750}, {0, "15", 0}, {99_999_999, "15", 13_043_478},
	} {
		if got := pos.TaxIncluded(cents(c.amount), dec(c.rate)); !got.Equal(cents(c.want)) {
			t.Errorf("tax at %s %% inside %d is %v, want %d", c.rate, c.amount, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		amount := cents(rapid.Int64Range(0, 99_999_999).Draw(t, "amount"))
		rate := decimal.New(rapid.Int64Range(0, 10000).Draw(t, "rate"), -2)
		tax, net := pos.TaxIncluded(amount, rate), pos.WithoutTax(amount, rate)
		if !tax.Add(net).Equal(amount) || tax.Sign() < 0 || net.Sign() < 0 {
			t.Fatalf("%s at %s %%: tax %s and net %s", amount, rate, tax, net)
		}
		// The net amount with its tax on top is the amount again, to the cent.
		again := net.Minor().Mul(rate).Div(decimal.New(100, 0)).Add(net.Minor())
		if again.Sub(amount.Minor()).Abs().GreaterThan(decimal.New(2, 0)) {
			t.Fatalf("%s at %s %%: net %s grows to %s", amount, rate, net, again)
		}
	})
}
