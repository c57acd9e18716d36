package sandbox

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	// webhookAttempts is how often a webhook is sent that nobody takes. The real
	// service goes on for two weeks.
	webhookAttempts = 5
	// webhookPause is the time before the second attempt; it doubles from there.
	webhookPause = time.Second
	// webhookPatience is how long a receiver may take to answer.
	webhookPatience = 5 * time.Second
	// webhookLease is how long a parcel that is being sent is left alone by others
	// who share the file.
	webhookLease = 2 * webhookPatience
	// webhookTick is how often those who wait to hear of it make the sandbox look
	// at what time has brought.
	webhookTick = time.Second
	// webhooksAtOnce is how many are sent at the same time.
	webhooksAtOnce = 8
	// rememberEnded is how many deliveries that ended are remembered.
	rememberEnded = 100
)

// webhooks delivers what is posted, in a goroutine that is there while there is
// something to deliver or to wait for.
type webhooks struct {
	// anywhere sends to any host, here to this machine only.
	anywhere, here *http.Client
	hosts          []string
	// closing is closed when the service is.
	closing <-chan struct{}
	work    func() (again time.Duration, more bool)
	awake   chan struct{}

	mu      sync.Mutex
	stopped bool
	running bool
	done    sync.WaitGroup
	log     []Delivery
}

// startWebhooks makes webhooks ready, and delivers what an earlier process left.
func (s *Service) startWebhooks(set settings) error {
	w := &s.webhooks
	w.hosts, w.awake = set.notifyHosts, make(chan struct{}, 1)
	w.anywhere, w.here = webhookClient(set.transport, nil), webhookClient(set.transport, thisMachineOnly)
	w.closing, w.work = s.closing, s.deliverDue
	if set.subscription != nil {
		return s.SetWebhook(set.subscription)
	}
	if set.file == "" {
		return nil
	}
	left := false
	err := s.transact(func(t *tx) error {
		left = t.watched() || len(t.admin().Outbox) > 0
		return nil
	})
	if left {
		w.wake()
	}
	return err
}

// webhookClient sends to whatever control lets it connect to. A redirect is an
// answer like any other, and no success.
func webhookClient(transport http.RoundTripper, control func(network, address string, c syscall.RawConn) error) *http.Client {
	if transport == nil {
		dialer := &net.Dialer{Timeout: webhookPatience, Control: control}
		transport = &http.Transport{DialContext: dialer.DialContext, IdleConnTimeout: webhookPatience}
	}
	return &http.Client{
		Transport: transport, Timeout: webhookPatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var errNotThisMachine = errors.New("the notifyUrl leads to another machine, which the sandbox was not told it may")

// thisMachineOnly looks at the address and not at the name, which may say
// anything.
func thisMachineOnly(_, address string, _ syscall.RawConn) error {
	if at, err := netip.ParseAddrPort(address); err != nil || !at.Addr().Unmap().IsLoopback() {
		return errNotThisMachine
	}
	return nil
}

// wake says that there may be something to deliver. It does not wait for it.
func (w *webhooks) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nudge()
	if w.stopped || w.running || w.work == nil {
		return
	}
	w.running = true
	w.done.Go(w.run)
}

// untilClosed is a context that ends when the service is closed.
type untilClosed struct{ closing <-chan struct{} }

// Deadline says that there is none.
func (untilClosed) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is closed when the service is.
func (c untilClosed) Done() <-chan struct{} { return c.closing }

// Err is context.Canceled once the service is closed.
func (c untilClosed) Err() error {
	select {
	case <-c.closing:
		return context.Canceled
	default:
		return nil
	}
}

// Value knows nothing.
func (untilClosed) Value(any) any { return nil }

// close ends the deliveries under way, once the service's channel is closed; what was not delivered stays in the file.
func (w *webhooks) close() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.nudge()
	w.done.Wait()
	w.anywhere.CloseIdleConnections()
	w.here.CloseIdleConnections()
}

// nudge ends a pause, or the next one.
func (w *webhooks) nudge() {
	select {
	case w.awake <- struct{}{}:
	default: // it will look anyway
	}
}

// run delivers until there is nothing left to do.
func (w *webhooks) run() {
	for {
		again, more := w.work()
		if w.rest(more) {
			return
		}
		timer := time.NewTimer(again)
		select {
		case <-w.awake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// rest tells whether the goroutine may end. Whoever calls wake from then on begins
// another.
func (w *webhooks) rest(more bool) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped || !more && len(w.awake) == 0 {
		w.running = false
		return true
	}
	return false
}

func (w *webhooks) ended() []Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

func (w *webhooks) remember(d Delivery) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, d)
	if over := len(w.log) - rememberEnded; over > 0 {
		w.log = slices.Clone(w.log[over:])
	}
}

// deliverDue lets time have its effects, sends what is due, and says when to look
// again, if ever.
func (s *Service) deliverDue() (again time.Duration, more bool) {
	if _, err := s.commit((*tx).settleWatched); err != nil {
		return webhookTick, true // the file is held up by others
	}
	b, err := s.claim(time.Now())
	if err != nil {
		return webhookTick, true
	}
	slots := make(chan struct{}, webhooksAtOnce)
	var all sync.WaitGroup
	for _, p := range b.due {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			s.sendParcel(p, b.key)
		})
	}
	all.Wait()
	if len(b.due) > 0 {
		return 0, true
	}
	return b.again, b.more
}

// batch is what is sent in one go.
type batch struct {
	due []parcel
	key jose.JSONWebKey
	// again is when to look next, more whether to look at all.
	again time.Duration
	more  bool
}

// settleWatched lets time have its effects on the requests of which somebody wants
// to hear.
func (t *tx) settleWatched() error {
	all := t.admin().Subscription != nil
	for id := range t.store.unsettled {
		if r := t.store.requests[id]; all || r.legacy().NotifyURL != "" {
			t.find(id)
		}
	}
	return nil
}

// watched tells whether somebody wants to hear of what is to come. Of what other
// processes do with the file, too, when there is a subscription.
func (t *tx) watched() bool {
	if t.admin().Subscription != nil && (t.store.file != nil || len(t.store.unsettled) > 0) {
		return true
	}
	for id := range t.store.unsettled {
		if t.store.requests[id].legacy().NotifyURL != "" {
			return true
		}
	}
	return false
}

// claim takes what is due, so that nobody else sends it meanwhile.
func (s *Service) claim(now time.Time) (batch, error) {
	b := batch{again: webhookTick}
	_, err := s.commit(func(t *tx) (err error) {
		outbox := t.admin().Outbox
		b.more = t.watched() || len(outbox) > 0
		if !slices.ContainsFunc(outbox, func(p parcel) bool { return !p.Due.After(now) }) {
			return nil
		}
		if b.key, err = t.key(signsWebhooks); err != nil {
			return err
		}
		state := t.changeAdmin()
		for i := range state.Outbox {
			if p := &state.Outbox[i]; !p.Due.After(now) {
				p.Attempts++
				p.Due = now.Add(webhookLease)
				b.due = append(b.due, *p)
			}
		}
		return nil
	})
	if err != nil {
		return batch{}, err
	}
	return b, nil
}

// sendParcel sends a parcel once and keeps what became of it.
func (s *Service) sendParcel(p parcel, key jose.JSONWebKey) {
	status, err := s.webhooks.post(p, key)
	p.Status, p.Problem = status, ""
	switch {
	case err != nil:
		p.Problem = problemOf(err)
	case status < http.StatusOK || status >= http.StatusMultipleChoices:
		p.Problem = fmt.Sprintf("answered %d", status)
	}
	ended := p.delivery()
	ended.Delivered = p.Problem == ""
	ended.GivenUp = !ended.Delivered && p.Attempts >= webhookAttempts
	p.Due = time.Now().Add(webhookPause << (p.Attempts - 1))
	if (untilClosed{s.closing}).Err() != nil { // the service ends: this attempt does not count
		p.Attempts, p.Due, ended.GivenUp = p.Attempts-1, time.Time{}, false
	}
	_, err = s.commit(func(t *tx) error {
		state := t.changeAdmin()
		i := slices.IndexFunc(state.Outbox, func(other parcel) bool { return other.ID == p.ID })
		switch {
		case i < 0: // too old, or another process was as quick
		case ended.Delivered, ended.GivenUp:
			state.Outbox = slices.Delete(state.Outbox, i, i+1)
		default:
			state.Outbox[i] = p
		}
		return nil
	})
	if err == nil && (ended.Delivered || ended.GivenUp) {
		s.webhooks.remember(ended)
	}
}

// problemOf is an error of a delivery without the URL, which stands beside it.
func problemOf(err error) string {
	var inside *url.Error
	if errors.As(err, &inside) {
		err = inside.Err
	}
	return err.Error()
}

// post sends a parcel and returns the status that it was answered with.
func (w *webhooks) post(p parcel, key jose.JSONWebKey) (status int, err error) {
	body, token := []byte(p.Content), ""
	now := time.Now()
	if p.Legacy {
		token, err = signed(key, typeID, legacyClaims{Transaction: p.Content, IssuedAt: jwt.NewNumericDate(now), ID: p.ID})
		body = []byte(`{"token":"` + token + `"}`)
	} else {
		sum := sha256.Sum256(body)
		token, err = signed(key, typeID, signedCall{
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(signedCallLifetime)),
			Audience: audienceOf(p.URL), BodySHA256: hex.EncodeToString(sum[:]),
		})
	}
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(untilClosed{w.closing}, http.MethodPost, p.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Centrapay-Sandbox")
	if !p.Legacy {
		req.Header.Set("Authorization", token)
	}
	res, err := w.client(p, req.URL.Hostname()).Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, maxBody))
	return res.StatusCode, nil
}

// client is the one that may call a host for a parcel.
func (w *webhooks) client(p parcel, host string) *http.Client {
	if !p.Legacy || slices.Contains(w.hosts, host) || slices.Contains(w.hosts, "*") {
		return w.anywhere
	}
	return w.here
}
