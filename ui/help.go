package ui

import (
	"strings"

	"centrapos/assets"
	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

// help is the page that "?" opens: every key of the screen under it, from the
// bindings themselves, and the guide.
type help struct {
	open bool
	keys commands // of the screen under it
	top  int      // the first line in sight
}

// lines draws the whole page, in width columns.
func (h help) lines(st *theme.Styles, width int) []string {
	out := []string{st.Title.Render("Keys on this screen"), ""}
	for _, each := range h.keys {
		out = append(out, helpLine(st, width, each)...)
	}
	out = append(out, "", st.Muted.Render(strings.Repeat("─", width)), "")
	return append(out, drawGuide(st, width, assets.Guide())...)
}

// helpLine draws one command: its keys, its name, what it does, and why it does
// not work now.
func helpLine(st *theme.Styles, width int, c command) []string {
	const keysWidth, nameWidth = 16, 13
	name := ""
	if c.name != "" {
		name = "/" + c.name
	}
	does := c.does
	if c.off != "" {
		does += " (not now: " + strings.ToLower(c.off[:1]) + c.off[1:] + ")"
	}
	var out []string
	for i, line := range widget.Wrap(does, width-keysWidth-nameWidth) {
		keys := c.keys.Help().Key
		if i > 0 {
			keys, name = "", ""
		}
		out = append(out, st.Key.Render(widget.Fit(keys, keysWidth, widget.Start))+
			st.Muted.Render(widget.Fit(name, nameWidth, widget.Start))+st.Row.Render(line))
	}
	return out
}

// draw draws the part of the page in sight, under a title.
func (h help) draw(st *theme.Styles, width, height int, title string) string {
	lines := h.lines(st, width-6)
	top := min(h.top, max(0, len(lines)-(height-2)))
	return widget.Panel(st, width, height, widget.PanelData{
		Title: title, Body: " " + strings.Join(lines[top:], "\n "),
	})
}

// scrolled gives the help some lines further on.
func (h help) scrolled(st *theme.Styles, width, height, by int) help {
	last := max(0, len(h.lines(st, width-6))-(height-2))
	h.top = min(max(0, h.top+by), last)
	return h
}
