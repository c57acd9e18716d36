package printer

import (
	"context"
	"slices"
	"sync"
	"time"
)

// State is what became of a job.
type State string

// The states.
const (
	StateWaiting  State = "waiting"
	StatePrinting State = "printing"
	StatePrinted  State = "printed"
	StateGivenUp  State = "given up" // older than the limit, or the till was closed
)

// Job is something that is to be printed, as the queue's list has it.
type Job struct {
	ID       int
	Name     string // what it is, for people
	State    State
	Added    time.Time
	Attempts int
	// Problem is why the latest attempt failed; empty while none has.
	Problem string
}

const (
	// DefaultAge is how old a job may get.
	DefaultAge = 10 * time.Minute
	// attemptTime bounds one attempt: the longest receipt on the slowest printer.
	attemptTime = 2 * time.Minute
	firstPause  = time.Second
	longPause   = 20 * time.Second
	// kept is how many jobs that are done with stay on the list.
	kept = 50
)

// Queue prints jobs behind those who sell.
type Queue struct {
	device  Device
	age     time.Duration
	changed func()

	mu      sync.Mutex
	jobs    []*job
	last    int
	wake    chan struct{}
	stopped context.CancelFunc
	ended   chan struct{}
}

type job struct {
	Job
	data []byte
}

// NewQueue gives a queue for a device. A job that is older than age is given up;
// DefaultAge when zero. changed is called after each change of the list, which Jobs
// then gives, from any goroutine; it must not wait, and may be nil. The queue has to
// be closed.
func NewQueue(device Device, age time.Duration, changed func()) *Queue {
	if age <= 0 {
		age = DefaultAge
	}
	ctx, cancel := context.WithCancel(context.Background())
	q := &Queue{device: device, age: age, changed: changed, wake: make(chan struct{}, 1), stopped: cancel, ended: make(chan struct{})}
	go q.run(ctx)
	return q
}

// Add puts a job at the end of the queue and gives its number.
func (q *Queue) Add(name string, data []byte) int {
	q.mu.Lock()
	q.last++
	id := q.last
	q.jobs = append(q.jobs, &job{Job: Job{ID: id, Name: name, State: StateWaiting, Added: time.Now()}, data: slices.Clone(data)})
	q.forget()
	q.mu.Unlock()
	q.tell()
	return id
}

// Retry tries a job again that was given up. It reports whether there is one.
func (q *Queue) Retry(id int) bool {
	q.mu.Lock()
	i := slices.IndexFunc(q.jobs, func(j *job) bool { return j.ID == id && j.State == StateGivenUp && j.data != nil })
	if i >= 0 {
		q.jobs[i].State, q.jobs[i].Added, q.jobs[i].Attempts = StateWaiting, time.Now(), 0
	}
	q.mu.Unlock()
	if i >= 0 {
		q.tell()
	}
	return i >= 0
}

// Drop takes a job off the list that is not being printed just now. It reports
// whether there was one.
func (q *Queue) Drop(id int) bool {
	q.mu.Lock()
	before := len(q.jobs)
	q.jobs = slices.DeleteFunc(q.jobs, func(j *job) bool { return j.ID == id && j.State != StatePrinting })
	dropped := len(q.jobs) < before
	q.mu.Unlock()
	if dropped {
		q.tell()
	}
	return dropped
}

// Jobs lists the jobs, the oldest first.
func (q *Queue) Jobs() []Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]Job, 0, len(q.jobs))
	for _, j := range q.jobs {
		list = append(list, j.Job)
	}
	return list
}

// Close stops printing, at the latest when its context ends: what is being printed
// may finish until then. What waits is given up.
func (q *Queue) Close(ctx context.Context) {
	q.mu.Lock()
	for _, j := range q.jobs {
		if j.State == StateWaiting {
			j.State, j.Problem = StateGivenUp, "the till was closed"
		}
	}
	idle := !slices.ContainsFunc(q.jobs, func(j *job) bool { return j.State == StatePrinting })
	q.mu.Unlock()
	if !idle {
		q.untilIdle(ctx)
	}
	q.stopped()
	<-q.ended
}

// untilIdle waits until nothing is being printed, or the context ends.
func (q *Queue) untilIdle(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
		if !slices.ContainsFunc(q.Jobs(), func(j Job) bool { return j.State == StatePrinting }) {
			return
		}
	}
}

// forget takes jobs off that were printed long ago. The caller holds the lock.
func (q *Queue) forget() {
	for len(q.jobs) > kept {
		i := slices.IndexFunc(q.jobs, func(j *job) bool { return j.State == StatePrinted || j.State == StateGivenUp })
		if i < 0 {
			return
		}
		q.jobs = slices.Delete(q.jobs, i, i+1)
	}
}

// tell says that the list has changed, and wakes the printing goroutine.
func (q *Queue) tell() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
	if q.changed != nil {
		q.changed()
	}
}

// run prints jobs until the queue is closed.
func (q *Queue) run(ctx context.Context) {
	defer close(q.ended)
	pause := firstPause
	for {
		next := q.next()
		if next == nil {
			select {
			case <-q.wake:
				continue
			case <-ctx.Done():
				return
			}
		}
		if q.attempt(ctx, next) {
			pause = firstPause
			continue
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, longPause)
		case <-ctx.Done():
			return
		}
	}
}

// next is the oldest job that waits. Those that are too old are given up.
func (q *Queue) next() *job {
	q.mu.Lock()
	var found *job
	gaveUp := false
	for _, j := range q.jobs {
		if j.State != StateWaiting {
			continue
		}
		if time.Since(j.Added) >= q.age {
			j.State, gaveUp = StateGivenUp, true
			continue
		}
		found = j
		found.State = StatePrinting
		found.Attempts++
		break
	}
	q.mu.Unlock()
	if found != nil || gaveUp {
		q.tell()
	}
	return found
}

// attempt prints a job and reports whether the printer took it.
func (q *Queue) attempt(ctx context.Context, j *job) bool {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	err := q.device.Print(ctx, j.data)
	q.mu.Lock()
	if err == nil {
		j.State, j.Problem, j.data = StatePrinted, "", nil
	} else {
		j.State, j.Problem = StateWaiting, err.Error()
	}
	q.mu.Unlock()
	q.tell()
	return err == nil
}
