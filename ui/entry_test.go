package ui

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"centrapos/pos"
)

// testGrammar is that of the tests' café.
var testGrammar = grammar{currency: nzd, customers: pos.CustomerCodes{Prefixes: customerPrefixes}}

func TestEntries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		scanned bool
		kind    entryKind
		qty     string
		subject string // the amount, or the text
		problem string // a part of it
	}{
		{text: "", kind: entryNothing, qty: "1"},
		{text: "   ", kind: entryNothing, qty: "1"},
		{text: "12.50", kind: entryPrice, qty: "1", subject: "12.50"},
		{text: ".50", kind: entryPrice, qty: "1", subject: "0.50"},
		{text: "12.", kind: entryPrice, qty: "1", subject: "12.00"},
		{text: "12.5", kind: entryPrice, qty: "1", subject: "12.50"},
		{text: "12.505", kind: entryInvalid, qty: "1", problem: "more than 2 decimals"},
		{text: "0.00", kind: entryInvalid, qty: "1", problem: "not more than zero"},
		{text: "0", kind: entryInvalid, qty: "1", problem: "not more than zero"},
		{text: "1000000.00", kind: entryInvalid, qty: "1", problem: "more than Centrapay takes"},
		{text: "12,50", kind: entryInvalid, qty: "1", problem: "12.50"},
		{text: "3*12.50", kind: entryPrice, qty: "3", subject: "12.50"},
		{text: " 3 * 12.50 ", kind: entryPrice, qty: "3", subject: "12.50"},
		{text: "3×12.50", kind: entryPrice, qty: "3", subject: "12.50"},
		{text: "0.425*lamb", kind: entryWords, qty: "0.425", subject: "lamb"},
		{text: ".425*lamb", kind: entryWords, qty: "0.425", subject: "lamb"},
		{text: "3*", kind: entryNothing, qty: "3"},
		{text: "3*9421900000017", kind: entryCode, qty: "3", subject: "9421900000017"},
		{text: "0*12.50", kind: entryInvalid, problem: "more than zero"},
		{text: "10000*1.00", kind: entryInvalid, problem: "9999"},
		{text: "1.2345*lamb", kind: entryInvalid, problem: "three decimals"},
		{text: "9421900000017*12.50", kind: entryInvalid, problem: "quantity 13 digits long? looks like a barcode"},
		{text: "*12.50", kind: entryInvalid, qty: "1", problem: "before the *"},
		{text: ".*12.50", kind: entryInvalid, qty: "1", problem: "more than one quantity"},
		{text: "12", kind: entryNumber, qty: "1", subject: "12.00"},
		{text: "123456", kind: entryNumber, qty: "1", subject: "123456.00"},
		{text: "1234567", kind: entryCode, qty: "1", subject: "1234567"},
		{text: "12345678", kind: entryCode, qty: "1", subject: "12345678"},
		{text: "00012345678905", kind: entryCode, qty: "1", subject: "00012345678905"},
		{text: "flat white", kind: entryWords, qty: "1", subject: "flat white"},
		{text: "L&P 330", kind: entryWords, qty: "1", subject: "L&P 330"},
		{text: "-5", kind: entryInvalid, qty: "1", problem: "-5 is no price"},
		{text: "- 5.00", kind: entryInvalid, qty: "1", problem: "is no price"},
		{text: "+5", kind: entryInvalid, qty: "1", problem: "+5 is no price"},
		{text: "3*-5", kind: entryInvalid, qty: "3", problem: "-5 is no price"},
		{text: "-5 mm drill", kind: entryWords, qty: "1", subject: "-5 mm drill"},
		{text: "1,250.00", kind: entryInvalid, qty: "1", problem: "1250.00"},
		{text: "$12.50", kind: entryPrice, qty: "1", subject: "12.50"},
		{text: "$12", kind: entryNumber, qty: "1", subject: "12.00"},
		{text: "2*3*12.50", kind: entryInvalid, qty: "2", problem: "more than one quantity"},
		{text: "12.50*3", kind: entryNumber, qty: "12.50", subject: "3.00"},
		{text: "0.5*12.50", kind: entryInvalid, qty: "0.5", problem: "0.5 of a typed price"},
		{text: "12.50*3.00", kind: entryInvalid, qty: "12.50", problem: "12.5 of a typed price"},
		{text: "1219210961929460", kind: entryCustomer, qty: "1", subject: "1219210961929460"},
		{text: "1219 2109 6192 9460", kind: entryCustomer, qty: "1", subject: "1219210961929460"},
		{text: "1219210961929461", kind: entryInvalid, qty: "1", problem: "wrong digit"},
		{text: "3*1219210961929460", kind: entryInvalid, qty: "3", problem: "no quantity"},
		{text: "1111110961929460", kind: entryCode, qty: "1", subject: "1111110961929460"},
		{text: "/pay", kind: entryCommand, subject: "pay"},
		{text: "/qty 3", kind: entryCommand, subject: "qty 3"},
		{text: "/", kind: entryCommand},

		{text: "12.50", scanned: true, kind: entryPrice, qty: "1", subject: "12.50"},
		{text: "4011", scanned: true, kind: entryCode, qty: "1", subject: "4011"},
		{text: "ABC-123", scanned: true, kind: entryCode, qty: "1", subject: "ABC-123"},
		{text: "scone", scanned: true, kind: entryWords, qty: "1", subject: "scone"},
		{text: "3*9421900000017", scanned: true, kind: entryCode, qty: "3", subject: "9421900000017"},
		{text: "1219210961929460", scanned: true, kind: entryCustomer, qty: "1", subject: "1219210961929460"},
		{text: "$12", scanned: true, kind: entryCode, qty: "1", subject: "$12"},
	} {
		e := testGrammar.parseEntry(c.text, c.scanned)
		subject := e.text
		if e.kind == entryPrice || e.kind == entryNumber {
			subject = e.amount.String()
		}
		if e.kind != c.kind || c.kind != entryInvalid && subject != c.subject {
			t.Errorf("%q (scanned %v) is kind %d of %q, want kind %d of %q", c.text, c.scanned, e.kind, subject, c.kind, c.subject)
		}
		if c.qty != "" && !e.qty.Equal(dec(c.qty)) {
			t.Errorf("%q has the quantity %s, want %s", c.text, e.qty, c.qty)
		}
		if !regexp.MustCompile(regexp.QuoteMeta(c.problem)).MatchString(e.problem) || (e.problem == "") != (c.problem == "") {
			t.Errorf("%q: the problem is %q, want %q", c.text, e.problem, c.problem)
		}
	}
}

// A number becomes money only where somebody typed it as money: with a point, or
// as a few digits by hand.
func TestNoNumberIsMoneyByAccident(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "digits")
		prefix := rapid.SampledFrom([]string{"", "3*", "0.5*"}).Draw(t, "prefix")
		if e := testGrammar.parseEntry(prefix+digits, true); e.kind == entryPrice || e.kind == entryNumber {
			t.Fatalf("the scanned %q is money: %s", prefix+digits, e.amount)
		}
		if e := testGrammar.parseEntry(prefix+digits, false); len(digits) > wholeDollars && (e.kind == entryPrice || e.kind == entryNumber) {
			t.Fatalf("the typed %q is money: %s", prefix+digits, e.amount)
		}
	})
}

func TestAnyTextIsAnEntry(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		e := testGrammar.parseEntry(text, rapid.Bool().Draw(t, "scanned"))
		if (e.kind == entryInvalid) != (e.problem != "") {
			t.Fatalf("%q: kind %d with the problem %q", text, e.kind, e.problem)
		}
		if e.kind == entryPrice && e.amount.CheckPayable() != nil {
			t.Fatalf("%q: %s cannot be paid", text, e.amount)
		}
	})
}
