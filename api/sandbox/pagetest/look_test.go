package pagetest

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"

	"centrapos/api"
	"centrapos/api/sandbox"
)

//go:embed audit.js
var audit string

func (p *phone) audit() []string {
	p.Helper()
	complaints, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string](audit))
	p.must(err)
	return complaints
}

// states are payment requests in all states that look different, by a name for their
// pictures.
func states(s *shop) map[string]string {
	s.Helper()
	service := s.server.Service()
	pages := map[string]string{
		"nothing": s.server.URL() + "/pay/nothing", "control": s.server.ControlURL(), "connect": s.connect().URL,
		"connected": s.connected().URL, "no connection": s.server.URL() + "/connect/nothing",
	}
	page := func(name, query string, asked api.CreatePaymentRequest, change func(id string) error) {
		made := s.ask(asked)
		if change != nil {
			s.must(change(made.ID))
		}
		pages[name] = made.URL + query
	}
	partial, held, long := basket(), basket(), basket()
	partial.PartialAllowed, partial.BasketAmount = true, "3440"
	held.PreAuth = true
	long.LineItems[0].Name = strings.Repeat("Donaudampfschifffahrtsgesellschaft", 4)
	page("pay", "", basket(), nil)
	page("part", "?part=1&as=3", partial, nil)
	page("long", "", long, nil)
	page("begun", "", basket(), func(id string) error {
		return service.Pay(id, sandbox.PayOptions{Amount: "1000", Mode: api.PayModeMultiAsset})
	})
	page("wait", "", basket(), func(id string) error { return service.RaiseCondition(id, sandbox.Condition{}) })
	page("asked", "", basket(), func(id string) error {
		return service.RaiseCondition(id, sandbox.Condition{Message: "Are you over 18?", AwaitsPatron: true})
	})
	page("paid", "", basket(), func(id string) error { return service.Pay(id, sandbox.PayOptions{}) })
	page("held", "", held, func(id string) error { return service.Pay(id, sandbox.PayOptions{}) })
	page("cancelled", "", basket(), service.Cancel)
	page("expired", "", basket(), service.Expire)
	return pages
}

// Nobody stumbles over any of the pages, in light or dark, on the smallest phones and
// with letters twice as large.
func TestEverybodyCanUseThePages(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	pages := states(s)
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			p := take(t, "prefers-color-scheme", scheme)
			for name, address := range pages {
				p.open(address)
				p.eval(`document.querySelectorAll("details").forEach((d) => d.open = true)`)
				for _, complaint := range p.audit() {
					t.Errorf("%s: %s", name, complaint)
				}
				p.do(chromedp.EmulateViewport(320, 568, chromedp.EmulateMobile))
				if wide := read[int](p, `document.documentElement.scrollWidth`); wide > 320 {
					t.Errorf("%s is %d wide on 320", name, wide)
				}
				p.do(chromedp.EmulateViewport(375, 667, chromedp.EmulateMobile, chromedp.EmulateTouch, sharp))
				p.eval(`document.documentElement.style.fontSize = "200%%"`)
				for _, complaint := range p.audit() {
					t.Errorf("%s with large letters: %s", name, complaint)
				}
			}
		})
	}
}

// The audit is worth what it finds.
func TestAuditFinds(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	p.open(s.ask(basket()).URL)
	if complaints := p.audit(); len(complaints) > 0 {
		t.Errorf("before anything is wrong: %q", complaints)
	}
	for change, want := range map[string]string{
		`document.querySelector(".state").style.color = "#bbb"`:                                                   "contrast",
		`document.getElementById("send").style.minHeight = document.getElementById("send").style.height = "20px"`: "too small for a thumb",
		`document.querySelector("main").append(document.createElement("input"))`:                                  "has no label",
		`document.querySelector(".head").style.width = "500px"`:                                                   "sticks out",
		`document.getElementById("cancel").style.borderColor = "#eee"`:                                            "one cannot see where it ends",
		`document.getElementById("cancel").id = "send"`:                                                           "its id is there twice",
		`document.querySelector(".amount").style.fontSize = "9px"`:                                                "is too small",
		`document.querySelector("caption").textContent = ""`:                                                      "says nothing",
		`document.querySelector("main").append(document.createElement("h4"))`:                                     "follows a heading of level",
		`document.documentElement.removeAttribute("lang")`:                                                        "no language",
		`document.body.append(document.createElement("p"))`:                                                       "is in no landmark",
		`document.getElementById("send").tabIndex = 3`:                                                            "is out of order",
	} {
		p.do(chromedp.Reload())
		p.eval(`void (%s)`, change)
		if complaints := p.audit(); !slices.ContainsFunc(complaints, func(c string) bool { return strings.Contains(c, want) }) {
			t.Errorf("after %s: %q", change, complaints)
		}
	}
}

// node is a part of the page as a screen reader gets it.
type node struct{ role, name string }

func (p *phone) tree() []node {
	p.Helper()
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	p.must(err)
	text := func(v *accessibility.Value) string {
		var s string
		if v == nil || json.Unmarshal(v.Value, &s) != nil {
			return ""
		}
		return s
	}
	var nodes []node
	for _, n := range tree.Nodes {
		if !n.Ignored {
			nodes = append(nodes, node{text(n.Role), text(n.Name)})
		}
	}
	return nodes
}

// What a screen reader reads out says what everything is.
func TestScreenReader(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	asked := basket()
	asked.PartialAllowed, asked.BasketAmount = true, "3440"
	p.open(s.ask(asked).URL + "?part=1")
	p.shows("Part of $34.40")
	nodes := p.tree()
	for _, want := range []node{
		{"main", ""}, {"banner", ""}, {"contentinfo", ""}, {"heading", "Centrapay Café $34.40 NZD"}, {"timer", ""}, {"progressbar", "Time left"},
		{"table", "What it is for"}, {"rowheader", "2 × Flat white"}, {"cell", "$11.00"}, {"group", "Pay with"}, {"group", "How much"},
		{"radio", "Centrapay NZD Test Never runs dry"}, {"textbox", "Part of $34.40 to pay now, in dollars and cents"},
		{"radio", "The rest is paid at the counter, in another way"}, {"button", "Pay this part"}, {"link", "Pay all of it instead"},
		{"button", "Cancel this payment"}, {"status", ""},
	} {
		if !slices.Contains(nodes, want) {
			t.Errorf("no %s %q in %q", want.role, want.name, nodes)
		}
	}
	for _, n := range nodes {
		if slices.Contains([]string{"button", "link", "radio", "textbox", "combobox", "progressbar", "region"}, n.role) && n.name == "" {
			t.Errorf("a %s without a name", n.role)
		}
	}
}

// Who does not want things to move sees nothing move.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	const moving = `[...document.querySelectorAll("*")].filter((e) => [null, "::-webkit-progress-value"].some((part) => {
		const style = getComputedStyle(e, part);
		return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
	})).length`
	still, lively := take(t, "prefers-reduced-motion", "reduce"), take(t, "prefers-reduced-motion", "no-preference")
	paid := states(s)["paid"]
	still.open(paid)
	lively.open(paid)
	if n := read[int](still, moving); n != 0 {
		t.Errorf("%d things move for somebody who does not want that", n)
	}
	if read[int](lively, moving) == 0 {
		t.Error("nothing moves for anybody, so this test looks in the wrong place")
	}
}
