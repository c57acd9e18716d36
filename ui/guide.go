package ui

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

// drawGuide draws the guide: the headings, paragraphs, lists and tables of
// Markdown, and no more of it than the guide uses.
func drawGuide(st *theme.Styles, width int, markdown string) []string {
	var out, paragraph []string
	flush := func() {
		out = append(out, styled(st.Row, widget.Wrap(strings.Join(paragraph, " "), width))...)
		paragraph = nil
	}
	for line := range strings.Lines(strings.ReplaceAll(markdown, "`", "")) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			flush()
			out = append(out, "")
		case strings.HasPrefix(line, "#"):
			flush()
			out = append(out, st.Title.Render(strings.TrimSpace(strings.TrimLeft(line, "#"))))
		case strings.HasPrefix(line, "|"):
			flush()
			out = append(out, drawTableRow(st, width, line)...)
		case strings.HasPrefix(line, "- "):
			flush()
			out = append(out, hanging(st.Row, width, "· ", line[2:])...)
		default:
			paragraph = append(paragraph, line)
		}
	}
	flush()
	return out
}

// drawTableRow draws a row as a term and what is said of it; a row of dashes is
// left out.
func drawTableRow(st *theme.Styles, width int, row string) []string {
	cells := strings.Split(strings.Trim(row, "|"), "|")
	if strings.Trim(row, "|- :") == "" {
		return nil
	}
	const termWidth = 26
	var said []string
	for _, cell := range cells[1:] {
		said = append(said, strings.TrimSpace(cell))
	}
	var out []string
	for i, line := range widget.Wrap(strings.Join(said, ": "), width-termWidth) {
		term := ""
		if i == 0 {
			term = strings.TrimSpace(cells[0])
		}
		out = append(out, st.Title.Render(widget.Fit(term, termWidth, widget.Start))+st.Row.Render(line))
	}
	return out
}

// hanging wraps text behind a mark.
func hanging(style lipgloss.Style, width int, mark, text string) []string {
	var out []string
	for i, line := range widget.Wrap(text, width-widget.Width(mark)) {
		if i > 0 {
			mark = strings.Repeat(" ", widget.Width(mark))
		}
		out = append(out, style.Render(mark+line))
	}
	return out
}
