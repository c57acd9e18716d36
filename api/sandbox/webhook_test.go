package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/api"
	"centrapos/api/legacy"
	"centrapos/api/sandbox"
)

// received is a webhook as its receiver got it.
type received struct {
	at     time.Time
	url    string
	header http.Header
	body   []byte
}

// receiver takes webhooks in the same process.
type receiver struct {
	mu sync.Mutex
	// answer is what it answers with, 204 when nil.
	answer func(n int) int
	all    []received
}

func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.all = append(r.all, received{time.Now(), req.URL.String(), req.Header, body})
	n, answer := len(r.all), r.answer
	r.mu.Unlock()
	w := httptest.NewRecorder()
	status := http.StatusNoContent
	if answer != nil {
		status = answer(n)
	}
	if status == 0 { // no answer until the caller gives up
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	w.WriteHeader(status)
	return w.Result(), nil
}

func (r *receiver) got() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

const hook = "https://shop.example/hooks/centrapay"

// hooked runs a test in virtual time on a sandbox whose webhooks go to a receiver.
func hooked(t *testing.T, answer func(n int) int, test func(*rig, *receiver), opts ...sandbox.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		to := &receiver{answer: answer}
		r := newRig(t, append([]sandbox.Option{sandbox.WithClock(time.Now), sandbox.WithWebhookTransport(to)}, opts...)...)
		test(r, to)
		r.svc.Close()
	})
}

// notified are the notifications that a receiver got, by their types.
func notified(t testing.TB, to *receiver) (types []string, all []map[string]any) {
	t.Helper()
	for _, got := range to.got() {
		n, _ := generic(t, got.body).(map[string]any)
		kind, _ := n["type"].(string)
		types, all = append(types, kind), append(all, n)
	}
	slices.Sort(types)
	return types, all
}

func TestPaymentsAndRefundsAreNotified(t *testing.T) {
	t.Parallel()
	hooked(t, nil, func(r *rig, to *receiver) {
		p := r.create(nil)
		r.pay(p.ID, nil)
		synctest.Wait()
		types, all := notified(t, to)
		if !slices.Equal(types, []string{sandbox.NotifyPaid}) {
			t.Fatalf("notified of %v", types)
		}
		data, _ := all[0]["data"].(map[string]any)
		if data["paymentRequestId"] != p.ID || data["type"] != "paid" || all[0]["test"] != true || all[0]["accountId"] != sandbox.DemoMerchantAccountID {
			t.Errorf("%v", all[0])
		}
		if got := to.got()[0]; got.url != hook || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%+v", got)
		}
		r.void(p.ID)
		r.void(r.create(nil).ID) // cancelled: nobody is told
		synctest.Wait()
		if types, _ = notified(t, to); !slices.Equal(types, []string{sandbox.NotifyPaid, sandbox.NotifyRefundCompleted, sandbox.NotifyRefundInitiated}) {
			t.Errorf("notified of %v", types)
		}
	}, sandbox.WithWebhook(hook))
}

func TestSubscriptionChoosesTypes(t *testing.T) {
	t.Parallel()
	hooked(t, nil, func(r *rig, to *receiver) {
		p := r.create(nil)
		r.pay(p.ID, nil)
		r.void(p.ID)
		synctest.Wait()
		if types, _ := notified(t, to); !slices.Equal(types, []string{sandbox.NotifyRefundCompleted}) {
			t.Errorf("notified of %v", types)
		}
		r.must(r.svc.SetWebhook(nil))
		p = r.create(nil)
		r.pay(p.ID, nil)
		r.void(p.ID)
		time.Sleep(time.Minute)
		if got := to.got(); len(got) != 1 {
			t.Errorf("%d webhooks without a subscription", len(got)-1)
		}
	}, sandbox.WithWebhook(hook, sandbox.NotifyRefundCompleted))
}

// Nobody has to look for an automatic customer to pay, or for time to run out.
func TestWebhooksComeWithoutAnybodyLooking(t *testing.T) {
	t.Parallel()
	hooked(t, nil, func(r *rig, to *receiver) {
		began := time.Now()
		r.create(nil)
		time.Sleep(10 * time.Second)
		got := to.got()
		if len(got) != 1 || got[0].at.Sub(began) < 3*time.Second || got[0].at.Sub(began) > 4*time.Second {
			t.Errorf("%d webhooks: %+v", len(got), got)
		}
	}, sandbox.WithWebhook(hook), sandbox.WithPatron(sandbox.Automatic(3*time.Second)))
	hooked(t, nil, func(r *rig, to *receiver) {
		r.legacyCreate(todayForm, m{"notifyUrl": "http://127.0.0.1/notify", "paymentExpirySeconds": "60"})
		time.Sleep(62 * time.Second)
		if kinds := legacyKinds(r, to); !slices.Equal(kinds, []legacy.TransactionType{"EXPIRED"}) {
			t.Errorf("told of %v", kinds)
		}
	})
}

// legacyKinds verifies what a receiver got as webhooks of the first generation.
func legacyKinds(r *rig, to *receiver) []legacy.TransactionType {
	r.Helper()
	var kinds []legacy.TransactionType
	for _, n := range legacyNotifications(r, to) {
		kinds = append(kinds, n.Transaction.TransactionType)
	}
	slices.Sort(kinds)
	return kinds
}

func legacyNotifications(r *rig, to *receiver) []*legacy.Notification {
	r.Helper()
	state, err := r.svc.Webhooks()
	r.must(err)
	key, err := legacy.ParseWebhookKey([]byte(state.PublicKey))
	r.must(err)
	verifier, err := legacy.NewWebhookVerifier(key)
	r.must(err)
	var all []*legacy.Notification
	for _, got := range to.got() {
		if got.header.Get("Authorization") != "" {
			r.Error("a webhook of the first generation has a credential")
		}
		n, err := verifier.Read(strings.NewReader(string(got.body)))
		if err != nil {
			r.Fatalf("%v in %s", err, got.body)
		}
		all = append(all, n)
	}
	return all
}

func TestLegacyWebhooks(t *testing.T) {
	t.Parallel()
	const to = "http://127.0.0.1:8080/api/service.notify"
	for name, c := range map[string]struct {
		happens func(r *rig, id string)
		kinds   []legacy.TransactionType
	}{
		"paid":      {func(r *rig, id string) { r.pay(id, nil) }, []legacy.TransactionType{"PURCHASE"}},
		"cancelled": {func(r *rig, id string) { legacyOK[any](r, todayForm, post, "requests.cancel", about(id)) }, []legacy.TransactionType{"CANCELLED"}},
		"voided":    {func(r *rig, id string) { r.pay(id, nil); r.void(id) }, []legacy.TransactionType{"PURCHASE", "REFUND"}},
		"refunded twice": {func(r *rig, id string) {
			r.pay(id, nil)
			for _, ref := range []string{"a", "a", "b"} {
				r.refundLegacy(r.info(id).PaidBy.TransactionID, "100", m{"externalReference": ref})
			}
		}, []legacy.TransactionType{"PURCHASE", "REFUND", "REFUND"}},
		"left alone": {func(*rig, string) { time.Sleep(3 * time.Minute) }, []legacy.TransactionType{"EXPIRED"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hooked(t, nil, func(r *rig, got *receiver) {
				id := r.legacyCreate(firstForm, m{"notifyUrl": to, "externalReference": "ref"}).ID
				c.happens(r, id)
				synctest.Wait()
				if kinds := legacyKinds(r, got); !slices.Equal(kinds, c.kinds) {
					t.Errorf("told of %v, want %v", kinds, c.kinds)
				}
				for _, n := range legacyNotifications(r, got) {
					if n.Transaction.Request.ID != id || got.got()[0].url != to {
						t.Errorf("%+v", n)
					}
					if n.Transaction.TransactionType == "PURCHASE" && n.Transaction.ID != r.info(id).PaidBy.TransactionID {
						t.Errorf("the purchase names transaction %q", n.Transaction.ID)
					}
				}
			})
		})
	}
	hooked(t, nil, func(r *rig, got *receiver) { // a relative notifyUrl leads nowhere
		r.pay(r.legacyCreate(firstForm, m{"notifyUrl": "/api/service.notify"}).ID, nil)
		time.Sleep(time.Minute)
		if n := len(got.got()); n != 0 {
			t.Errorf("%d webhooks", n)
		}
	})
}

// The payloads are those of the documents, field by field.
func TestPublishedLegacyWebhooksAreReproduced(t *testing.T) {
	t.Parallel()
	const sample = "doc-legacy-payment-requests-0"
	for name, happens := range map[string]func(*rig, string){
		sample + "2": func(r *rig, id string) { r.pay(id, nil); r.void(id) },
		sample + "3": func(r *rig, id string) { r.pay(id, nil) },
		sample + "4": func(r *rig, id string) { r.void(id) },
	} {
		hooked(t, nil, func(r *rig, got *receiver) {
			happens(r, r.legacyCreate(todayForm, m{"notifyUrl": "http://127.0.0.1/", "externalReference": "12345sixseveneightnineten"}).ID)
			synctest.Wait()
			want, _ := generic(t, adminFixture(t, name+".example")).(map[string]any)
			var found []string
			for _, hook := range got.got() {
				claims := generic(t, claimsOf(t, hook.body)).(map[string]any)
				delete(claims, "iat")
				delete(claims, "jti")
				found = differences("", shape(want), shape(claims))
				if len(found) == 0 {
					return
				}
			}
			t.Errorf("%s: %v", name, found)
		})
	}
}

// claimsOf reads the claims of a token without checking it.
func claimsOf(t testing.TB, body []byte) []byte {
	t.Helper()
	var hook struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal(body, &hook); err != nil {
		t.Fatal(err)
	}
	return payloadOf(t, hook.Token)
}

// shape puts the types of values in their place, but for what tells kinds apart.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, field := range v {
			if out[k] = shape(field); k == "transactionType" || k == "state" {
				out[k] = field
			}
		}
		return out
	case string:
		return "text"
	case float64:
		return "number"
	default:
		return v
	}
}

func TestFailedWebhooksAreSentAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer    func(n int) int
		pauses    []time.Duration
		delivered bool
	}{
		"at the third attempt": {func(n int) int { return []int{500, 302, 200}[n-1] }, []time.Duration{time.Second, 2 * time.Second}, true},
		"never":                {func(int) int { return 503 }, []time.Duration{1 * time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}, false},
		"after no answer":      {func(n int) int { return []int{0, 204}[n-1] }, []time.Duration{6 * time.Second}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hooked(t, c.answer, func(r *rig, to *receiver) {
				p := r.create(nil)
				before := time.Now()
				r.pay(p.ID, nil)
				if took := time.Since(before); took != 0 {
					t.Errorf("the call waited %s for its webhook", took)
				}
				time.Sleep(10 * time.Minute)
				got := to.got()
				if len(got) != len(c.pauses)+1 {
					t.Fatalf("%d attempts, want %d", len(got), len(c.pauses)+1)
				}
				for i, pause := range c.pauses {
					if took := got[i+1].at.Sub(got[i].at); took != pause {
						t.Errorf("pause %d took %s, want %s", i+1, took, pause)
					}
					if string(got[i+1].body) != string(got[0].body) || got[i+1].header.Get("Authorization") == got[i].header.Get("Authorization") {
						t.Error("the same notification has to come again, signed anew")
					}
				}
				state, err := r.svc.Webhooks()
				if d := state.Deliveries; err != nil || len(d) != 1 || d[0].Delivered != c.delivered || d[0].GivenUp == c.delivered || d[0].Attempts != len(got) {
					t.Errorf("%+v, %v", d, err)
				}
			}, sandbox.WithWebhook(hook))
		})
	}
}

// A receiver that does not answer holds up neither calls nor other webhooks.
func TestSlowReceiverHoldsNothingUp(t *testing.T) {
	t.Parallel()
	hooked(t, func(n int) int {
		if n == 1 {
			return 0
		}
		return 200
	}, func(r *rig, to *receiver) {
		first := r.create(nil)
		r.pay(first.ID, nil)
		synctest.Wait()
		if got := r.get(first.ID); got.Status != api.StatusPaid {
			t.Errorf("%+v", got)
		}
		for range 10 {
			r.pay(r.create(nil).ID, nil)
		}
		time.Sleep(7 * time.Second)
		if got := to.got(); len(got) != 12 {
			t.Errorf("%d attempts after seven seconds, want 12", len(got))
		}
	}, sandbox.WithWebhook(hook))
}

// What was not delivered when the process ended is delivered by the next one.
func TestWebhooksSurviveTheProcess(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	var lost *receiver
	hooked(t, func(int) int { return 0 }, func(r *rig, to *receiver) {
		lost = to
		r.pay(r.create(nil).ID, nil)
		synctest.Wait()
	}, sandbox.WithFile(path), sandbox.WithWebhook(hook))
	hooked(t, nil, func(_ *rig, to *receiver) {
		synctest.Wait()
		got := to.got()
		if len(got) != 1 || string(got[0].body) != string(lost.got()[0].body) {
			t.Errorf("%d webhooks of an earlier process", len(got))
		}
	}, sandbox.WithFile(path))
	hooked(t, nil, func(_ *rig, to *receiver) {
		time.Sleep(time.Minute)
		if got := to.got(); len(got) != 0 {
			t.Errorf("%d webhooks were delivered again", len(got))
		}
	}, sandbox.WithFile(path))
}

func TestOutboxHoldsSoMuch(t *testing.T) {
	t.Parallel()
	hooked(t, func(int) int { return 0 }, func(r *rig, _ *receiver) {
		for range 335 {
			p := r.create(nil)
			r.pay(p.ID, nil)
			r.void(p.ID)
		}
		state, err := r.svc.Webhooks()
		if err != nil || len(state.Deliveries) != 1000 {
			t.Errorf("%d on their way, %v", len(state.Deliveries), err)
		}
	}, sandbox.WithWebhook(hook))
}
