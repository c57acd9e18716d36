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

func (r *rig) page(id string) *httptest.ResponseRecorder {
	r.Helper()
	return r.send(httptest.NewRequestWithContext(r.Context(), get, "/pay/"+id, nil))
}

// press sends the form of a page as a browser does that shows it.
func (r *rig) press(id string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), post, "http://127.0.0.1:4000/pay/"+id, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Origin", "http://127.0.0.1:4000")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return r.send(req)
}

func do(button string) url.Values { return url.Values{"do": {button}} }

func wantOnPage(t testing.TB, w *httptest.ResponseRecorder, status int, parts ...string) {
	t.Helper()
	if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("page answered %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	for _, part := range parts {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("the page does not show %q:\n%s", part, w.Body)
		}
	}
}

func TestPageShowsWhatIsToBePaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.create(m{"value": nzd("3440"), "lineItems": []m{
		{"name": "Flat white", "qty": "2", "price": "1100"}, {"name": "Coffee grounds", "qty": "0.250", "price": "2400"},
		{"name": "Loyalty discount", "qty": "1", "price": "-60"},
	}})
	wantOnPage(t, r.page(p.ID), 200, "Centrapay Café", "$34.40 NZD", "2 × Flat white", "$11.00 NZD", "0.250 × Coffee grounds",
		"-$0.60 NZD", "Pay $34.40 NZD", "Cancel", p.ShortCode, "No real money", `lang="en-NZ"`, "prefers-color-scheme:dark", "width=device-width")
	if strings.Contains(r.page(p.ID).Body.String(), "1 × Loyalty") {
		t.Error("one of a thing is shown with its count")
	}
}

func TestPagePaysAndCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	paid, cancelled := r.create(nil).ID, r.create(nil).ID
	if w := r.press(paid, do("pay")); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/pay/"+paid {
		t.Errorf("pay: %d to %q", w.Code, w.Header().Get("Location"))
	}
	r.wantStatus(paid, api.StatusPaid, "")
	wantOnPage(t, r.page(paid), 200, "Paid. Thank you!")
	r.press(cancelled, do("cancel"))
	r.wantStatus(cancelled, api.StatusCancelled, api.CancelledByPatron)
	wantOnPage(t, r.page(cancelled), 200, "Cancelled.")
	for _, id := range []string{paid, cancelled} {
		if body := r.page(id).Body.String(); strings.Contains(body, "<button") || strings.Contains(body, "<script") {
			t.Error("a page of what is over has buttons, or still watches")
		}
	}
	wantOnPage(t, r.press(cancelled, do("pay")), 403, "This payment was cancelled.")
	wantOnPage(t, r.press(paid, do("pay")), 403, "This has already been paid.")
	wantOnPage(t, r.press(paid, do("fly")), 403, "That did not work.")
	expired := r.create(nil).ID
	r.clock.advance(time.Hour)
	wantOnPage(t, r.page(expired), 200, "Too late")
	wantOnPage(t, r.press(expired, do("pay")), 403, "The time to pay has run out.")
	wantOnPage(t, r.page("none"), 404, "Nothing to pay here")
	wantOnPage(t, r.press("none", do("pay")), 403, "Nothing to pay here")
}

func TestPageShowsConditions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	staff, his := r.create(nil).ID, r.create(nil).ID
	raiseIt(r, staff)
	wantOnPage(t, r.page(staff), 200, "Staff have to answer first: Please check ID")
	r.must(r.svc.RaiseCondition(his, sandbox.Condition{Name: "age", Message: "Are you over 18?", AwaitsPatron: true}))
	wantOnPage(t, r.page(his), 200, "Are you over 18?", `value="accept"`, `value="decline"`)
	if strings.Contains(r.page(his).Body.String(), `value="pay"`) {
		t.Error("one can pay before one has answered")
	}
	r.press(his, url.Values{"do": {"accept"}, "condition": {"1"}})
	wantOnPage(t, r.page(his), 200, `value="pay"`)
}

// Names come from other people: nothing of them may become part of the page.
func TestPageEscapesNames(t *testing.T) {
	t.Parallel()
	const attack = `"><script>alert(1)</script><img src=x onerror=alert(2)>'</title>{{.}}`
	evil := sandbox.Demo()
	evil.Name = attack
	r := newRig(t, sandbox.WithMerchants(evil))
	id := r.create(m{"lineItems": []m{{"name": attack, "qty": "2", "price": "1250"}}}).ID
	r.must(r.svc.RaiseCondition(id, sandbox.Condition{Name: attack, Message: attack, AwaitsPatron: true}))
	w := r.page(id)
	body := w.Body.String()
	for _, part := range []string{"<script>", "<img", "onerror=alert(2)>"} {
		if strings.Contains(body, part) {
			t.Errorf("the page contains %s", part)
		}
	}
	if n := strings.Count(body, "&lt;script&gt;alert(1)"); n < 4 {
		t.Errorf("the names are shown escaped %d times", n)
	}
	nonce := regexp.MustCompile(`script-src 'nonce-([A-Z2-7]{20,})'`).FindStringSubmatch(w.Header().Get("Content-Security-Policy"))
	if nonce == nil || !strings.Contains(body, `<script nonce="`+nonce[1]+`">`) || strings.Contains(r.page(id).Body.String(), nonce[1]) {
		t.Errorf("the policy %q lets no own script run, or the same one twice", w.Header().Get("Content-Security-Policy"))
	}
	if w := r.send(httptest.NewRequestWithContext(t.Context(), get, "/pay/%3Cscript%3Ealert(1)%3C%2Fscript%3E", nil)); strings.Contains(w.Body.String(), "alert(1)") {
		t.Errorf("the page shows the path: %s", w.Body)
	}
}

func TestPageLoadsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := r.page(r.create(nil).ID).Body.String()
	for _, part := range []string{"http://", "https://", "src=", "@import", "url("} {
		if strings.Contains(body, part) {
			t.Errorf("the page contains %s", part)
		}
	}
}

func TestPageTakesFormsOfItsOwnOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		if w := r.press(id, do("pay"), headers...); w.Code != 403 {
			t.Errorf("%v: %d", headers, w.Code)
		}
	}
	r.wantStatus(id, api.StatusNew, "")
}

func TestPageVersionChangesWithTheRequest(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	version := func() string {
		return r.send(httptest.NewRequestWithContext(t.Context(), get, "/pay/"+id+"/version", nil)).Body.String()
	}
	first := version()
	if again := version(); again != first || !strings.Contains(r.page(id).Body.String(), `"`+first+`"`) {
		t.Errorf("version %q, then %q; page\n%s", first, again, r.page(id).Body)
	}
	raiseIt(r, id)
	second := version()
	r.void(id)
	if third := version(); second == first || third == second {
		t.Errorf("versions %q, %q, %q", first, second, third)
	}
}
