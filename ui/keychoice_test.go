package ui

import (
	"slices"
	"testing"
)

// The shop's own key calls the command, is what the screens show, and is nobody
// else's; the command's former key does nothing of it any more.
func TestTheShopChoosesKeys(t *testing.T) {
	t.Parallel()
	chosen := map[string][]string{"pay": {"ctrl+p", "f7"}, "hold": {}}
	driven(t, func(d *desk) {
		rungUp(d)
		table, text := d.m.keys()
		if c, found := table.forKey(keyMsg("f7"), text); !found || c.name != "pay" || c.keys.Help().Key != "Ctrl+P" {
			t.Errorf("F7 calls %q, shown as %q", c.name, c.keys.Help().Key)
		}
		for name, old := range map[string]string{"pay": "f9", "hold": "f5", "remove": "f7"} {
			if c, found := table.forKey(keyMsg(old), text); found && c.name == name {
				t.Errorf("%s still calls %s", old, name)
			}
		}
		if c, there := table.named("hold"); !there || len(c.keys.Keys()) != 0 {
			t.Error("a command without a key is gone, or has one")
		}
		d.press("ctrl+p")
		if d.m.place != onPay {
			t.Error("Ctrl+P does not take payment")
		}
	}, func(c *Config) { c.Keymap = chosen })
}

// Every command that a screen names can be given a key, and no other name is known.
func TestCommandNamesAreThoseOfTheScreens(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for name, play := range keyScenes() {
		driven(t, func(d *desk) {
			play(d)
			for _, c := range d.m.front().Keys() {
				if c.name != "" && c.name != "quit" && !slices.Contains(CommandNames(), c.name) {
					t.Errorf("%s: the keys of /%s cannot be chosen", name, c.name)
				}
				seen[c.name] = true
			}
		}, func(c *Config) { c.Print = nil })
	}
	rare := []string{"print", "void", "absent", "late"} // screens that no scene of the keys has
	for _, name := range CommandNames() {
		if !seen[name] && !slices.Contains(rare, name) {
			t.Errorf("no screen has /%s", name)
		}
	}
}

func TestKeysThatCannotBeChosen(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"f9", "f12", "ctrl+p", "alt+1", "insert"} {
		if problem, _ := CheckKeys("pay", []string{good}); problem != "" {
			t.Errorf("%s: %s", good, problem)
		}
	}
	for _, bad := range []string{"p", "1", "enter", "esc", "tab", "ctrl+c", "ctrl+m", "ctrl+i", "ctrl+h", "up", "", "f21", "shift+f1"} {
		if problem, remedy := CheckKeys("pay", []string{bad}); problem == "" || remedy == "" {
			t.Errorf("%q was taken", bad)
		}
	}
	if problem, _ := CheckKeys("quit", nil); problem == "" {
		t.Error("the way out can be taken away")
	}
}
