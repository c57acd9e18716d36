package ledger_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// service is who the operations of these tests are with.
const service = "https://service.example.test"

func nzd(t testing.TB, text string) pos.Money {
	t.Helper()
	currency, err := pos.CurrencyOf("NZD")
	if err != nil {
		t.Fatal(err)
	}
	amount, err := pos.ParseAmount(text, currency)
	if err != nil {
		t.Fatal(err)
	}
	return amount
}

func open(t testing.TB, dir string, opts ...ledger.Option) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// script is what one operation writes, grouped as the runner groups it: the facts
// between two calls to the service are one append.
type script struct {
	op     pos.OpID
	at     time.Time
	groups [][]pos.Entry
}

func newScript(op pos.OpID) *script {
	return &script{op: op, at: time.Date(2026, 11, 20, 14, 2, 3, 250_000_000, time.UTC)}
}

// add makes facts one more group, a second after the last.
func (s *script) add(facts ...pos.Fact) *script {
	s.at = s.at.Add(time.Second)
	var group []pos.Entry
	for _, fact := range facts {
		group = append(group, pos.Entry{At: s.at, Fact: fact})
	}
	s.groups = append(s.groups, group)
	return s
}

func (s *script) entries() []pos.Entry { return slices.Concat(s.groups...) }

// summary is what the whole script leads to.
func (s *script) summary() pos.Summary { return pos.Replay(s.entries()).Summary(s.op) }

// append writes the script's groups from one on.
func (s *script) append(t testing.TB, l *ledger.Ledger, from int) {
	t.Helper()
	for _, group := range s.groups[from:] {
		if err := l.Append(t.Context(), s.op, group, s.summary()); err != nil {
			t.Fatal(err)
		}
	}
}

// saleOf is the intent of a sale of three lines.
func saleOf(t testing.TB, op pos.OpID) pos.Opened {
	t.Helper()
	qty, tax := decimal.NewFromInt(1), decimal.NewFromInt(15)
	line := func(name string, price int64) pos.LineItem {
		return pos.LineItem{Name: name, Qty: qty, Price: decimal.NewFromInt(price), SKU: "SKU-" + name, Tax: &tax}
	}
	return pos.Opened{Kind: pos.KindSale, Service: service, Sale: &pos.Sale{
		Amount: nzd(t, "34.40"), ExternalRef: "TILL1-" + strings.ToUpper(string(op)), Expiry: 120 * time.Second,
		Lines:  []pos.LineItem{line("flat white", 550), line("eggs benedict", 2290), line("muffin", 600)},
		Origin: pos.Origin{ConfigID: "5efbe2fb96c08357bb2b9242", MerchantAccountID: "C4QnjXvj8At6SMsEN4LRi9", TerminalID: "till-1"},
	}}
}

// requestOf is the payment request of a sale, with a document of the size the service sends.
func requestOf(t testing.TB, op pos.OpID, status pos.Status) pos.Request {
	t.Helper()
	created := time.Date(2026, 11, 20, 14, 2, 4, 0, time.UTC)
	document, err := json.Marshal(map[string]any{
		"id": "req-" + op, "status": status, "paymentOptions": strings.Repeat("asset type and amount; ", 60),
	})
	if err != nil {
		t.Fatal(err)
	}
	req := pos.Request{
		ID: "req-" + string(op), ShortCode: "SC" + strings.ToUpper(string(op)), URL: "https://app.example.test/pay/" + string(op),
		Value: nzd(t, "34.40"), Status: status, ExternalRef: "TILL1-" + strings.ToUpper(string(op)),
		CreatedAt: created, ExpiresAt: created.Add(120 * time.Second), Liveness: "test", Document: document,
	}
	if status == pos.StatusPaid {
		req.PaidBy = []pos.Tender{{AssetType: "centrapay.nzd.test", Description: "Centrapay NZD", Total: nzd(t, "34.40")}}
	}
	return req
}

// paidSale is a sale paid by a customer who scans the code: three appends.
func paidSale(t testing.TB, op pos.OpID) *script {
	t.Helper()
	return openSale(t, op).add(pos.Noted{Request: requestOf(t, op, pos.StatusPaid)}, pos.Ended{Outcome: pos.OutcomePaid})
}

// paidAfterCondition is a sale with an ID check on the way: six appends.
func paidAfterCondition(t testing.TB, op pos.OpID) *script {
	t.Helper()
	asked, accepted, paid := requestOf(t, op, pos.StatusNew), requestOf(t, op, pos.StatusNew), requestOf(t, op, pos.StatusPaid)
	asked.Conditions = []pos.Condition{{ID: "1", Name: "check-id", Message: "Check ID", Status: pos.ConditionAwaitingMerchant}}
	accepted.Conditions = []pos.Condition{{ID: "1", Name: "check-id", Message: "Check ID", Status: pos.ConditionAccepted}}
	paid.Conditions = accepted.Conditions
	return openSale(t, op).
		add(pos.Noted{Request: asked}).
		add(pos.Decided{ConditionID: "1", Accept: true}).
		add(pos.Noted{Request: accepted}).
		add(pos.Noted{Request: paid}, pos.Ended{Outcome: pos.OutcomePaid})
}

// openSale is a sale whose request waits for the customer: two appends.
func openSale(t testing.TB, op pos.OpID) *script {
	t.Helper()
	return newScript(op).add(saleOf(t, op)).add(pos.Adopted{Request: requestOf(t, op, pos.StatusNew)})
}

func opNamed(kind string, n int) pos.OpID { return pos.OpID(fmt.Sprintf("%s%08d", kind, n)) }
