package sandbox_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// movement is a call that moved money, with its answer.
type movement struct {
	body   m
	answer string
}

// move makes a call that moves money under a key. Made again with the same body it
// must be answered as the first time and change nothing, whatever happened since;
// refused, it must change nothing either.
func (h *history) move(id, path, key string, body m) {
	before := h.look(id)
	w := h.rig.call(post, at(id, path), body)
	after := h.look(id)
	first, made := h.moved[id+" "+path+" "+key]
	repeat := made && reflect.DeepEqual(first.body, body)
	switch {
	case repeat && (w.Code != 200 || w.Body.String() != first.answer):
		h.Fatalf("%s %v was answered %s, and again %d %s", path, body, first.answer, w.Code, w.Body)
	case (made || w.Code != 200) && !reflect.DeepEqual(before, after):
		h.Fatalf("%s %v, answered %d, changed %+v to %+v", path, body, w.Code, before, after)
	case made && !repeat && w.Code == 200 && path == "confirm":
		h.Fatalf("the key of %v did for %v: %s", first.body, body, w.Body)
	case w.Code == 200 && !made:
		h.moved[id+" "+path+" "+key] = movement{body, w.Body.String()}
		if len(after.Activities) != len(before.Activities)+1 {
			h.Fatalf("%s %v changed %+v to %+v", path, body, before, after)
		}
	case w.Code != 200:
		h.refusedByCode(w.Code, w.Body.Bytes())
	}
}

func (h *history) refund(t *rapid.T) {
	ref := rapid.SampledFrom([]string{"R-1", "R-2", "R-3"}).Draw(t, "ref")
	id := h.pickWhere(isPaid)
	s := h.seen[id]
	amounts := []string{"1", "100", s.Value.Amount.String()}
	keys := []string{"", "", "c1"}
	for _, a := range s.Activities {
		amounts = append(amounts, a.Value.Amount.String())
		if a.Type == api.ActivityConfirmation {
			keys = append(keys, a.IdempotencyKey, a.IdempotencyKey, a.IdempotencyKey)
		}
	}
	body := back(rapid.SampledFrom(amounts).Draw(t, "amount"), ref)
	if key := rapid.SampledFrom(keys).Draw(t, "confirmation"); key != "" {
		body["confirmationIdempotencyKey"] = key
	}
	h.move(id, "refund", ref+fmt.Sprint(body["value"]), body)
}

func (h *history) confirm(t *rapid.T) {
	key := rapid.SampledFrom([]string{"c1", "c2", "c3"}).Draw(t, "key")
	body := draw(fmt.Sprint(rapid.SampledFrom([]int{1, 2, 100, 1250}).Draw(t, "amount")), key)
	if rapid.Bool().Draw(t, "without value") {
		delete(body, "value")
	}
	h.move(h.pickWhere(func(s sandbox.Snapshot) bool { return bool(s.PreAuth) && isPaid(s) }), "confirm", key, body)
}

// repeatMove makes a call again that was made before.
func (h *history) repeatMove(t *rapid.T) {
	var made []string
	for _, name := range slices.Sorted(maps.Keys(h.moved)) {
		if id, _, _ := strings.Cut(name, " "); slices.Contains(h.ids, id) {
			made = append(made, name)
		}
	}
	if len(made) == 0 {
		t.Skip("no money was moved yet")
	}
	name := rapid.SampledFrom(made).Draw(t, "call")
	parts := strings.SplitN(name, " ", 3)
	h.move(parts[0], parts[1], parts[2], h.moved[name].body)
}

func (h *history) release(*rapid.T) {
	id := h.pickWhere(func(s sandbox.Snapshot) bool { return bool(s.PreAuth) })
	before := h.look(id)
	w := h.rig.call(post, at(id, "release"), nil)
	after := h.look(id)
	switch {
	case w.Code != 200 && !reflect.DeepEqual(before, after):
		h.Fatalf("a refused release changed %+v to %+v", before, after)
	case w.Code == 200 && after.PreAuthStatus != api.PreAuthReleased && after.Status != api.StatusCancelled:
		h.Fatalf("after a release: %+v", after)
	}
}

func (h *history) topUp(t *rapid.T) {
	amount := rapid.IntRange(1, 1000).Draw(t, "amount")
	if _, err := h.rig.svc.TopUp(purse, api.BigNumberFromInt(int64(amount))); err != nil {
		t.Fatal(err)
	}
	h.topUps = h.topUps.Add(decimal.NewFromInt(int64(amount)))
}

// flow is what came in, was confirmed and went back according to the record.
type flow struct{ paid, confirmed, back, confirmedBack decimal.Decimal }

func flows(s sandbox.Snapshot) (f flow) {
	for _, a := range s.Activities {
		amount := a.Value.Amount.Decimal()
		switch a.Type {
		case api.ActivityPayment, api.ActivityAuthorization:
			f.paid = f.paid.Add(amount)
		case api.ActivityConfirmation:
			f.confirmed = f.confirmed.Add(amount)
		case api.ActivityRefund, api.ActivityRelease:
			f.back = f.back.Add(amount)
			if a.ConfirmationIdempotencyKey != "" {
				f.confirmedBack = f.confirmedBack.Add(amount)
			}
		}
	}
	return f
}

// checkMoney holds the record against itself and against what the request says:
// no cent is made, lost, or in two places.
func (h *history) checkMoney(s sandbox.Snapshot) {
	if err := moneyOf(s); err != nil {
		h.Fatalf("%s: %v", s.ID, err)
	}
}

func moneyOf(s sandbox.Snapshot) error {
	f := flows(s)
	kept, value, remaining := f.paid.Sub(f.back), s.Value.Amount.Decimal(), s.RemainingAmount.Decimal()
	held := kept.Sub(f.confirmed.Sub(f.confirmedBack))
	released := s.PreAuthStatus == api.PreAuthReleased
	switch {
	case !f.paid.Add(remaining).Equal(value):
		return fmt.Errorf("value %s, paid %s, remaining %s", value, f.paid, remaining)
	case kept.IsNegative() || f.confirmedBack.GreaterThan(f.confirmed) || held.IsNegative():
		return fmt.Errorf("more went back than came in: %+v", f)
	case !f.confirmed.IsZero() && !bool(s.PreAuth):
		return fmt.Errorf("confirmed without a pre-auth: %+v", f)
	case (s.Status == api.StatusCancelled || s.Status == api.StatusExpired) && !kept.IsZero():
		return fmt.Errorf("%s, and %s is kept", s.Status, kept)
	case released && !held.IsZero():
		return fmt.Errorf("released, and %s is held", held)
	case s.Status == api.StatusPaid && !f.paid.IsPositive():
		return errors.New("paid without a payment")
	case s.Status == api.StatusPaid && !remaining.IsZero() && !bool(s.PartialAllowed):
		return fmt.Errorf("paid with %s remaining, although parts are not allowed", remaining)
	}
	total := decimal.Zero
	if s.PaidBy != nil {
		for _, t := range s.PaidBy.AssetTotals {
			total = total.Add(t.Total.Amount.Decimal())
		}
		if !total.Equal(f.paid) {
			return fmt.Errorf("paidBy says %s, the record %s", total, f.paid)
		}
	}
	return nil
}

// checkPurse holds what the purse has left to what the requests keep of it, and
// each token to one place.
func (h *history) checkPurse() {
	wallets, err := h.rig.svc.Wallets()
	if err != nil {
		h.Fatal(err)
	}
	i := slices.IndexFunc(wallets, func(w sandbox.WalletState) bool { return w.ID == purse })
	left := wallets[i].Balance.Decimal()
	taken, spent := decimal.Zero, 0
	for _, id := range slices.Concat(h.ids, h.gone) { // what is forgotten is spent
		taken = taken.Add(h.takenFrom(purse, h.seen[id]))
		if h.takenFrom(sandbox.TokenCoffee1, h.seen[id]).IsPositive() {
			spent++
		}
	}
	if want := decimal.NewFromInt(purseBalance).Add(h.topUps).Sub(taken); left.IsNegative() || !left.Equal(want) {
		h.Fatalf("the purse holds %s, want %s", left, want)
	}
	if spent > 1 {
		h.Fatalf("one token is spent in %d places", spent)
	}
}

// takenFrom is what a wallet gave towards a request and did not get back, when
// payments are given back in their order.
func (h *history) takenFrom(wallet string, s sandbox.Snapshot) decimal.Decimal {
	type payment struct {
		from any
		kept decimal.Decimal
	}
	var payments []payment
	for _, a := range slices.Backward(s.Activities) {
		amount := a.Value.Amount.Decimal()
		switch a.Type {
		case api.ActivityPayment, api.ActivityAuthorization:
			from := h.calls[s.ID+" "+a.IdempotencyKey]["assetId"]
			if s.Barcode == sandbox.BarcodeCustomer2 && (a.IdempotencyKey == "automatic" || strings.HasPrefix(a.IdempotencyKey, "customer-")) {
				from = purse // the first wallet of that customer
			}
			payments = append(payments, payment{from, amount})
		case api.ActivityRefund, api.ActivityRelease:
			for i := range payments {
				given := decimal.Min(amount, payments[i].kept)
				payments[i].kept, amount = payments[i].kept.Sub(given), amount.Sub(given)
			}
		}
	}
	taken := decimal.Zero
	for _, p := range payments {
		if p.from == wallet {
			taken = taken.Add(p.kept)
		}
	}
	return taken
}
