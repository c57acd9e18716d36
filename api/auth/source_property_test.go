package auth

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"centrapos/api"
)

// Over any run of calls, pauses and troubles of the issuer: no ended token is
// given out, no refresh token is used twice, no token is used that was not kept
// first, and with the refresh token alive nobody is asked to log in again.
func TestSourceHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			i := newTestIssuer(t)
			i.lifetime = rapid.SampledFrom([]time.Duration{30 * time.Second, 5 * time.Minute, time.Hour}).Draw(rt, "lifetime")
			used := map[string]int{}
			first := i.goodTokens()
			var mu sync.Mutex
			kept := map[string]time.Time{first.AccessToken.Reveal(): first.Expiry}
			keyringFull := false
			s := newTestProvider(t, i).Source(first, SourceOptions{OnRefresh: func(renewed Tokens) error {
				mu.Lock()
				defer mu.Unlock()
				kept[renewed.AccessToken.Reveal()] = renewed.Expiry
				if keyringFull {
					return errors.New("full")
				}
				return nil
			}})
			honest := func(w http.ResponseWriter, r *http.Request) {
				i.mu.Lock()
				defer i.mu.Unlock()
				used[r.Form.Get("refresh_token")]++
				i.token(w, r)
			}
			i.setFault("/token", honest)

			var all sync.WaitGroup
			for range rapid.IntRange(5, 40).Draw(rt, "steps") {
				switch rapid.IntRange(0, 6).Draw(rt, "step") {
				case 0:
					i.setFault("/token", hanging)
				case 1:
					i.setFault("/token", answering(http.StatusBadGateway, "text/html", "<html>"))
				case 2, 3:
					i.setFault("/token", honest)
				case 4:
					mu.Lock()
					keyringFull = !keyringFull
					mu.Unlock()
				}
				for range rapid.IntRange(0, 4).Draw(rt, "callers") {
					all.Go(func() {
						got, err := s.Token(t.Context())
						mu.Lock()
						expiry, known := kept[got]
						mu.Unlock()
						switch {
						case errors.Is(err, api.ErrLoginRequired):
							t.Errorf("a login is asked for: %v", err)
						case err == nil && !known:
							t.Error("a token was used before it was kept")
						case err == nil && !time.Now().Before(expiry):
							t.Errorf("a token is given out %s after its end", time.Since(expiry))
						}
					})
				}
				time.Sleep(time.Duration(rapid.IntRange(0, 200).Draw(rt, "pause in % of the lifetime")) * i.lifetime / 100)
			}
			all.Wait()
			_ = s.Close()
			for refresh, times := range used {
				if times > 1 {
					t.Errorf("%s was used %d times", refresh, times)
				}
			}
		})
		if t.Failed() {
			rt.FailNow()
		}
	})
}
