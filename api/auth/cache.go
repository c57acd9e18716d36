package auth

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long keys are used before they are read again: as long as the answer says,
// within bounds. The least keeps a burst of calls from becoming a burst of
// readings; the most is how long a key that was withdrawn can still be taken for
// good.
const (
	cacheLeast   = rotationPause
	cacheDefault = 15 * time.Minute
	cacheMost    = 24 * time.Hour
)

// cacheable returns how long an answer may be used, by its headers (RFC 9111,
// sections 4.2 and 5.2.2).
func cacheable(h http.Header) time.Duration {
	lifetime, known := cacheDefault, false
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return cacheLeast
		case "max-age":
			lifetime, known = seconds(strings.Trim(value, `"`)), true
		}
	}
	if known {
		lifetime -= seconds(h.Get("Age"))
	} else if expires := h.Get("Expires"); expires != "" {
		// What is no date, such as 0, has expired.
		until, _ := http.ParseTime(expires)
		at, err := http.ParseTime(h.Get("Date"))
		if err != nil {
			at = time.Now()
		}
		lifetime = until.Sub(at)
	}
	return min(max(lifetime, cacheLeast), cacheMost)
}

// seconds reads a count of seconds; what is none is 0.
func seconds(text string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}
