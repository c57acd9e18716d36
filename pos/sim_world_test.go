package pos_test

import (
	"container/heap"
	"errors"
	"fmt"
	"strings"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// world is one history as it unfolds: everything happens in one goroutine, at
// times of its own clock, in an order that the seed alone decides.
type world struct {
	plan
	draw  draw
	now   time.Time
	queue happenings
	count int
	svc   *postest.Service
	till  *simTill   // what the history is about
	tills []*simTill // it and, where the sale was replaced, the one in its place
	hasty bool       // a mutation: another sale is begun before the old one is over
	seen  []string   // requests whose code or barcode the customer has, oldest first
	calls []time.Time

	foreign map[string]bool // requests of other tills

	target0  string           // the request of an action
	released int              // how often the service released it for the till
	log      *strings.Builder // nil while nobody reads it
	wrong    []string         // what broke a rule
}

// happening is something that happens at a time.
type happening struct {
	at    time.Time
	order int
	do    func()
}

type happenings []happening

func (h happenings) Len() int { return len(h) }
func (h happenings) Less(i, j int) bool {
	return h[i].at.Before(h[j].at) || h[i].at.Equal(h[j].at) && h[i].order < h[j].order
}
func (h happenings) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *happenings) Push(x any)   { *h = append(*h, x.(happening)) }
func (h *happenings) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// stepFunc is Step, or a mutation of it.
type stepFunc func(pos.State, time.Time, pos.Event) (pos.State, []pos.Effect)

func newWorld(seed uint64, step stepFunc, log *strings.Builder) *world {
	w := &world{plan: newPlan(seed), draw: newDraw(seed + 1), now: noon, log: log, foreign: map[string]bool{}}
	w.options.Now = func() time.Time { return w.now }
	w.svc = postest.NewService(w.options)
	w.till = w.newTill("op", step)
	return w
}

func (w *world) newTill(op pos.OpID, step stepFunc) *simTill {
	p := &simTill{w: w, op: op, step: step, timers: map[pos.Timer]int{}}
	if len(w.tills) > 0 {
		first := w.tills[0]
		p.reckless, p.lossy, p.off, p.life = first.reckless, first.lossy, first.off, first.life
	}
	w.tills = append(w.tills, p)
	return p
}

// run lets the whole history happen.
func (w *world) run() {
	w.logf("%s", &w.plan)
	w.beginPeople()
	w.beginNeighbours()
	w.at(0, w.begin)
	end := noon.Add(w.heal + w.patience())
	for len(w.queue) > 0 {
		next := heap.Pop(&w.queue).(happening)
		if next.at.After(end) {
			break
		}
		w.now = next.at
		next.do()
	}
	w.now = end
	w.check()
}

// at lets something happen some time from now.
func (w *world) at(wait time.Duration, do func()) {
	w.count++
	heap.Push(&w.queue, happening{at: w.now.Add(max(0, wait)), order: w.count, do: do})
}

func (w *world) healed() bool { return !w.now.Before(noon.Add(w.heal)) }

func (w *world) logf(format string, args ...any) {
	if w.log != nil {
		fmt.Fprintf(w.log, "%12s  %s\n", w.now.Sub(noon), fmt.Sprintf(format, args...))
	}
}

func (w *world) breaks(format string, args ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
	w.logf("WRONG: "+format, args...)
}

// begin begins the operation: a sale, or the void of a request that stands somewhere.
func (w *world) begin() {
	intent := pos.Opened{Kind: pos.KindSale, Service: "s", Sale: &w.sale}
	if w.isAction() {
		w.target0 = w.actedOn()
		w.rivals(w.target0)
		intent = w.action.intent(w.target0)
	}
	if w.kind == pos.KindVoid {
		intent = pos.Opened{Kind: pos.KindVoid, Service: "s", Void: &pos.Target{RequestID: w.standing(), Value: cents(1250)}}
	}
	w.till.begin(intent)
}

// standing is a request of an earlier sale.
func (w *world) standing() string {
	earlier := w.sale
	earlier.ExternalRef = "T1-0000"
	if w.target == pos.StatusExpired {
		earlier.Expiry = time.Millisecond
	}
	req, _ := w.svc.Create(background, earlier)
	switch w.target {
	case pos.StatusPaid:
		_ = w.svc.Pay(req.ID)
	case pos.StatusCancelled:
		_ = w.svc.Cancel(req.ID)
	case pos.StatusNew:
		w.seen = append(w.seen, req.ID)
	}
	return req.ID
}

func (w *world) beginPeople() {
	for _, wait := range w.stops {
		w.at(wait, func() {
			w.logf("staff stop")
			w.till.deliver(pos.StopAsked{Why: pick(w.draw, pos.WhyStaff, pos.WhyShutdown)})
		})
	}
	for i, wait := range w.conditions {
		w.at(wait, func() { w.raise(fmt.Sprint(i + 1)) })
	}
	if w.newAmount > 0 {
		w.at(w.newAmount, func() {
			if req, made := w.svc.Newest(); made && !w.foreign[req.ID] {
				w.logf("service asks 11.25 for %s: %v", req.ID, w.svc.ChangeValue(req.ID, cents(1125)))
			}
		})
	}
	w.at(w.reaction+time.Millisecond, w.customerActs)
	if w.person > 0 {
		w.at(w.person, w.personAsks)
	}
	w.at(time.Second, w.staffLook)
	if w.replaced > 0 {
		w.at(w.replaced, w.replace)
	}
}

func (w *world) raise(id string) {
	req, made := w.svc.Newest()
	if !made || w.foreign[req.ID] || !w.sale.PreAuth && w.sale.Barcode == "" && len(w.seen) == 0 {
		return
	}
	c := pos.Condition{ID: id, Message: "Please check ID", Status: pick(w.draw, pos.ConditionAwaitingMerchant, pos.ConditionAwaitingPatron)}
	w.logf("service raises %s of %s: %v", c.Status, req.ID, w.svc.RaiseCondition(req.ID, c))
	if c.Status == pos.ConditionAwaitingPatron {
		w.at(w.draw.upTo(10*time.Second), func() { _ = w.svc.PatronAnswers(req.ID, id, !w.draw.chance(0.2)) })
	}
}

// staffLook answers what the screen asks, or not.
func (w *world) staffLook() {
	for _, p := range w.tills {
		if !p.running {
			continue
		}
		for _, c := range p.shown.PendingConditions() {
			if w.draw.chance(w.answers) {
				accept := !w.draw.chance(0.25)
				w.logf("staff answer %s: %v", c.ID, accept)
				p.deliver(pos.ConditionAnswered{ConditionID: c.ID, Accept: accept})
			}
		}
	}
	if w.answers > 0 && w.now.Before(noon.Add(w.heal+w.sale.Expiry)) {
		w.at(time.Second, w.staffLook)
	}
}

// personAsks is somebody who settles by hand what the till cannot find out: the till
// is asked to look, as Till.Settle does, and given the word a while later.
func (w *world) personAsks() {
	if w.isAction() && w.kind != pos.KindRelease {
		w.till.settling = w.till.running
		w.till.deliver(pos.LookOnlyAsked{})
	}
	w.at(20*time.Second, w.personSays)
	w.at(time.Minute, w.personAsks)
}

// personSays gives the word of somebody who asked Centrapay, which knows.
func (w *world) personSays() {
	verdict := w.kind.Verdicts()
	if len(verdict) == 0 {
		return
	}
	for _, p := range w.tills {
		truth := verdict[1]
		if w.moved(p) {
			truth = verdict[0]
		}
		p.deliver(pos.PersonSaid{Word: pos.Word{Verdict: truth, By: "Mia", Note: "asked"}})
	}
}

// moved reports whether the service holds money of a sale, or did an action.
func (w *world) moved(p *simTill) bool {
	for _, req := range w.requestsOf(p) {
		if w.kind == pos.KindSale && w.svc.Holds(req.ID) {
			return true
		}
	}
	return w.isAction() && w.done() > 0
}

// customerActs pays, cancels or ignores what the customer can see, again and
// again until something works or there is nothing more to come.
func (w *world) customerActs() {
	if w.customer == "ignores" {
		return
	}
	for _, id := range w.visible() {
		var err error
		switch w.customer {
		case "cancels":
			err = w.svc.Cancel(id)
		case "part":
			err = w.svc.PayPart(id, cents(500))
		case "in flight":
			if err = errors.New("it cannot be paid"); w.svc.Payable(id) {
				err = nil
				w.at(w.flight, func() { w.logf("a payment lands on %s: %v", id, w.svc.Land(id)) })
			}
		default:
			err = w.svc.Pay(id)
		}
		w.logf("customer %s %s: %v", w.customer, id, err)
		if err == nil {
			return
		}
	}
	if w.now.Before(noon.Add(w.heal + 2*w.sale.Expiry)) {
		w.at(w.reaction+w.draw.upTo(3*time.Second)+50*time.Millisecond, w.customerActs)
	}
}

// visible are the requests that the customer can pay: those whose code was
// shown and, with a barcode, every one that was made from it.
func (w *world) visible() []string {
	if !w.barcode() {
		return w.seen
	}
	var ids []string
	for _, req := range w.svc.Requests() {
		if w.foreign[req.ID] {
			continue
		}
		ids = append(ids, req.ID)
	}
	return ids
}
