package pos

import "time"

// LatestBirth is the latest date of birth of somebody who has reached an age, in
// years, on the day that it is in the shop: midnight of that date, in the shop's zone.
// Who was born on 29 February reaches it, in a year without one, on 1 March.
func LatestBirth(now time.Time, shop *time.Location, age int) time.Time {
	year, month, day := now.In(shop).Date()
	if month == time.February && day == 29 && !isLeap(year-age) {
		day = 28
	}
	return time.Date(year-age, month, day, 0, 0, 0, 0, shop)
}

func isLeap(year int) bool { return year%4 == 0 && year%100 != 0 || year%400 == 0 }
