package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"centrapos/api"
)

// The types of notifications. Source: Centrapay docs, notifications.
const (
	NotifyPaid            = "payment-request:paid"
	NotifyRefundInitiated = "payment-request:refund-initiated"
	NotifyRefundCompleted = "payment-request:refund-completed"
)

func notificationTypes() []string {
	return []string{NotifyPaid, NotifyRefundInitiated, NotifyRefundCompleted}
}

// Subscription is who hears of payments: in the real service an e-mail to its
// support sets it up. Source: Centrapay docs, guide to webhooks.
type Subscription struct {
	// URL is where notifications are posted, absolute, http or https.
	URL string `json:"url"`
	// Types are those to send, none for all.
	Types []string `json:"types,omitempty"`
}

func (s Subscription) wants(kind string) bool {
	return len(s.Types) == 0 || slices.Contains(s.Types, kind)
}

func (s Subscription) validate() error {
	if !deliverable(s.URL) {
		return fmt.Errorf("webhook URL %q: want an absolute http or https URL without user or fragment", clip(s.URL))
	}
	for _, kind := range s.Types {
		if !slices.Contains(notificationTypes(), kind) {
			return fmt.Errorf("notification type %q: want one of %s", clip(kind), strings.Join(notificationTypes(), ", "))
		}
	}
	return nil
}

// deliverable tells whether something can be posted to a URL.
func deliverable(target string) bool {
	u, err := url.Parse(target)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.Fragment == ""
}

// WithWebhook posts signed notifications of all payments and refunds to a URL, of
// the types that are given or of all. With WithFile it stays set.
func WithWebhook(url string, types ...string) Option {
	return func(s *settings) error {
		s.subscription = &Subscription{URL: url, Types: types}
		return s.subscription.validate()
	}
}

// WithNotifyHosts lets the notifyUrl of requests of the first generation lead to
// these hosts, named without a port, "*" for any. Without it, it leads to this
// machine only: anybody who may create a request could otherwise make the sandbox
// call what is not theirs. The URL of WithWebhook may be anywhere.
func WithNotifyHosts(hosts ...string) Option {
	return func(s *settings) error {
		if slices.Contains(hosts, "") {
			return errors.New("a notify host has no name")
		}
		s.notifyHosts = append(s.notifyHosts, hosts...)
		return nil
	}
}

// WithWebhookTransport delivers webhooks through a transport instead of the
// network: to a handler in the same process, say.
func WithWebhookTransport(transport http.RoundTripper) Option {
	return func(s *settings) error {
		if transport == nil {
			return errors.New("the webhook transport is nil")
		}
		s.transport = transport
		return nil
	}
}

// SetWebhook changes who hears of payments from now on; nil is nobody. The error
// is a *Refusal when it makes no sense.
func (s *Service) SetWebhook(to *Subscription) error {
	if to != nil {
		if err := to.validate(); err != nil {
			return malformed("%s", err)
		}
		to = &Subscription{URL: to.URL, Types: slices.Clone(to.Types)}
	}
	err := s.transact(func(t *tx) error {
		t.changeAdmin().Subscription = to
		return nil
	})
	s.webhooks.wake()
	return err
}

// WebhookState is what there is to know about webhooks.
type WebhookState struct {
	// Subscription is nil when nobody hears of payments.
	Subscription *Subscription `json:"subscription"`
	// Deliveries are the latest, newest first; those that ended are remembered by
	// the process that made them, and only a hundred of them.
	Deliveries []Delivery `json:"deliveries"`
	// PublicKey is the key that signs both kinds of webhooks as PEM. The key set at
	// DemoAuthPath + "/api/.well-known/jwks.json" has it, too.
	PublicKey string `json:"publicKey"`
}

// Delivery is one webhook and what became of it.
type Delivery struct {
	// ID is that of the notification, or of the token for the first generation.
	ID string `json:"id"`
	// Type is that of the notification, or the transactionType.
	Type string        `json:"type"`
	URL  string        `json:"url"`
	At   api.Timestamp `json:"at"`
	// Attempts is how often it was sent; Status what was answered last, 0 for no
	// answer, and Problem why that does not count as delivered.
	Attempts  int    `json:"attempts"`
	Status    int    `json:"status,omitempty"`
	Problem   string `json:"problem,omitempty"`
	Delivered bool   `json:"delivered"`
	// GivenUp says that it will not be tried again.
	GivenUp bool `json:"givenUp,omitempty"`
}

// Webhooks returns the state of webhooks. It fails only when the file of WithFile
// cannot be read or written.
func (s *Service) Webhooks() (WebhookState, error) {
	state := WebhookState{Deliveries: s.webhooks.ended()}
	err := s.transact(func(t *tx) error {
		if state.Subscription = t.admin().Subscription; state.Subscription != nil {
			copied := *state.Subscription
			state.Subscription = &copied
		}
		for _, p := range t.admin().Outbox {
			state.Deliveries = append(state.Deliveries, p.delivery())
		}
		k, err := t.key(signsWebhooks)
		if err != nil {
			return err
		}
		state.PublicKey, err = publicPEM(k)
		return err
	})
	slices.SortStableFunc(state.Deliveries, func(a, b Delivery) int { return b.At.Time().Compare(a.At.Time()) })
	return state, err
}

// webhookRoutes are the control calls for webhooks.
func (s *Service) webhookRoutes() {
	const path = "/sandbox/webhooks"
	for method, change := range map[string]func(*http.Request) error{
		http.MethodGet: func(*http.Request) error { return nil },
		http.MethodPost: func(r *http.Request) error {
			var to Subscription
			if err := decodeBody(r, &to); err != nil {
				return err
			}
			return s.SetWebhook(&to)
		},
		http.MethodDelete: func(*http.Request) error { return s.SetWebhook(nil) },
	} {
		s.mux.HandleFunc(method+" "+path, s.local(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			err := change(r)
			var state WebhookState
			if err == nil {
				state, err = s.Webhooks()
			}
			if err != nil {
				s.refuse(w, err)
				return
			}
			reply(w, http.StatusOK, state)
		}))
	}
}
