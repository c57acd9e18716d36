package sandbox_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func TestActingAsTheCustomer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	paid, cancelled, expired := r.create(nil).ID, r.create(nil).ID, r.create(nil).ID
	partly := r.create(m{"partialAllowed": true, "basketAmount": "1250"}).ID
	open := r.create(nil).ID
	r.must(r.svc.Pay(paid, sandbox.PayOptions{}))
	r.must(r.svc.Cancel(cancelled))
	r.must(r.svc.Expire(expired))
	r.must(r.svc.Pay(partly, sandbox.PayOptions{Amount: "1000"}))
	r.must(r.svc.Pay(open, sandbox.PayOptions{Amount: "1000", Mode: api.PayModeMultiAsset}))
	r.wantStatus(paid, api.StatusPaid, "")
	r.wantStatus(cancelled, api.StatusCancelled, api.CancelledByPatron)
	r.wantStatus(expired, api.StatusExpired, "")
	if got := r.get(partly); got.Status != api.StatusPaid || got.RemainingAmount != "250" {
		t.Errorf("partly: %s, remaining %s", got.Status, got.RemainingAmount)
	}
	if got := r.get(open); got.Status != api.StatusNew || got.RemainingAmount != "250" {
		t.Errorf("open: %s, remaining %s", got.Status, got.RemainingAmount)
	}
	all, err := r.svc.Requests()
	if err != nil || len(all) != 5 || all[0].ID != open || all[4].ID != paid || all[4].Activities[0].Type != api.ActivityPaid {
		t.Errorf("requests %+v, %v", all, err)
	}
}

func TestActingOnWhatIsOver(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(nil).ID
	r.must(r.svc.Cancel(id))
	for name, act := range map[string]func() error{
		"pay":    func() error { return r.svc.Pay(id, sandbox.PayOptions{}) },
		"cancel": func() error { return r.svc.Cancel(id) },
		"expire": func() error { return r.svc.Expire(id) },
		"raise":  func() error { return r.svc.RaiseCondition(id, sandbox.Condition{}) },
	} {
		var refusal *sandbox.Refusal
		if err := act(); !errors.As(err, &refusal) || refusal.Code() != api.CodeRequestCancelled {
			t.Errorf("%s of a cancelled request: %v", name, err)
		}
	}
	var refusal *sandbox.Refusal
	if _, err := r.svc.Request("none"); !errors.As(err, &refusal) || refusal.Code() != api.CodeForbidden {
		t.Errorf("an unknown request: %v", err)
	}
	if err := r.svc.Pay(r.create(nil).ID, sandbox.PayOptions{AssetID: "none"}); !errors.As(err, &refusal) {
		t.Errorf("an unknown wallet: %v", err)
	}
}

// LookingIsNoPoll: only Get brings up conditions and starts Quick Pay.
func TestLookingIsNoPoll(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"barcode": sandbox.CardActive}).ID
	for range 3 {
		if s, err := r.svc.Request(id); err != nil || s.Status != api.StatusNew {
			t.Fatalf("%s, %v", s.Status, err)
		}
	}
	r.wantStatus(id, api.StatusNew, "")
}

// local makes a control call as a program of this machine does.
func (r *rig) local(method, path, body string) *httptest.ResponseRecorder {
	r.Helper()
	req := httptest.NewRequestWithContext(r.Context(), method, "http://127.0.0.1:4000"+path, strings.NewReader(body))
	req.RemoteAddr = "127.0.0.1:50000"
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return r.send(req)
}

func TestControlCalls(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const base = "/sandbox/requests/"
	for _, c := range []struct {
		path, body string
		status     api.Status
	}{
		{"/pay", "", api.StatusPaid},
		{"/pay", `{"amount":"1000"}`, api.StatusPaid},
		{"/cancel", "", api.StatusCancelled},
		{"/expire", "", api.StatusExpired},
		{"/raise-condition", "", api.StatusNew},
	} {
		id := r.create(m{"partialAllowed": true, "basketAmount": "1250"}).ID
		w := r.local(post, base+id+c.path, c.body)
		var got sandbox.Snapshot
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || got.Status != c.status || got.ID != id {
			t.Errorf("%s %s: %d %s (%v)", c.path, c.body, w.Code, w.Body, err)
		}
	}
	id := r.create(nil).ID
	r.local(post, base+id+"/raise-condition", `{"name":"age-check","awaitsPatron":true}`)
	if w := r.local(post, base+id+"/conditions/1/decline", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "DECLINED_BY_PATRON") {
		t.Errorf("decline: %d %s", w.Code, w.Body)
	}
	if w := r.local(post, base+id+"/pay", ""); w.Code != 403 || !strings.Contains(w.Body.String(), "REQUEST_CANCELLED") {
		t.Errorf("pay of a cancelled request: %d %s", w.Code, w.Body)
	}
	if w := r.local(post, base+id+"/pay", `{"amount":`); w.Code != 400 {
		t.Errorf("broken JSON: %d %s", w.Code, w.Body)
	}
	var all api.Page[sandbox.Snapshot]
	if err := json.Unmarshal(r.local(get, "/sandbox/requests", "").Body.Bytes(), &all); err != nil || len(all.Items) != 6 || all.Items[0].ID != id {
		t.Errorf("list %+v, %v", all, err)
	}
	if w := r.local(get, base+"none", ""); w.Code != 403 {
		t.Errorf("an unknown request: %d", w.Code)
	}
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if w := r.local(post, "/sandbox/faults", `{"spec":"void:status=503:1"}`); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	id := r.create(nil).ID
	if w := r.call(post, at(id, "void"), nil); w.Code != http.StatusServiceUnavailable {
		t.Errorf("void answered %d", w.Code)
	}
	if w := r.local(get, "/sandbox/faults", ""); !strings.Contains(w.Body.String(), `{"spec":"void:status=503:1","calls":1,"hits":1}`) {
		t.Errorf("faults %s", w.Body)
	}
	r.local(http.MethodDelete, "/sandbox/faults", "")
	if got := r.svc.Faults(); len(got) != 0 {
		t.Errorf("after the end of all faults: %v", got)
	}
	if w := r.local(post, "/sandbox/faults", `{"spec":"fly"}`); w.Code != 400 {
		t.Errorf("a spec that is none: %d", w.Code)
	}
}

// Nobody but this machine's own programs and the sandbox's own pages may act.
func TestControlIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"another machine":        func(q *http.Request) { q.RemoteAddr = "192.0.2.7:1000" },
		"rebound name":           func(q *http.Request) { q.Host = "evil.example:4000" },
		"foreign page":           func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") },
		"foreign page, old form": func(q *http.Request) { q.Header.Set("Origin", "https://evil.example") },
	} {
		r := newRig(t)
		id := r.create(nil).ID
		req := httptest.NewRequestWithContext(t.Context(), post, "http://127.0.0.1:4000/sandbox/requests/"+id+"/pay", nil)
		req.RemoteAddr = "127.0.0.1:50000"
		change(req)
		if w := r.send(req); w.Code != 403 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		r.wantStatus(id, api.StatusNew, "")
	}
	for _, from := range []string{"127.0.0.1:5", "[::1]:5", "[::ffff:127.0.0.1]:5", "pipe", "@"} {
		r := newRig(t)
		req := httptest.NewRequestWithContext(t.Context(), get, "http://localhost:4000/sandbox/requests", nil)
		req.RemoteAddr = from
		if w := r.send(req); w.Code != 200 {
			t.Errorf("from %s: %d", from, w.Code)
		}
	}
}
