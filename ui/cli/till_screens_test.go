package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui"
	"centrapos/ui/screentest"
)

// TestEveryScreenInATerminal comes to each screen behind the sale and leaves it again,
// by keys only: a sale is paid and given back in part, found in the history, paid in
// parts, put aside and recalled; the settings are kept in the config file.
func TestEveryScreenInATerminal(t *testing.T) {
	t.Parallel()
	server := startSandbox(t)
	c := newCounter(t, with(server)...)
	p := c.open(screentest.PTYOptions{Cols: 100, Rows: 30})
	const f3, f5, f9, f12 = "\x1bOR", "\x1b[15~", "\x1b[20~", "\x1b[24~"
	p.Type("12.50\r")
	p.WaitText("12.50", soon)
	p.Type("4\r")
	p.WaitText("16.50", soon)
	p.Type(f9)
	p.WaitText("Waiting for the customer", soon)
	made := newest(t, server, "new", hasStatus(api.StatusNew))
	if err := server.Service().Pay(made.ID, sandbox.PayOptions{}); err != nil {
		t.Fatal(err)
	}
	p.WaitText("PAID", soon)
	waitUntil(t, "the bell has rung", func() bool { return strings.Contains(string(p.Raw()), "\a") })
	screentest.WaitFor(t, p.Screen, soon, "the refund", pressing(p, "r", "Next sale", "Give back of"))
	p.Type("+")
	p.WaitText("By a refund", soon)
	p.Type("\r")
	p.WaitText("Give back NZD 12.50?", soon)
	p.Type("y")
	p.WaitText("REFUNDED", soon)
	screentest.WaitFor(t, p.Screen, soon, "the sale", pressing(p, "\r", "REFUNDED", "TOTAL"))

	p.Type(f3)
	p.WaitText("one payment's whole story", soon)
	p.Type("h")
	p.WaitText("REFUNDED", soon)
	p.Type("16.50")
	p.WaitText("1 payment", soon)
	p.Type("\r")
	p.WaitText("left to give back NZD 4.00", soon)
	screentest.WaitFor(t, p.Screen, soon, "the menu", pressing(p, "\x1b", "", "Settings"))
	p.Type("s")
	p.WaitText("Scanner", soon)
	p.Type("\x1b[B\x1b[C")
	p.WaitText("off", soon)
	p.WaitText("Kept for the next start too.", soon)
	p.Type("\x1b")
	p.WaitText("one payment's whole story", soon)
	p.Type("u")
	p.WaitText("Nothing is unfinished.", soon)
	screentest.WaitFor(t, p.Screen, soon, "the sale", pressing(p, "\x1b", "Nothing is unfinished.", "TOTAL"))

	p.Type("7\r")
	p.WaitText("7.00", soon)
	p.Type(f5)
	p.WaitText("Held as", soon)
	p.Type(f3)
	p.WaitText("Held sales", soon)
	p.Type("d")
	p.WaitText("Sales that were put aside", soon)
	screentest.WaitFor(t, p.Screen, soon, "the basket", pressing(p, "\r", "Sales that were put aside", "TOTAL"))
	p.WaitText("7.00", soon)
	p.Type(f12)
	p.WaitText("LEFT TO PAY", soon)
	p.Type("c")
	p.WaitText("Cash taken?", soon)
	p.Type("y")
	p.WaitText("NOTHING LEFT TO PAY", soon)
	p.Type("\r")
	p.WaitText("Scan something", soon)
	p.Type("\x03")
	if code := p.WaitExit(soon); code != 0 {
		t.Errorf("left with %d", code)
	}
	kept, err := filepath.Glob(filepath.Join(c.home, "centrapos", "config.toml"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("the settings were kept in %q, %v", kept, err)
	}
	if text, err := os.ReadFile(kept[0]); err != nil || !strings.Contains(string(text), "bell = false") {
		t.Errorf("the config file says %q, %v", text, err)
	}
	if report := c.json("ledger", "verify"); report["outcome"] != "sound" {
		t.Errorf("the record: %v", report)
	}
}

func TestWordsOfASearch(t *testing.T) {
	t.Parallel()
	s := searchFor(ui.RecordQuery{Words: "refund CP-X4V paid 12.50", Limit: 7})
	if s.Text != "CP-X4V 12.50" || len(s.Kinds) != 1 || s.Kinds[0] != pos.KindRefund || len(s.Outcomes) != 1 || s.Outcomes[0] != pos.OutcomePaid || s.Limit != 7 {
		t.Errorf("searched for %+v", s)
	}
	if s := searchFor(ui.RecordQuery{Words: "refund", Kind: pos.KindSale}); len(s.Kinds) != 1 || s.Kinds[0] != pos.KindSale || s.Text != "refund" {
		t.Errorf("searched for %+v among sales", s)
	}
}
