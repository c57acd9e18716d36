package cli

import "time"

// times are how long a command waits for what should not take long.
type times struct {
	// patience is how long a command goes on with what it wants ended and what
	// does not end, before it leaves it to recovery.
	patience time.Duration
	// tidy is how long a sale whose end is known goes on with what lost answers
	// left behind it: it must not keep a script waiting.
	tidy time.Duration
	// searching is the same while it is not known whether a request was made and
	// the rules may still find it or make another.
	searching time.Duration
	// reread bounds the reading of a request after its end.
	reread time.Duration
	// customer is how long the automatic customer of the training house takes.
	customer time.Duration
	// grace is for how long after a question nothing typed is taken as its answer.
	grace time.Duration
}

func usualTimes() times {
	return times{
		patience:  15 * time.Second,
		tidy:      3 * time.Second,
		searching: 30 * time.Second,
		reread:    2 * time.Second,
		customer:  2 * time.Second,
		grace:     300 * time.Millisecond,
	}
}
