package ui

import (
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
)

// This file lets a shop choose keys of its own for the till's commands (the config
// file's [keymap]). A choice counts on every screen that has the command; where
// another command of that screen has the key, it loses it.

// Keys implements screen.
func (h heldScreen) Keys() commands { return h.look.keyed(h.table()) }

// Keys implements screen.
func (h historyScreen) Keys() commands { return h.look.keyed(h.table()) }

// Keys implements screen.
func (s storyScreen) Keys() commands { return s.look.keyed(s.table()) }

// Keys implements screen.
func (s moreScreen) Keys() commands { return s.look.keyed(s.table()) }

// Keys implements screen.
func (p payScreen) Keys() commands { return p.look.keyed(p.table()) }

// Keys implements screen.
func (r resultScreen) Keys() commands { return r.look.keyed(r.table()) }

// Keys implements screen.
func (u unfinishedScreen) Keys() commands { return u.look.keyed(u.table()) }

// Keys implements screen.
func (s tenderScreen) Keys() commands { return s.look.keyed(s.table()) }

// Keys implements screen.
func (r refundScreen) Keys() commands { return r.look.keyed(r.table()) }

// Keys implements screen.
func (s saleScreen) Keys() commands { return s.look.keyed(s.table()) }

// Keys implements screen.
func (s settingsScreen) Keys() commands { return s.look.keyed(s.table()) }

// CommandNames lists the commands whose keys can be chosen, by name.
func CommandNames() []string {
	return []string{"absent", "all", "back", "cancel", "card", "cash", "clear", "customer", "customer-ref", "discount", "discount-all", "find", "give",
		"held", "help", "history", "hold", "large", "late", "minus", "more", "next", "note", "note-sale", "other", "pay", "plus", "price", "prices", "print",
		"qty", "recall", "recreate", "refund", "remove", "settings", "show", "split", "theme", "undo", "unfinished", "update", "void"}
}

// choosable are keys that no scanner types and no screen needs for something else.
// Letters and digits are not among them: a scan must never call a command.
var choosable = regexp.MustCompile(`^(f([1-9]|1[0-9]|20)|ctrl\+[abdefgjklnoprtuvwxyz]|alt\+[a-z0-9]|insert|pgup|pgdown)$`)

// CheckKeys says what is wrong with keys that were chosen for a command, and what to
// do about it; nothing where all is well.
func CheckKeys(command string, keys []string) (problem, remedy string) {
	if !slices.Contains(CommandNames(), command) {
		return "there is no command " + command + " of the till", "There are " + strings.Join(CommandNames(), ", ") + "."
	}
	for _, k := range keys {
		if !choosable.MatchString(k) {
			return "the key " + k + " cannot be chosen for " + command,
				"Choose f1 to f20, ctrl+ or alt+ and a letter (not ctrl+c, h, i, m, q or s), insert, pgup or pgdown. Letters alone are for typing and scanning."
		}
	}
	return "", ""
}

// keyed gives a screen's commands with the shop's own keys.
func (l *look) keyed(table commands) commands {
	if l == nil || len(l.keymap) == 0 {
		return table
	}
	var taken []string
	for _, c := range table {
		if c.name != "" {
			taken = append(taken, l.keymap[c.name]...)
		}
	}
	out := slices.Clone(table)
	for i, c := range out {
		chosen, is := l.keymap[c.name]
		switch {
		case is && c.name != "":
			out[i].keys = rebound(c.keys, chosen)
		case slices.ContainsFunc(c.keys.Keys(), func(k string) bool { return slices.Contains(taken, k) }):
			out[i].keys = rebound(c.keys, slices.DeleteFunc(slices.Clone(c.keys.Keys()), func(k string) bool { return slices.Contains(taken, k) }))
		}
	}
	return out
}

// rebound is a binding with other keys, and the first of them to show.
func rebound(b key.Binding, keys []string) key.Binding {
	shown := ""
	if len(keys) > 0 {
		shown = shownKey(keys[0])
	}
	return bind(shown, b.Help().Desc, keys...)
}

// shownKey is a key as it is printed on a keyboard.
func shownKey(k string) string {
	parts := strings.Split(k, "+")
	for i, part := range parts {
		switch part {
		case "pgup":
			part = "PgUp"
		case "pgdown":
			part = "PgDn"
		default:
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		parts[i] = part
	}
	if len(parts) == 2 {
		parts[1] = strings.ToUpper(parts[1])
	}
	return strings.Join(parts, "+")
}
