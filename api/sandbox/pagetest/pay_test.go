package pagetest

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestPay(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	made := s.ask(basket())
	p.open(made.URL)
	p.shows("Centrapay Café", "$34.40 NZD", "Waiting for you to pay", "2 × Flat white $11.00", "Total $34.40", "14:5")
	p.shoot("pay-light")
	p.press("Pay $34.40")
	p.shows("Paid $34.40", "Thank you!", "With Centrapay NZD Test")
	p.shoot("paid-light")
	if got := s.request(made.ID); got.Status != api.StatusPaid {
		t.Errorf("the page says paid, the service %s", got.Status)
	}
	// Staff give it back, while the customer still looks.
	s.void(made.ID)
	p.shows("Cancelled", "The $34.40 you had paid went back")
	p.said("The shop cancelled this payment")
}

// Somebody else's wallet pays a part, one's own the rest.
func TestPayInParts(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	made := s.ask(basket())
	p.open(made.URL)
	p.tap("#who summary")
	p.tap(`.people li:nth-child(4) a`)
	p.shows("Paying as Sam", "$20.00 in it, not enough for all of it")
	p.press("Pay $34.40")
	p.shows("There is not enough money in that wallet. Nothing was charged.")
	if read[string](p, `document.activeElement.id`) != "problem" {
		t.Error("what went wrong does not have the focus")
	}
	p.shoot("refused-light")
	p.press("Pay a part instead")
	p.shows("Part of $34.40 to pay now")
	p.do(chromedp.SendKeys(chromedp.CSS("#amount"), "20"))
	p.shoot("part-light")
	p.press("Pay $20.00")
	p.shows("Waiting for the other $14.40", "Left to pay $14.40", "$0.00 in it")
	p.shoot("part-paid-light")
	p.tap("#who summary")
	p.tap(`.people li:nth-child(1) a`)
	p.shows("Paying as Aroha")
	p.tap(`label:has(#wallet-` + strings.NewReplacer(":", `\:`, ".", `\.`).Replace(sandbox.WalletOf("epay.test")) + `)`)
	p.press("Pay $14.40")
	p.shows("Paid $34.40", "$20.00 with Centrapay NZD Test", "$14.40 with Gift Card Test")
}

func TestCancel(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t, "prefers-color-scheme", "dark")
	made := s.ask(basket())
	p.open(made.URL)
	p.shoot("pay-dark")
	p.press("Cancel this payment")
	p.shows("Cancelled", "You cancelled this payment.", "You have not been charged.")
	p.shoot("cancelled-dark")
	if got := s.request(made.ID); got.CancellationReason != api.CancelledByPatron {
		t.Errorf("cancelled for %s", got.CancellationReason)
	}
	if n := read[int](p, `document.querySelectorAll("button").length`); n != 0 {
		t.Errorf("%d buttons are left", n)
	}
}

// An impatient finger pays once.
func TestPressTwice(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	made := s.ask(basket())
	p.open(made.URL + "?part=1")
	p.do(chromedp.SendKeys(chromedp.CSS("#amount"), "10"))
	p.eval(`[1, 2, 3].forEach(() => document.getElementById("send").click())`)
	p.shows("Left to pay $24.40")
	if got := s.request(made.ID); !got.RemainingAmount.Equal("2440") {
		t.Errorf("%s is left", got.RemainingAmount)
	}
}

// Conditions come up, and go, under the customer's eyes; what they had chosen stays.
func TestConditions(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	made := s.ask(basket())
	service := s.server.Service()
	p.open(made.URL + "?part=1")
	p.do(chromedp.SendKeys(chromedp.CSS("#amount"), "12.5"))
	s.must(service.RaiseCondition(made.ID, sandbox.Condition{}))
	p.shows("The shop has to answer first", "Staff are asked: “Please check ID”")
	p.said("Please wait for the shop")
	p.shoot("wait-light")
	client, err := api.New(s.server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
	s.must(err)
	defer client.Close()
	_, _, err = client.PaymentRequests.AcceptCondition(t.Context(), made.ID, "1")
	s.must(err)
	p.shows("Pay $12.50") // what was typed before is still there
	s.must(service.RaiseCondition(made.ID, sandbox.Condition{Name: "age", Message: "Are you over 18?", AwaitsPatron: true}))
	p.shows("Please answer first", "Are you over 18?")
	p.said("Are you over 18?")
	p.shoot("asked-light")
	p.press("Yes")
	p.shows("Part of $34.40 to pay now")
	p.press("Pay all of it instead")
	p.press("Pay $34.40")
	p.shows("Paid $34.40")
}

// What changes elsewhere is shown without taking anything out of the customer's
// hands.
func TestLiveChanges(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	made := s.ask(basket())
	p.open(made.URL + "?as=3&part=1")
	p.do(chromedp.SendKeys(chromedp.CSS("#amount"), "7.5"))
	p.tap("#who summary")
	p.do(chromedp.Focus(chromedp.CSS("#amount")))
	_, err := s.server.Service().TopUp("sandboxWalletSam", "1000")
	s.must(err)
	p.shows("$30.00 in it", "Pay $7.50")
	if !read[bool](p, `document.getElementById("amount").value === "7.5" && document.activeElement.id === "amount" && document.getElementById("who").open`) {
		t.Error("what the customer had typed or opened is gone, or the focus")
	}
	s.must(s.server.Service().Pay(made.ID, sandbox.PayOptions{Amount: "1000", Mode: api.PayModeMultiAsset}))
	p.shows("Left to pay $24.40")
	s.void(made.ID)
	p.shows("Cancelled", "The shop cancelled this payment.", "The $10.00 you had paid went back")
	p.said("Cancelled. The shop cancelled this payment")
	if got := read[string](p, `document.activeElement.id`); got != "top" {
		t.Errorf("the focus is on %q, want it at the top, since its place is gone", got)
	}
	if title := read[string](p, `document.title`); title != "Cancelled – Centrapay Café" {
		t.Errorf("title %q", title)
	}
}

func TestTimeRunsOut(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	asked := basket()
	asked.ExpirySeconds = 6
	p.open(s.ask(asked).URL)
	p.waits(`/0:0[0-3] left/.test(words())`)
	p.said("seconds left to pay")
	p.shows("Too late", "You have not been charged.")
	p.said("The time to pay has run out")
	p.shoot("expired-light")
}

// A sandbox that starts again is the same one, and the page goes on.
func TestRestart(t *testing.T) {
	t.Parallel()
	file := sandbox.WithFile(filepath.Join(t.TempDir(), "sandbox.json"))
	first := openShop(t, file)
	made := first.ask(basket())
	p := take(t)
	p.open(made.URL)
	p.shows("Waiting for you to pay")
	address := first.server.Addr().String()
	first.must(first.server.Close())
	p.shows("Not connected. Trying again …")
	p.said("Not connected")
	p.shoot("lost-light")
	second := openShopAt(t, address, file)
	second.must(second.server.Service().Pay(made.ID, sandbox.PayOptions{}))
	p.shows("Paid $34.40")
	p.waits(`document.getElementById("lost").hidden`)
}

// Without scripts one can pay, answer and cancel as well.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	_, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.must(err)
	paid, cancelled := s.ask(basket()), s.ask(basket())
	p.open(paid.URL)
	s.must(s.server.Service().RaiseCondition(paid.ID, sandbox.Condition{Message: "Are you over 18?", AwaitsPatron: true}))
	p.open(paid.URL)
	p.tap("button[value=accept]")
	p.shows("Pay $34.40")
	p.tap("#send")
	p.shows("Paid $34.40")
	p.open(cancelled.URL)
	p.tap("#cancel")
	p.shows("You cancelled this payment.")
}

// With the keys alone everything can be reached, in the order in which it stands.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	asked := basket()
	asked.PartialAllowed, asked.BasketAmount = true, "3440"
	made := s.ask(asked)
	p.open(made.URL + "?part=1")
	p.shows("Part of $34.40")
	var reached []string
	for range 40 {
		p.do(chromedp.KeyEvent(kb.Tab))
		id := read[string](p, `document.activeElement.id || document.activeElement.parentElement.id || document.activeElement.tagName`)
		if id == "BODY" || len(reached) > 0 && id == reached[0] {
			break
		}
		reached = append(reached, id)
		if !read[bool](p, `(() => {
			const e = document.activeElement, box = (e.type === "radio" ? e.closest("label") : e).getBoundingClientRect();
			const shape = getComputedStyle(e.type === "radio" && e.closest(".wallet") || e);
			const bar = document.querySelector(".bar").getBoundingClientRect();
			const covered = !e.closest(".bar") && box.bottom > bar.top + 1 && box.top < bar.bottom;
			return shape.outlineStyle !== "none" && parseFloat(shape.outlineWidth) >= 2 && box.top >= 0 && box.bottom <= innerHeight + 1 && !covered;
		})()`) {
			t.Errorf("%s has the focus, and one cannot see it", id)
		}
	}
	want := "who amount rest-here wallet-sandboxWallet:centrapay.nzd.test odd send switch cancel"
	if got := strings.Join(reached, " "); got != want {
		t.Errorf("the keys reach %s\nwant          %s", got, want)
	}
	p.do(chromedp.Focus(chromedp.CSS("#rest-here")), chromedp.KeyEvent(kb.ArrowDown))
	p.do(chromedp.Focus(chromedp.CSS("#amount")), chromedp.KeyEvent("5"), chromedp.KeyEvent(kb.Enter))
	p.shows("Paid $5.00 of $34.40", "Please pay the other $29.40 at the counter.")
	next := s.ask(basket())
	p.open(next.URL)
	p.do(chromedp.Focus(chromedp.CSS("input[name=wallet]:checked")), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	p.shows("Paid $34.40", "With Farmlands Test")
	last := s.ask(basket())
	p.open(last.URL)
	p.do(chromedp.Focus(chromedp.CSS("#cancel")), chromedp.KeyEvent(" "))
	p.shows("You cancelled this payment.")
}

// A phone on the network pays at another address than this machine's, where no
// browser says of a form whose it is but by its origin.
func TestOnTheNetwork(t *testing.T) {
	t.Parallel()
	network := sandbox.WithLAN("")
	if server, err := sandbox.Listen(t.Context(), "", network); err != nil {
		network = sandbox.WithLAN("127.0.0.1") // a machine without a network has only itself
	} else if err := server.Close(); err != nil {
		t.Error(err)
	}
	s, p := openShop(t, network), take(t)
	made := s.ask(basket())
	if !strings.HasPrefix(made.URL, s.server.LANURL()+"/pay/") {
		t.Fatalf("the code leads to %s", made.URL)
	}
	p.open(made.URL)
	p.press("Pay $34.40")
	p.shows("Paid $34.40")
	s.void(made.ID)
	p.shows("Cancelled")
}

// An online shop gets its customer back.
func TestWayBack(t *testing.T) {
	t.Parallel()
	shop := sandbox.Demo()
	shop.AllowedRedirectURLs = []string{"http://127.0.0.1:"}
	s, p := openShop(t, sandbox.WithMerchants(shop)), take(t)
	asked := basket()
	asked.RedirectPaidURL = s.server.URL() + "/pay/the-shop?order=7" // a page of nothing, for the sake of being there
	made := s.ask(asked)
	p.open(made.URL)
	p.press("Pay $34.40")
	p.press("Back to Centrapay Café")
	p.shows("Nothing to pay here")
	u, err := url.Parse(read[string](p, `location.href`))
	p.must(err)
	if q := u.Query(); q.Get("order") != "7" || q.Get("paymentRequestId") != made.ID {
		t.Errorf("back at %s", u)
	}
}
