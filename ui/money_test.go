package ui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
	"centrapos/ui/screentest"
)

// atTheRecord is what is known of earlier operations, by a ledger and a service in memory.
type atTheRecord struct {
	ledger  *postest.Ledger
	service *postest.Service
}

func (a atTheRecord) all() []pos.Summary {
	list := a.ledger.Summaries()
	for i, op := range a.ledger.Ops() {
		list[i].Op = op
	}
	slices.Reverse(list)
	return list
}

func (a atTheRecord) Search(_ context.Context, q RecordQuery) ([]pos.Summary, error) {
	return summaries(a.all(), func(s pos.Summary) bool {
		text := strings.ToLower(strings.Join([]string{s.ShortCode, s.ExternalRef, s.Amount.String(), string(s.Outcome)}, " "))
		return strings.Contains(text, strings.ToLower(q.Words)) && (q.Kind == "" || q.Kind == s.Kind)
	}), nil
}

func (a atTheRecord) Named(_ context.Context, key string) ([]pos.Summary, error) {
	return summaries(a.all(), func(s pos.Summary) bool {
		return key == string(s.Op) || key == s.RequestID || key == s.ShortCode || key == s.ExternalRef
	}), nil
}

func (a atTheRecord) Entries(ctx context.Context, op pos.OpID) ([]pos.Entry, error) {
	return a.ledger.Entries(ctx, op)
}

func (a atTheRecord) Request(ctx context.Context, key string) (pos.Request, pos.Reply) {
	if strings.HasPrefix(key, "CP-") {
		return a.service.GetByShortCode(ctx, key)
	}
	return a.service.Get(ctx, key)
}

func (a atTheRecord) Activities(ctx context.Context, id string) ([]pos.Activity, pos.Reply) {
	return a.service.Activities(ctx, id)
}

// openMoneyShop is openShop with a record that can be looked up.
func openMoneyShop(t *testing.T, visit func(s *shop), change ...func(*Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		s := &shop{service: postest.NewService(postest.Options{Latency: 100 * time.Millisecond}), ledger: postest.NewLedger()}
		s.till = pos.NewTill(s.service, s.ledger, pos.RandomIDs{}, "test")
		c := config(t, nil, time.Now)
		c.Till, c.Catalogue, c.Customer = s.till, cafe(t), atTheService{s.service}
		c.Records = atTheRecord{s.ledger, s.service}
		c.Unfinished, c.Origin.MerchantAccountID, c.Expiry = nil, "account", 2*time.Minute
		for _, each := range change {
			each(&c)
		}
		s.Program = screentest.Run(t, newModel(ctx, c), 80, 24)
		visit(s)
		s.Quit()
		cancel()
		drain, stop := context.WithTimeout(context.Background(), time.Hour)
		defer stop()
		s.till.Drain(drain)
	})
}

// sell rings up two flat whites and a scone, and has them paid.
func (s *shop) sell(t *testing.T) pos.Request {
	t.Helper()
	s.key("2*9421900000036\r", "9421900000017\r", f9Key)
	s.WaitText("Waiting for the customer", time.Second)
	r, made := s.service.Newest()
	if !made {
		t.Fatal("nothing was asked for")
	}
	if err := s.service.Pay(r.ID); err != nil {
		t.Fatal(err)
	}
	s.WaitText("✓ PAID", 3*time.Second)
	time.Sleep(time.Second)
	return r
}

// back is what was given back of a payment, refunds and voids together.
func (s *shop) back(id string) pos.Money {
	sum := cents(0)
	for _, a := range s.service.History(id) {
		if a.Is(pos.ActivityRefund) {
			sum = sum.Add(a.Value)
		}
	}
	return sum
}

// reads fails the test unless each text stands on the screen.
func (s *shop) reads(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !s.Screen.Contains(text) {
			t.Errorf("the screen does not show %q:\n%s", text, s.Screen)
		}
	}
}

// A line is brought back, then the rest; each is sent once, and no more than was paid.
func TestRefundByLineAndThenTheRest(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		sold := s.sell(t)
		s.key("r")
		s.WaitText("Give back of "+sold.ShortCode, time.Second)
		s.reads(t, "Left to give back", "NZD 17.00", "Flat white", "Cheese scone", "By a void")
		s.key("+")
		s.reads(t, "NZD 5.50", "By a refund")
		s.key("\r")
		s.WaitText("Give back NZD 5.50?", time.Second)
		s.key("\r", "9421900000017\r", "y", "y", "\r")
		s.WaitText("REFUNDED", 3*time.Second)
		s.reads(t, "NZD 5.50", "back to the customer")
		if calls := s.service.Calls(postest.CallRefund); len(calls) != 1 {
			t.Errorf("%d refunds were sent, want 1", len(calls))
		}
		if back := s.back(sold.ID); !back.Equal(cents(550)) {
			t.Errorf("%s went back, want 5.50", back)
		}

		time.Sleep(time.Second)
		s.key("\r")
		s.WaitText("GST incl.", time.Second)
		s.key(escKey, "/refund\r")
		s.WaitText(sold.ShortCode, time.Second)
		s.key("\r")
		s.WaitText("Given back before", time.Second)
		s.reads(t, "NZD 11.50", "By a refund")
		s.key("9", "9")
		s.reads(t, "more than the NZD 11.50 that is left")
		s.key("\r")
		if s.Screen.Contains("Give back NZD 99.00?") {
			t.Errorf("more than is left can be given back:\n%s", s.Screen)
		}
		s.key("a", "\r")
		s.WaitText("Give back NZD 11.50?", time.Second)
		s.key("y")
		s.WaitText("REFUNDED", 3*time.Second)
		if back := s.back(sold.ID); !back.Equal(cents(1700)) {
			t.Errorf("%s went back in all, want 17.00", back)
		}
		time.Sleep(time.Second)
		s.key("\r")
		s.key("/refund\r")
		s.WaitText(sold.ShortCode, time.Second)
		s.key("\r")
		s.WaitText("All of it was given back already", time.Second)
	})
}

// Within 24 hours all of it is voided; after that it is refunded.
func TestVoidByTheWindow(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		sold := s.sell(t)
		s.key("v")
		s.WaitText("Give back NZD 17.00?", time.Second)
		s.reads(t, "by a void")
		time.Sleep(time.Second)
		s.key("y")
		s.WaitText("VOIDED", 3*time.Second)
		if !s.back(sold.ID).Equal(cents(1700)) || len(s.service.Calls(postest.CallVoid)) != 1 || len(s.service.Calls(postest.CallRefund)) != 0 {
			t.Errorf("%s went back by %d voids", s.back(sold.ID), len(s.service.Calls(postest.CallVoid)))
		}
		s.reads(t, "NZD 17.00 has been given back")
	})
	openMoneyShop(t, func(s *shop) {
		s.sell(t)
		time.Sleep(25 * time.Hour)
		s.key("v")
		s.WaitText("Give back NZD 17.00?", time.Second)
		s.reads(t, "by a refund")
		time.Sleep(time.Second)
		s.key("n", escKey)
		if len(s.service.Calls(postest.CallVoid)) != 0 {
			t.Error("a void was sent after its time")
		}
	})
}

// The line drops while a refund is on its way: the till says so, and sends it once
// more by the same reference only. Whoever leaves finds it under Unfinished.
func TestARefundWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		sold := s.sell(t)
		s.service.Next(postest.CallRefund, postest.Fault{AnswerLost: true}, postest.Fault{AnswerLost: true})
		s.key("r")
		s.WaitText("Give back of", time.Second)
		s.key("3", ".", "0", "0", "\r")
		s.WaitText("Give back NZD 3.00?", time.Second)
		s.key("y")
		s.WaitText("Refund sent, waiting for the answer - it will not be sent twice", 2*time.Second)
		s.key("\r", "y", "\r", "y")
		s.WaitText("REFUNDED", 2*time.Minute)
		if back := s.back(sold.ID); !back.Equal(cents(300)) {
			t.Errorf("%s went back, want 3.00", back)
		}
	})
}

// Each refusal is told in plain words, with what to do.
func TestARefusedRefundIsTold(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.sell(t)
		s.service.Next(postest.CallRefund, postest.Refuse("REFUND_WINDOW_EXCEEDED"))
		s.key("r")
		s.WaitText("Give back of", time.Second)
		s.key("3", ".", "0", "0", "\r")
		s.WaitText("Give back NZD 3.00?", time.Second)
		s.key("y")
		s.WaitText("REFUSED", 3*time.Second)
		s.reads(t, "the payment is too old to be refunded through Centrapay", "Give the money back another way.", "REFUND_WINDOW_EXCEEDED", "No money moved")
	})
}

// Money that comes after the till has given up raises a card over any screen. Only
// letters answer it.
func TestALatePaymentIsToldOverAnyScreen(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		r, _ := s.service.Newest()
		s.key(escKey)
		s.WaitText("Stop this payment?", time.Second)
		s.key("y")
		s.WaitText("CANCELLED", 3*time.Second)
		time.Sleep(time.Second)
		if err := s.service.Land(r.ID); err != nil {
			t.Fatal(err)
		}
		s.key("\r", "/history\r")
		s.WaitText("CANCELLED", time.Second)
		s.WaitText("PAID after you gave up", time.Minute)
		s.reads(t, "PAID LATE 1", "Hand over the goods, or refund.", r.ShortCode)
		time.Sleep(time.Second)
		s.key("\r", "9421900000017\r", "1")
		s.reads(t, "PAID after you gave up")
		s.key(escKey)
		s.WaitGone("PAID after you gave up", time.Second)
		s.reads(t, "PAID LATE 1")
		s.key(escKey, escKey, "!")
		s.WaitText("L shows it", time.Second)
		s.key("l")
		s.WaitText("PAID after you gave up", time.Second)
		time.Sleep(time.Second)
		s.key("r")
		s.WaitText("Give back NZD 5.50?", 2*time.Second)
		time.Sleep(time.Second)
		s.key("y")
		s.WaitText("has been given back", 3*time.Second)
		s.WaitGone("PAID LATE", time.Second)
		if !s.back(r.ID).Equal(cents(550)) {
			t.Errorf("%s went back", s.back(r.ID))
		}
	})
}

// A fresh request takes the place of one that is known to be over, and of no other.
func TestRecreate(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		first, _ := s.service.Newest()
		s.key("/recreate\r")
		s.WaitGone(first.ShortCode, 3*time.Second)
		s.WaitText("Waiting for the customer", 3*time.Second)
		second, _ := s.service.Newest()
		if first.ID == second.ID || s.service.Payable(first.ID) || !s.service.Payable(second.ID) {
			t.Errorf("the first can be paid: %v, the second: %v", s.service.Payable(first.ID), s.service.Payable(second.ID))
		}
		if err := s.service.Cancel(second.ID); err != nil {
			t.Fatal(err)
		}
		s.WaitText("CANCELLED", 3*time.Second)
		time.Sleep(time.Second)
		s.key("a")
		s.WaitText("Waiting for the customer", 3*time.Second)
		third, _ := s.service.Newest()
		if third.ID == second.ID {
			t.Error("nothing was asked for anew")
		}
		if err := s.service.Pay(third.ID); err != nil {
			t.Fatal(err)
		}
		s.WaitText("✓ PAID   NZD 5.50", 3*time.Second)
	})
}

// The whole story of a payment: this till's record beside Centrapay's.
func TestTheStoryOfAPayment(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		sold := s.sell(t)
		s.key("\r", "\x1bOR")
		s.WaitText("History", time.Second)
		s.key("h")
		s.WaitText(sold.ShortCode, time.Second)
		s.key("nothing has this")
		s.WaitText("Nothing on record has that.", time.Second)
		s.key(escKey, sold.ShortCode)
		s.WaitText("PAID", time.Second)
		s.key("\r")
		s.WaitText("This till's record", time.Second)
		s.WaitText("Centrapay made the request", time.Second)
		s.reads(t, "Sale of NZD 17.00", "left to give back NZD 17.00", "Payment NZD 17.00")
		s.key(escKey)
		s.WaitText("Short code", time.Second)
		s.key(escKey, escKey, escKey)
		s.WaitText("GST incl.", time.Second)
	})
}

// A part goes through Centrapay and the rest is cash, rounded to the coin; the first
// request is over before the second is made.
func TestSplitWithCash(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.key("9421900000036\r", "3", ".", "2", "7", "\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		whole, _ := s.service.Newest()
		s.key("s", "9", "9", "\r")
		s.WaitText("is not a part of", time.Second)
		s.key("s", "5", "\r")
		s.WaitGone(whole.ShortCode, 3*time.Second)
		s.WaitText("NZD 5.00", time.Second)
		s.WaitText("Waiting for the customer", 3*time.Second)
		part, _ := s.service.Newest()
		if s.service.Payable(whole.ID) || !part.Value.Equal(cents(500)) {
			t.Errorf("the whole can be paid: %v; the part is %s", s.service.Payable(whole.ID), part.Value)
		}
		if err := s.service.Pay(part.ID); err != nil {
			t.Fatal(err)
		}
		s.WaitText("PART PAID   NZD 5.00", 3*time.Second)
		s.reads(t, "Still to pay", "NZD 3.77", "the goods yet.", "Take the rest")
		time.Sleep(time.Second)
		s.key("\r")
		s.WaitText("LEFT TO PAY", time.Second)
		s.reads(t, "NZD 3.77", "in cash", "NZD 3.80", "Paid: Centrapay NZD")
		s.key("1", "0", "c")
		s.WaitText("Cash taken?", time.Second)
		s.reads(t, "Given NZD 10.00", "Change NZD 6.20")
		s.key("\r", "1")
		s.reads(t, "Cash taken?")
		s.key("y")
		s.WaitText("CHANGE   NZD 6.20", time.Second)
		s.key("\r")
		s.WaitText("Scan something", time.Second)
	})
}

// A part is taken in cash first and given back again; a card elsewhere pays the rest.
func TestPartsAreGivenBack(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.key("2*9421900000036\r", "9421900000017\r", "\x1b[24~")
		s.WaitText("LEFT TO PAY", time.Second)
		s.key("5", "c", "y")
		s.WaitText("Paid: cash", time.Second)
		s.reads(t, "NZD 12.00")
		s.key("g")
		s.WaitText("Handed back?", time.Second)
		s.key("y")
		s.WaitText("NZD 17.00", time.Second)
		s.key("6", "p")
		s.WaitText("Waiting for the customer", time.Second)
		part, _ := s.service.Newest()
		if err := s.service.Pay(part.ID); err != nil {
			t.Fatal(err)
		}
		s.WaitText("PART PAID   NZD 6.00", 3*time.Second)
		time.Sleep(time.Second)
		s.key("\r")
		s.WaitText("NZD 11.00", time.Second)
		s.key("g")
		s.WaitText("Give back NZD 6.00?", 2*time.Second)
		time.Sleep(time.Second)
		s.key("y")
		s.WaitText("VOIDED", 3*time.Second)
		time.Sleep(time.Second)
		s.key("\r", "\x1b[24~")
		s.WaitText("LEFT TO PAY", time.Second)
		s.reads(t, "NZD 17.00")
		s.key("k")
		s.WaitText("Card taken on the other terminal?", time.Second)
		s.key("y")
		s.WaitText("NOTHING LEFT TO PAY", time.Second)
		s.key("\r")
		s.WaitText("Scan something", time.Second)
	})
}

// Scanning the customer's code while the other code is shown takes its place: the
// first request is over before the second is made, and a scan answers no question.
func TestTheCustomersCodeTakesThePlaceOfTheOther(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		first, _ := s.service.Newest()
		s.key(escKey, "1219210961929460\r")
		s.reads(t, "Stop this payment?")
		s.key("n", "1219210961929460\r")
		s.WaitGone(first.ShortCode, 3*time.Second)
		s.WaitText("The customer's app shows", 3*time.Second)
		second, _ := s.service.Newest()
		if second.ID == first.ID || s.service.Payable(first.ID) {
			t.Errorf("the first request can still be paid: %v", s.service.Payable(first.ID))
		}
		calls := s.ledger.Summaries()
		if n := len(calls); n != 2 {
			t.Errorf("%d sales were begun, want 2", n)
		}
		if err := s.service.Pay(second.ID); err != nil {
			t.Fatal(err)
		}
		s.WaitText("✓ PAID   NZD 5.50", 3*time.Second)
	})
}

// A payment that came in while it was being replaced is given back by the void, and
// staff are told before the customer pays again.
func TestWhatWasPaidWhileItWasReplacedIsTold(t *testing.T) {
	t.Parallel()
	openMoneyShop(t, func(s *shop) {
		s.key("9421900000036\r", f9Key)
		s.WaitText("Waiting for the customer", time.Second)
		first, _ := s.service.Newest()
		if err := s.service.Pay(first.ID); err != nil {
			t.Fatal(err)
		}
		s.key("/recreate\r")
		s.WaitText("NZD 5.50 has been", 5*time.Second)
		s.WaitText("Waiting for the customer", time.Second)
		second, _ := s.service.Newest()
		if !s.back(first.ID).Equal(cents(550)) || !s.service.Payable(second.ID) || second.ID == first.ID {
			t.Errorf("%s went back; the second can be paid: %v", s.back(first.ID), s.service.Payable(second.ID))
		}
		s.reads(t, "had just paid")
	})
}
