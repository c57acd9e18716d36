package cli

import (
	"regexp"
	"strings"
)

// plainNumeral is a number as our columns have them. No spreadsheet takes one for
// a formula, and one with a sign of ours before it would be no number any more.
var plainNumeral = regexp.MustCompile(`^[-+]?\d+(\.\d+)?$`)

// noFormula keeps a spreadsheet from running a text that came from outside.
func noFormula(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) && !plainNumeral.MatchString(text) {
		return "'" + text
	}
	return text
}
