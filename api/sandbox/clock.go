package sandbox

import (
	"net/http"
	"time"

	"centrapos/api"
)

// maxAhead is how far the clock can be moved in all.
const maxAhead = 10 * 366 * 24 * time.Hour

// ClockState is where the sandbox's clock stands.
type ClockState struct {
	Now api.Timestamp `json:"now"`
	// Ahead is how far the clock was moved forward, such as "25h0m0s".
	Ahead string `json:"ahead"`
}

// now is the moment by the sandbox's clock, in the milliseconds of the wire.
func (s *Service) now() time.Time {
	ahead := time.Duration(s.store.ahead.Load())
	return s.clock().Add(ahead).Round(0).UTC().Truncate(time.Millisecond)
}

// Clock returns where the clock stands. It fails only when the file of WithFile
// cannot be read.
func (s *Service) Clock() (ClockState, error) { return s.Advance(0) }

// Advance moves the clock forward, for windows of hours and holds of months: it
// stays moved, with WithFile in later processes too. Back, and more than ten
// years in all, is refused with a *Refusal. What the time brings happens when
// somebody looks, as ever.
func (s *Service) Advance(d time.Duration) (ClockState, error) {
	var state ClockState
	err := s.transact(func(t *tx) error {
		ahead := t.shop().Ahead
		if d < 0 || d > maxAhead-ahead {
			return malformed("the clock can be moved forward only, and by at most ten years in all")
		}
		if d > 0 {
			ahead += d
			t.changeShop().Ahead = ahead
		}
		state = ClockState{Now: api.NewTimestamp(t.now.Add(d)), Ahead: ahead.String()}
		return nil
	})
	return state, err
}

func (s *Service) advance(r *http.Request) (any, error) {
	var body struct {
		Advance string `json:"advance"`
	}
	if err := decodeBody(r, &body); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(body.Advance)
	if err != nil {
		return nil, malformed("advance must be a duration such as 25h or 90m")
	}
	return s.Advance(d)
}
