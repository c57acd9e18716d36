package ui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// everyKey is every key a keyboard commonly sends, by name.
func everyKey() []string {
	var names []string
	for name := range namedKeys() {
		if rare := strings.Contains(name, "shift+") || len(name) > 6 && strings.HasPrefix(name, "ctrl+"); !rare {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, r := range "aAbcCdDlLnNpPqQrRsuUvxXyYz0159?/+-!*.é" {
		names = append(names, string(r))
	}
	return append(names, "alt+a", "alt+enter")
}

// keyScenes are scenes that differ in which keys work.
func keyScenes() map[string]func(d *desk) {
	out := map[string]func(d *desk){
		"typing": func(d *desk) { rungUp(d); d.write("flat") },
		"recall": func(d *desk) { rungUp(d); d.press("f5", "f6") },
		"prices": func(d *desk) { rungUp(d); d.press("f8") },
		"leave":  func(d *desk) { rungUp(d); d.press("ctrl+c") },
		"find":   func(d *desk) { rungUp(d); d.press("f4"); d.write("p") },
		"missed": func(d *desk) { rungUp(d); d.scan("9421900009999"); d.scan("9421900009998") },
	}
	for _, name := range []string{
		"empty sale", "sale", "commands", "sale frozen", "help", "pay begins", "pay", "pay commands", "pay stop",
		"pay customer", "pay condition", "pay condition confirm", "pay not known", "unfinished", "result paid", "result cancelled",
	} {
		out[name] = scenes[name]
	}
	for name, play := range moreScenes {
		out[name] = play
	}
	return out
}

// A key does one thing: no two rows of a screen's table share a key.
func TestNoKeyIsBoundTwice(t *testing.T) {
	t.Parallel()
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			table, _ := d.m.keys()
			bound := map[string]string{}
			names := map[string]bool{}
			for _, c := range table {
				for _, k := range c.keys.Keys() {
					if other, twice := bound[k]; twice {
						t.Errorf("%s: %s is bound to %q and to %q", name, k, other, c.does)
					}
					bound[k] = c.does
				}
				if c.name != "" && names[c.name] {
					t.Errorf("%s: there are two commands /%s", name, c.name)
				}
				names[c.name] = true
			}
		})
	}
}

// looks is all of a model that a key can change and staff can see.
func looks(m model) string {
	return fmt.Sprint(m.View(), m.place, m.prompt.kind, m.help.open, m.help.top, m.line.open, m.sale.line.text(),
		m.sale.line.input.Position(), m.sale.selected, m.pay.large, m.sale.basket.Lines())
}

// The help is the keys: what a table lists works, and what works is listed.
func TestHelpAndKeysAgree(t *testing.T) {
	t.Parallel()
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			d.pass(grace)
			table, text := d.m.keys()
			before, calls := looks(d.m), d.work.counted()
			for _, k := range everyKey() {
				msg := keyMsg(k)
				listed, found := table.forKey(msg, text)
				m := d.m
				next, cmd := m.typed(keyTyped{key: msg, at: m.clock(), first: true})
				acted := looks(next) != before || cmd != nil
				switch {
				case isCharacter(msg) && (text || d.m.takesText() || d.m.place == onSale && !d.m.prompt.open() && !d.m.help.open):
					continue // it is typed
				case acted && !found:
					t.Errorf("%s: %s does something and is not in the help", name, k)
				case found && listed.act == nil && !text && !d.m.takesAmount():
					t.Errorf("%s: %s is listed and edits a line that is not there", name, k)
				}
				if d.work.counted() != calls {
					t.Errorf("%s: %s did I/O within Update", name, k)
				}
			}
		})
	}
}

// Every row of every table does what it says, or says why it does not.
func TestEveryListedKeyWorks(t *testing.T) {
	t.Parallel()
	// Rows that may have nothing left to do where a scene stands.
	idle := []action{choose{}, clearLine{}, clearNote{}, complete{}, scrollHelp{}, submit{}, runLine{}, closePrompt{}, toggleLarge{}, showUnfinished{}, backToSale{}, showPayment{}}
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			d.pass(grace)
			table, _ := d.m.keys()
			before := looks(d.m)
			for _, c := range table {
				for _, k := range c.keys.Keys() {
					next, cmd := d.m.typed(keyTyped{key: keyMsg(k), at: d.m.clock(), first: true})
					may := c.act == nil || slices.ContainsFunc(idle, func(a action) bool { return reflect.TypeOf(a) == reflect.TypeOf(c.act) })
					if looks(next) == before && cmd == nil && !may {
						t.Errorf("%s: %s (%s) does nothing", name, k, c.does)
					}
				}
			}
		})
	}
}

// What the help shows for a row is the keys it is bound to.
func TestShownKeysAreTheBoundOnes(t *testing.T) {
	t.Parallel()
	names := strings.NewReplacer("↑", "up", "↓", "down", "←", "left", "→", "right", "PgUp", "pgup", "PgDn", "pgdown",
		"Ctrl+U Ctrl+K", "ctrl+u ctrl+k", "Backspace", "backspace", "Del", "delete", "Space", "space")
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			table, _ := d.m.keys()
			for _, c := range table {
				shown := c.keys.Help().Key
				if shown == "" && len(c.keys.Keys()) > 0 {
					t.Errorf("%s: the keys %v of %q are shown nowhere", name, c.keys.Keys(), c.does)
				}
				if strings.HasPrefix(shown, "↑ ↓ PgDn") {
					continue // the bottom line of the help names its neighbours too
				}
				for _, k := range strings.Fields(strings.ToLower(names.Replace(shown))) {
					if k == "space" {
						k = " "
					}
					if !slices.Contains(c.keys.Keys(), k) {
						t.Errorf("%s: %q is shown for %q, which is bound to %v", name, k, c.does, c.keys.Keys())
					}
				}
			}
		})
	}
}

// Commands run from the list do what their keys do.
func TestEveryCommandCanBeTyped(t *testing.T) {
	t.Parallel()
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			before := looks(d.m)
			for _, c := range d.m.front().Keys() {
				if c.name == "" || c.off != "" || d.m.prompt.open() || d.m.help.open {
					continue
				}
				next, cmd := d.m.run(c.name)
				if looks(next) == before && cmd == nil && c.name != "back" && c.name != "unfinished" {
					t.Errorf("%s: /%s does nothing", name, c.name)
				}
			}
		})
	}
}

// A key for money is a letter or a function key: never Enter, a digit or a blank,
// which scanners send.
func TestNothingAScannerSendsAnswersAPrompt(t *testing.T) {
	t.Parallel()
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			if !d.m.prompt.open() {
				return
			}
			for _, c := range d.m.prompt.keys() {
				for _, k := range c.keys.Keys() {
					if k == "enter" || k == " " || k == "tab" || k >= "0" && k <= "9" {
						t.Errorf("%s: the prompt is answered by %q", name, k)
					}
				}
			}
		})
	}
}

// messages is one of every message that reaches the model, some of them stale.
func messages(d *desk) []tea.Msg {
	other := tell(d.m.clock(), cents(100)).created()
	other.state.Op = "other"
	return []tea.Msg{
		basketSaved{}, basketSaved{draft: d.m.sale.draft, err: pos.ErrTillClosed}, basketSaved{err: &pos.DraftConflict{}}, resumed{}, resumed{err: pos.ErrTillClosed},
		heldListed{}, heldListed{err: pos.ErrTillClosed}, recalled{err: pos.ErrTillClosed}, recalled{err: &pos.DraftConflict{}}, recalled{draft: d.m.sale.draft},
		saveDue{}, saveDue{id: d.m.keeper.dueID}, slowDue{}, slowDue{lookUp: d.m.sale.queue.lookUp}, found{id: d.m.sale.hunt.id, labelled: true}, begun{attempt: 99, err: pos.ErrTillClosed, asked: &draft{}},
		tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("9421900000017\n9421900000036\n")},
		found{}, found{id: d.m.sale.hunt.id, text: "x"}, found{id: d.m.sale.queue.lookUp}, begun{err: pos.ErrTillClosed}, codeDrawn{}, codeDrawn{url: storyURL}, begun{attempt: 99, err: pos.ErrTillClosed},
		opChanged{now: other.snapshot()}, opChanged{now: d.m.pay.now}, opChanged{}, customerDid{}, customerDid{id: d.m.pay.now.id},
		unfinishedListed{}, unfinishedListed{id: d.m.listID, err: pos.ErrTillClosed}, unfinishedListed{id: d.m.listID + 1},
		minuteDue{id: d.m.minuteID}, minuteDue{id: -1}, payTick{id: d.m.tickID}, payTick{}, holdDue{}, holdDue{id: d.m.scan.id},
		unfinishedDue{id: d.m.listID}, unfinishedDue{id: -1}, noteDue{}, noteDue{of: onPay, id: d.m.pay.note.id}, noteDue{id: d.m.sale.note.id},
		tea.WindowSizeMsg{Width: 81, Height: 25}, tea.WindowSizeMsg{Width: 5, Height: 5}, tea.WindowSizeMsg{}, tea.FocusMsg{}, nil, 7, "text",
		tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("9421900000017")}, tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("pasted")},
		tea.MouseMsg{}, tea.KeyMsg{Type: tea.KeyRunes},
	}
}

// Update and View do no I/O, whatever comes, on whatever screen: all work is in
// commands, which only Bubble Tea runs.
func TestUpdateAndViewDoNoWork(t *testing.T) {
	t.Parallel()
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			all := messages(d)
			for _, k := range everyKey() {
				all = append(all, keyMsg(k))
			}
			before := d.work.counted()
			for _, first := range all {
				next, _ := d.m.Update(first)
				next, _ = next.Update(holdDue{id: next.(model).scan.id})
				_ = next.View()
				_, _ = next.Update(keyMsg("enter"))
			}
			if did := d.work.counted() - before; did != 0 {
				t.Errorf("%s: %d pieces of work were done within Update or View: %q", name, did, d.work.calls[before:])
			}
		})
	}
}

// What comes back for something that is no longer asked changes nothing.
func TestStaleRepliesAreDropped(t *testing.T) {
	t.Parallel()
	driven(t, func(d *desk) {
		rungUp(d)
		d.write("flat")
		before := d.screen()
		for _, msg := range []tea.Msg{
			found{id: d.m.sale.hunt.id - 1, text: "flat"}, found{id: d.m.sale.queue.lookUp, text: "flat"}, begun{attempt: 0, err: nil},
			opChanged{now: snapshot{id: "nobody's"}}, customerDid{id: "nobody's"}, unfinishedListed{id: -1, list: []pos.Summary{{Op: "x"}}},
			minuteDue{id: -1}, payTick{id: -1}, holdDue{id: -1}, noteDue{of: onSale, id: -1},
		} {
			if b, isBegun := msg.(begun); isBegun && b.op == nil {
				continue
			}
			d.send(msg)
			if d.screen() != before {
				t.Fatalf("the stale %#v changed the screen:\n%s", msg, d.screen())
			}
		}
	})
}
