package sandbox

import (
	"encoding/json"
	"net/url"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"

	"centrapos/api"
)

// parcel is a webhook on its way. It is kept in the transaction that caused it,
// so that it survives the process, and taken out once it was delivered.
type parcel struct {
	ID   string    `json:"id"`
	Type string    `json:"type"`
	URL  string    `json:"url"`
	At   time.Time `json:"at"`
	// Legacy is one whose content is the claims of a token; otherwise it is the
	// notification.
	Legacy  bool            `json:"legacy,omitempty"`
	Content json.RawMessage `json:"content"`
	// Attempts is how often it was sent.
	Attempts int `json:"attempts,omitempty"`
	// Due is when it is sent next, by the machine's clock: those who receive
	// webhooks live by that.
	Due time.Time `json:"due,omitzero"`
	// Status and Problem are those of the last attempt.
	Status  int    `json:"status,omitempty"`
	Problem string `json:"problem,omitempty"`
}

func (p parcel) delivery() Delivery {
	return Delivery{
		ID: p.ID, Type: p.Type, URL: p.URL, At: api.NewTimestamp(p.At),
		Attempts: p.Attempts, Status: p.Status, Problem: p.Problem,
	}
}

// maxOutbox is how many parcels can be on their way; the oldest go when nobody
// takes them.
const maxOutbox = 1000

// post puts the webhooks that a transaction causes with what it keeps, and tells
// whether there is anything to deliver, now or when time passes.
func (t *tx) post() bool {
	listening := t.admin().Subscription != nil
	for id, r := range t.changed {
		told := 0
		if before := t.store.requests[id]; before != nil {
			told = len(before.Activities)
		}
		for _, a := range r.Activities[told:] {
			t.notify(r, a)
			t.notifyLegacy(r, a)
		}
		listening = listening || r.legacy().NotifyURL != ""
	}
	return listening || len(t.admin().Outbox) > 0
}

func (t *tx) send(p parcel) {
	state := t.changeAdmin()
	if over := len(state.Outbox) - maxOutbox + 1; over > 0 {
		state.Outbox = state.Outbox[over:]
	}
	p.At = t.now
	state.Outbox = append(state.Outbox, p)
}

// notification is what the second generation posts. Source: Centrapay docs,
// notifications.
type notification struct {
	ID        string              `json:"id"`
	Type      string              `json:"type"`
	Data      api.PaymentActivity `json:"data"`
	AccountID string              `json:"accountId"`
	Test      bool                `json:"test"`
	CreatedAt api.Timestamp       `json:"createdAt"`
}

// notify posts what one activity is to who has subscribed. A refund is begun and
// done at once here.
func (t *tx) notify(r *request, a api.PaymentActivity) {
	to := t.admin().Subscription
	if to == nil {
		return
	}
	var kinds []string
	switch {
	case a.Type.Is(api.ActivityPaid):
		kinds = []string{NotifyPaid}
	case a.Type.Is(api.ActivityRefund):
		kinds = []string{NotifyRefundInitiated, NotifyRefundCompleted}
	}
	for _, kind := range kinds {
		if !to.wants(kind) {
			continue
		}
		n := notification{
			ID: t.store.ids.requestID(), Type: kind, Data: a, AccountID: r.MerchantAccountID,
			Test: r.Liveness == api.LivenessTest, CreatedAt: api.NewTimestamp(t.now),
		}
		if content, err := json.Marshal(n); err == nil { // what was read as JSON is JSON again
			t.send(parcel{ID: n.ID, Type: kind, URL: to.URL, Content: content})
		}
	}
}

// signedCall are the claims of the token that comes with a notification. Source:
// Centrapay docs, guide to webhooks.
type signedCall struct {
	IssuedAt *jwt.NumericDate `json:"iat"`
	Expiry   *jwt.NumericDate `json:"exp"`
	// Audience is the base URL of the endpoint.
	Audience string `json:"aud"`
	// BodySHA256 is in hex.
	BodySHA256 string `json:"request_body_sha256,omitempty"`
}

// signedCallLifetime is documented.
const signedCallLifetime = 5 * time.Minute

func audienceOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	return u.Scheme + "://" + u.Host
}
