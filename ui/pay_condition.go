package ui

import (
	"regexp"
	"strconv"
	"time"

	"centrapos/pos"
)

// This file helps with what Centrapay asks staff to check.

// ages finds the age a check is about, in the service's own words: the texts are not
// fixed, so nothing depends on it.
var ages = regexp.MustCompile(`(?i)(?:over|under|aged?|at least|older than|least)\D{0,14}?(\d{2})\b|\b(\d{2})\s*(?:\+|years|or over|or older|and over)`)

// ageOf is the age that a condition is about; false where it names none that goods
// are sold from.
func ageOf(c pos.Condition) (int, bool) {
	found := ages.FindStringSubmatch(c.Message + " " + c.Name)
	for _, text := range found[min(1, len(found)):] {
		if age, err := strconv.Atoi(text); err == nil && age >= 12 && age <= 30 {
			return age, true
		}
	}
	return 0, false
}

// ageAdvice says the latest date of birth that a check allows, by the shop's date;
// empty for a check of another kind.
func ageAdvice(c pos.Condition, today time.Time) string {
	age, is := ageOf(c)
	if !is {
		return ""
	}
	return "Born on or before " + pos.LatestBirth(today, today.Location(), age).Format("2 January 2006") + " is " + strconv.Itoa(age) + " today. "
}

// checkTitle says which of several checks this is.
func checkTitle(request pos.Request, c pos.Condition) string {
	n, at := 0, 0
	for _, each := range request.Conditions {
		if each.Status == pos.ConditionVoid {
			continue
		}
		n++
		if each.ID == c.ID {
			at = n
		}
	}
	if n < 2 || at == 0 {
		return "Please check"
	}
	return "Please check " + strconv.Itoa(at) + " of " + strconv.Itoa(n)
}

// withdrawn reports whether the service took back what it had asked.
func withdrawn(request pos.Request, conditionID string) bool {
	for _, each := range request.Conditions {
		if each.ID == conditionID {
			return each.Status == pos.ConditionVoid
		}
	}
	return false
}
