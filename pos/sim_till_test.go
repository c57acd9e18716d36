package pos_test

import (
	"context"
	"reflect"
	"slices"
	"time"

	"centrapos/pos"
)

var background = context.Background()

// simTill is the runner in miniature, with a disk and a power supply that fail:
// it performs what Step asks for at the world's times.
type simTill struct {
	w       *world
	op      pos.OpID
	step    stepFunc
	running bool
	life    int // counts the processes: answers to an earlier one reach nobody
	state   pos.State
	shown   pos.State // what the screen shows

	disk     []pos.Entry // what is durable
	facts    int         // how much of it this process knows of
	backlog  []pos.Effect
	failing  bool // the last append failed
	since    time.Time
	retry    bool
	diskBad  time.Time // until when every append fails
	timers   map[pos.Timer]int
	off      time.Duration // how far this process's clock is off the world's
	ended    pos.Outcome   // the first outcome ever shown
	crashes  int
	reckless bool // a mutation: ledger errors are ignored
	lossy    bool // a mutation: the last acknowledged write is not on the disk yet
	last     int  // how many entries that was
	takenUp  bool // by recovery
	denied   bool // whoever began it was told that nothing was sent
	settling bool // a person is settling it: nothing of an action is sent
	clean    bool // nothing of the operation can have left when it was taken up
	nextLook time.Time
}

// clock is the time by the till's clock.
func (p *simTill) clock() time.Time { return p.w.now.Add(p.off) }

// begin writes the intent; nothing is sent unless it is durable.
func (p *simTill) begin(intent pos.Opened) {
	p.running = true
	var effects []pos.Effect
	p.state, effects = p.step(pos.State{Op: p.op}, p.clock(), pos.Begun{Intent: intent})
	life := p.life
	entries := leading(effects[:1]) // as Operation.begin
	if len(entries) > 0 && !p.append(entries) {
		if p.life == life {
			p.denied = true
			p.running = false // refused to the cashier; the process goes on, and ends some day
			p.w.at(p.w.heal, p.restart)
		}
		return
	}
	p.shown = p.state
	p.perform(effects[len(entries):])
}

func (p *simTill) deliver(e pos.Event) {
	if !p.running {
		return
	}
	life := p.life
	p.w.logf("  %T%+v", e, e)
	if _, looks := e.(pos.LookOnlyAsked); looks {
		p.dropSendings()
	}
	state, effects := p.step(p.state, p.clock(), e)
	p.check(state)
	p.state = state
	p.perform(effects)
	if p.life != life {
		return
	}
	p.shown = state
	p.see()
	p.rest()
}

// rest is what an operation does that is closed: nothing, or looking back.
func (p *simTill) rest() {
	rec := p.state.Record
	if !rec.Closed() || len(p.backlog) > 0 {
		return
	}
	next := rec.NextLook()
	switch {
	case next.IsZero():
		p.w.logf("closed: %s", rec.Outcome)
		p.running = false
	case !next.Equal(p.nextLook):
		p.nextLook = next
		p.start(pos.Wake{Timer: pos.TimerLookBack, At: next})
	}
}

// see shows the code to the customer. Without look-up a code is shown only when
// its request is written down: there is no other way to find it again.
func (p *simTill) see() {
	id := p.shown.Record.Request.ID
	written := p.w.canLookUp() || pos.Replay(p.disk).Request.ID == id
	if id != "" && p.shown.Phase() == pos.PhaseWaiting && written && !slices.Contains(p.w.seen, id) {
		p.w.seen = append(p.w.seen, id)
		if req := p.shown.Record.Request; p.w.options.MakesFor.IsKnown() && p.w.newAmount == 0 && req.Status == pos.StatusNew && !req.Authorized() {
			p.w.breaks("%s is shown, which asks for %s", id, p.w.options.MakesFor)
		}
	}
}

// check holds what must be true at every step.
func (p *simTill) check(s pos.State) {
	outcome := s.Record.Outcome
	late := outcome == pos.OutcomePaidLate && !p.ended.Successful()
	if p.ended != pos.OutcomeOpen && outcome != p.ended && !late {
		p.w.breaks("the outcome changed from %s to %s", p.ended, outcome)
	}
	if outcome != pos.OutcomeOpen && outcome != p.ended {
		p.w.logf("the outcome is %s", outcome)
		switch {
		case s.Record.Word != nil: // a person's word is theirs
		case p.w.isAction():
			p.w.checkShown(outcome)
		case outcome == pos.OutcomePaidLate:
			if l, _ := s.Record.LateRequest(); !p.w.svc.Holds(l.ID) {
				p.w.breaks("%s is shown paid late, and is not", l.ID)
			}
		case outcome.Successful() && !p.w.svc.Holds(s.Record.Request.ID):
			p.w.breaks("%s is shown %s, and is not", s.Record.Request.ID, outcome)
		}
	}
	p.ended = outcome
}

func leading(effects []pos.Effect) []pos.Entry {
	var entries []pos.Entry
	for _, e := range effects {
		write, ok := e.(pos.Write)
		if !ok {
			break
		}
		entries = append(entries, write.Entry)
	}
	return entries
}

// moment is where the power may fail; it reports whether it did.
func (p *simTill) moment() bool {
	if p.w.healed() || p.life >= 4 || !p.w.draw.chance(p.w.crash) {
		return false
	}
	p.w.logf("CRASH")
	p.crashes++
	away := pick(p.w.draw, 0, 2*time.Second, 20*time.Second, 3*time.Minute)
	wait := min(p.w.draw.upTo(away), noon.Add(p.w.heal+time.Second).Sub(p.w.now))
	off := p.off
	if wait > 12*time.Second && p.w.draw.chance(0.5) { // the machine started anew, or another takes over: by a clock of its own
		off = pick(p.w.draw, 0, 3*time.Second, -3*time.Second, 2*time.Minute, -2*time.Minute)
	}
	for _, each := range p.w.tills { // they are one process
		each.dies(wait, off)
	}
	return true
}

// dies ends the process, and sets the next one going.
func (p *simTill) dies(wait, off time.Duration) {
	p.running, p.life, p.off = false, p.life+1, off
	if p.lossy {
		p.disk = p.disk[:len(p.disk)-p.last]
	}
	p.last = 0
	p.ended = pos.Replay(p.disk).Outcome // what was not written was not shown
	p.w.at(wait, p.restart)
}

// restart begins the next process: it takes up what the ledger holds.
func (p *simTill) restart() {
	if p.running || len(p.disk) == 0 {
		return
	}
	p.life++
	p.backlog, p.failing, p.retry, p.facts = nil, false, false, len(p.disk)
	p.state = pos.State{Op: p.op, Record: pos.Replay(p.disk)}
	p.ended = p.state.Record.Outcome
	p.nextLook = time.Time{}
	if p.state.Record.Closed() {
		p.state, _ = p.step(p.state, p.clock(), pos.Resumed{}) // as Operation.resume
		p.running = !p.state.Record.NextLook().IsZero()
		p.rest()
		return
	}
	p.running, p.settling, p.takenUp, p.clean = true, false, true, !p.state.Record.Action.Unsure()
	p.w.logf("restarted")
	p.deliver(pos.Resumed{})
}

// tear is what a loss of power in the middle of a write leaves: nothing of it, all
// of it, or a part, which is less than a ledger promises.
func (p *simTill) tear(entries []pos.Entry) {
	if p.failing || p.w.draw.chance(0.4) {
		return
	}
	kept := p.w.draw.IntN(len(entries) + 1)
	p.disk = append(p.disk, entries[:kept]...)
	p.w.logf("the write is torn: %d of %d kept", kept, len(entries))
	p.ended = pos.Replay(p.disk).Outcome
}

// append makes entries durable; it reports whether it could, and the process lives.
func (p *simTill) append(entries []pos.Entry) bool {
	if p.moment() {
		p.tear(entries)
		return false
	}
	missing := entries
	if p.failing {
		missing = entries[min(len(p.disk)-p.facts, len(entries)):]
	}
	if p.w.now.Before(p.diskBad) {
		p.failing = true
		return false
	}
	if !p.w.healed() && p.w.draw.chance(p.w.ledgerTrouble) {
		p.failing = true
		if p.w.draw.chance(0.3) {
			p.disk = append(p.disk, missing...)
			p.w.logf("append succeeds unseen: %d", len(missing))
			return false
		}
		p.diskBad = p.w.now.Add(min(p.w.draw.upTo(20*time.Second), noon.Add(p.w.heal).Sub(p.w.now)))
		p.w.logf("append fails")
		return false
	}
	p.disk = append(p.disk, missing...)
	p.facts, p.failing, p.since, p.last = len(p.disk), false, time.Time{}, len(missing)
	for _, e := range missing {
		p.w.logf("    %s %+v", e.Fact.FactName(), e.Fact)
	}
	return !p.moment()
}

func (p *simTill) perform(effects []pos.Effect) {
	queue := slices.Concat(p.backlog, effects)
	p.backlog = nil
	life := p.life
	for len(queue) > 0 {
		if entries := leading(queue); len(entries) > 0 {
			if !p.append(entries) && !p.reckless {
				if p.life == life {
					p.hold(queue)
				}
				return
			}
			queue = queue[len(entries):]
			continue
		}
		if p.moment() {
			return
		}
		p.start(queue[0])
		queue = queue[1:]
	}
}

// hold mirrors Operation.hold.
func (p *simTill) hold(queue []pos.Effect) {
	if p.since.IsZero() {
		p.since = p.w.now
	}
	for _, e := range queue {
		switch e := e.(type) {
		case pos.Poll, pos.LookUp, pos.ReadHistory, pos.Wake:
			p.start(e)
		case pos.Create:
			p.holdMoney(e, pos.CreateReplied{Reply: notSent})
		case pos.Decide:
			p.holdMoney(e, pos.DecideReplied{ConditionID: e.ConditionID, Reply: notSent})
		case pos.SendRefund, pos.SendConfirm, pos.SendRelease:
			p.holdMoney(e, pos.ActionReplied{Reply: notSent})
		default:
			p.backlog = append(p.backlog, e)
		}
	}
	if !p.retry {
		p.retry = true
		p.later(time.Second, func() {
			p.retry = false
			p.perform(nil)
			if p.running {
				p.rest()
			}
		})
	}
}

// dropSendings mirrors Operation.dropSendings.
func (p *simTill) dropSendings() {
	p.backlog = slices.DeleteFunc(p.backlog, func(e pos.Effect) bool {
		switch e.(type) {
		case pos.SendRefund, pos.SendConfirm:
			p.later(0, func() { p.deliver(pos.ActionReplied{Reply: notSent}) })
			return true
		}
		return false
	})
}

func (p *simTill) holdMoney(e pos.Effect, unsent pos.Event) {
	if p.w.now.Sub(p.since) < 3*time.Second {
		p.backlog = append(p.backlog, e)
		return
	}
	p.later(0, func() { p.deliver(unsent) })
}

// later lets something happen in this process, if it still lives then.
func (p *simTill) later(wait time.Duration, do func()) {
	life := p.life
	p.w.at(wait, func() {
		if p.running && p.life == life {
			do()
		}
	})
}

func (p *simTill) start(e pos.Effect) {
	w := p.w
	switch e := e.(type) {
	case pos.Create:
		call(p, "create", 8*time.Second, func() (pos.Request, pos.Reply) { return w.svc.Create(background, e.Sale) },
			func(req pos.Request, reply pos.Reply) pos.Event { return pos.CreateReplied{Reply: reply, Request: req} })
	case pos.Poll:
		call(p, "get", 4*time.Second, func() (pos.Request, pos.Reply) { return w.svc.Get(background, e.RequestID) },
			func(req pos.Request, reply pos.Reply) pos.Event {
				return pos.PollReplied{RequestID: e.RequestID, Reply: reply, Request: req}
			})
	case pos.LookUp:
		call(p, "look-up", 8*time.Second, func() ([]pos.Request, pos.Reply) { return w.svc.LookUp(background, e.Sale.ExternalRef, e.Sale.Origin) },
			func(list []pos.Request, reply pos.Reply) pos.Event {
				w.draw.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
				return pos.LookUpReplied{Reply: reply, Requests: list}
			})
	case pos.Void:
		if p.denied && w.kind == pos.KindVoid {
			w.breaks("voided, though staff were told that nothing was sent")
		}
		call(p, "void "+e.RequestID, 8*time.Second, func() (pos.Reversal, pos.Reply) { return w.svc.Void(background, e.RequestID) },
			func(back pos.Reversal, reply pos.Reply) pos.Event {
				return pos.VoidReplied{RequestID: e.RequestID, Reply: reply, Reversal: back}
			})
	case pos.Decide:
		call(p, "decide", 8*time.Second, func() (struct{}, pos.Reply) {
			return struct{}{}, w.svc.Decide(background, e.RequestID, e.ConditionID, e.Accept)
		}, func(_ struct{}, reply pos.Reply) pos.Event {
			return pos.DecideReplied{ConditionID: e.ConditionID, Reply: reply}
		})
	case pos.Wake:
		p.timers[e.Timer]++
		number := p.timers[e.Timer]
		p.later(e.At.Sub(p.clock()), func() {
			if p.timers[e.Timer] == number {
				p.deliver(pos.TimerDue{Timer: e.Timer})
			}
		})
	default:
		p.startAction(e)
	}
}

func (p *simTill) startAction(e pos.Effect) {
	w := p.w
	answered := func(a pos.Activity, reply pos.Reply) pos.Event { return pos.ActionReplied{Reply: reply, Activity: a} }
	switch e := e.(type) {
	case pos.SendRefund:
		p.mayLeave()
		call(p, "refund", 8*time.Second, func() (pos.Activity, pos.Reply) { return w.svc.Refund(background, e.Refund) }, answered)
	case pos.SendConfirm:
		p.mayLeave()
		call(p, "confirm", 8*time.Second, func() (pos.Activity, pos.Reply) { return w.svc.Confirm(background, e.Confirm) }, answered)
	case pos.SendRelease:
		p.mayLeave()
		call(p, "release", 8*time.Second, func() (pos.Activity, pos.Reply) {
			a, reply := w.svc.Release(background, e.RequestID)
			if reply.Answer == pos.AnswerDone {
				w.released++
			}
			return a, reply
		}, answered)
	case pos.ReadHistory:
		call(p, "activities", 8*time.Second, func() ([]pos.Activity, pos.Reply) { return w.svc.Activities(background, e.RequestID) },
			func(list []pos.Activity, reply pos.Reply) pos.Event {
				return pos.HistoryReplied{Reply: reply, Activities: list}
			})
	}
}

// mayLeave holds that recovery sends nothing which the process before had not sent,
// and that nothing is sent that a person is settling by hand.
func (p *simTill) mayLeave() {
	if p.settling {
		p.w.breaks("sent, though a person is settling it")
	}
	if p.takenUp && p.clean {
		p.w.breaks("sent by recovery, though it had never left")
	}
}

// compare holds what is durable against what the process knew.
func (p *simTill) compare(memory pos.Record) {
	if again := pos.Replay(p.disk); !reflect.DeepEqual(again, memory) {
		p.w.breaks("the ledger gives\n%+v\nand memory holds\n%+v", again, memory)
	}
}
