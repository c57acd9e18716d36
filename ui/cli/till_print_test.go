package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"centrapos/ui/screentest"
)

// A receipt is printed from the result of a sale, by a printer on the network, and
// again as a copy.
func TestTheTillPrintsReceipts(t *testing.T) {
	t.Parallel()
	address, printed := papersFor(t)
	c := newCounter(t)
	file := filepath.Join(c.home, "config.toml")
	if err := os.WriteFile(file, []byte("[profiles.training]\nprinter = \""+address+"\"\nreceipt-footer = \"Ka kite anō!\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.env = append(c.env, "CENTRAPOS_CONFIG="+file)
	p := c.open(screentest.PTYOptions{})
	p.Type("3*scone")
	p.WaitText("3 x 6.00", soon)
	screentest.WaitFor(t, p.Screen, soon, "the scones", pressing(p, "\r", "3 x 6.00 =", "1 line"))
	p.Type("\x1b[20~")
	p.WaitText("Waiting for the customer", soon)
	p.Type("c")
	p.WaitText("Act as the customer", soon)
	screentest.WaitFor(t, p.Screen, soon, "PAID", pressing(p, "p", "Act as the customer", "✓ PAID"))
	screentest.WaitFor(t, p.Screen, soon, "the receipt", pressing(p, "p", "✓ PAID", "The receipt is printed."))
	first := <-printed
	for _, want := range []string{"TRAINING - no real money", "Cheese scone", "3 x 6.00", "18.00", "Centrapay NZD Test"} {
		if !strings.Contains(first, want) {
			t.Errorf("no %q on %q", want, first)
		}
	}
	if strings.Contains(first, "COPY") {
		t.Errorf("the first print says that it is a copy: %q", first)
	}
	p.Type("p")
	if again := <-printed; !strings.Contains(again, "COPY 1") {
		t.Errorf("the second print does not say that it is a copy: %q", again)
	}
}
