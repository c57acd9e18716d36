package widget

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"centrapos/ui/theme"
)

// PanelData is a framed box.
type PanelData struct {
	// Title stands in the frame's top line.
	Title string
	// Body is a drawn block; its lines are cut or filled to the box.
	Body string
	// Dialog makes the frame of a question, which stands out from other frames.
	Dialog bool
}

// Panel draws a box of exactly width columns by height lines, frame included. With
// a height of 0 it is as high as its body needs.
func Panel(st *theme.Styles, width, height int, p PanelData) string {
	border, body := st.Border, []string{}
	if p.Dialog {
		border = st.DialogBorder
	}
	if p.Body != "" {
		body = strings.Split(p.Body, "\n")
	}
	if height <= 0 {
		height = len(body) + 2
	}
	lines := make([]string, 0, height)
	lines = append(lines, panelTop(st, border, width, p.Title))
	for i := range height - 2 {
		line := ""
		if i < len(body) {
			line = body[i]
		}
		side := border.Render("│")
		lines = append(lines, Pad(side+" "+Pad(line, width-4)+" "+side, width))
	}
	lines = append(lines, Pad(border.Render("└"+strings.Repeat("─", max(width-2, 0))+"┘"), width))
	return Clip(strings.Join(lines, "\n"), width, height)
}

func panelTop(st *theme.Styles, border lipgloss.Style, width int, title string) string {
	title = Clean(title)
	if title == "" || width < 8 {
		return Pad(border.Render("┌"+strings.Repeat("─", max(width-2, 0))+"┐"), width)
	}
	title = Fit(title, min(Width(title), width-6), Start)
	rest := strings.Repeat("─", max(width-5-Width(title), 0))
	return border.Render("┌─ ") + st.Title.Render(title) + border.Render(" "+rest+"┐")
}

// Paragraph draws cleaned text in one style, wrapped to lines of exactly width
// columns.
func Paragraph(style lipgloss.Style, width int, text string) string {
	lines := Wrap(text, width)
	for i, line := range lines {
		lines[i] = style.Render(Fit(line, width, Start))
	}
	return strings.Join(lines, "\n")
}

// TooSmall fills a screen of width by height with what size the till needs. The
// state of an open payment, which must never be hidden, is given as money and
// stands first; it is empty when there is none.
func TooSmall(st *theme.Styles, width, height, needWidth, needHeight int, money string) string {
	var lines []string
	if money != "" {
		lines = append(styledLines(st.Total, Wrap(money, width), width), "")
	}
	lines = append(lines, styledLines(st.Warn, Wrap(fmt.Sprintf("The till needs a window of %dx%d.", needWidth, needHeight), width), width)...)
	rest := Wrap(fmt.Sprintf("This one is %dx%d. Make it larger and the till goes on.", width, height), width)
	lines = append(lines, styledLines(st.Muted, rest, width)...)
	return Place(strings.Join(lines, "\n"), width, height, Middle, Middle)
}

func styledLines(style lipgloss.Style, lines []string, width int) []string {
	drawn := make([]string, 0, len(lines))
	for _, line := range lines {
		drawn = append(drawn, style.Render(Fit(line, width, Middle)))
	}
	return drawn
}
