package theme

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Styles are the roles the till is drawn with. They are not changed after New, and
// may be used from several goroutines.
type Styles struct {
	// Colour tells whether colours may be used at all; it is false under NO_COLOR
	// and on terminals without colours.
	Colour bool

	// Header is the top line: merchant, till, operator, clock.
	Header lipgloss.Style
	// Band is the training band in the top line.
	Band lipgloss.Style
	// Rule is the line between the parts of a screen.
	Rule lipgloss.Style

	// TableHead is the line over a list; Row and RowSelected are its rows.
	TableHead, Row, RowSelected lipgloss.Style
	// Amount is a sum of money in running text, Total the sum to be paid.
	Amount, Total lipgloss.Style
	// Muted is for what may be overlooked, Hint for what the till would do next.
	Muted, Hint lipgloss.Style

	// Prompt is the mark before the entry line, Entry what is typed into it,
	// Cursor the cell where the next character goes.
	Prompt, Entry, Cursor lipgloss.Style
	// Key is a key on the bottom line, KeyLabel what it does.
	Key, KeyLabel lipgloss.Style

	// OK is for money that the service has confirmed, and nothing else.
	OK lipgloss.Style
	// Warn, Danger and Waiting are states in running text.
	Warn, Danger, Waiting lipgloss.Style
	// OKFill, WarnFill and DangerFill are for the one big word of a panel.
	OKFill, WarnFill, DangerFill lipgloss.Style

	// Border and Title are a panel's frame and the words in it.
	Border, Title lipgloss.Style
	// Dialog and DialogBorder are a question's text and its frame.
	Dialog, DialogBorder lipgloss.Style
	// BarDone and BarLeft are the two parts of a progress bar.
	BarDone, BarLeft lipgloss.Style
}

// New makes the styles of a theme for the terminal behind r. They are made once
// for each terminal and passed on.
func New(r *lipgloss.Renderer, t Tokens) *Styles {
	m := maker{r: r, colour: r.ColorProfile() != termenv.Ascii}
	if !m.colour && hasAttributes(r) {
		// lipgloss drops bold and reverse together with colour. They are not
		// colour, and without them nothing would stand out.
		m.r = lipgloss.NewRenderer(io.Discard)
		m.r.SetColorProfile(termenv.ANSI)
		m.r.SetHasDarkBackground(true)
	}
	plain, bold := m.plain(), m.plain().Bold(true)
	return &Styles{
		Colour:      m.colour,
		Header:      bold,
		Band:        m.fill(t.Band),
		Rule:        m.text(t.Border),
		TableHead:   m.text(t.Muted).Bold(true),
		Row:         plain,
		RowSelected: m.fill(t.Selected),
		Amount:      plain,
		Total:       bold,
		Muted:       m.text(t.Muted),
		Hint:        m.text(t.Muted),
		Prompt:      m.text(t.Accent).Bold(true),
		Entry:       plain,
		Cursor:      m.plain().Reverse(true),
		Key:         m.text(t.Accent).Bold(true),
		KeyLabel:    plain,
		OK:          m.text(t.OK).Bold(true),
		Warn:        m.text(t.Warn).Bold(true),
		Danger:      m.text(t.Danger).Bold(true),
		Waiting:     m.text(t.Waiting),
		OKFill:      m.fill(t.OKFill),
		WarnFill:    m.fill(t.WarnFill),
		DangerFill:  m.fill(t.DangerFill),
		Border:      m.text(t.Border),
		Title:       bold,
		Dialog:      plain,
		// A question's frame stands out from the frames behind it.
		DialogBorder: m.text(t.Warn).Bold(true),
		BarDone:      m.text(t.Waiting),
		BarLeft:      m.text(t.Border),
	}
}

// hasAttributes tells whether the terminal could show bold and reverse video: it
// is one that has colours, which NO_COLOR asks not to use.
func hasAttributes(r *lipgloss.Renderer) bool {
	out := r.Output()
	return out.EnvNoColor() && out.ColorProfile() != termenv.Ascii
}

// maker makes styles for one renderer, with or without colours.
type maker struct {
	r      *lipgloss.Renderer
	colour bool
}

func (m maker) plain() lipgloss.Style { return m.r.NewStyle() }

func (m maker) text(c Colour) lipgloss.Style {
	if !m.colour || c == (Colour{}) {
		return m.plain()
	}
	return m.plain().Foreground(complete(c))
}

// fill is bold as well, since what is filled is what must be seen.
func (m maker) fill(f Fill) lipgloss.Style {
	if !m.colour || f.Ground == (Colour{}) {
		return m.plain().Bold(true).Reverse(true)
	}
	return m.text(f.Text).Background(complete(f.Ground)).Bold(true)
}

func complete(c Colour) lipgloss.CompleteColor {
	return lipgloss.CompleteColor{TrueColor: c.RGB, ANSI256: c.RGB, ANSI: c.ANSI}
}
