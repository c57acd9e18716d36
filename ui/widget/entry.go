package widget

import (
	"github.com/charmbracelet/x/ansi"

	"centrapos/ui/theme"
)

// EntryData is the entry line.
type EntryData struct {
	// Text is what has been typed, and Cursor the number of its code points before
	// the cursor.
	Text   string
	Cursor int
	// Placeholder is shown while Text is empty.
	Placeholder string
	// Blurred leaves the cursor out: what is typed goes somewhere else.
	Blurred bool
}

// EntryLine draws the entry line in exactly width columns: the prompt, the text
// and the cursor, which is always in sight. At the end of the text the cursor is a
// block, within it the character in reverse video.
func EntryLine(st *theme.Styles, width int, e EntryData) string {
	const prompt = " › "
	room := width - Width(prompt)
	if room <= 0 {
		return Pad(st.Prompt.Render(prompt), width)
	}
	runes := []rune(e.Text)
	at := min(max(e.Cursor, 0), len(runes))
	before, under, after := Clean(string(runes[:at])), "", Clean(string(runes[at:]))
	if !e.Blurred && after != "" {
		under, _ = ansi.FirstGraphemeCluster(after, ansi.GraphemeWidth)
		after = after[len(under):]
	}
	cursor := ""
	switch {
	case e.Blurred:
	case under == "":
		cursor = st.Cursor.UnsetReverse().Render("█")
	default:
		cursor = st.Cursor.Render(under)
	}
	before = keepEnd(before, room-Width(cursor))
	line := render(st.Entry, before) + cursor + render(st.Entry, after)
	if e.Text == "" {
		line = cursor + render(st.Hint, Clean(e.Placeholder))
	}
	return Pad(st.Prompt.Render(prompt)+Pad(line, room), width)
}

// keepEnd cuts text on the left so that it takes at most width columns.
func keepEnd(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	if width <= 0 {
		return ""
	}
	tail := cutLeft(text, Width(text)-width+1)
	return ellipsis + tail
}
