package ui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/ui/widget"
)

// settingsScreen shows what staff can change of the till. A change counts at once,
// and is kept for the next start where the till has a place to keep it.
type settingsScreen struct {
	look          *look
	width, height int

	prefs    Preferences
	themes   []string
	selected int
	note     note
}

// The lines of the settings screen.
const (
	settingTheme = iota
	settingBell
	settingScanGap
	settingsCount
)

// Limits of the pause within a scan, and the steps it is changed in.
const (
	leastScanGap = 20 * time.Millisecond
	mostScanGap  = 300 * time.Millisecond
	scanGapStep  = 10 * time.Millisecond
)

func newSettings(l *look) settingsScreen { return settingsScreen{look: l, note: note{of: onSettings}} }

// of gives the screen with what counts now.
func (s settingsScreen) of(p Preferences, themes []string) settingsScreen {
	s.prefs, s.themes = p, themes
	return s
}

// SetSize implements screen.
func (s settingsScreen) SetSize(width, height int) screen {
	s.width, s.height = width, height
	return s
}

// CapturesText implements screen.
func (s settingsScreen) CapturesText() bool { return false }

// Update implements screen.
func (s settingsScreen) Update(msg tea.Msg) (screen, action, tea.Cmd) {
	if due, is := msg.(noteDue); is {
		s.note = s.note.due(due)
	}
	return s, nil, nil
}

func (s settingsScreen) noted(t tone, text string) (screen, tea.Cmd) {
	var cmd tea.Cmd
	s.note, cmd = s.note.noted(t, text)
	return s, cmd
}

func (s settingsScreen) chosen(by int) screen {
	s.selected = min(max(0, s.selected+by), settingsCount-1)
	return s
}

// clicked implements clicking.
func (s settingsScreen) clicked(_, y int) (screen, action) {
	i := y - moreHead - 1
	if i < 0 || i >= settingsCount {
		return s, nil
	}
	s.selected = i
	return s, changeSetting{by: 1}
}

func (s settingsScreen) rows() [settingsCount][]string {
	bell := "off"
	if s.prefs.Bell {
		bell = "on"
	}
	name := s.prefs.Theme
	if name == "" {
		name = "as the terminal is"
	}
	return [settingsCount][]string{
		settingTheme:   {"Colours", name, "dark, light, high contrast, or safe for the colour-blind"},
		settingBell:    {"Bell", bell, "rings when a payment has arrived"},
		settingScanGap: {"Scanner", s.prefs.ScanGap.String(), "longest pause within a scan; slow wireless ones need more"},
	}
}

// View implements screen.
func (s settingsScreen) View(time.Time) string {
	st, rows := s.look.styles, s.rows()
	table := widget.Table(st, s.width, settingsCount+1, widget.TableData{
		Columns: []widget.Column{
			{Title: "Setting", Gap: 1, Width: 9}, {Title: "Now", Gap: 1, Width: 19}, {Gap: 1, Width: 20, Flex: true},
		},
		Len: settingsCount, Row: func(i int) []string { return rows[i] }, Selected: s.selected, Margin: 1,
	})
	lines := []string{"", table, ""}
	if s.note.text != "" {
		for _, line := range widget.Wrap(s.note.text, s.width-4) {
			lines = append(lines, "  "+s.look.toneStyle(s.note.tone).Render(line))
		}
	}
	sample := "  " + st.OKFill.Render(" ✓ PAID ") + " " + st.WarnFill.Render(" ▲ CHECK ") + " " + st.DangerFill.Render(" ! NOT KNOWN YET ") +
		" " + st.Band.Render(" TRAINING ") + " " + st.RowSelected.Render("▸ chosen ")
	return widget.Clip(strings.Join(append(lines, "", sample), "\n"), s.width, s.height)
}

// table is every key of the screen.
func (s settingsScreen) table() commands {
	return commands{
		helpCommand(),
		commandsCommand(),
		{keys: bind("↑", "", "up"), does: "choose the setting above", act: choose{by: -1}},
		{keys: bind("↓", "", "down"), does: "choose the setting below", act: choose{by: 1}},
		{keys: bind("←", "", "left"), does: "the value before", act: changeSetting{by: -1}},
		{keys: bind("→", "Change", "right", " "), does: "the next value", act: changeSetting{by: 1}, foot: footLeft},
		themeCommand(),
		quitCommand(),
		{keys: bind("Esc", "Back", "esc"), name: "back", does: "go back", act: goBack{}, foot: footLast},
	}
}

// changeSetting changes the chosen setting, at once and for the next start.
func (m model) changeSetting(by int) (model, tea.Cmd) {
	p := m.prefs
	switch m.settings.selected {
	case settingTheme:
		if len(m.themes.names) == 0 {
			return m.say(toneInfo, "The colours cannot be changed here.")
		}
		return m.setTheme(next(m.themes.names, p.Theme, by))
	case settingBell:
		p.Bell = !p.Bell
	case settingScanGap:
		p.ScanGap = min(max(leastScanGap, p.ScanGap+time.Duration(by)*scanGapStep), mostScanGap)
	}
	return m.prefer(p)
}

// themeCommand changes the colours, to those that are named or to the next ones.
func themeCommand() command {
	return command{name: "theme", arg: "[NAME]", does: "other colours: dark, light, high-contrast, colour-blind", act: setTheme{},
		takes: func(arg string) action { return setTheme{name: arg} }}
}

// next is the name some places on, around the end.
func next(names []string, name string, by int) string {
	i := slices.Index(names, name)
	if i < 0 && by < 0 {
		i = 0
	}
	n := len(names)
	return names[((i+by)%n+n)%n]
}

// setTheme changes the colours; without a name to the next ones.
func (m model) setTheme(name string) (model, tea.Cmd) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" && len(m.themes.names) > 0 {
		name = next(m.themes.names, m.prefs.Theme, 1)
	}
	if m.themes.of == nil || !slices.Contains(m.themes.names, name) {
		return m.say(toneWarn, "There are the colours "+strings.Join(m.themes.names, ", ")+".")
	}
	l := *m.look
	l.styles = m.themes.of(name)
	p := m.prefs
	p.Theme = name
	return m.withLook(&l).prefer(p)
}

// prefer makes staff's wishes count, and keeps them.
func (m model) prefer(p Preferences) (model, tea.Cmd) {
	m.prefs = p
	m.scan.gap = p.ScanGap
	m.settings = m.settings.of(p, m.themes.names)
	m.saveID++
	save := m.work.savePreferences(m.saveID, p)
	if save == nil {
		m, cmd := m.say(toneInfo, "This counts until the till is closed.")
		return m, cmd
	}
	return m, save
}

// preferencesSaved says whether a change was kept.
func (m model) preferencesSaved(msg preferencesSaved) (tea.Model, tea.Cmd) {
	if msg.id != m.saveID {
		return m, nil
	}
	if msg.err != nil {
		return m.say(toneWarn, "This counts until the till is closed; it could not be kept: "+sentence(msg.err.Error()))
	}
	return m.say(toneInfo, "Kept for the next start too.")
}
