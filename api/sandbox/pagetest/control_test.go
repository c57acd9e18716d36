package pagetest

import (
	"testing"

	"github.com/chromedp/chromedp"

	"centrapos/api"
)

// A trainer sees payments come and go, and acts.
func TestControl(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t, "prefers-color-scheme", "dark")
	p.open(s.server.ControlURL())
	p.shows("Nobody has to pay anything at the moment.")
	made := s.ask(basket())
	p.shows("$34.40 NZD", made.ShortCode, "Waiting for the customer", "0:0")
	p.shoot("control-dark")
	card := "#r-" + made.ID
	p.tap(card + " details:nth-of-type(2) summary")
	p.do(chromedp.SendKeys(chromedp.CSS("#c-"+made.ID), "Are you over 18?"), chromedp.SetValue(chromedp.CSS("#b-"+made.ID), "patron"))
	other := s.ask(basket())
	p.shows(other.ShortCode)
	if got := read[string](p, `document.getElementById("c-%s").value + document.getElementById("b-%s").value`, made.ID, made.ID); got != "Are you over 18?patron" {
		t.Errorf("of what the trainer had typed %q is left", got)
	}
	p.press("Raise it")
	p.shows("Waiting for the customer's answer", "The customer is asked: Are you over 18?")
	p.press("Say yes")
	p.waits(`!words().includes("The customer is asked")`)
	p.tap(card + " details:nth-of-type(1) summary")
	p.do(chromedp.SetValue(chromedp.CSS("#a-"+made.ID), "4.40"))
	p.tap(card + " button[value=pay]")
	p.shows("Waiting for the other $30.00")
	p.tap(card + " button[value=expire]")
	p.shows(made.ShortCode + " Expired")
	if got := s.request(made.ID); got.Status != api.StatusExpired {
		t.Errorf("status %s", got.Status)
	}
	p.do(chromedp.SendKeys(chromedp.CSS("#spec"), "get:delay=3s"))
	p.press("Add the fault")
	p.shows("get:delay=3s", "struck 0 of 0 calls")
	p.press("End all faults")
	p.shows("None: everything works.")
	p.do(chromedp.SendKeys(chromedp.CSS("#advance"), "tomorrow"))
	p.press("Move the clock")
	p.shows("Type how far the clock moves")
	p.do(chromedp.SendKeys(chromedp.CSS("#advance"), "25h"))
	p.press("Move the clock")
	p.shows("moved forward by 25h", other.ShortCode+" Expired")
}
