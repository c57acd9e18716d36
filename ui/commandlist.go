package ui

import (
	"strings"

	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

// matching gives the commands whose names fit what was typed after the "/": those
// that begin with it and, where something follows the name, the one it names.
func (c commands) matching(text string) commands {
	name, _, hasArg := strings.Cut(strings.TrimLeft(text, " "), " ")
	var out commands
	for _, each := range c {
		switch {
		case each.name == "":
		case hasArg && each.name == strings.ToLower(name), !hasArg && strings.HasPrefix(each.name, strings.ToLower(name)):
			out = append(out, each)
		}
	}
	return out
}

// label is a command as it is typed.
func (c command) label() string {
	if c.arg == "" {
		return "/" + c.name
	}
	return "/" + c.name + " " + c.arg
}

// commandKeys is the width of the keys in the command list; they are left out
// where it is narrow.
const commandKeys = 9

// drawCommandList draws the commands with their keys: the till's menu. It is at
// most height lines high and keeps the chosen one in sight.
func drawCommandList(st *theme.Styles, width, height int, list commands, choice int) string {
	choice = min(max(choice, 0), len(list)-1)
	room := max(1, height-2)
	top := widget.ScrollTop(0, choice, len(list), room)
	inner, nameWidth, keysWidth := width-4, 0, commandKeys
	for _, each := range list {
		nameWidth = max(nameWidth, widget.Width(each.label())+1)
	}
	if inner < commandKeys+40 {
		keysWidth = 0
	}
	var lines []string
	for i := top; i < min(top+room, len(list)); i++ {
		each := list[i]
		mark, style := "  ", st.Row
		if each.off != "" {
			style = st.Muted
		}
		if i == choice {
			mark, style = "▸ ", st.RowSelected
		}
		lines = append(lines, style.Render(mark+widget.Fit(each.label(), nameWidth, widget.Start)+
			widget.Fit(each.does, inner-2-nameWidth-keysWidth, widget.Start)+
			widget.Fit(each.keys.Help().Key, keysWidth, widget.End)))
	}
	return widget.Panel(st, width, 0, widget.PanelData{Title: "Commands", Body: strings.Join(lines, "\n")})
}

// commandLine is the line for commands on screens that have no entry line.
type commandLine struct {
	open   bool
	line   field
	choice int
}

func openCommandLine(text string) commandLine {
	return commandLine{open: true, line: newField().with(text)}
}

// draw draws the line with its list over it, in width columns.
func (l commandLine) draw(st *theme.Styles, width, height int, all commands) string {
	list := all.matching(l.line.text())
	entry := widget.EntryLine(st, width-2, l.line.data())
	entry = st.Prompt.Render(" /") + entry
	if len(list) == 0 {
		return widget.Panel(st, width, 0, widget.PanelData{
			Title: "Commands", Body: st.Muted.Render("There is no such command. Esc goes back."),
		}) + "\n" + widget.Pad(entry, width)
	}
	return drawCommandList(st, width, height-1, list, l.choice) + "\n" + widget.Pad(entry, width)
}
