package ui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// tenderScreen is where a basket is paid in several ways: what was paid, what is left,
// and how the next part is taken. What is typed is an amount; without one all that is
// left is meant.
type tenderScreen struct {
	look          *look
	width, height int

	basket pos.Basket
	cash   pos.CashRounding
	amount string
	note   note
}

// The ways a part is taken on the tender screen.
type tenderBy int

const (
	tenderCash tenderBy = iota
	tenderCard
	tenderOther
	tenderCentrapay
)

// The actions of the tender screen.
type (
	askTender   struct{ by tenderBy }
	takeTender  struct{ by tenderBy }
	askReturnOf struct{} // the latest part is to be given back
	handBack    struct{ id int }
	finishSale  struct{}
	openSplit   struct{} // from the payment: by the line for commands
	splitPay    struct{ text string }
)

func (askTender) isAction()   {}
func (takeTender) isAction()  {}
func (askReturnOf) isAction() {}
func (handBack) isAction()    {}
func (finishSale) isAction()  {}
func (openSplit) isAction()   {}
func (splitPay) isAction()    {}

func newTender(l *look) tenderScreen {
	return tenderScreen{look: l, cash: pos.CashRoundingOf(l.currency), note: note{of: onTender}}
}

// of gives the screen for a basket.
func (s tenderScreen) of(b pos.Basket) tenderScreen {
	s.basket, s.amount = b, ""
	return s
}

// SetSize implements screen.
func (s tenderScreen) SetSize(width, height int) screen {
	s.width, s.height = width, height
	return s
}

// CapturesText implements screen.
func (s tenderScreen) CapturesText() bool { return false }

func (s tenderScreen) state() pos.Tendering { return s.basket.Tendering(s.cash) }

// done reports whether the basket is sold.
func (s tenderScreen) done() bool { return s.basket.Stage().Ended() }

// Update implements screen. A part of a scan is no amount: only keys that are pressed
// one by one are.
func (s tenderScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	switch msg := msg.(type) {
	case noteDue:
		s.note = s.note.due(msg)
	case keyTyped:
		if !s.done() {
			s.amount = amountTyped(s.amount, msg.key)
		}
	}
	return s, nil, nil
}

// amountTyped gives an amount after a key: digits, the point, and what takes them away.
func amountTyped(amount string, key tea.KeyMsg) string {
	const longest, digits = 10, "0123456789."
	switch text := key.String(); {
	case text == "backspace" || text == "ctrl+h":
		return amount[:max(0, len(amount)-1)]
	case len(text) == 1 && strings.Contains(digits, text) && len(amount) < longest:
		return amount + text
	}
	return amount
}

func (s tenderScreen) noted(t tone, text string) (screen, tea.Cmd) {
	var cmd tea.Cmd
	s.note, cmd = s.note.noted(t, text)
	return s, cmd
}

// typedAmount is what was typed, or all that is left to pay by such a tender.
func (s tenderScreen) typedAmount(by tenderBy) (pos.Money, error) {
	t := s.state()
	switch {
	case s.amount != "":
		return pos.ParseAmount(s.amount, s.look.currency)
	case by == tenderCash:
		return t.CashDue, nil
	}
	return t.Left, nil
}

func (s tenderScreen) takesAmount() bool { return !s.done() }

// taken gives the basket with a part paid.
func (s tenderScreen) taken(b pos.Basket, by tenderBy) (pos.Basket, error) {
	sum, err := s.typedAmount(by)
	if err != nil {
		return b, err
	}
	switch by {
	case tenderCash:
		return b.TakeCash(sum, s.cash)
	case tenderOther:
		return b.TakeElsewhere(pos.MethodOther, sum, "")
	case tenderCard, tenderCentrapay:
	}
	return b.TakeElsewhere(pos.MethodCard, sum, "")
}

// lastPart is the part that was taken last.
func (s tenderScreen) lastPart() (pos.PartPaid, bool) {
	parts := s.state().Parts
	if len(parts) == 0 {
		return pos.PartPaid{}, false
	}
	return parts[len(parts)-1], true
}

// View implements screen.
func (s tenderScreen) View(time.Time) string {
	st, t := s.look.styles, s.state()
	line := func(name string, sum pos.Money) string {
		return "  " + widget.Fit(name, 34, widget.Start) + widget.Fit(sum.Format(), 16, widget.End)
	}
	lines := []string{"", st.Row.Render(line("Total", t.Total))}
	for _, p := range t.Parts {
		lines = append(lines, s.partLines(p, line)...)
	}
	lines = append(lines, "")
	if s.done() {
		lines = append(lines, s.drawDone(t)...)
	} else {
		lines = append(lines, st.Total.Render(line("LEFT TO PAY", t.Left)))
		if !t.CashDue.Equal(t.Left) {
			lines = append(lines, st.Muted.Render(line("in cash", t.CashDue)))
		}
		lines = append(lines, "", "  "+st.Row.Render("Amount  ")+s.drawAmount(), "")
		for _, each := range widget.Wrap("Without an amount, all that is left is meant. Of cash, type what the customer hands over.", s.width-4) {
			lines = append(lines, "  "+st.Muted.Render(each))
		}
	}
	if s.note.text != "" {
		lines = append(lines, "")
		for _, each := range widget.Wrap(s.note.text, s.width-4) {
			lines = append(lines, "  "+s.look.toneStyle(s.note.tone).Render(each))
		}
	}
	return widget.Clip(strings.Join(lines, "\n"), s.width, s.height)
}

func (s tenderScreen) drawAmount() string {
	st := s.look.styles
	return st.Prompt.Render("› ") + st.Entry.Render(s.amount) + st.Cursor.UnsetReverse().Render("█")
}

// partLines tell a part that was paid: green where Centrapay has confirmed it.
func (s tenderScreen) partLines(p pos.PartPaid, line func(string, pos.Money) string) []string {
	st := s.look.styles
	if p.Method != pos.MethodCentrapay {
		return []string{st.Row.Render(line("Paid: "+methodWord(p.Method), p.Amount))}
	}
	var out []string
	for _, asset := range p.Assets {
		out = append(out, st.OK.Render(line("Paid: "+tenderName(asset), asset.Total)))
		for _, item := range asset.Lines {
			out = append(out, st.Muted.Render("    "+widget.Clean(item.Qty.String()+" x "+item.Name)))
		}
	}
	if len(out) == 0 {
		out = append(out, st.OK.Render(line("Paid: Centrapay", p.Amount)))
	}
	return out
}

func methodWord(m pos.Method) string {
	switch m {
	case pos.MethodCash:
		return "cash"
	case pos.MethodCard:
		return "card on the other terminal"
	case pos.MethodCentrapay:
		return "Centrapay"
	case pos.MethodOther:
	}
	return "something else"
}

// drawDone says that nothing is left to pay, and what change the customer gets.
func (s tenderScreen) drawDone(t pos.Tendering) []string {
	st, width := s.look.styles, min(52, s.width-4)
	text := "■ NOTHING LEFT TO PAY"
	if t.Change.Sign() > 0 {
		text = "■ CHANGE   " + t.Change.Format()
	}
	style := st.Title.Reverse(true)
	blank := "  " + style.Render(widget.Fit("", width, widget.Start))
	return []string{blank, "  " + style.Render(widget.Fit(text, width, widget.Middle)), blank, "", "  " + st.Row.Render("Hand over the goods.")}
}

// table is every key of the screen.
func (s tenderScreen) table() commands {
	if s.done() {
		return commands{
			helpCommand(), commandsCommand(), quitCommand(),
			{keys: bind("Enter", "Next sale", "enter", "esc"), name: "next", does: "go on with the next sale", act: finishSale{}, foot: footLast},
		}
	}
	none := ""
	if s.state().Left.Sign() == 0 {
		none = "Nothing is left to pay."
	}
	back := ""
	if _, there := s.lastPart(); !there {
		back = "Nothing was paid yet."
	}
	return commands{
		helpCommand(), commandsCommand(),
		{keys: letter("C", "Cash"), name: "cash", does: "take cash: what the customer hands over", act: askTender{by: tenderCash}, off: none, foot: footLeft},
		{keys: letter("K", "Card"), name: "card", does: "a card was taken on the other terminal", act: askTender{by: tenderCard}, off: none, foot: footLeft},
		{keys: letter("O", "Other"), name: "other", does: "something else the shop takes", act: askTender{by: tenderOther}, off: none},
		{keys: letter("P", "Centrapay"), name: "pay", does: "ask for it through Centrapay", act: askTender{by: tenderCentrapay}, off: none, foot: footLeft},
		{keys: letter("G", "Give back"), name: "give", does: "give the latest part back", act: askReturnOf{}, off: back, foot: footLeft},
		amountKeys(), amountBackKeys(),
		quitCommand(),
		{keys: bind("Esc", "Back to the sale", "esc"), name: "back", does: "go back to the sale", act: backToSale{}, foot: footLast},
	}
}

// amountKeys and amountBackKeys edit an amount that is typed.
func amountKeys() command {
	return command{keys: bind("0 1 2 3 4 5 6 7 8 9 .", "Amount", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "."), does: "type an amount"}
}

func amountBackKeys() command {
	return command{keys: bind("Backspace", "", "backspace", "ctrl+h"), does: "take a digit of the amount back"}
}

// openTender shows how the basket is paid in parts.
func (m model) openTender() (model, tea.Cmd) {
	switch {
	case m.sale.frozen || m.sale.basket.Stage() == pos.StagePaying:
		return m.say(toneWarn, "The payment of this basket is not over. Do not charge again.")
	case m.sale.basket.IsEmpty():
		return m.say(toneInfo, "There is nothing to pay yet.")
	}
	m.tender = m.tender.of(m.sale.basket)
	m, _ = m.open(onTender)
	return m, nil
}

// actTender carries out what is done on the tender screen, and splits a payment.
func (m model) actTender(a action) (model, tea.Cmd) {
	switch a := a.(type) {
	case askTender:
		return m.askTender(a.by)
	case takeTender:
		return m.takeTender(a.by)
	case askReturnOf:
		return m.askReturnOf()
	case handBack:
		return m.handBack(a.id, "handed back")
	case finishSale:
		m.sale = m.sale.emptied()
		m.basketFor = 0
		return m.backToSale()
	case openSplit:
		m.line = openCommandLine("split ")
		return m, nil
	case splitPay:
		return m.splitPay(a.text)
	}
	return m, nil
}

// askTender asks whether a part was taken; Centrapay's part is asked for at once.
func (m model) askTender(by tenderBy) (model, tea.Cmd) {
	if by == tenderCentrapay {
		sum, err := m.tender.typedAmount(by)
		if err != nil {
			return m.say(toneWarn, sentence(err.Error()))
		}
		return m.payPart(sum)
	}
	after, err := m.tender.taken(m.sale.stamped(), by)
	if err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	m.prompt = tenderPrompt(m.tender, after, by)
	return m, nil
}

// tenderPrompt asks whether a part was taken, with what comes of it.
func tenderPrompt(s tenderScreen, after pos.Basket, by tenderBy) prompt {
	t := after.Tendering(s.cash)
	part := t.Parts[len(t.Parts)-1]
	p := prompt{kind: promptTender, title: "Card taken on the other terminal?", text: part.Amount.Format(), advice: "The other terminal must say that it is paid.",
		answers: commands{
			{keys: letter("Y", "Yes, taken"), act: takeTender{by: by}},
			{keys: letter("N", "No"), act: closePrompt{}},
		}}
	switch by {
	case tenderCash:
		p.title, p.text, p.advice = "Cash taken?", "Given "+part.Given.Format(), "No change."
		if part.Change.Sign() > 0 {
			p.advice = "Change " + part.Change.Format() + "."
		}
	case tenderOther:
		p.title, p.advice = "Taken in another way?", "The shop's own voucher, for instance."
	case tenderCard, tenderCentrapay:
	}
	if t.Left.Sign() > 0 {
		p.advice += " Left to pay after that: " + t.Left.Format() + "."
	}
	return p
}

// takeTender takes a part, and ends the sale once nothing is left.
func (m model) takeTender(by tenderBy) (model, tea.Cmd) {
	m.prompt = prompt{}
	after, err := m.tender.taken(m.sale.stamped(), by)
	if err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	if sold, err := after.Finish(); err == nil {
		after = sold
	}
	m.sale = m.sale.withBasket(after)
	m.tender = m.tender.of(after)
	return m, nil
}

// askReturnOf gives the latest part back: Centrapay's by a void or a refund, anything
// else by hand.
func (m model) askReturnOf() (model, tea.Cmd) {
	part, there := m.tender.lastPart()
	if !there {
		return m, nil
	}
	if part.Method == pos.MethodCentrapay {
		if !m.look.records {
			return m.say(toneWarn, "Give it back with: centrapos refund "+part.Ref)
		}
		return m.act(refundThis{key: part.Ref, all: true})
	}
	m.prompt = prompt{
		kind: promptTender, title: "Handed back?", text: methodWord(part.Method) + " " + part.Amount.Format(),
		advice: "The customer gets it back by hand, or on the other terminal.",
		answers: commands{
			{keys: letter("Y", "Yes, it is given back"), act: handBack{id: part.ID}},
			{keys: letter("N", "No"), act: closePrompt{}},
		},
	}
	return m, nil
}

func (m model) handBack(id int, reason string) (model, tea.Cmd) {
	m.prompt = prompt{}
	after, err := m.sale.stamped().ReturnTender(id, reason)
	if err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	m.sale = m.sale.withBasket(after)
	m.tender = m.tender.of(after)
	return m, nil
}

// gaveBack notes in the basket that a payment of a part of it was given back whole.
func (m model) gaveBack(rec pos.Record) model {
	if rec.Kind != pos.KindRefund && rec.Kind != pos.KindVoid {
		return m
	}
	parts := m.sale.basket.Tendering(pos.CashRounding{}).Parts
	i := slices.IndexFunc(parts, func(p pos.PartPaid) bool {
		return p.Method == pos.MethodCentrapay && p.Ref != "" && p.Ref == m.refund.dossier.request.ExternalRef &&
			m.refund.dossier.request.ID == rec.Target.RequestID && p.Amount.Equal(rec.Returned)
	})
	if i < 0 {
		return m
	}
	m, _ = m.handBack(parts[i].ID, "given back through Centrapay")
	return m
}

// payPart asks for a part of what is left through Centrapay.
func (m model) payPart(sum pos.Money) (model, tea.Cmd) {
	sale, err := m.sale.basket.SaleOf(sum, true)
	if err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	return m.startSale(sale)
}

// splitPay changes the payment in front to a part of it; the rest is taken another way.
func (m model) splitPay(text string) (model, tea.Cmd) {
	sum, err := pos.ParsePayable(strings.TrimPrefix(strings.TrimSpace(text), "$"), m.look.currency)
	whole := m.pay.sale.Amount
	switch {
	case err != nil:
		return m.say(toneWarn, sentence(err.Error()))
	case sum.Cmp(whole) >= 0:
		return m.say(toneWarn, "That is not a part of "+whole.Format()+". Nothing was changed.")
	case m.basketFor != m.pay.attempt:
		return m.say(toneInfo, "This payment is of a basket that is not on the screen any more; it cannot be split.")
	}
	b := m.sale.stamped()
	if pending := b.Tendering(pos.CashRounding{}).Pending; pending != nil {
		b = ended(b, pending.Ref, pos.OutcomeCancelled)
	}
	part, err := b.SaleOf(sum, true)
	if err != nil {
		return m.say(toneWarn, sentence(err.Error()))
	}
	return m.replacePayment(func(s pos.Sale) pos.Sale {
		part.Expiry, part.Origin = s.Expiry, s.Origin
		return part
	})
}

// absentCommand takes payment from a customer who is not at the counter.
func absentCommand(off string) command {
	return command{name: "absent", arg: "[CODE]", does: "take payment from a customer who is not here", act: payAbsent{}, off: off,
		takes: func(arg string) action { return payAbsent{code: arg} }}
}

// cashCommand is the way to what is left to pay.
func cashCommand(off string) command {
	return command{keys: bind("F12", "Cash", "f12"), name: "cash", does: "cash, a card elsewhere, or several ways", act: openPlace{to: onTender}, off: off, foot: footLeft}
}
