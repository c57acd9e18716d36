package ui

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
	"centrapos/ui/screentest"
)

// shop is a whole till in virtual time: the real rules, a service and a ledger in
// memory, the screens in a terminal in memory.
type shop struct {
	*screentest.Program
	service *postest.Service
	ledger  *postest.Ledger
	till    *pos.Till
}

// atTheService is the customer in training, at the service in memory.
type atTheService struct{ *postest.Service }

func (a atTheService) Pay(_ context.Context, id string) error    { return a.Service.Pay(id) }
func (a atTheService) Cancel(_ context.Context, id string) error { return a.Service.Cancel(id) }
func (a atTheService) RunOut(context.Context, string) error {
	return errors.New("time cannot be hurried here")
}

// openShop runs a test in a shop whose payment requests last so long, and drains the till at its end.
func openShop(t *testing.T, expiry time.Duration, visit func(s *shop)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		s := &shop{service: postest.NewService(postest.Options{Latency: 100 * time.Millisecond}), ledger: postest.NewLedger()}
		s.till = pos.NewTill(s.service, s.ledger, pos.RandomIDs{}, "test")
		c := config(t, nil, time.Now)
		c.Till, c.Catalogue, c.Customer = s.till, cafe(t), atTheService{s.service}
		c.Unfinished, c.Origin.MerchantAccountID, c.Expiry = nil, "account", expiry
		s.Program = screentest.Run(t, newModel(ctx, c), 80, 24)
		visit(s)
		s.Quit()
		cancel()
		drain, stop := context.WithTimeout(context.Background(), time.Hour)
		defer stop()
		s.till.Drain(drain)
	})
}

// key types on the keyboard and waits for a frame, as a person does.
func (s *shop) key(texts ...string) {
	for _, text := range texts {
		s.Type(text)
		time.Sleep(200 * time.Millisecond)
	}
}

const (
	f9Key  = "\x1b[20~"
	escKey = "\x1b"
)

func TestAWholeSale(t *testing.T) {
	t.Parallel()
	openShop(t, pos.DefaultExpiry, func(s *shop) {
		s.WaitText("Scan something", time.Second)
		s.key("9421900000036\r", "3*94219000", "12.50\r")
		s.key(escKey, "2*scone", "\r")
		s.WaitText("Cheese scone", time.Second)
		s.WaitText("TOTAL     NZD      30.00", time.Second)
		s.key(f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		r, made := s.service.Newest()
		if !made || !r.Value.Equal(cents(3000)) {
			t.Fatalf("the request is for %v", r.Value)
		}
		if got, err := screentest.DecodeQR(s.Screen); err != nil || got != r.URL {
			t.Errorf("the code on the screen reads %q (%v), want %q", got, err, r.URL)
		}
		time.Sleep(10 * time.Second)
		if polls := len(s.service.Calls(postest.CallGet)); polls < 9 || polls > 11 {
			t.Errorf("%d polls in 10 s, want one each second", polls)
		}
		s.key("c", "p")
		s.WaitText("✓ PAID   NZD 30.00", 3*time.Second)
		s.WaitText("Centrapay NZD", time.Second)
		time.Sleep(time.Second)
		s.key("\r")
		s.WaitText("Scan something", time.Second)
		if s.Screen.Contains("Unfinished") {
			t.Errorf("after a paid sale something is unfinished:\n%s", s.Screen)
		}
		if lines := s.ledger.Summaries(); len(lines) != 1 || lines[0].Outcome != pos.OutcomePaid || !lines[0].Closed {
			t.Errorf("the ledger holds %+v, want one paid sale, closed", lines)
		}
	})
}

func TestAConditionFromTheService(t *testing.T) {
	t.Parallel()
	openShop(t, pos.DefaultExpiry, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		r, _ := s.service.Newest()
		for _, step := range []error{
			s.service.RaiseCondition(r.ID, pos.Condition{ID: "1", Message: "Is the customer over 18?", Status: pos.ConditionAwaitingMerchant}),
			s.service.Pay(r.ID),
		} {
			if step != nil {
				t.Fatal(step)
			}
		}
		s.WaitText("A   Accept", 3*time.Second)
		time.Sleep(time.Second)
		s.key("a", "y")
		s.WaitText("✓ PAID", 3*time.Second)
		if answers := len(s.service.Calls(postest.CallDecide)); answers != 1 {
			t.Errorf("the condition was answered %d times", answers)
		}
	})
}

func TestRunningOutOfTime(t *testing.T) {
	t.Parallel()
	openShop(t, 10*time.Second, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		time.Sleep(15 * time.Second)
		s.WaitText("EXPIRED", time.Second)
		s.WaitText("No money moved", time.Second)
		time.Sleep(time.Second)
		s.key("\r")
		s.WaitText("Flat white", time.Second)
	})
}

func TestStoppingAPayment(t *testing.T) {
	t.Parallel()
	openShop(t, pos.DefaultExpiry, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		s.key(escKey)
		s.WaitText("Stop this payment?", time.Second)
		s.key("y")
		s.WaitText("You stopped this payment", 3*time.Second)
		r, _ := s.service.Newest()
		if s.service.Payable(r.ID) {
			t.Error("the request that was stopped can still be paid")
		}
	})
}

// Keys are answered within a frame while the network hangs, and what it does in
// the end is what is shown.
func TestKeysWhileTheNetworkHangs(t *testing.T) {
	t.Parallel()
	openShop(t, 30*time.Second, func(s *shop) {
		// A frame, and the pause after which a character by itself is a key.
		const answered = screentest.Frame + defaultScanGap
		s.service.Always(postest.HangAfter)
		s.key("9421900000036\r", f9Key)
		s.WaitText("Asking for a code", answered)
		s.Type("?")
		s.WaitText("Keys on this screen", answered)
		s.Type(escKey)
		s.WaitGone("Keys on this screen", answered)
		s.Resize(120, 40)
		time.Sleep(screentest.Frame)
		s.Type(escKey)
		s.WaitText("Stop this payment?", answered)
		s.Type("n")
		s.WaitGone("Stop this payment?", screentest.Frame+answerGap)
		s.WaitText("NOT KNOWN YET - do not charge again", 10*time.Second)
		s.Type(escKey)
		s.WaitText("Leave it to the till", answered)
		s.Type("l")
		s.WaitText("Unfinished 1", screentest.Frame+answerGap)
		s.Type(escKey)
		s.WaitText("do not charge again", answered)
		s.service.Heal()
		time.Sleep(time.Minute)
		s.WaitText("A payment from before", time.Second)
	})
}

// output is a terminal that only takes what is written.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(p)
}

func (o *output) holds(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Contains(o.all.String(), text)
}

func runConfig(t *testing.T) Config {
	c := config(t, nil, nil)
	c.Till = pos.NewTill(postest.NewService(postest.Options{}), postest.NewLedger(), pos.RandomIDs{}, "test")
	c.Catalogue, c.Customer, c.Unfinished = cafe(t), nil, nil
	return c
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		in, keys := io.Pipe()
		var out output
		ended := make(chan Result, 1)
		go func() {
			r, err := Run(ctx, runConfig(t), in, &out, Options{NoSignals: true})
			if err != nil {
				t.Errorf("Run ended with %v", err)
			}
			ended <- r
		}()
		time.Sleep(time.Second)
		if !out.holds("\x1b[?1049h") {
			t.Error("the screens are not in the alternate screen")
		}
		cancel()
		synctest.Wait()
		_ = keys.Close()
		if r := <-ended; !r.Signalled || r.PaymentOpen() {
			t.Errorf("the result is %+v, want ended by the context with nothing open", r)
		}
		if !out.holds("\x1b[?1049l") {
			t.Error("the terminal was not put back")
		}
		time.Sleep(2 * time.Minute)
	})
}

func TestRunNeedsItsParts(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Config){
		"till":      func(c *Config) { c.Till = nil },
		"catalogue": func(c *Config) { c.Catalogue = nil },
		"currency":  func(c *Config) { c.Currency = pos.Currency{} },
	} {
		c := runConfig(t)
		spoil(&c)
		if _, err := Run(t.Context(), c, nil, io.Discard, Options{NoSignals: true}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without a %s Run says %v", name, err)
		}
	}
}
