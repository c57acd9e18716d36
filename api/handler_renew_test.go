package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// revocable is a token source that can be told of tokens that are refused.
type revocable struct {
	mu      sync.Mutex
	issued  int
	expired []string
	// stuck gives out the same token for ever; err instead of another one.
	stuck bool
	err   error
}

func (s *revocable) Token(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.expired) > 0 && s.err != nil {
		return "", s.err
	}
	return fmt.Sprintf("token-number-%d", s.issued), nil
}

func (s *revocable) Expire(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expired = append(s.expired, token)
	if !s.stuck {
		s.issued++
	}
}

const unauthorized = `{"statusCode":401,"message":"Unauthorized"}`

func TestATokenThatIsRefusedIsRenewedOnce(t *testing.T) {
	t.Parallel()
	loginNeeded := fmt.Errorf("revoked: %w", ErrLoginRequired)
	for name, tt := range map[string]struct {
		source   *revocable
		refuses  int // how many attempts are answered 401
		answer   string
		opts     []CallOption
		calls    int
		attempts int
		outcome  Outcome
		code     Code
	}{
		"renewed":                {source: &revocable{}, refuses: 1, calls: 2, attempts: 2, outcome: Done},
		"refused for ever":       {source: &revocable{}, refuses: 99, calls: 2, attempts: 2, outcome: Refused},
		"no other token":         {source: &revocable{stuck: true}, refuses: 99, calls: 1, attempts: 1, outcome: Refused},
		"issuer down":            {source: &revocable{err: errors.New("down")}, refuses: 99, calls: 1, attempts: 1, outcome: Refused},
		"login needed":           {source: &revocable{err: loginNeeded}, refuses: 99, calls: 1, attempts: 1, outcome: Refused, code: CodeLoginRequired},
		"a portal's 401":         {source: &revocable{}, refuses: 99, answer: "<html>", calls: 1, attempts: 1, outcome: Unknown},
		"caller retries himself": {source: &revocable{}, refuses: 1, opts: []CallOption{WithoutRetry()}, calls: 1, attempts: 1, outcome: Refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := 0
			answer := unauthorized
			if tt.answer != "" {
				answer = tt.answer
			}
			c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if got, want := r.Header.Get("Authorization"), fmt.Sprintf("token-number-%d", calls); got != want && !tt.source.stuck {
					t.Errorf("got %s, want %s", got, want)
				}
				if calls++; calls <= tt.refuses {
					answering(401, answer)(w, r)
					return
				}
				answering(200, `{"type":"payment"}`)(w, r)
			}), WithUserToken(tt.source))
			_, meta, err := c.PaymentRequests.Void(t.Context(), testID, tt.opts...)
			e, _ := errors.AsType[*Error](err)
			if calls != tt.calls || meta.Attempts != tt.attempts || OutcomeOf(err) != tt.outcome {
				t.Errorf("got %d calls, %d attempts, %v", calls, meta.Attempts, err)
			}
			if tt.code != "" && (e.Code != tt.code || !errors.Is(err, ErrLoginRequired)) {
				t.Errorf("got code %s, %v", e.Code, err)
			}
			if told := len(tt.source.expired) > 0; told != (tt.outcome != Unknown) {
				t.Errorf("the source was told of %v", tt.source.expired)
			}
		})
	}
}

// A lost attempt stays lost whatever comes of the token.
func TestRenewalDoesNotForgetALostAttempt(t *testing.T) {
	t.Parallel()
	calls := 0
	c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if calls++; calls == 1 {
			reset(w, r)
			return
		}
		answering(401, unauthorized)(w, r)
	}), WithUserToken(&revocable{}))
	_, meta, err := c.PaymentRequests.Refund(t.Context(), testID, RefundPaymentRequest{Value: NewMonetary(1, "NZD"), ExternalRef: "r"})
	if OutcomeOf(err) != Unknown || meta.Attempts != 3 || calls != 3 {
		t.Errorf("got %v after %d attempts, %d calls", err, meta.Attempts, calls)
	}
}
