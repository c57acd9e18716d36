package pos_test

import (
	"testing"
	"time"

	"centrapos/pos"
)

func TestLatestDateOfBirth(t *testing.T) {
	t.Parallel()
	auckland := time.FixedZone("NZDT", 13*3600)
	for now, want := range map[string]string{
		"2026-11-21T02:00:00Z": "2008-11-21",
		"2026-11-20T11:30:00Z": "2008-11-21", // half past midnight in the shop
		"2026-11-20T10:59:59Z": "2008-11-20",
		"2028-02-29T01:00:00Z": "2010-02-28", // who was born on 1 March 2010 is 17 for a day more
		"2028-03-01T01:00:00Z": "2010-03-01",
		"2026-02-28T01:00:00Z": "2008-02-28",
		"2026-03-01T01:00:00Z": "2008-03-01", // and with it who was born on 29 February 2008
		"2118-02-28T12:00:00Z": "2100-03-01",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := pos.LatestBirth(at, auckland, 18); got.Format(time.DateOnly) != want || got.Hour() != 0 {
			t.Errorf("%s: %s, want %s", now, got, want)
		}
	}
	leap := time.Date(2036, 2, 29, 12, 0, 0, 0, auckland)
	if got := pos.LatestBirth(leap, auckland, 20).Format(time.DateOnly); got != "2016-02-29" {
		t.Errorf("from one leap day to another: %s", got)
	}
}

// Day for day: somebody born on the date has had their 18th birthday, and somebody
// born the day after has not.
func TestEighteenIsReachedOnTheBirthday(t *testing.T) {
	t.Parallel()
	for day := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC); day.Year() < 2033; day = day.AddDate(0, 0, 1) {
		born := pos.LatestBirth(day, time.UTC, 18)
		today := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)
		birthday := func(b time.Time) time.Time { // a leap day's is 1 March
			return time.Date(b.Year()+18, b.Month(), b.Day(), 0, 0, 0, 0, time.UTC)
		}
		if birthday(born).After(today) || !birthday(born.AddDate(0, 0, 1)).After(today) {
			t.Fatalf("on %s: %s", today.Format(time.DateOnly), born.Format(time.DateOnly))
		}
	}
}
