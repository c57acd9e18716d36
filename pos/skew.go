package pos

import "time"

// Skew is how far the service's clock runs ahead of the till's, and how well that is known.
type Skew struct {
	Ahead time.Duration
	Error time.Duration // half the width of what it may be
	Known bool
}

// Refine takes one more comparison of the clocks and keeps the better of the two, or the earlier.
// The Date header has whole seconds, so the service's clock stood up to a second
// later than it says; where in the round trip it was read is not known either.
func (s Skew) Refine(c Clock) Skew {
	if c.Server.IsZero() || c.Received.Before(c.Sent) {
		return s
	}
	trip := c.Received.Sub(c.Sent)
	middle := c.Sent.Add(trip / 2)
	seen := Skew{
		Ahead: c.Server.Add(time.Second / 2).Sub(middle),
		Error: time.Second/2 + trip/2,
		Known: true,
	}
	if s.Known && s.Error <= seen.Error {
		return s
	}
	return seen
}

// Local turns a time by the service's clock into one by the till's.
func (s Skew) Local(service time.Time) time.Time { return service.Add(-s.Ahead) }
