package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// This file says in plain words what libraries say in their own.

// wrongValue is how the flags' error shows a value that does not fit.
var wrongValue = regexp.MustCompile(`^invalid argument "(.*)" for "(?:-., )?(--[^"]+)" flag: (.*)$`)

// plainFlags is what is wrong with the flags.
func plainFlags(err error) string {
	m := wrongValue.FindStringSubmatch(err.Error())
	if m == nil {
		return err.Error()
	}
	value, flag, cause := m[1], m[2], m[3]
	switch {
	case strings.Contains(cause, "out of range"):
		return fmt.Sprintf("%s is %s, which is too large or too small", flag, value)
	case strings.Contains(cause, "ParseBool"):
		return fmt.Sprintf("%s is %q, and takes true or false", flag, value)
	case strings.Contains(cause, "Parse"):
		return fmt.Sprintf("%s is %q, and takes a whole number", flag, value)
	case strings.Contains(cause, "duration"):
		return fmt.Sprintf("%s is %q, and takes a time such as 90s or 10m", flag, value)
	}
	return fmt.Sprintf("%s is %q: %s", flag, value, cause)
}

// noDecimal is how the decimals' error shows what is none.
var noDecimal = regexp.MustCompile(`can't convert (.*) to decimal`)

// plainJSON is what is wrong with a file's JSON.
func plainJSON(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return syntax.Error()
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if kind.Field == "" {
			return "it is a " + kind.Value + ", where an object is wanted"
		}
		return "the field " + fieldName(kind.Field) + " is a " + kind.Value + ", which does not fit there"
	}
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "json: unknown field "); ok {
		return "it has an unknown field " + name
	}
	if m := noDecimal.FindStringSubmatch(text); m != nil {
		return m[1] + " is no number"
	}
	return strings.TrimPrefix(text, "json: ")
}

// fieldName is the path of a field without the names of our own types, which begin
// with a capital letter.
func fieldName(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "."), func(part string) bool { return part != "" && part[0] >= 'A' && part[0] <= 'Z' })
	return strings.Join(parts, ".")
}

// payableIn reads an amount that a customer is to pay, or to get back.
func payableIn(text string, currency pos.Currency) (pos.Money, error) {
	amount, err := pos.ParsePayable(text, currency)
	return amount, inCurrency(err, currency)
}

// inCurrency says of a wrong amount what a right one looks like in the currency,
// where that is not one of two decimals, which is what the rules' own words say.
func inCurrency(err error, currency pos.Currency) error {
	wrong, ok := errors.AsType[*pos.InputError](err)
	if !ok || wrong.Code != pos.CodeInvalidAmount || currency.Decimals == 2 {
		return err
	}
	in := func(minor decimal.Decimal) string { return pos.NewMoney(minor, currency).String() }
	problem := wrong.Problem
	if before, fine := strings.CutSuffix(problem, " has more than 0 decimals"); fine {
		problem = before + " has decimals, and " + currency.Code + " has none"
	}
	return &pos.InputError{Code: wrong.Code, Problem: problem, Remedy: fmt.Sprintf("give an amount of %s from %s to %s, such as %s",
		currency.Code, in(decimal.New(1, 0)), in(pos.MaxAmount), in(decimal.New(1250, 0)))}
}
