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
	out := h.typed(st, width)
	for g := groupNone; g <= groupTill; g++ {
		var lines []string
		for _, each := range h.rows(g) {
			lines = append(lines, helpLine(st, width, each)...)
		}
		if len(lines) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(append(out, st.Title.Render(g.heading())), lines...)
	}
	out = append(out, "", st.Muted.Render(strings.Repeat("─", width)), "")
	return append(out, drawGuide(st, width, assets.Guide())...)
}

// whatToType is what the entry line takes, for the help.
var whatToType = [][2]string{
	{"scan", "a product by its code; a customer's code asks for payment"},
	{"12.50", "something at that price"},
	{"3*12.50", "three of them"},
	{"3*", "and then a scan: three of what is scanned"},
	{"0.425*lamb", "by weight, in kg"},
	{"cheese sc", "words look for a product: arrows choose, Enter adds"},
	{"/", "a command, by its name"},
}

// typed draws what the entry line takes, on the screen that has one.
func (h help) typed(st *theme.Styles, width int) []string {
	if len(h.rows(groupRinging)) == 0 {
		return nil
	}
	const textWidth = 16
	out := []string{st.Title.Render("What to type")}
	for _, each := range whatToType {
		out = append(out, st.Key.Render(widget.Fit(each[0], textWidth, widget.Start))+
			st.Row.Render(widget.Fit(each[1], width-textWidth, widget.Start)))
	}
	return out
}

// rows are the commands under a heading; those that do the same two ways are one row.
func (h help) rows(g group) commands {
	var out commands
	for _, each := range h.keys {
		if each.group != g {
			continue
		}
		if last := len(out) - 1; each.row != "" && last >= 0 && out[last].row == each.row {
			shown := out[last].keys.Help()
			out[last].keys.SetHelp(shown.Key+" "+each.keys.Help().Key, shown.Desc)
			continue
		}
		if each.row != "" {
			each.does = each.row
		}
		out = append(out, each)
	}
	return out
}

// helpLine draws one command: its keys, its name, what it does, and why it does
// not work now.
func helpLine(st *theme.Styles, width int, c command) []string {
	const keysWidth, nameWidth = 16, 15
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
