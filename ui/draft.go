package ui

import (
	"errors"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file keeps baskets: each change of the one on the screen is saved at once, so
// that it is there, line for line, after a crash; it is put aside and taken up again.

// keeper is how the keeping of baskets stands.
type keeper struct {
	busy bool // a save is on its way: there is one at a time
	// trouble is why baskets cannot be kept at present; the next try is due by itself.
	trouble string
	dueID   int
	// aside are baskets whose payment is open and that have left the screen.
	aside   []draft
	leaving bool // staff want to quit, once all is saved
	// resuming: what an earlier run left is being looked for. Nothing is saved before
	// that is known, lest this run's own basket be taken for one of before.
	resuming bool
	// ended are payments of an earlier run whose end was told before their baskets
	// were there.
	ended []pos.Record
}

// tryAgain is how long after a failed save the next is tried; quitPatience is how
// long quitting waits for saves.
const (
	tryAgain     = 2 * time.Second
	quitPatience = 3 * time.Second
)

// draftView is what the sale screen shows of the keeping of baskets.
type draftView struct {
	trouble string
	held    []pos.BasketSummary
}

// kept sees to it, after each message, that what is new in the baskets is saved.
func kept(next tea.Model) (tea.Model, tea.Cmd) {
	m, is := next.(model)
	if !is || m.work.drafts == nil {
		return next, nil
	}
	d, unsaved := m.unsaved()
	if m.keeper.leaving && !unsaved && !m.keeper.busy {
		return m, tea.Quit
	}
	if !unsaved || m.keeper.busy || m.keeper.trouble != "" || m.keeper.resuming {
		return m, nil
	}
	m.keeper.busy = true
	return m, m.work.saveDraft(d)
}

// unsaved is a basket with changes that are not kept yet: those that have left the
// screen first. While a payment is being begun, that keeps the basket by itself.
func (m model) unsaved() (draft, bool) {
	for _, d := range slices.Concat(m.sale.left, m.keeper.aside) {
		if d.saved < d.basket.Entries() {
			return d, true
		}
	}
	d := m.sale.draft
	d.basket = m.sale.basket
	return d, d.saved < d.basket.Entries() && !m.beginning()
}

// beginning reports whether a payment of the basket is on its way into the record.
func (m model) beginning() bool {
	_, begun := m.payments.attempt(m.basketFor)
	return m.basketFor != 0 && !begun
}

// basketSaved takes the answer to a save.
func (m model) basketSaved(msg basketSaved) (model, tea.Cmd) {
	m.keeper.busy = false
	var conflict *pos.DraftConflict
	switch {
	case errors.As(msg.err, &conflict):
		// It was changed somewhere else, or is in other hands there. What is on this
		// screen is kept all the same, as a basket of its own.
		msg.draft.id, msg.draft.saved = "", 0
		m = m.withSaved(msg.draft)
		return m.say(toneWarn, "This basket is open at another till too. It is kept here as another one: check which of them is right.")
	case msg.err != nil:
		m = m.withSaved(msg.draft).troubled(msg.err.Error())
		m.keeper.dueID++
		return m, after(tryAgain, saveDue{id: m.keeper.dueID})
	}
	m = m.withSaved(msg.draft).troubled("")
	if msg.draft.basket.Stage() == pos.StageHeld {
		return m, m.work.listHeld()
	}
	return m, nil
}

// withSaved notes how much of a basket is kept.
func (m model) withSaved(d draft) model {
	if m.sale.draft.slot == d.slot {
		m.sale.draft.id, m.sale.draft.saved = d.id, d.saved
		return m
	}
	note := func(list []draft) []draft {
		list = slices.Clone(list)
		for i := range list {
			if list[i].slot == d.slot {
				list[i].id, list[i].saved = d.id, d.saved
			}
		}
		return list
	}
	m.sale.left, m.keeper.aside = note(m.sale.left), note(m.keeper.aside)
	m.sale.left = slices.DeleteFunc(m.sale.left, func(d draft) bool { return d.saved == d.basket.Entries() })
	return m
}

// troubled shows why baskets cannot be kept, or that they can again.
func (m model) troubled(why string) model {
	m.keeper.trouble, m.sale.drafts.trouble = why, why
	m.sale = m.sale.scrolled()
	return m
}

// saveDue lets the next save be tried.
func (m model) saveDue(msg saveDue) model {
	if msg.id == m.keeper.dueID {
		m.keeper.trouble = ""
	}
	return m
}

// adopted takes a basket over as the payment that was begun for it left it.
func (m model) adopted(msg begun) model {
	if msg.asked == nil || m.sale.draft.slot != msg.asked.slot {
		return m
	}
	m.sale = m.sale.withBasket(msg.asked.basket)
	m.sale.draft.id, m.sale.draft.saved = msg.asked.id, msg.asked.saved
	return m
}

// asked notes in the basket that a payment in place of another asks for it now.
func (m model) asked(msg begun) model {
	sale := msg.now.state.Record.Sale
	if msg.op == nil || msg.asked != nil || m.basketFor != msg.attempt || sale.ExternalRef == "" {
		return m
	}
	b := m.sale.stamped()
	if pending := b.Tendering(pos.CashRounding{}).Pending; pending != nil {
		b = ended(b, pending.Ref, pos.OutcomeCancelled)
	}
	if next, err := b.AskPayment(sale.ExternalRef, sale.Amount); err == nil {
		m.sale = m.sale.withBasket(next)
	}
	return m
}

// partPaid reports whether a part of the basket is paid and something is left.
func (s saleScreen) partPaid() bool {
	t := s.basket.Tendering(pos.CashRounding{})
	return s.basket.Stage() == pos.StageSelling && t.Paid.Sign() > 0 && t.Left.Sign() > 0
}

// resumed takes what an earlier run left: the newest basket goes on the screen when
// nothing has been rung up yet, and the others are put aside.
func (m model) resumed(msg resumed) (model, tea.Cmd) {
	m.keeper.resuming = false
	if msg.err != nil {
		m = m.troubled("")
		m.sale.missed = append(m.sale.missed[:len(m.sale.missed):len(m.sale.missed)],
			"The basket of before could not be read; it is still on disk. "+sentence(msg.err.Error()))
		m.sale = m.sale.scrolled()
	}
	text := ""
	for _, d := range slices.Backward(msg.drafts) {
		if d.id == m.sale.draft.id { // it went to payment meanwhile
			continue
		}
		m.sale.slots++
		d.slot = m.sale.slots
		b := d.basket.As(m.look.operator, m.now)
		paying := b.Stage() == pos.StagePaying
		switch {
		case b.Stage().Ended(), b.IsEmpty() && !paying && b.Paid().Sign() == 0:
			if gone, err := b.Discard(""); err == nil {
				b = gone
			}
		case m.sale.untouched():
			m.sale = m.sale.took(d)
			text = "This is the basket of before: the till stopped while it was open. Nothing of it is lost."
			if paying {
				m.sale.frozen = true
				text = "This is the basket of before, and its payment is not known yet. Do not charge again."
			}
			continue
		case !paying:
			if held, err := b.Hold(""); err == nil {
				b, text = held, "A basket of before is put aside as "+held.Name()+": F6 recalls it."
			}
		}
		d.basket = b
		if paying {
			m.keeper.aside = append(slices.Clip(m.keeper.aside), d)
			continue
		}
		m.sale.left = append(slices.Clip(m.sale.left), d)
	}
	var cmd tea.Cmd
	if text != "" {
		m, cmd = m.say(toneWarn, text)
	}
	for _, rec := range m.keeper.ended {
		m = m.settle(rec)
	}
	m.keeper.ended = nil
	return m, cmd
}

// untouched reports whether nothing was done to the basket yet.
func (s saleScreen) untouched() bool { return s.basket.Entries() == 0 }

// took gives the screen with a basket that was kept.
func (s saleScreen) took(d draft) saleScreen {
	s.selected, s.top, s.frozen = 0, 0, false
	s.draft = draft{slot: d.slot, id: d.id, saved: d.saved}
	s = s.withBasket(d.basket)
	s.selected = max(0, d.basket.Len()-1)
	return s.scrolled()
}

// settle brings the basket of a payment that has ended up to date, wherever it is.
func (m model) settle(rec pos.Record) model {
	ref := rec.Sale.ExternalRef
	waits := func(b pos.Basket) bool {
		p := b.Tendering(pos.CashRounding{}).Pending
		return p != nil && p.Ref == ref
	}
	if ref == "" {
		return m
	}
	if waits(m.sale.basket) {
		m.sale = m.sale.withBasket(settled(m.sale.stamped(), rec))
		if m.basketFor == 0 { // no result will be left for it: it was begun by an earlier run
			m.sale.frozen = m.sale.basket.Stage() == pos.StagePaying
			m.sale.note.text = "" // it said that this was not known yet
			if m.sale.basket.Stage().Ended() {
				m.sale = m.sale.emptied()
			}
		}
	}
	for i, d := range m.keeper.aside {
		if !waits(d.basket) {
			continue
		}
		m.keeper.aside = slices.Delete(slices.Clone(m.keeper.aside), i, i+1)
		d.basket = settled(d.basket.As(m.look.operator, m.now), rec)
		if !d.basket.Stage().Ended() {
			if held, err := d.basket.Hold(""); err == nil {
				d.basket = held
			}
		}
		m.sale.left = append(slices.Clip(m.sale.left), d)
		break
	}
	return m
}

// setAside keeps a basket whose payment is open, and that leaves the screen for the
// next one, until that payment has ended.
func (m model) setAside() model {
	if m.sale.basket.Stage() == pos.StagePaying {
		d := m.sale.draft
		d.basket = m.sale.basket
		m.keeper.aside = append(slices.Clip(m.keeper.aside), d)
	}
	return m
}

// hold puts the basket aside and begins the next.
func (m model) hold(name string) (model, tea.Cmd) {
	o := m.sale.holdOutcome(name)
	if o.refused != "" {
		return m.say(o.tone, o.refused)
	}
	held := o.basket
	m.sale = m.sale.withBasket(held).emptied()
	m.basketFor = 0
	return m.say(toneInfo, "Held as "+held.Name()+". F6 recalls it.")
}

// recall takes a basket up again by its name, or makes the line ready to choose one.
// What is on the screen must be out of the way first.
func (m model) recall(a recall) (model, tea.Cmd) {
	switch {
	case a.id == "" && a.name == "":
		var cmd tea.Cmd
		m.sale, cmd = m.sale.editLine("recall")
		return m, tea.Batch(cmd, m.work.listHeld())
	case a.id != "":
		return m, m.work.takeUp(a.id, m.look.operator, m.now)
	}
	o := m.sale.recallOutcome(a.name)
	if found, is := o.do.(recall); is {
		return m, m.work.takeUp(found.id, m.look.operator, m.now)
	}
	return m.say(o.tone, o.refused)
}

// heldListed takes the list of baskets that were put aside.
func (m model) heldListed(msg heldListed) (model, tea.Cmd) {
	if msg.err != nil {
		return m.say(toneWarn, "The list of held baskets could not be read: "+sentence(msg.err.Error()))
	}
	m.sale.drafts.held = msg.list
	return m, nil
}

// recalled puts a basket on the screen that was taken up again. One that was rung up
// meanwhile is put aside for it.
func (m model) recalled(msg recalled) (model, tea.Cmd) {
	var conflict *pos.DraftConflict
	var gone *pos.InputError
	switch {
	case errors.As(msg.err, &conflict), errors.As(msg.err, &gone):
		m, cmd := m.say(toneWarn, "Another till has taken that basket up already.")
		return m, tea.Batch(cmd, m.work.listHeld())
	case msg.err != nil:
		return m.say(toneWarn, "The basket could not be taken up: "+sentence(msg.err.Error()))
	}
	if !m.sale.basket.IsEmpty() {
		if held, err := m.sale.stamped().Hold(""); err == nil {
			m.sale = m.sale.withBasket(held)
		}
	}
	m.sale = m.sale.emptied()
	d := msg.draft
	d.slot = m.sale.draft.slot
	m.sale = m.sale.took(d)
	m, cmd := m.say(toneInfo, "Recalled "+d.basket.Name()+".")
	return m, tea.Batch(cmd, m.work.listHeld())
}

// recallOutcome is what "/recall" comes to.
func (s saleScreen) recallOutcome(name string) outcome {
	chosen, there := s.chosenHeld(name)
	switch {
	case !s.look.drafts:
		return refuse(toneInfo, noDrafts)
	case s.frozen:
		return refuse(toneDanger, frozenText)
	case !s.basket.IsEmpty():
		return refuse(toneInfo, "there is a basket on the screen: F5 puts it aside first")
	case len(s.drafts.held) == 0:
		return refuse(toneInfo, "no basket is put aside")
	case !there:
		return refuse(toneWarn, "no basket is put aside under "+name)
	}
	return outcome{says: "take up " + heldText(chosen), do: recall{id: chosen.ID}}
}

// chosenHeld is the held basket that is meant.
func (s saleScreen) chosenHeld(name string) (pos.BasketSummary, bool) {
	list := s.heldNamed(name)
	if len(list) == 0 {
		return pos.BasketSummary{}, false
	}
	return list[min(s.choice, len(list)-1)], true
}

// heldNamed are the held baskets whose names fit; all of them for no name.
func (s saleScreen) heldNamed(name string) []pos.BasketSummary {
	name = strings.ToLower(strings.TrimSpace(name))
	return slices.DeleteFunc(slices.Clone(s.drafts.held), func(b pos.BasketSummary) bool {
		return !strings.Contains(strings.ToLower(b.Name+" "+b.Customer), name)
	})
}

func heldText(b pos.BasketSummary) string { return b.Name + "  " + amount(b.Total) }

// askQuit is Ctrl+C: with something on the counter it asks.
func (m model) askQuit() (model, tea.Cmd) {
	if m.prompt.kind == promptQuit {
		return m.quit()
	}
	title, text, advice := "", "", ""
	switch n := m.sale.basket.Len(); {
	case m.tooSmall():
		return m.quit() // the question could not be seen, and nothing is lost
	case len(m.payments.open()) > 0 || m.beginning():
		title, text = "A payment is open", "Its end is not known yet."
		advice = "The till stops it before it ends, and tells what became of it. What it cannot find out stays under Unfinished."
	case n > 0 && !m.sale.frozen:
		title, text = "Leave the till?", m.sale.sums.lines+" · "+m.sale.basket.Total().Format()+" in the basket"
		advice = "The basket is kept: it is there when the till is started again."
		if m.work.drafts == nil {
			advice = "The basket is not kept: this till keeps no baskets."
		}
	default:
		return m.quit()
	}
	m.prompt = prompt{
		kind: promptQuit, title: title, text: text, advice: advice,
		answers: commands{
			{keys: letter("Y", "Yes, leave"), act: quitNow{}},
			{keys: letter("N", "No, stay"), act: closePrompt{}},
		},
	}
	return m, nil
}

// quit leaves the till once what is new in the baskets is saved, or that takes too long.
func (m model) quit() (model, tea.Cmd) {
	if _, unsaved := m.unsaved(); m.work.drafts == nil || !unsaved && !m.keeper.busy {
		return m, tea.Quit
	}
	m.keeper.leaving, m.keeper.resuming, m.keeper.trouble = true, false, ""
	return m, after(quitPatience, quitByNow{})
}
