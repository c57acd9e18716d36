package ui

import (
	"strings"
	"time"

	"centrapos/pos"
	"centrapos/ui/widget"
	"centrapos/ui/words"
)

// View implements screen.
func (r refundScreen) View(now time.Time) string {
	switch r.stage {
	case refundFinding:
		return r.drawFinding(now)
	case refundLooking:
		text := "Looking up " + r.dossier.key + ", and asking Centrapay…"
		line := r.look.styles.Waiting.Render(widget.Spinner(int(now.UnixMilli()/spinnerTurn.Milliseconds())) + " " + widget.Clean(text))
		return widget.Clip("\n  "+line, r.width, r.height)
	case refundSending:
		return r.drawSending(now)
	case refundChoosing:
	}
	return r.drawChoosing(now)
}

func (r refundScreen) drawFinding(now time.Time) string {
	st := r.look.styles
	data := r.line.data()
	data.Placeholder = " short code, reference or id; or scan the receipt"
	under := st.Muted.Render("   Recent sales; the arrow keys choose one.")
	switch {
	case r.problem != "":
		under = "   " + st.Warn.Render(strings.Join(widget.Wrap(r.problem, r.width-6), "\n   "))
	case r.note.text != "":
		under = "   " + r.look.toneStyle(r.note.tone).Render(r.note.text)
	case r.hunted.trouble != "":
		under = "   " + st.Danger.Render("The till's record could not be read: "+r.hunted.trouble)
	case len(r.hunted.list) == 0 && !r.hunted.busy && !r.line.isEmpty():
		under = st.Muted.Render("   None of this till's sales has that. Enter asks Centrapay for it.")
	}
	head := strings.Split(under, "\n")
	for len(head) < historyHead-1 {
		head = append(head, "")
	}
	table := widget.Table(st, r.width, max(2, r.height-1-len(head)), widget.TableData{
		Columns: []widget.Column{
			{Title: "When", Gap: 1, Width: 12},
			{Title: "Amount", Gap: 1, Width: 10, Number: true},
			{Title: "Outcome", Gap: 2, Width: 10, Flex: true},
			{Title: "Short code", Gap: 2, Width: 11},
			{Title: "Reference", Gap: 2, Width: 21, Rank: 1},
		},
		Len: len(r.hunted.list), Selected: r.selected, Top: r.top, Margin: 1, Empty: "No sale to give back.",
		Row: func(i int) []string {
			row := summaryRow(r.hunted.list[i], now)
			return append(row[:1], row[2:]...)
		},
	})
	return widget.Clip(strings.Join(append(append([]string{widget.EntryLine(st, r.width, data)}, head...), table), "\n"), r.width, r.height)
}

// drawChoosing draws the payment, what was given back before, what is left, and what
// is to be given back now.
func (r refundScreen) drawChoosing(now time.Time) string {
	st, d := r.look.styles, r.dossier
	what, problem := r.choice.what(d, now)
	top := []string{
		"", widget.Between(r.width, "  "+st.Title.Render("Give back of "+widget.Clean(d.request.ShortCode)), r.ref()), "",
	}
	top = append(top, r.sums()...)
	sum := "?"
	if what.sum.IsKnown() {
		sum = what.sum.Format()
	}
	bottom := []string{widget.Rule(st, r.width), widget.Between(r.width, "  "+st.Total.Render("GIVE BACK NOW"), st.Total.Render(sum)+"  ")}
	how := widget.Between(r.width, "   "+st.Muted.Render(howReturned(what)), st.Muted.Render("or type an amount")+"  ")
	if problem != "" {
		how = "   " + st.Warn.Render(strings.Join(widget.Wrap(problem, r.width-6), "\n   "))
	}
	if r.note.text != "" {
		how = "   " + r.look.toneStyle(r.note.tone).Render(r.note.text)
	}
	bottom = append(bottom, strings.Split(how, "\n")...)
	room := r.height - len(top) - len(bottom)
	return widget.Clip(strings.Join(append(append(top, r.drawRows(max(2, room))), bottom...), "\n"), r.width, r.height)
}

func (r refundScreen) ref() string {
	if ref := r.dossier.request.ExternalRef; ref != "" {
		return r.look.styles.Muted.Render(widget.Clean("ref "+ref)) + "  "
	}
	return ""
}

// sums are what was paid, by what, what was given back before and what is left.
func (r refundScreen) sums() []string {
	st, d := r.look.styles, r.dossier
	line := func(name, sum string) string {
		return st.Row.Render("  " + widget.Fit(name, 28, widget.Start) + widget.Fit(sum, 16, widget.End))
	}
	var out []string
	for _, t := range d.request.PaidBy {
		out = append(out, line("Paid by "+tenderName(t), t.Total.Format()))
	}
	if len(out) == 0 {
		out = append(out, line(strings.TrimSuffix(requestWords(d.request), "."), d.request.Value.Format()))
	}
	if before := d.before(); before.IsKnown() {
		out = append(out, line("Given back before", before.Format()))
	}
	left, known := r.choice.left(d)
	if known {
		return append(out, st.Title.Render("  "+widget.Fit("Left to give back", 28, widget.Start)+widget.Fit(left.Format(), 16, widget.End)))
	}
	return append(out, st.Warn.Render("  How much is left cannot be told; Centrapay decides."))
}

func (r refundScreen) drawRows(height int) string {
	st, c := r.look.styles, r.choice
	columns := []widget.Column{
		{Title: "Item", Gap: 1, Width: 20, Flex: true}, {Title: "Sold", Gap: 2, Width: 8, Align: widget.End},
		{Title: "Back before", Gap: 2, Width: 11, Align: widget.End}, {Title: "Back now", Gap: 2, Width: 8, Align: widget.End},
		{Title: "Sum", Gap: 2, Width: 10, Number: true},
	}
	if c.ofConfirmations() {
		columns[1].Title, columns[2].Title, columns[3].Title, columns[4].Title = "", "", "", "Left"
	}
	empty := "The lines of this sale are not on record here: type an amount, or give all of it back."
	return "\n" + widget.Table(st, r.width, height-1, widget.TableData{
		Columns: columns, Len: c.rows(), Selected: c.selected, Margin: 1, Empty: empty,
		Row: c.row,
	})
}

func (c returnChoice) row(i int) []string {
	if c.ofConfirmations() {
		left := "?"
		if c.drawn[i].left.IsKnown() {
			left = amount(c.drawn[i].left)
		}
		return []string{c.drawn[i].name, "", "", "", left}
	}
	line, before, take, sum := c.returns.Lines[i], "", "", ""
	if line.Returned.Sign() > 0 {
		before = line.Returned.String()
	}
	if c.take[i].Sign() > 0 {
		take = c.take[i].String()
		if value, _, err := c.returns.Of([]pos.Return{{Line: i, Qty: c.take[i]}}); err == nil {
			sum = amount(value)
		}
	}
	return []string{line.Item.Name, line.Item.Qty.String(), before, take, sum}
}

// howReturned says how the money goes back.
func howReturned(what giveBack) string {
	if what.void {
		return "By a void: the whole payment, within 24 hours of it."
	}
	return "By a refund of a part, or of all that is left."
}

// returnPrompt asks once, with the amount.
func returnPrompt(what giveBack) prompt {
	how := "refund"
	if what.void {
		how = "void"
	}
	return prompt{
		kind: promptReturn, title: "Give back " + what.sum.Format() + "?", text: strings.TrimSpace(what.sum.Format() + " · " + what.code),
		advice: "The customer gets it the way they paid, by a " + how + ". It cannot be taken back.",
		answers: commands{
			{keys: letter("Y", "Yes, give it back"), act: sendReturn{}},
			{keys: letter("N", "No"), act: closePrompt{}},
		},
	}
}

// status is what the money is doing.
func (r refundScreen) status(now time.Time) status {
	name := "Refund"
	if r.sent.void {
		name = "Void"
	}
	s := r.now.state
	switch {
	case !r.begun:
		return status{word: "Writing it down", busy: true, advice: "The till notes it before it sends it."}
	case s.Phase() == pos.PhaseEnded:
		return status{word: verdictOf(s).word}
	case !now.IsZero() && s.NeedsPerson(now):
		return status{word: "NOT KNOWN YET - do not give it back again", tone: toneDanger,
			advice: "The till can find out nothing more by itself. Ask Centrapay support, with the short code; then settle it with: centrapos settle"}
	case s.Unresolved(), s.Reconnecting():
		return status{word: name + " sent, waiting for the answer - it will not be sent twice", tone: toneWarn, busy: true,
			advice: "Centrapay has not answered yet. The till goes on until it is known. Do not give this money back another way before that."}
	}
	return status{word: name + " sent, waiting for the answer - it will not be sent twice", busy: true,
		advice: "Centrapay is being asked."}
}

func (r refundScreen) drawSending(now time.Time) string {
	st, inner := r.look.styles, r.width-6
	status := r.status(now)
	mark := widget.Spinner(int(now.UnixMilli()/spinnerTurn.Milliseconds())) + " "
	style := st.Waiting
	if !status.busy {
		mark = "! "
	}
	if status.tone != toneInfo {
		style = r.look.toneStyle(status.tone)
	}
	lines := []string{"", " " + st.Total.Render(widget.Clean(r.sent.sum.Format()+"  back to the customer of "+r.sent.code)), ""}
	for i, line := range widget.Wrap(status.word, inner-2) {
		if i > 0 {
			mark = "  "
		}
		lines = append(lines, " "+style.Render(mark+line))
	}
	for _, line := range widget.Wrap(status.advice, inner-2) {
		lines = append(lines, "   "+st.Muted.Render(line))
	}
	if r.now.trouble != "" {
		lines = append(lines, "")
		for _, line := range widget.Wrap(recordTrouble, inner) {
			lines = append(lines, " "+st.Warn.Render(line))
		}
	}
	if r.begun {
		lines = append(lines, "", " "+st.Muted.Render(widget.Clean(r.facts(now))))
	}
	if r.note.text != "" {
		lines = append(lines, "", " "+r.look.toneStyle(r.note.tone).Render(r.note.text))
	}
	return widget.Clip(widget.Panel(st, r.width, 0, widget.PanelData{Title: "Giving money back", Body: strings.Join(lines, "\n")}), r.width, r.height)
}

func (r refundScreen) facts(now time.Time) string {
	rec := r.now.state.Record
	var parts []string
	if ref := rec.Reference(); ref != "" {
		parts = append(parts, "ref "+ref)
	}
	sent := rec.Action.LastSent
	if sent.IsZero() {
		sent = rec.OpenedAt
	}
	if ago := now.Sub(sent); !sent.IsZero() && ago >= 0 {
		parts = append(parts, "sent "+lasted(ago)+" ago")
	}
	return strings.Join(parts, " · ")
}

// table is every key of the screen.
func (r refundScreen) table() commands {
	back := command{keys: bind("Esc", "Back", "esc"), name: "back", does: "go back", act: goBack{}, foot: footLast}
	switch r.stage {
	case refundFinding:
		return r.findingKeys(back)
	case refundLooking:
		back.act = refundAgain{}
		return commands{helpCommand(), commandsCommand(), quitCommand(), back}
	case refundSending:
		back.keys, back.does, back.act = bind("Esc", "Leave it to the till", "esc"), "leave it to the till, which goes on", leaveReturn{}
		return commands{helpCommand(), commandsCommand(), quitCommand(), back}
	case refundChoosing:
	}
	back.act = refundAgain{}
	lines := ""
	if r.choice.rows() == 0 {
		lines = "The lines of this sale are not on record here."
	}
	pick := lines
	if r.choice.ofConfirmations() {
		pick = "Drawings on a pre-auth are given back by amount."
	}
	more := pick
	if pick == "" && r.choice.full() {
		more = "All of that line goes back already."
	}
	return commands{
		helpCommand(),
		commandsCommand(),
		{keys: bind("Enter", "Give back…", "enter"), name: "give", does: "give back what is chosen; asks once", act: askReturn{}, foot: footLeft},
		{keys: letter("A", "All"), name: "all", does: "give back all that is left", act: chooseReturn{what: returnAll}, foot: footLeft},
		{keys: bind("↑", "", "up"), does: "choose the line above", act: choose{by: -1}, off: lines},
		{keys: bind("↓", "", "down"), does: "choose the line below", act: choose{by: 1}, off: lines},
		{keys: bind("+", "One more", "+"), does: "give back one more of the line", act: chooseReturn{what: returnMore}, off: more, foot: footLeft},
		{keys: bind("-", "One less", "-"), does: "give back one less of the line", act: chooseReturn{what: returnLess}, off: pick},
		{keys: bind("Space", "Whole line", " "), does: "give back the whole line, or nothing of it", act: chooseReturn{what: returnLine}, off: pick, foot: footLeft},
		amountKeys(), amountBackKeys(),
		quitCommand(), back,
	}
}

func (r refundScreen) findingKeys(back command) commands {
	off := ""
	if len(r.hunted.list) == 0 {
		off = "There is nothing to choose."
	}
	open := command{keys: bind("Enter", "Choose", "enter"), name: "show", does: "look up what is chosen, or what stands in the line", act: refundFound{}, foot: footLeft}
	if r.line.isEmpty() {
		open.off = off
	} else {
		back.keys, back.does, back.act = bind("Esc", "Clear", "esc"), "clear the line", clearSeek{}
	}
	return append(lineKeys(r.line),
		open,
		command{keys: bind("↑", "", "up"), does: "choose the sale above", act: choose{by: -1}, off: off},
		command{keys: bind("↓", "", "down"), does: "choose the sale below", act: choose{by: 1}, off: off},
		quitCommand(), back)
}

// actionVerdict says how a refund, a void, a confirmation or a release ended.
func actionVerdict(s pos.State) verdict {
	rec := s.Record
	v := verdict{code: supportCode(rec)}
	what := strings.ToLower(kindWord(rec.Kind))
	switch rec.Outcome {
	case pos.OutcomeRefunded:
		v.word, v.happened = "REFUNDED", "Centrapay gives "+rec.Returned.Format()+" back to the customer."
		v.next = "It arrives the way the customer paid; that can take a while."
	case pos.OutcomeVoided, pos.OutcomeCancelled, pos.OutcomeExpired:
		v.word, v.happened = "VOIDED", "The payment is void: nobody can pay it, and nobody has paid."
		if rec.Returned.Sign() > 0 {
			v.happened = "The whole payment is void."
		}
		v.moved = returned(rec)
	case pos.OutcomeConfirmed:
		v.word, v.happened = "CONFIRMED", "Centrapay has drawn "+rec.Amount().Format()+" from what was held for you."
	case pos.OutcomeReleased:
		v.word, v.happened = "RELEASED", "The money that was held goes back to the customer."
	case pos.OutcomeRefused:
		v.word, v.tone, v.moved = "REFUSED", verdictDanger, "No money moved by this "+what+"."
		v.happened, v.next = refusedAction(rec)
		if !rec.NothingMoved() { // the network may have delivered it twice, and the first have worked
			v.moved = "Whether money moved by this " + what + " is not known: look at the payment's history."
		}
	case pos.OutcomeNotMade:
		v.word, v.tone, v.moved = "NOT MADE", verdictWarn, "No money moved."
		v.happened, v.next = "Centrapay could not be reached, so the "+what+" was not made.", "Check the network, then try again."
	case pos.OutcomeOpen:
		v.word, v.tone, v.happened = "NOT KNOWN YET", verdictDanger, "Nobody knows yet whether the "+what+" was made."
		v.next = "Do not give the money back another way. The till goes on asking."
	case pos.OutcomePaid, pos.OutcomePartlyPaid, pos.OutcomeAuthorized, pos.OutcomePaidLate:
		v.word, v.tone = "NOT VOIDED", verdictWarn
		v.happened, v.next = "The payment is paid, and was not voided.", "Refund it instead."
	}
	if rec.AmountDiffers() {
		v.next = "Centrapay says " + rec.Answered().Format() + ", and " + rec.Amount().Format() + " was asked for. Compare before anything else."
	}
	return v
}

// refusedAction says what the service refused and what to do.
func refusedAction(rec pos.Record) (happened, next string) {
	what := kindWord(rec.Kind)
	if rec.Refusal == nil {
		return what + " refused.", "Try again. If it happens again, ask Centrapay support."
	}
	meaning, known := words.Of(callOf(rec.Kind), rec.Refusal.Code)
	happened, next = "Centrapay refused the "+strings.ToLower(what)+".", "Give Centrapay support the code below."
	if known {
		happened, next = what+" refused: "+meaning.Says+".", meaning.Next
	}
	if rec.Refusal.Reason != "" {
		happened += " It says: " + sentence(rec.Refusal.Reason)
	}
	return happened, next
}
