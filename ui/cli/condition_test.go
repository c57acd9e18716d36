package cli

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"centrapos/api/sandbox"
)

// mistold is a shop whose service gives other answers than it should.
type mistold struct {
	*shop
	mu sync.Mutex
	// instead of the answer to an accept or decline; "" leaves it.
	instead string
	// stale is how many readings after it show what was before.
	stale int
	first string // reading
	after bool
}

func openMistold(t *testing.T) *mistold {
	t.Helper()
	m := &mistold{shop: openShop(t)}
	service, err := url.Parse(m.env["CENTRAPOS_API_URL"])
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(service)
	proxy.ModifyResponse = m.change
	front := httptest.NewServer(proxy)
	t.Cleanup(front.Close)
	m.env["CENTRAPOS_API_URL"] = front.URL
	return m
}

func (m *mistold) change(r *http.Response) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	switch {
	case strings.Contains(r.Request.URL.Path, "/conditions/"):
		m.after = true
		if m.instead != "" {
			body = []byte(m.instead)
		}
	case r.Request.Method == http.MethodGet && !m.after:
		m.first = string(body)
	case r.Request.Method == http.MethodGet && m.stale > 0:
		m.stale--
		body = []byte(m.first)
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	r.ContentLength = int64(len(body))
	r.Header.Del("Content-Length")
	return nil
}

// What the service answers to an answer has to be about it, and what it then shows
// has to agree.
func TestAnswerToAConditionIsChecked(t *testing.T) {
	t.Parallel()
	const forever = 1000
	for name, c := range map[string]struct {
		answer  string
		instead string
		stale   int
		exit    int
		outcome string
		says    string
	}{
		"as it should be":              {answer: "accept", exit: exitDone, outcome: "accepted"},
		"late to show":                 {answer: "accept", stale: 1, exit: exitDone, outcome: "accepted"},
		"a no that is late to show":    {answer: "decline", stale: 1, exit: exitDone, outcome: "declined"},
		"never shown":                  {answer: "accept", stale: forever, exit: exitUnresolved, outcome: outcomeUnresolved, says: "still shows the condition as awaiting-merchant"},
		"another activity, but done":   {answer: "accept", instead: `{"type":"cancellation"}`, exit: exitDone, outcome: "accepted"},
		"another activity, not shown":  {answer: "accept", instead: `{"type":"cancellation"}`, stale: forever, exit: exitUnresolved, outcome: outcomeUnresolved, says: "it is not known whether"},
		"another condition, not shown": {answer: "decline", instead: `{"type":"decline-condition","conditionId":"2"}`, stale: forever, exit: exitUnresolved, outcome: outcomeUnresolved, says: "centrapos status"},
		"the other answer, not shown":  {answer: "decline", instead: `{"type":"accept-condition","conditionId":"1"}`, stale: forever, exit: exitUnresolved, outcome: outcomeUnresolved, says: "centrapos status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := openMistold(t)
			id := m.asked()
			m.must(m.service.RaiseCondition(id, sandbox.Condition{}))
			m.mu.Lock()
			m.instead, m.stale = c.instead, c.stale
			m.mu.Unlock()
			got := m.run("condition", c.answer, id, "1")
			doc := got.document(t)
			if got.code != c.exit || doc["outcome"] != c.outcome || !strings.Contains(got.stderr, c.says) {
				t.Errorf("exit %d: %s%s", got.code, got.stdout, got.stderr)
			}
			if c.exit == exitDone && c.answer == "decline" && doc["status"] != "cancelled" {
				t.Errorf("what is shown is not how it ended: %s", got.stdout)
			}
			if c.exit == exitDone && !strings.Contains(got.stdout, `"status":"`+c.outcome) {
				t.Errorf("the condition is shown as it was before: %s", got.stdout)
			}
		})
	}
}

// What was read before the answer is not passed off as what is so after it.
func TestAnsweredConditionWhoseRequestCannotBeRead(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	id := s.asked()
	s.must(s.service.RaiseCondition(id, sandbox.Condition{}))
	s.run("status", id)
	s.fault("get:status=500:2+")
	got := s.run("condition", "accept", id, "1")
	doc := got.document(t)
	if got.code != exitDone || doc["outcome"] != "accepted" || doc["id"] != id || doc["status"] != nil {
		t.Errorf("exit %d: %s", got.code, got.stdout)
	}
	if !strings.Contains(got.stderr, "could not be read again") || !strings.Contains(got.stderr, "centrapos status "+id) {
		t.Errorf("it says %s", got.stderr)
	}
}
