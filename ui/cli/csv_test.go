package cli

import (
	"testing"

	"centrapos/api"
)

// A spreadsheet runs no text that came from outside, and adds up every number.
func TestNoFormula(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "-5": "-5", "+64": "+64", "-12.50": "-12.50", "1250": "1250", "CP-C7F-ZS5": "CP-C7F-ZS5",
		"-5+cmd|' /C calc'!A0": "'-5+cmd|' /C calc'!A0", "=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "-": "'-", "+": "'+",
		"-5.": "'-5.", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1", "-5\n": "'-5\n", "--5": "'--5",
	} {
		if got := noFormula(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// An amount that is no whole number of the smallest unit is shown as it came:
// rounded, it would be another amount.
func TestMoneyIsNeverRounded(t *testing.T) {
	t.Parallel()
	for amount, want := range map[api.Monetary]string{
		{Amount: "1250", Currency: "NZD"}:   "NZD 12.50",
		{Amount: "-1250", Currency: "NZD"}:  "NZD -12.50",
		{Amount: "1250.5", Currency: "NZD"}: "1250.5 NZD",
		{Amount: "12.5", Currency: "JPY"}:   "12.5 JPY",
		{Amount: "1250", Currency: "JPY"}:   "JPY 1,250",
		{Amount: "5", Currency: "doge"}:     "5 doge",
	} {
		if got := moneyText(amount); got != want {
			t.Errorf("%v is shown as %q, want %q", amount, got, want)
		}
	}
}
