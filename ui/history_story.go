package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// storyScreen tells one payment's whole story: what this till has on record of it
// and, beside that, what Centrapay lists.
type storyScreen struct {
	look          *look
	width, height int

	about   pos.Summary
	zone    *time.Location
	id      int // of the reading that counts
	busy    bool
	read    bool
	dossier dossier
	top     int
	note    note
}

func newStory(l *look) storyScreen { return storyScreen{look: l, note: note{of: onStory}} }

// of gives the screen for an operation.
func (s storyScreen) of(summary pos.Summary, zone *time.Location) storyScreen {
	return storyScreen{look: s.look, width: s.width, height: s.height, about: summary, zone: zone, id: s.id, note: note{of: onStory, id: s.note.id}}
}

// SetSize implements screen.
func (s storyScreen) SetSize(width, height int) screen {
	s.width, s.height = width, height
	return s
}

// CapturesText implements screen.
func (s storyScreen) CapturesText() bool { return false }

// Update implements screen.
func (s storyScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	if due, is := msg.(noteDue); is {
		s.note = s.note.due(due)
	}
	return s, nil, nil
}

func (s storyScreen) noted(t tone, text string) (screen, tea.Cmd) {
	var cmd tea.Cmd
	s.note, cmd = s.note.noted(t, text)
	return s, cmd
}

func (s storyScreen) chosen(by int) screen {
	s.top = min(max(0, s.top+by), max(0, s.length()-s.room()))
	return s
}

// key is what the payment is looked up by.
func (s storyScreen) key() string {
	if s.about.RequestID != "" {
		return s.about.RequestID
	}
	return string(s.about.Op)
}

// readStory reads the story in front, again if need be.
func (m model) readStory() (model, tea.Cmd) {
	m.story.id++
	m.story.busy = true
	return m, m.work.investigate(onStory, m.story.id, m.story.key())
}

// looked takes what was found out about a payment.
func (m model) looked(msg looked) (tea.Model, tea.Cmd) {
	if msg.of == onRefund {
		return m.refundLooked(msg)
	}
	if msg.id == m.story.id {
		m.story.busy, m.story.read, m.story.dossier = false, true, msg.dossier
	}
	return m, nil
}

// storyHead is how many lines stand over the two columns, their titles included.
const storyHead = 5

func (s storyScreen) room() int { return max(1, s.height-storyHead) }

func (s storyScreen) columns() (left, right []string) {
	width := (s.width - 5) / 2
	return s.ours(width), s.theirs(width)
}

func (s storyScreen) length() int {
	left, right := s.columns()
	return max(len(left), len(right))
}

// View implements screen.
func (s storyScreen) View(now time.Time) string {
	st, width := s.look.styles, (s.width-5)/2
	left, right := s.columns()
	from := func(lines []string) string {
		return strings.Join(lines[min(s.top, len(lines)):], "\n")
	}
	heads := widget.Beside(1,
		widget.Block{Width: 2}, widget.Block{Text: st.TableHead.Render(widget.Fit("This till's record", width, widget.Start)), Width: width},
		widget.Block{Width: 2}, widget.Block{Text: st.TableHead.Render(widget.Fit("Centrapay", width, widget.Start)), Width: width})
	body := widget.Beside(s.room(),
		widget.Block{Width: 2}, widget.Block{Text: from(left), Width: width},
		widget.Block{Width: 2}, widget.Block{Text: from(right), Width: width})
	return widget.Clip(strings.Join([]string{"", s.title(now), s.under(now), heads, body}, "\n"), s.width, s.height)
}

func (s storyScreen) title(now time.Time) string {
	st := s.look.styles
	text := kindWord(s.about.Kind)
	if s.about.Amount.IsKnown() {
		text += " of " + s.about.Amount.Format()
	}
	return widget.Between(s.width, st.Title.Render("  "+widget.Clean(text+" · "+timeText(s.about.OpenedAt, now))),
		st.Muted.Render(widget.Clean(s.about.ShortCode+"  ref "+s.about.ExternalRef))+"  ")
}

// under says how the payment stands, or what is going on.
func (s storyScreen) under(time.Time) string {
	st := s.look.styles
	if s.note.text != "" {
		return "  " + s.look.toneStyle(s.note.tone).Render(s.note.text)
	}
	if s.busy && !s.read {
		return "  " + st.Waiting.Render("Reading the record, and asking Centrapay…")
	}
	style, text := st.Muted, outcomeWord(s.about)
	if s.about.Outcome == pos.OutcomePaid {
		style = st.OK
	}
	if left, known := s.dossier.left(""); known {
		text += " · left to give back " + left.Format()
	}
	return "  " + style.Render(widget.Clean(text))
}

// ours tells what this till has on record, in lines of width columns.
func (s storyScreen) ours(width int) []string {
	st := s.look.styles
	if s.dossier.trouble != "" {
		return styled(st.Danger, widget.Wrap("The till's record could not be read: "+s.dossier.trouble, width))
	}
	var out []string
	for _, t := range s.dossier.tales {
		for _, e := range t.entries {
			if text := factWords(t.record, e.Fact); text != "" {
				out = append(out, eventLines(st.Muted, st.Row, width, s.clock(e.At), text)...)
			}
		}
	}
	if len(out) == 0 && s.read {
		out = styled(st.Muted, widget.Wrap("Nothing: it was not sold at this till.", width))
	}
	return out
}

// theirs tells what Centrapay lists, the oldest first.
func (s storyScreen) theirs(width int) []string {
	st, d := s.look.styles, s.dossier
	switch {
	case !s.read:
		return nil
	case !d.asked:
		return styled(st.Muted, widget.Wrap("Nothing: no payment request came of it.", width))
	case d.reply.Answer != pos.AnswerDone:
		return styled(st.Warn, widget.Wrap(readingWords(d.reply), width))
	}
	out := styled(st.Row, widget.Wrap(requestWords(d.request), width))
	for _, t := range d.request.PaidBy {
		out = append(out, styled(st.Row, widget.Wrap(tenderName(t)+"  "+t.Total.Format(), width))...)
	}
	if d.historyReply.Answer != pos.AnswerDone {
		return append(out, styled(st.Warn, widget.Wrap("Its history: "+readingWords(d.historyReply), width))...)
	}
	for i := len(d.history) - 1; i >= 0; i-- {
		out = append(out, eventLines(st.Muted, st.Row, width, s.clock(d.history[i].CreatedAt), activityWords(d.history[i]))...)
	}
	return out
}

// clock is a time of day; empty where none is known.
func (s storyScreen) clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.zone).Format("15:04:05")
}

// table is every key of the screen.
func (s storyScreen) table() commands {
	still := ""
	if s.length() <= s.room() {
		still = "All of it is in sight."
	}
	off := s.dossier.notReturnable()
	if !s.read {
		off = "It is still being read."
	}
	return append(s.printCommand(), commands{
		helpCommand(),
		commandsCommand(),
		{keys: letter("R", "Refund"), name: "refund", does: "give the customer's money back, all or a part", act: refundThis{key: s.key()}, off: off, foot: footLeft},
		{keys: letter("U", "Update"), name: "update", does: "read it again", act: updateStory{}, foot: footLeft},
		{keys: bind("↑", "", "up"), does: "a line up", act: choose{by: -1}, off: still},
		{keys: bind("↓", "", "down"), does: "a line down", act: choose{by: 1}, off: still},
		{keys: bind("PgUp", "", "pgup"), does: "a page up", act: choose{by: -s.room()}, off: still},
		{keys: bind("PgDn", "", "pgdown"), does: "a page down", act: choose{by: s.room()}, off: still},
		quitCommand(),
		{keys: bind("Esc", "Back", "esc"), name: "back", does: "go back", act: goBack{}, foot: footLast},
	}...)
}

// printCommand prints the receipt again, where there is one.
func (s storyScreen) printCommand() commands {
	for _, t := range s.dossier.tales {
		if t.summary.Op == s.about.Op && printable(t.record) {
			return s.look.printCommand(s.about.Op)
		}
	}
	return nil
}
