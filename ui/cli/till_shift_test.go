package cli

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/screentest"
)

var (
	shiftFull     = flag.Bool("shift.full", false, "work the whole scripted shift: all kinds of sales, refunds, a void, a cut and a power failure")
	shiftCaptures = flag.String("shift.captures", "", "existing folder for the screens of the scripted shift, and its table")
)

// shift is a working day at one till, in a real terminal, with the sandbox's customers.
type shift struct {
	hands
	counter counter
	server  *sandbox.Server
	done    []dealt
}

// deal is one piece of the day's work; what it does ends on an empty sale screen,
// and is told in a few words.
type deal struct {
	name  string
	brief bool // also in the short shift
	work  func(*shift) string
}

// dealt is how a deal went.
type dealt struct {
	name, outcome string
	keys, scans   int
	took          time.Duration
}

// TestScriptedShift works a shift as an assistant does, counts keys and seconds, and
// holds what the till has on record against what the service has, to the cent.
func TestScriptedShift(t *testing.T) {
	t.Parallel()
	s := openShift(t)
	for _, each := range deals() {
		if each.brief || *shiftFull {
			s.deal(each)
		}
	}
	s.looksBack()
	s.press(keyCtrlC)
	if code := s.WaitExit(soon); code != 0 {
		t.Errorf("the till ended with %d", code)
	}
	s.tell()
	s.agrees()
}

// openShift opens a till that sells the shop's own products, for Centrapay money and
// tokens.
func openShift(t *testing.T) *shift {
	t.Helper()
	server := startSandbox(t)
	c := newCounter(t, append(with(server), "CENTRAPOS_CONFIG_ID="+sandbox.DemoTokenConfigID)...)
	stock := filepath.Join(t.TempDir(), "stock.csv")
	if err := os.WriteFile(stock, []byte(shiftStock), 0o600); err != nil {
		t.Fatal(err)
	}
	if doc := c.json("catalog", "import", stock); doc["error"] != nil {
		t.Fatalf("the products: %v", doc)
	}
	s := &shift{counter: c, server: server}
	s.hands = hands{PTY: c.open(screentest.PTYOptions{}), t: t}
	s.see("Scan something")
	return s
}

const shiftStock = `sku,gtin,name,price,tax,unit,restricted,department
FLATWHITE,9421900000036,Flat white,5.50,15,each,false,Coffee
COFFEE,9421900000043,Long black,5.00,15,each,false,Coffee
CHEESESCONE,9421900000017,Cheese scone,6.00,15,each,false,Cabinet
DATESCONE,9421900000024,Date scone,5.50,15,each,false,Cabinet
MINCEPIE,9421900000340,Mince & cheese pie,7.50,15,each,false,Pies
MANUKA500,9421900000494,Mānuka honey 500 g,38.50,15,each,false,Shelf
PINOT150,9421900000548,"Pinot noir, glass",13.50,15,each,true,Licensed
GIFTCARD25,9421900000579,Gift card 25,25.00,0,each,true,Shelf
LAMBLEG,2100001000004,Lamb leg,24.90,15,kg,false,By weight
`

// Codes on the shelves.
const (
	flatWhite   = "9421900000036"
	longBlack   = "9421900000043" // tokens buy it
	cheeseScone = "9421900000017"
	mincePie    = "9421900000340"
	honey       = "9421900000494"
	pinot       = "9421900000548"
)

// deal does one piece of work and takes its measure.
func (s *shift) deal(d deal) {
	s.t.Helper()
	s.keys, s.scans = 0, 0
	began := time.Now()
	outcome := d.work(s)
	s.see("Scan something")
	s.done = append(s.done, dealt{name: d.name, outcome: outcome, keys: s.keys, scans: s.scans, took: time.Since(began)})
}

// shoot captures the screen under the number of the deal.
func (s *shift) shoot(what string) {
	s.capture(*shiftCaptures, fmt.Sprintf("%02d-%s", len(s.done)+1, what))
}

// looksBack finds the sale in the history of which a line was given back, and reads its
// story: what the till has of it, and Centrapay.
func (s *shift) looksBack() {
	s.t.Helper()
	s.does(keyF3, "earlier payments")
	s.does("h", "payments, refunds and voids")
	s.shoot("history")
	s.write("sale 25.00")
	s.see("1 payment, refund or void")
	s.does(keyEnter, "left to give back")
	s.shoot("story")
	if s.row("6.00") == "" {
		s.t.Errorf("the story of the sale does not tell of the 6.00 that were given back:\n%s", s.Screen)
	}
	s.does(keyEsc, "1 payment, refund or void")
	s.does(keyEsc, "payments, refunds and voids")
	s.does(keyEsc, "earlier payments")
	s.does(keyEsc, "Scan something")
}

// newestIs waits for the latest payment request to be in a state.
func (s *shift) newestIs(status api.Status) sandbox.Snapshot {
	s.t.Helper()
	return newest(s.t, s.server, string(status), hasStatus(status))
}

// asked is F9, and the request that comes of it.
func (s *shift) asked() sandbox.Snapshot {
	s.t.Helper()
	s.press(keyF9)
	s.see("Waiting for the customer")
	return s.newestIs(api.StatusNew)
}

func (s *shift) customerPays(r sandbox.Snapshot, o sandbox.PayOptions) {
	s.t.Helper()
	s.must(s.server.Service().Pay(r.ID, o))
}

func (s *shift) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("the customer could not: %v; the screen shows:\n%s", err, s.Screen)
	}
}

// paid sees what is in the basket through to its payment, and on to the next sale.
func (s *shift) paid() string {
	s.t.Helper()
	r := s.asked()
	s.shoot("pay")
	s.customerPays(r, sandbox.PayOptions{})
	return s.seenPaid()
}

// seenPaid sees that a payment has arrived, and goes on.
func (s *shift) seenPaid() string {
	s.t.Helper()
	s.after("✓ PAID")
	s.shoot("paid")
	outcome := strings.TrimSpace(strings.Trim(s.row("✓ PAID"), "│ "))
	s.does(keyEnter, "Scan something")
	return strings.Join(strings.Fields(strings.TrimPrefix(outcome, "✓ ")), " ")
}

// tell gives the table of the day.
func (s *shift) tell() {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "#\twhat\tkeys\tscans\tseconds\toutcome")
	keys, scans, took := 0, 0, time.Duration(0)
	for i, each := range s.done {
		fmt.Fprintf(w, "%d\t%s\t%d\t%d\t%.1f\t%s\n", i+1, each.name, each.keys, each.scans, each.took.Seconds(), each.outcome)
		keys, scans, took = keys+each.keys, scans+each.scans, took+each.took
	}
	fmt.Fprintf(w, "\tin all\t%d\t%d\t%.1f\t\n", keys, scans, took.Seconds())
	_ = w.Flush()
	s.t.Log("\n" + b.String())
	if *shiftCaptures != "" {
		if err := os.WriteFile(filepath.Join(*shiftCaptures, "shift.txt"), []byte(b.String()), 0o600); err != nil {
			s.t.Error(err)
		}
	}
}

// agrees holds the till's record and its baskets against the service: each knows the same
// payments, at the same end, for the same money, and nothing is unknown, open or paid
// twice.
func (s *shift) agrees() {
	s.t.Helper()
	if report := s.counter.json("ledger", "verify"); report["outcome"] != "sound" {
		s.t.Errorf("the record: %v", report)
	}
	book, err := ledger.OpenReadOnly(s.t.Context(), filepath.Join(s.counter.home, "centrapos", "@"+fileName(s.server.URL())))
	if err != nil {
		s.t.Fatal(err)
	}
	defer book.Close() //nolint:errcheck // it was only read
	sales, back := s.recorded(book)
	baskets := s.sold(book)
	all, err := s.server.Service().Requests()
	if err != nil {
		s.t.Fatal(err)
	}
	kept, paidFor := int64(0), map[string]int{}
	for _, r := range all {
		took, gave := moved(r)
		kept += took - gave
		if took > 0 {
			paidFor[r.ExternalRef]++
		}
		switch line, known := sales[r.ID]; {
		case r.Status == api.StatusNew:
			s.t.Errorf("request %s can still be paid", r.ShortCode)
		case !known:
			s.t.Errorf("the till has no record of request %s (%s)", r.ShortCode, r.Status)
		case line != took || back[r.ID] != gave:
			s.t.Errorf("%s: the till says %d cents taken and %d given back, the service %d and %d", r.ShortCode, line, back[r.ID], took, gave)
		case baskets[r.ExternalRef] != took:
			s.t.Errorf("%s: its basket says %d cents paid, the service %d", r.ShortCode, baskets[r.ExternalRef], took)
		case paidFor[r.ExternalRef] > 1:
			s.t.Errorf("sale %s was paid %d times", r.ExternalRef, paidFor[r.ExternalRef])
		}
	}
	if len(sales) != len(all) {
		s.t.Errorf("the till has a record of %d requests, the service has %d", len(sales), len(all))
	}
	s.t.Logf("%d requests, %d cents kept: the till, its baskets and the service were compared", len(all), kept)
}

// moved is what a request took from customers and gave back, in cents, by what the
// service lists.
func moved(r sandbox.Snapshot) (took, gave int64) {
	for _, a := range r.Activities {
		switch a.Type {
		case api.ActivityPayment:
			took += a.Value.Amount.Decimal().IntPart()
		case api.ActivityRefund:
			gave += a.Value.Amount.Decimal().IntPart()
		default:
		}
	}
	return took, gave
}

// recorded is what the till has on record: for each payment request what was taken, and
// what was given back, in cents.
func (s *shift) recorded(book *ledger.Reader) (taken, back map[string]int64) {
	s.t.Helper()
	taken, back = map[string]int64{}, map[string]int64{}
	rows, err := book.List(s.t.Context(), ledger.Filter{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, row := range rows {
		entries, err := book.Entries(s.t.Context(), row.Op)
		if err != nil {
			s.t.Fatal(err)
		}
		rec := pos.Replay(entries)
		if !row.Closed || rec.Outcome == pos.OutcomeOpen {
			s.t.Errorf("not closed: %s %s of %s, %s", rec.Kind, row.ShortCode, row.Amount, rec.Outcome)
		}
		if rec.Kind != pos.KindSale {
			back[rec.Target.RequestID] += rec.Returned.Minor().IntPart()
			continue
		}
		taken[rec.Request.ID] += 0
		if rec.Outcome.Successful() {
			taken[rec.Request.ID] += rec.Request.PaidTotal().Minor().IntPart()
		}
	}
	return taken, back
}

// sold is what the baskets of the day say that Centrapay paid, by the references of
// their payments, in cents. Each that was sold must be paid to the cent.
func (s *shift) sold(book *ledger.Reader) map[string]int64 {
	s.t.Helper()
	paid := map[string]int64{}
	baskets, err := book.EndedBaskets(s.t.Context(), time.Time{}, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, each := range baskets {
		entries, err := book.BasketEntries(s.t.Context(), each.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		basket, err := pos.ReplayBasket(entries)
		if err != nil {
			s.t.Fatal(err)
		}
		t := basket.Tendering(pos.CashRounding{})
		if basket.Stage() == pos.StageSold && (!t.Done() || !t.Paid.Equal(t.Total)) {
			s.t.Errorf("a basket of %s was sold for %s", t.Total, t.Paid)
		}
		for _, part := range t.Parts {
			if part.Method == pos.MethodCentrapay {
				paid[part.Ref] += part.Amount.Minor().IntPart()
			}
		}
	}
	return paid
}
