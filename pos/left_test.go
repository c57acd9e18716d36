package pos_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"centrapos/pos"
)

func entry(kind pos.ActivityType, minor int64) pos.Activity {
	return pos.Activity{Type: kind, Value: cents(minor)}
}

func paidBy(minor int64) pos.Request {
	return pos.Request{ID: "pr1", Status: pos.StatusPaid, Value: cents(6190), PaidBy: []pos.Tender{{AssetType: "centrapay.nzd.main", Total: cents(minor)}}}
}

func held(status string) pos.Request {
	return pos.Request{ID: "pr1", Status: pos.StatusPaid, Value: cents(10000), PreAuthStatus: status}
}

func confirmation(key string, minor int64) pos.Activity {
	a := entry(pos.ActivityConfirmation, minor)
	a.Key = key
	return a
}

func refundFrom(key string, minor int64) pos.Activity {
	a := entry(pos.ActivityRefund, minor)
	a.ConfirmationKey = key
	return a
}

// unknownAmount stands for "cannot be told" in these tables.
const unknownAmount = -1

func checkLeft(t *testing.T, name string, left pos.Money, known bool, want int64) {
	t.Helper()
	if known != (want >= 0) || known && !left.Equal(cents(want)) || !known && left.IsKnown() {
		t.Errorf("%s: %s, known %v; want %d", name, left, known, want)
	}
}

// TestLeftToRefundOfAPayment goes through what requests that are no pre-auths show.
func TestLeftToRefundOfAPayment(t *testing.T) {
	t.Parallel()
	payment, paidNote, request := entry(pos.ActivityPayment, 6190), entry(pos.ActivityPaid, 6190), entry(pos.ActivityRequest, 6190)
	outside := payment
	outside.External = true
	twice := entry(pos.ActivityRefund, 600)
	twice.ID = "a1"
	nothing := entry(pos.ActivityRefund, 0)
	noMoney := pos.Activity{Type: pos.ActivityRefund}
	dollars := pos.Activity{Type: pos.ActivityRefund, Value: pos.NewMoney(dec("600"), pos.Currency{Code: "AUD", Decimals: 2})}
	status := func(s pos.Status, paid int64) pos.Request {
		r := paidBy(paid)
		r.Status = s
		if paid == 0 {
			r.PaidBy = nil
		}
		return r
	}
	shouting := pos.Activity{Type: "Refund", Value: cents(600)}
	for name, tt := range map[string]struct {
		req     pos.Request
		history []pos.Activity
		key     string
		want    int64
	}{
		"the published example":              {paidBy(6190), []pos.Activity{entry(pos.ActivityRefund, 600), payment, request}, "", 5590},
		"nothing refunded":                   {paidBy(6190), []pos.Activity{payment, paidNote, request}, "", 6190},
		"all refunded":                       {paidBy(6190), []pos.Activity{entry(pos.ActivityRefund, 6190), payment}, "", 0},
		"several refunds":                    {paidBy(6190), []pos.Activity{entry(pos.ActivityRefund, 600), entry(pos.ActivityRefund, 90), payment}, "", 5500},
		"another case":                       {paidBy(6190), []pos.Activity{shouting, payment}, "", 5590},
		"paid in two parts":                  {paidBy(6190), []pos.Activity{entry(pos.ActivityPayment, 190), entry(pos.ActivityPayment, 6000)}, "", 6190},
		"paid in part":                       {paidBy(500), []pos.Activity{entry(pos.ActivityPayment, 500)}, "", 500},
		"no totals by asset":                 {status(pos.StatusPaid, 0), []pos.Activity{payment}, "", 6190},
		"voided":                             {status(pos.StatusCancelled, 6190), []pos.Activity{entry(pos.ActivityCancellation, 6190), entry(pos.ActivityRefund, 6190), payment}, "", 0},
		"voided and still paid":              {paidBy(6190), []pos.Activity{entry(pos.ActivityRefund, 6190), payment}, "", 0},
		"listed twice":                       {paidBy(6190), []pos.Activity{twice, twice, payment}, "", 5590},
		"never paid":                         {status(pos.StatusNew, 0), []pos.Activity{request}, "", 0},
		"expired":                            {status(pos.StatusExpired, 0), []pos.Activity{entry(pos.ActivityExpiry, 6190), request}, "", 0},
		"cancelled, no refund listed":        {status(pos.StatusCancelled, 6190), []pos.Activity{payment}, "", unknownAmount},
		"new, and paid by something (B7)":    {status(pos.StatusNew, 1000), []pos.Activity{request}, "", unknownAmount},
		"the totals disagree (B1)":           {paidBy(200), []pos.Activity{entry(pos.ActivityPayment, 1000)}, "", unknownAmount},
		"a history without payments":         {paidBy(6190), []pos.Activity{request}, "", unknownAmount},
		"an empty history":                   {paidBy(6190), nil, "", unknownAmount},
		"more refunded than paid":            {paidBy(6190), []pos.Activity{entry(pos.ActivityRefund, 7000), payment}, "", unknownAmount},
		"a refund of nothing":                {paidBy(6190), []pos.Activity{nothing, payment}, "", unknownAmount},
		"a refund of an unknown amount":      {paidBy(6190), []pos.Activity{noMoney, payment}, "", unknownAmount},
		"a refund in another currency":       {paidBy(6190), []pos.Activity{dollars, payment}, "", unknownAmount},
		"paid outside Centrapay":             {paidBy(6190), []pos.Activity{outside}, "", unknownAmount},
		"a type nobody knows":                {paidBy(6190), []pos.Activity{entry("chargeback", 600), payment}, "", unknownAmount},
		"a key for what was never confirmed": {paidBy(6190), []pos.Activity{payment}, "K1", unknownAmount},
		"a refund that names a confirmation": {paidBy(6190), []pos.Activity{refundFrom("K1", 600), payment}, "", unknownAmount},
		"no amount at all":                   {pos.Request{Status: pos.StatusPaid}, []pos.Activity{payment}, "", unknownAmount},
	} {
		left, known := pos.LeftToRefund(tt.req, tt.history, tt.key)
		checkLeft(t, name, left, known, tt.want)
	}
}

// TestLeftOfAPreAuth goes through the phases of a pre-auth.
func TestLeftOfAPreAuth(t *testing.T) {
	t.Parallel()
	asked, approved, released := entry(pos.ActivityPreAuthRequest, 10000), entry("Authorization", 10000), entry(pos.ActivityRelease, 4000)
	requested := held("")
	requested.Status = pos.StatusNew
	gone := held("")
	gone.Status = pos.StatusCancelled
	printedNew := held("authorized") // F4
	printedNew.Status = pos.StatusNew
	for name, tt := range map[string]struct {
		req             pos.Request
		history         []pos.Activity
		confirm, refund int64
		refundOfK1      int64
	}{
		"requested":              {requested, []pos.Activity{asked}, 0, 0, unknownAmount},
		"authorized":             {held("authorized"), []pos.Activity{approved, asked}, 10000, 10000, unknownAmount},
		"authorized, but new":    {printedNew, []pos.Activity{approved, asked}, 10000, 10000, unknownAmount},
		"confirmed":              {held("authorized"), []pos.Activity{confirmation("K1", 6000), approved}, 4000, unknownAmount, 6000},
		"confirmed twice":        {held("authorized"), []pos.Activity{confirmation("K2", 1000), confirmation("K1", 6000), approved}, 3000, unknownAmount, 6000},
		"confirmed and refunded": {held("authorized"), []pos.Activity{refundFrom("K1", 500), confirmation("K2", 1000), confirmation("K1", 6000), approved}, 3000, unknownAmount, 5500},
		"released":               {held("released"), []pos.Activity{released, confirmation("K1", 6000), approved}, 0, unknownAmount, 6000},
		"released, not read so":  {held("authorized"), []pos.Activity{released, confirmation("K1", 6000), approved}, 0, unknownAmount, 6000},
		"released, not drawn on": {held("released"), []pos.Activity{entry(pos.ActivityRelease, 10000), approved}, 0, unknownAmount, unknownAmount},
		"voided":                 {gone, []pos.Activity{entry(pos.ActivityRefund, 10000), approved}, 0, 0, unknownAmount},
		"cancelled unauthorized": {gone, []pos.Activity{entry(pos.ActivityCancellation, 10000), asked}, 0, 0, unknownAmount},
		"voided without refund":  {gone, []pos.Activity{entry(pos.ActivityCancellation, 10000), approved}, 0, unknownAmount, unknownAmount},
		"held part given back":   {held("authorized"), []pos.Activity{entry(pos.ActivityRefund, 1000), approved}, 9000, 9000, unknownAmount},
		"a refund that may be of K1": {held("authorized"), []pos.Activity{entry(pos.ActivityRefund, 1000), confirmation("K1", 6000), approved},
			3000, unknownAmount, unknownAmount},
		"two confirmations of one key": {held("authorized"), []pos.Activity{confirmation("K1", 6000), confirmation("K1", 100), approved}, 3900, unknownAmount, unknownAmount},
		"more drawn than held":         {held("authorized"), []pos.Activity{confirmation("K1", 12000), approved}, unknownAmount, unknownAmount, 12000},
		"more refunded than drawn":     {held("authorized"), []pos.Activity{refundFrom("K1", 6001), confirmation("K1", 6000), approved}, 4000, unknownAmount, unknownAmount},
		"authorized twice":             {held("authorized"), []pos.Activity{approved, approved}, unknownAmount, unknownAmount, unknownAmount},
		"no authorization listed":      {held("authorized"), []pos.Activity{asked}, unknownAmount, unknownAmount, unknownAmount},
		"an amount is missing":         {held("authorized"), []pos.Activity{{Type: pos.ActivityConfirmation, Key: "K1"}, approved}, unknownAmount, unknownAmount, unknownAmount},
		"a payment among them":         {held("authorized"), []pos.Activity{entry(pos.ActivityPayment, 6000), approved}, unknownAmount, unknownAmount, unknownAmount},
	} {
		left, known := pos.LeftToConfirm(tt.req, tt.history)
		checkLeft(t, name+": to confirm", left, known, tt.confirm)
		left, known = pos.LeftToRefund(tt.req, tt.history, "")
		checkLeft(t, name+": to refund", left, known, tt.refund)
		left, known = pos.LeftToRefund(tt.req, tt.history, "K1")
		checkLeft(t, name+": to refund of K1", left, known, tt.refundOfK1)
	}
	left, known := pos.LeftToConfirm(paidBy(6190), []pos.Activity{entry(pos.ActivityPayment, 6190)})
	checkLeft(t, "no pre-auth", left, known, 0)
}

func TestConfirmationsAreListedOldestFirst(t *testing.T) {
	t.Parallel()
	history := []pos.Activity{refundFrom("K1", 500), refundFrom("K9", 1), confirmation("", 10), confirmation("K2", 1000), refundFrom("K1", 200), confirmation("K1", 6000),
		entry(pos.ActivityAuthorization, 10000)}
	list := pos.Confirmations(history)
	var keys []string
	for _, c := range list {
		keys = append(keys, c.Key)
	}
	if !slices.Equal(keys, []string{"K1", "K2", ""}) {
		t.Fatalf("%v", keys)
	}
	if !list[0].Value.Equal(cents(6000)) || !list[0].Refunded.Equal(cents(700)) || list[1].Refunded.IsKnown() {
		t.Errorf("%+v", list)
	}
}

// Whatever a history says, what is left is never negative nor more than was paid,
// and more refunds never leave more.
func TestLeftIsNeverTooMuch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		types := []pos.ActivityType{pos.ActivityPayment, pos.ActivityRefund, pos.ActivityPaid, pos.ActivityAuthorization, pos.ActivityConfirmation, pos.ActivityRelease}
		history := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pos.Activity {
			a := entry(rapid.SampledFrom(types).Draw(t, "type"), rapid.Int64Range(-10, 1000).Draw(t, "minor"))
			a.Key = rapid.SampledFrom([]string{"", "K1", "K2"}).Draw(t, "key")
			if a.Is(pos.ActivityRefund) {
				a.ConfirmationKey = a.Key
			}
			return a
		}), 0, 6).Draw(t, "history")
		req := pos.Request{Value: cents(1000), Status: rapid.SampledFrom([]pos.Status{"paid", "new", "cancelled", "x"}).Draw(t, "status"),
			PreAuthStatus: rapid.SampledFrom([]string{"", "authorized", "released"}).Draw(t, "preAuth")}
		in := cents(0)
		for _, a := range history {
			if !a.Is(pos.ActivityRefund) && a.Value.Sign() > 0 {
				in = in.Add(a.Value)
			}
		}
		key := rapid.SampledFrom([]string{"", "K1"}).Draw(t, "of")
		left, known := pos.LeftToRefund(req, history, key)
		if known && (left.Sign() < 0 || left.Cmp(in) > 0) {
			t.Fatalf("%s is left to refund of %s", left, in)
		}
		more, stillKnown := pos.LeftToRefund(req, append(slices.Clone(history), refundFrom(key, 5)), key)
		if known && stillKnown && more.Cmp(left) > 0 {
			t.Fatalf("%s is left, and %s after another refund", left, more)
		}
		if left, known := pos.LeftToConfirm(req, history); known && (left.Sign() < 0 || left.Cmp(in) > 0) {
			t.Fatalf("%s is left to confirm of %s", left, in)
		}
	})
}
