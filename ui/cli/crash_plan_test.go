//go:build unix

package cli

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"centrapos/api/sandbox"
)

// crashKind is what the program is in the middle of when it is killed.
type crashKind string

const (
	crashSaleQR        crashKind = "sale-qr"
	crashSaleBarcode   crashKind = "sale-barcode"
	crashSaleCondition crashKind = "sale-condition"
	crashSaleScreens   crashKind = "sale-screens" // at the till's screens, in a terminal
	crashRefund        crashKind = "refund"
	crashConfirm       crashKind = "confirm"
	crashRelease       crashKind = "release"
	crashVoid          crashKind = "void"
)

func crashKinds() []crashKind {
	return []crashKind{crashSaleQR, crashSaleBarcode, crashSaleCondition, crashSaleScreens, crashRefund, crashConfirm, crashRelease, crashVoid}
}

// sells reports whether a sale is what is interrupted.
func (k crashKind) sells() bool { return strings.HasPrefix(string(k), "sale-") }

// showsCode reports whether customers see the payment request only by its code.
func (k crashKind) showsCode() bool { return k == crashSaleQR || k == crashSaleScreens }

// endpoint is the call that moves money, or makes what does.
func (k crashKind) endpoint() string {
	if k.sells() {
		return sandbox.EndpointCreate
	}
	return string(k)
}

// crashStage says where in a call the program is killed.
type crashStage string

const (
	stageBefore   crashStage = "before"   // the call comes in, and is lost
	stageLate     crashStage = "late"     // the call has its effect once the program is dead
	stageAfter    crashStage = "after"    // it has had its effect, and is not answered
	stageAnswered crashStage = "answered" // the answer has been sent
)

// crashMoment is when the program is killed: at a call, once the ledger has so
// many more entries, or a time after the start.
type crashMoment struct {
	endpoint string // of a call; sandbox.EndpointAny counts all
	stage    crashStage
	call     int           // the first is 1
	entry    int           // 0 when it is none of the ledger's entries
	wait     time.Duration // after the start, the entry or the answer; of a late call until its effect
}

func (m crashMoment) String() string {
	switch {
	case m.call > 0:
		return fmt.Sprintf("%s %s %d (%v)", m.stage, m.endpoint, m.call, m.wait)
	case m.entry > 0:
		return fmt.Sprintf("entry %d (%v)", m.entry, m.wait)
	}
	return fmt.Sprintf("in time, %v after the start", m.wait)
}

// sort is what kind of moment it is, for the table at the end.
func (m crashMoment) sort() string {
	switch {
	case m.call > 0:
		return string(m.stage)
	case m.entry > 0:
		return "entry"
	}
	return "time"
}

// crashWhen is what a customer or the staff wait for before they act.
type crashWhen string

const (
	whenSeen       crashWhen = "seen"       // the payment request can be seen by the customer
	whenKilled     crashWhen = "killed"     // the program is dead, and not started again yet
	whenRecovering crashWhen = "recovering" // the program has been started again
)

// crashCustomer is what the customer does with the first request that is seen.
type crashCustomer struct {
	does string // pays, cancels or nothing
	when crashWhen
	wait time.Duration
}

func (c crashCustomer) String() string {
	if c.does == "nothing" {
		return c.does
	}
	return fmt.Sprintf("%s %v after %s", c.does, c.wait, c.when)
}

// crashPlan is one case: what is done, what goes wrong and when.
type crashPlan struct {
	kind     crashKind
	variant  string
	faults   []string
	expiry   int // seconds a sale's request lasts
	moment   crashMoment
	customer crashCustomer
	stops    time.Duration // after the request is seen, staff stop the sale; 0 for never
	heals    bool          // the faults end when the program is killed, else with the first recovery
	again    []crashMoment // when the first recoveries are killed
	beside   time.Duration // after the start somebody runs a recovery besides; 0 for nobody
	screens  bool          // it is the till, in a terminal, that recovers
}

func (p crashPlan) String() string {
	text := fmt.Sprintf("%s (%s), killed %v; the customer: %v", p.kind, p.variant, p.moment, p.customer)
	if p.stops > 0 {
		text += fmt.Sprintf("; staff stop it after %v", p.stops)
	}
	if len(p.faults) > 0 {
		text += fmt.Sprintf("; faults %s, healed at the death: %v", strings.Join(p.faults, " "), p.heals)
	}
	for _, again := range p.again {
		text += fmt.Sprintf("; a recovery killed %v", again)
	}
	if p.beside > 0 {
		text += fmt.Sprintf("; a recovery besides after %v", p.beside)
	}
	if p.screens {
		text += "; recovered by the till's screens"
	}
	return text
}

// crashDice draws plans: the same from the same seed and name.
type crashDice struct{ *rand.Rand }

func newCrashDice(seed uint64, name string) crashDice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))
	return crashDice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

func (d crashDice) chance(percent int) bool { return d.IntN(100) < percent }

func (d crashDice) upTo(most time.Duration) time.Duration {
	return time.Duration(d.Int64N(int64(most))).Round(time.Millisecond)
}

func oneOf[T any](d crashDice, list ...T) T { return list[d.IntN(len(list))] }

// plan draws a case.
func (d crashDice) plan(kind crashKind, faulty bool) crashPlan {
	p := crashPlan{kind: kind, variant: oneOf(d, kind.variants()...), expiry: oneOf(d, 4, 60)}
	p.customer = crashCustomer{does: oneOf(d, "pays", "pays", "pays", "cancels", "nothing")}
	if kind == crashSaleBarcode || kind == crashSaleCondition {
		p.expiry = 4 // a lost one is looked for until nobody could pay it
		p.customer.does = oneOf(d, "pays", "pays", "nothing")
	}
	p.customer.when = oneOf(d, whenSeen, whenSeen, whenSeen, whenKilled, whenRecovering)
	p.customer.wait = d.upTo(map[crashWhen]time.Duration{whenSeen: 1500 * time.Millisecond, whenKilled: 50 * time.Millisecond, whenRecovering: 400 * time.Millisecond}[p.customer.when])
	idle := p.customer.does == "nothing" || p.customer.when != whenSeen
	if kind.sells() && (d.chance(40) || idle && kind == crashSaleScreens) {
		p.stops = 50*time.Millisecond + d.upTo(2*time.Second)
	}
	if idle {
		p.expiry = 4
	}
	p.moment = d.moment(kind)
	if faulty {
		p.faults, p.heals = d.faults(kind), d.chance(50)
	}
	for len(p.again) < 3 && d.chance(30) {
		p.again = append(p.again, d.recoveryMoment())
	}
	if d.chance(10) {
		p.beside = 20*time.Millisecond + d.upTo(time.Second)
	}
	p.screens = d.chance(15)
	return p
}

// variants are what else a case of a kind can differ in.
func (k crashKind) variants() []string {
	switch k {
	case crashSaleBarcode:
		return []string{"app", "quick-pay"}
	case crashSaleCondition:
		return []string{"accept", "decline", "accept"}
	case crashRefund:
		return []string{"named", "fresh", "second"}
	case crashConfirm:
		return []string{"named", "fresh", "second"}
	case crashRelease:
		return []string{"whole", "confirmed"}
	case crashVoid:
		return []string{"paid", "elsewhere", "left"}
	case crashSaleQR, crashSaleScreens:
	}
	return []string{"plain"}
}

func (d crashDice) moment(kind crashKind) crashMoment {
	calls, entries, most := 3, 4, 400*time.Millisecond
	if kind.sells() {
		calls, entries, most = 6, 6, 3*time.Second
	}
	switch draw := d.IntN(100); {
	case draw < 35:
		return d.call(kind.endpoint(), 1)
	case draw < 65:
		return d.call(sandbox.EndpointAny, 1+d.IntN(calls))
	case draw < 75 && kind == crashSaleCondition:
		return d.call(oneOf(d, sandbox.EndpointAccept, sandbox.EndpointDecline), 1)
	case draw < 75 && kind.sells():
		return d.call(oneOf(d, sandbox.EndpointVoid, sandbox.EndpointExternalRef), 1)
	case draw < 90:
		return crashMoment{entry: 1 + d.IntN(entries), wait: d.upTo(3 * time.Millisecond)}
	case draw < 94:
		return crashMoment{wait: d.upTo(80 * time.Millisecond)} // as the ledger is opened, or made
	}
	return crashMoment{wait: d.upTo(most)}
}

func (d crashDice) call(endpoint string, n int) crashMoment {
	m := crashMoment{endpoint: endpoint, call: n, stage: oneOf(d, stageBefore, stageLate, stageAfter, stageAnswered)}
	switch m.stage {
	case stageLate:
		m.wait = oneOf(d, 0, d.upTo(300*time.Millisecond), d.upTo(3*time.Second))
	case stageAnswered:
		m.wait = d.upTo(4 * time.Millisecond)
	case stageBefore, stageAfter:
	}
	return m
}

func (d crashDice) recoveryMoment() crashMoment {
	switch draw := d.IntN(100); {
	case draw < 60:
		return d.call(sandbox.EndpointAny, 1+d.IntN(3))
	case draw < 85:
		return crashMoment{entry: 1 + d.IntN(3), wait: d.upTo(3 * time.Millisecond)}
	}
	return crashMoment{wait: d.upTo(300 * time.Millisecond)}
}

// faults draws what goes wrong: mostly with the call that moves money.
func (d crashDice) faults(kind crashKind) []string {
	others := []string{sandbox.EndpointGet, sandbox.EndpointVoid, sandbox.EndpointActivities, sandbox.EndpointExternalRef}
	if kind == crashSaleCondition {
		others = append(others, sandbox.EndpointAccept, sandbox.EndpointDecline)
	}
	var specs []string
	if d.chance(75) {
		specs = append(specs, kind.endpoint()+":"+d.fault()+":"+oneOf(d, "1", "1", "1-2"))
	}
	for range d.IntN(3) {
		specs = append(specs, oneOf(d, others...)+":"+d.fault()+":"+oneOf(d, "1", "2", "1-2", "2-3"))
	}
	if len(specs) == 0 {
		specs = []string{oneOf(d, "*:delay=300ms", "*:status=502:2-4", "*:drop-after:2", "*:delay-after=700ms:1-3", "*:status-after=503:2-3")}
	}
	slices.Sort(specs)
	return slices.Compact(specs)
}

func (d crashDice) fault() string {
	return oneOf(d, "drop-before", "drop-after", "drop-after", "status=502", "status-after=502", "status-after=502", "status=503,1",
		"status=500", "status-after=500", "status=429,1", "html", "html-after", "redirect", "truncated", "empty", "cut", "wrong-shape",
		"hang-before=1m", "hang-after=1m", "hang-after=1m", "delay=900ms", "delay-after=900ms", "drip=900ms")
}

// crashGroup is a kind, with faults or without.
type crashGroup struct {
	kind   crashKind
	faulty bool
}

func crashGroups() []crashGroup {
	var groups []crashGroup
	for _, kind := range crashKinds() {
		groups = append(groups, crashGroup{kind, false}, crashGroup{kind, true})
	}
	return groups
}

func (g crashGroup) String() string {
	if g.faulty {
		return string(g.kind) + "-faults"
	}
	return string(g.kind) + "-plain"
}

// named is a case of the group by its number.
func (g crashGroup) named(n int) string { return fmt.Sprintf("%v-%03d", g, n) }

// parseCrashCase reads what named writes.
func parseCrashCase(name string) (crashPlan, error) {
	for _, g := range crashGroups() {
		if rest, ok := strings.CutPrefix(name, g.String()+"-"); ok && rest != "" {
			return newCrashDice(*crashSeed, name).plan(g.kind, g.faulty), nil
		}
	}
	return crashPlan{}, fmt.Errorf("no case %q; one is called %s", cmp.Or(name, "(none)"), crashGroups()[0].named(7))
}
