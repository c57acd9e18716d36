package sandbox

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"centrapos/api"
)

// logEntry is one activity in the history of a merchant. Entries are in the order
// of time; those of one moment in that of their requests and numbers.
type logEntry struct {
	at      time.Time
	request string
	// order is that of the request among all.
	order  int
	number int
}

func (e logEntry) compare(other logEntry) int {
	return cmp.Or(e.at.Compare(other.at), cmp.Compare(e.order, other.order), cmp.Compare(e.number, other.number))
}

// chronicle puts the activities of a request from a number on into its merchant's
// history. Most are the newest; what time brought is recorded late.
func (s *store) chronicle(r *request, from int) {
	history := s.history[r.MerchantID]
	for i, a := range r.Activities[from:] {
		e := logEntry{at: a.CreatedAt.Time(), request: r.ID, order: r.order, number: from + i + 1}
		at, _ := slices.BinarySearchFunc(history, e, logEntry.compare)
		history = slices.Insert(history, at, e)
	}
	s.history[r.MerchantID] = history
}

// handleMerchantActivities lists what happened to a merchant's payment requests,
// newest first. Source: Centrapay docs, payment requests, "List Payment
// Activities".
func handleMerchantActivities(c *call) (any, error) {
	query := c.http.URL.Query()
	id := query.Get("merchantId")
	if id == "" {
		return nil, required("merchantId")
	}
	before, err := parseActivityKey(query.Get("pageKey"), id)
	if err != nil {
		return nil, err
	}
	merchant, ok := c.svc.dir.merchant(id)
	if !ok || !c.key.may(mayReadActivities, merchant.AccountID) {
		return nil, forbidden()
	}
	// What time has brought stands in the history once it was looked at.
	if err := c.svc.transact(func(t *tx) error { t.lookAtAll(); return nil }); err != nil {
		return nil, err
	}
	var page api.Page[api.PaymentActivity]
	err = c.svc.transact(func(t *tx) error {
		page = t.store.activitiesBefore(id, before, c.lagging(t.now))
		return nil
	})
	return page, err
}

// lookAtAll lets everything happen that is due.
func (t *tx) lookAtAll() {
	for id := range t.store.unsettled {
		t.find(id)
	}
}

// activitiesBefore is a page of a merchant's history, newest first: what stands
// before an entry, or the newest, but for what is not listed yet.
func (s *store) activitiesBefore(merchantID string, before logEntry, missing func(api.PaymentActivity) bool) api.Page[api.PaymentActivity] {
	history := s.history[merchantID]
	if before.request != "" {
		if r, known := s.requests[before.request]; known {
			before.order = r.order
		}
		end, _ := slices.BinarySearchFunc(history, before, logEntry.compare)
		history = history[:end]
	}
	page := api.Page[api.PaymentActivity]{Items: []api.PaymentActivity{}}
	for _, e := range slices.Backward(history) {
		a := s.requests[e.request].Activities[e.number-1]
		if missing(a) {
			continue
		}
		if len(page.Items) == defaultPageSize {
			last := page.Items[len(page.Items)-1]
			page.NextPageKey = activityKey(last, merchantID)
			break
		}
		page.Items = append(page.Items, a)
	}
	return page
}

const activityKeyForm = "PaymentRequest#%s|Activity#%015d|%s|%s"

// activityKey is the cursor behind an activity. It looks as the documented one.
func activityKey(a api.PaymentActivity, merchantID string) string {
	number := a.ActivityNumber.Decimal().IntPart()
	return fmt.Sprintf(activityKeyForm, a.PaymentRequestID, number, merchantID, a.CreatedAt)
}

// parseActivityKey returns the entry behind which a page begins, none for the
// first page.
func parseActivityKey(text, merchantID string) (logEntry, error) {
	if text == "" {
		return logEntry{}, nil
	}
	wrong := malformed("pageKey is not one that was given out")
	parts := strings.Split(text, "|")
	if len(parts) != 4 || parts[2] != merchantID {
		return logEntry{}, wrong
	}
	id, isRequest := strings.CutPrefix(parts[0], pageKeyPrefix)
	digits, isActivity := strings.CutPrefix(parts[1], "Activity#")
	number, err := strconv.Atoi(digits)
	at, errTime := time.Parse(time.RFC3339, parts[3])
	if !isRequest || id == "" || !isActivity || err != nil || errTime != nil {
		return logEntry{}, wrong
	}
	return logEntry{at: at, request: id, number: number}, nil
}
