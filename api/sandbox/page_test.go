package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// postForm sends the form of a page as a browser does that shows it.
func (r *rig) postForm(path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), post, "http://127.0.0.1:4000"+path, strings.NewReader(form.Encode()))
	req.RemoteAddr = "127.0.0.1:40000"
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Origin", "http://127.0.0.1:4000")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return r.send(req)
}

func do(button string) url.Values { return url.Values{"do": {button}} }

// basket is a sale of three lines, of which one is restricted.
func basket() m {
	return m{"value": nzd("3440"), "lineItems": []m{
		{"name": "Flat white", "qty": "2", "price": "1100"}, {"name": "Coffee grounds", "qty": "0.250", "price": "2400", "restricted": true},
		{"name": "Loyalty discount", "qty": "1", "price": "-60"},
	}}
}

func TestPageShowsWhatIsToBePaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.create(basket())
	tab := r.open("/pay/" + p.ID)
	tab.shows(200, "Centrapay Café", "$34.40 NZD", "Waiting for you to pay", "2 × Flat white $11.00", "0.250 × Coffee grounds restricted $24.00",
		"Loyalty discount −$0.60", "Total $34.40", "Pay $34.40", "Cancel this payment", p.ShortCode, "No real money", "2:00 left",
		"Paying as Aroha", "Centrapay NZD Test", "Uplink Test")
	tab.hides("1 × Loyalty", "What happened", "counter")
	html := tab.page.named("html")[0]
	if html.attrs["lang"] != "en-NZ" || len(tab.page.named("main")) != 1 || len(tab.page.named("h1")) != 1 || len(tab.page.named("header", "footer")) != 2 {
		t.Error("the page lacks its language, or a landmark")
	}
	for _, part := range []string{"prefers-color-scheme: dark", "width=device-width", "prefers-reduced-motion"} {
		if !strings.Contains(tab.body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

func TestPagePaysAndCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	paid, cancelled := r.create(nil).ID, r.create(nil).ID
	tab := r.open("/pay/" + paid)
	tab.press("Pay $12.50")
	tab.shows(200, "Paid $12.50", "Thank you!", "With Centrapay NZD Test", "$12.50 was paid with Centrapay NZD Test")
	r.wantStatus(paid, api.StatusPaid, "")
	tab = r.open("/pay/" + cancelled)
	tab.press("Cancel this payment")
	tab.shows(200, "Cancelled", "You cancelled this payment.", "You have not been charged.")
	r.wantStatus(cancelled, api.StatusCancelled, api.CancelledByPatron)
	for _, id := range []string{paid, cancelled} {
		if tab := r.open("/pay/" + id); len(tab.page.named("button", "input")) > 0 {
			t.Errorf("a page of what is over has buttons:\n%s", tab.body)
		}
	}
	if body := r.open("/pay/" + cancelled).body; strings.Contains(body, "<script") || strings.Contains(body, "http-equiv") {
		t.Error("a page of what can no longer change still watches")
	}
}

// What somebody presses on an old page is not done, and the page says why.
func TestPageThatIsOutOfDate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	paid, cancelled, expired := r.create(nil).ID, r.create(nil).ID, r.create(nil).ID
	tabs := map[string]*tab{}
	for _, id := range []string{paid, cancelled, expired} {
		tabs[id] = r.open("/pay/" + id)
	}
	r.must(r.svc.Pay(paid, sandbox.PayOptions{}))
	r.void(cancelled)
	tabs[paid].press("Pay $12.50")
	tabs[paid].shows(403, "This has already been paid.", "Paid $12.50")
	tabs[cancelled].press("Pay $12.50")
	tabs[cancelled].shows(403, "This payment was cancelled.", "The shop cancelled this payment.")
	r.clock.advance(time.Hour)
	tabs[expired].press("Pay $12.50")
	tabs[expired].shows(403, "The time to pay has run out.", "Too late", "You have not been charged.")
	tabs[expired].shows(403, "Not done: Too late")
	if w := r.postForm("/pay/"+paid, do("fly")); w.Code != 403 || !strings.Contains(w.Body.String(), "That did not work.") {
		t.Errorf("an unknown button: %d", w.Code)
	}
	r.open("/pay/none").shows(404, "Nothing to pay here")
	if w := r.postForm("/pay/none", do("pay")); w.Code != 403 || !strings.Contains(w.Body.String(), "Nothing to pay here") {
		t.Errorf("paying what does not exist: %d", w.Code)
	}
}

func TestPageShowsConditions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	staff, theirs, no := r.create(nil).ID, r.create(nil).ID, r.create(nil).ID
	raiseIt(r, staff)
	tab := r.open("/pay/" + staff)
	tab.shows(200, "Please wait for the shop", "Staff are asked: “Please check ID”", "Cancel this payment")
	tab.hides("Pay with")
	for _, id := range []string{theirs, no} {
		r.must(r.svc.RaiseCondition(id, sandbox.Condition{Name: "age", Message: "Are you over 18?", AwaitsPatron: true}))
	}
	tab = r.open("/pay/" + theirs)
	tab.shows(200, "Please answer first", "Are you over 18?")
	tab.hides("Pay with")
	again := r.open("/pay/" + theirs)
	tab.press("Yes")
	tab.shows(200, "Pay $12.50", "Yes to: Are you over 18?")
	again.press("Yes")
	again.shows(403, "That has already been answered.")
	tab = r.open("/pay/" + no)
	tab.press("No")
	tab.shows(200, "Cancelled", "You said no, so this payment has ended.", "You have not been charged.", "No to: Are you over 18?")
	if w := r.postForm("/pay/"+staff, url.Values{"do": {"accept"}, "condition": {"1"}}); w.Code != 403 || !strings.Contains(w.Body.String(), "The shop has to answer that") {
		t.Errorf("the customer answers for staff: %d", w.Code)
	}
}

// Names come from other people: nothing of them may become part of the page.
func TestPagesEscapeNames(t *testing.T) {
	t.Parallel()
	const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)>'</title>{{.}}`
	evil := sandbox.Demo()
	evil.Name = attack
	people := sandbox.Customers()
	people[1].Name, people[1].Wallets[0].Name = attack, attack
	people[3].Wallets[0].Name, people[3].Wallets[0].ID = attack, attack
	r := newRig(t, sandbox.WithMerchants(evil), sandbox.WithCustomers(people...))
	id := r.create(m{"lineItems": []m{{"name": attack, "qty": "2", "price": "1250"}}}).ID
	asked := r.create(m{"lineItems": []m{{"name": attack, "qty": "2", "price": "1250"}}}).ID
	r.must(r.svc.RaiseCondition(asked, sandbox.Condition{Name: attack, Message: attack, AwaitsPatron: true}))
	for _, path := range []string{"/pay/" + id, "/pay/" + id + "?as=1", "/pay/" + id + "?as=3", "/pay/" + asked, "/sandbox/"} {
		tab := r.open(path)
		scripts := strings.Count(tab.body, "<script")
		if scripts > 1 || strings.Contains(tab.body, "<img") || len(tab.page.named("img")) > 0 || strings.Count(tab.body, "</title>") != 1 {
			t.Errorf("%s: a name became part of the page:\n%s", path, tab.body)
		}
		if n := strings.Count(tab.page.words(), "<script>alert(1)"); n < 3 {
			t.Errorf("%s: the names are shown %d times", path, n)
		}
	}
	if w := r.send(httptest.NewRequestWithContext(t.Context(), get, "/pay/%3Cscript%3Ealert(1)%3C%2Fscript%3E", nil)); strings.Contains(w.Body.String(), "alert(1)") {
		t.Errorf("the page shows the path: %s", w.Body)
	}
	if tab := r.open(`/pay/` + id + `?as="><b>&part="><b>`); strings.Contains(tab.body, `"><b>`) {
		t.Error("the page shows the query")
	}
}

func TestPagePolicy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	path := "/pay/" + r.create(nil).ID
	for _, path := range []string{path, "/sandbox/"} {
		tab := r.open(path)
		policy := tab.header.Get("Content-Security-Policy")
		nonce := regexp.MustCompile(`^default-src 'none'; style-src 'nonce-([A-Z2-7]{20,})'; script-src 'nonce-([A-Z2-7]{20,})'; ` +
			`connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$`).FindStringSubmatch(policy)
		if nonce == nil || nonce[1] != nonce[2] || strings.Contains(r.open(path).body, nonce[1]) {
			t.Fatalf("policy %q, or the same nonce twice", policy)
		}
		for _, part := range []string{`<script nonce="` + nonce[1] + `">`, `<style nonce="` + nonce[1] + `">`} {
			if !strings.Contains(tab.body, part) {
				t.Errorf("%s has no %s", path, part)
			}
		}
		if h := tab.header; h.Get("Referrer-Policy") != "same-origin" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("headers %v", h)
		}
		for _, part := range []string{"http://", "https://", "src=", "@import", "url(", " style=", "javascript:", "ZgotmplZ"} {
			body := strings.ReplaceAll(tab.body, "https://app.centrapay.com/pay", "") // the address of the customers' pages, as text
			if strings.Contains(body, part) {
				t.Errorf("%s contains %s", path, part)
			}
		}
		if on := tab.page.all(func(e *element) bool {
			for name := range e.attrs {
				if strings.HasPrefix(name, "on") {
					return true
				}
			}
			return false
		}); len(on) > 0 {
			t.Errorf("%s: handlers in attributes, which the policy forbids", path)
		}
	}
}

func TestPagesTakeFormsOfTheirOwnOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		if w := r.postForm("/pay/"+id, do("pay"), headers...); w.Code != 403 {
			t.Errorf("%v: %d", headers, w.Code)
		}
		if w := r.postForm("/sandbox/", url.Values{"do": {"pay"}, "id": {id}}, headers...); w.Code != 403 {
			t.Errorf("control, %v: %d", headers, w.Code)
		}
	}
	r.wantStatus(id, api.StatusNew, "")
	// A page that is not from this machine is told no Sec-Fetch-Site, but an Origin.
	if w := r.postForm("/pay/"+id, do("pay"), "Sec-Fetch-Site", ""); w.Code != http.StatusSeeOther {
		t.Errorf("a form of the page itself, by its origin: %d", w.Code)
	}
}

func TestPageVersionChangesWithWhatIsShown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	seen := map[string]string{}
	changed := func(what string, query ...string) {
		t.Helper()
		path := "/pay/" + id + "/version" + strings.Join(query, "")
		version := r.send(httptest.NewRequestWithContext(t.Context(), get, path, nil)).Body.String()
		if before, known := seen[version]; known {
			t.Errorf("%s: the version is that of %s", what, before)
		}
		seen[version] = what
		if page := r.open("/pay/" + id + strings.Join(query, "")); page.page.byID("main").attrs["data-version"] != version {
			t.Errorf("%s: the page has another version", what)
		}
	}
	changed("the page")
	r.clock.advance(time.Second)
	if again := r.open("/pay/" + id).page.byID("main").attrs["data-version"]; seen[again] != "the page" {
		t.Error("time alone makes another version")
	}
	changed("another customer", "?as=3")
	_, err := r.svc.TopUp("sandboxWalletSam", "1")
	r.must(err)
	changed("more in a wallet", "?as=3")
	changed("a part", "?as=3&part=1")
	raiseIt(r, id)
	changed("a condition")
	ok[api.PaymentActivity](r, post, at(id, "conditions", "1", "accept"), nil)
	changed("the answer")
	_, err = r.svc.Advance(time.Minute)
	r.must(err)
	changed("a clock that was moved")
	r.must(r.svc.Pay(id, sandbox.PayOptions{}))
	changed("paid")
	ok[api.PaymentActivity](r, post, at(id, "refund"), m{"value": nzd("100"), "externalRef": "R1"})
	changed("refunded in part")
	r.refused(403, "Forbidden", get, "/pay/none/version", nil)
}

func TestPageRefreshesWithoutAScript(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	refresh := func() string {
		for _, e := range r.open("/pay/" + id).page.named("meta") {
			if e.attrs["http-equiv"] == "refresh" {
				return e.attrs["content"]
			}
		}
		return ""
	}
	if got := refresh(); got != "121" {
		t.Errorf("a form to fill in is loaded again after %q seconds, want when the time is up", got)
	}
	raiseIt(r, id)
	if got := refresh(); got != "5" {
		t.Errorf("a page that waits is loaded again after %q seconds", got)
	}
	r.void(id)
	if got := refresh(); got != "" {
		t.Errorf("a page of what is over is loaded again after %q seconds", got)
	}
}
