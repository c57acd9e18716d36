package sandbox

import (
	"strconv"
	"strings"
)

// luhnSum is the weighted sum of the Luhn check in any base: every second value
// from the right doubled and its two digits added. Source: ISO/IEC 7812-1.
func luhnSum(values []int, base int) int {
	sum := 0
	for i := range values {
		v := values[len(values)-1-i]
		if i%2 == 1 {
			v *= 2
			v = v/base + v%base
		}
		sum += v
	}
	return sum % base
}

// luhnCheck is the value that makes the check come out when it is appended.
func luhnCheck(values []int, base int) int {
	withZero := append(append([]int{}, values...), 0)
	return (base - luhnSum(withZero, base)) % base
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func luhnValid(digits string) bool {
	values := make([]int, len(digits))
	for i, c := range digits {
		values[i] = int(c - '0')
	}
	return luhnSum(values, 10) == 0
}

// shortCodeAlphabet is Crockford's: no I, L, O, U. The docs name neither alphabet
// nor algorithm of short codes, only that a check can fail.
const shortCodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// shortCodeOf puts five values and their check value into the documented look,
// CP-C7F-ZS5.
func shortCodeOf(values [5]int) string {
	var b strings.Builder
	b.WriteString("CP-")
	for i, v := range append(values[:], luhnCheck(values[:], len(shortCodeAlphabet))) {
		if i == 3 {
			b.WriteByte('-')
		}
		b.WriteByte(shortCodeAlphabet[v])
	}
	return b.String()
}

// shortCodeValues are the values of a code's characters, nil when it has not the
// look of a short code or its check fails.
func shortCodeValues(code string) []int {
	const look = len("CP-C7F-ZS5")
	if len(code) != look || code[:3] != "CP-" || code[6] != '-' {
		return nil
	}
	var values []int
	for _, c := range code[3:6] + code[7:] {
		v := strings.IndexRune(shortCodeAlphabet, c)
		if v < 0 {
			return nil
		}
		values = append(values, v)
	}
	if luhnSum(values, len(shortCodeAlphabet)) != 0 {
		return nil
	}
	return values
}

// activityShortCode is the code of an activity: that of its request, its number
// in two digits and one check digit, as CP-C7F-ZS5-015.
func activityShortCode(code string, number int) string {
	suffix := strconv.Itoa(number)
	if len(suffix) == 1 {
		suffix = "0" + suffix
	}
	return code + "-" + suffix + strconv.Itoa(suffixCheck(code, suffix))
}

func suffixCheck(code, suffix string) int {
	values := shortCodeValues(code)
	for i := range values {
		values[i] %= 10
	}
	for _, c := range suffix {
		values = append(values, int(c-'0'))
	}
	return luhnCheck(values, 10)
}

// requestShortCode is the request's code in a code of a request or of one of its
// activities, in upper case; false when a check fails.
func requestShortCode(text string) (string, bool) {
	const look = len("CP-C7F-ZS5")
	text = strings.ToUpper(text)
	if len(text) < look || shortCodeValues(text[:look]) == nil {
		return "", false
	}
	code, suffix := text[:look], text[look:]
	if suffix == "" {
		return code, true
	}
	if len(suffix) < len("-015") || suffix[0] != '-' || !isDigits(suffix[1:]) {
		return "", false
	}
	number, check := suffix[1:len(suffix)-1], suffix[len(suffix)-1]
	return code, suffixCheck(code, number) == int(check-'0')
}
