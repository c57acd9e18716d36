package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func photoID() m { return m{"barcode": sandbox.BarcodePhotoID} }

func TestScenarioRaisesConditionOnThePoll(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.create(photoID())
	if len(p.MerchantConditions) != 0 || p.PatronCodeID == "" || p.Barcode.String() != sandbox.BarcodePhotoID {
		t.Errorf("before the first poll: %+v", p)
	}
	if got := ok[api.PaymentRequest](r, get, at("short-code", p.ShortCode), nil); len(got.MerchantConditions) != 0 {
		t.Errorf("a look-up by short code raised %v", got.MerchantConditions)
	}
	want := api.PaymentCondition{ID: "1", Name: "photo-id-check", Message: "Please check ID", Status: api.ConditionAwaitingMerchant}
	for range 2 { // it is raised once
		if got := r.get(p.ID); len(got.MerchantConditions) != 1 || got.MerchantConditions[0] != want {
			t.Fatalf("conditions %v, want %v", got.MerchantConditions, want)
		}
	}
	r.refused(403, "PAYMENT_DECLINED", post, at(p.ID, "pay"), payBody("k"))
	a := ok[api.PaymentActivity](r, post, at(p.ID, acceptOne...), nil)
	if a.Type != api.ActivityAcceptCondition || a.ConditionID != "1" || a.ShortCode != "" || a.AssetType != "" {
		t.Errorf("activity %+v", a)
	}
	r.pay(p.ID, nil)
	got := r.get(p.ID)
	if got.Status != api.StatusPaid || got.MerchantConditions[0].Status != api.ConditionAccepted {
		t.Errorf("got %s with %v", got.Status, got.MerchantConditions)
	}
	r.wantHistory(p.ID, api.ActivityRequest, api.ActivityAcceptCondition, api.ActivityPayment, api.ActivityPaid)
}

func TestDeclinedConditionCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(photoID()).ID
	r.get(id)
	if a := ok[api.PaymentActivity](r, post, at(id, declineOne...), nil); a.Type != api.ActivityDeclineCondition {
		t.Errorf("activity %+v", a)
	}
	r.wantStatus(id, api.StatusCancelled, api.CancelledDeclinedByMerchant)
	r.wantHistory(id, api.ActivityRequest, api.ActivityDeclineCondition, api.ActivityCancellation)
	r.refused(403, "CONDITION_ALREADY_SET", post, at(id, acceptOne...), nil)
}

func TestConditionWithoutConditionsEnabledCancels(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(photoID().with(m{"conditionsEnabled": false})).ID
	r.wantStatus(id, api.StatusCancelled, api.CancelledPaymentDeclined)
}

func TestPatronNotPresentShowsNoPhotoID(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(photoID().with(m{"patronNotPresent": true})).ID
	if got := r.get(id); len(got.MerchantConditions) != 0 || !bool(got.PatronNotPresent) {
		t.Errorf("got %+v", got)
	}
	var refusal *sandbox.Refusal
	if err := r.svc.RaiseCondition(id, sandbox.Condition{}); !errors.As(err, &refusal) {
		t.Errorf("raising one all the same: %v", err)
	}
	r.must(r.svc.RaiseCondition(id, sandbox.Condition{Name: "age-check", Message: "Is the customer over 18?"}))
	if got := r.get(id); len(got.MerchantConditions) != 1 || got.MerchantConditions[0].Message != "Is the customer over 18?" {
		t.Errorf("conditions %v", got.MerchantConditions)
	}
}

func TestPatronAnswersConditions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mine := r.create(nil).ID
	raiseIt(r, mine)
	var refusal *sandbox.Refusal
	if err := r.svc.AnswerCondition(mine, "1", true); !errors.As(err, &refusal) || refusal.Code() != api.CodePatronNotAuthorized {
		t.Errorf("a patron answering for staff: %v", err)
	}
	his := r.create(nil).ID
	awaitHim(r, his)
	if got := r.get(his).MerchantConditions[0].Status; got != api.ConditionAwaitingPatron {
		t.Errorf("status %s", got)
	}
	r.must(r.svc.AnswerCondition(his, "1", true))
	r.must(r.svc.Pay(his, sandbox.PayOptions{}))
	r.wantStatus(his, api.StatusPaid, "")

	declined := r.create(nil).ID
	awaitHim(r, declined)
	r.must(r.svc.AnswerCondition(declined, "1", false))
	r.wantStatus(declined, api.StatusCancelled, api.CancelledDeclinedByPatron)
}

// The first poll starts the charge and says new, the next one finds it done.
func TestQuickPay(t *testing.T) {
	t.Parallel()
	for card, want := range map[string]struct {
		status api.Status
		reason api.CancellationReason
	}{
		sandbox.CardActive:    {api.StatusPaid, ""},
		sandbox.CardNoBalance: {api.StatusCancelled, api.CancelledPaymentDeclined},
		sandbox.CardExpired:   {api.StatusCancelled, api.CancelledInactiveAsset},
		sandbox.CardInactive:  {api.StatusCancelled, api.CancelledInactiveAsset},
	} {
		for _, pause := range []time.Duration{0, 10 * time.Millisecond, time.Second} {
			r := newRig(t)
			p := r.create(m{"barcode": card})
			if len(p.PaymentOptions) != 1 || p.PaymentOptions[0].AssetType != "farmlands.nzd.test" || p.PatronCodeID != "" {
				t.Errorf("%s: created %+v", card, p)
			}
			r.clock.advance(time.Minute) // nothing starts before the first poll
			r.wantStatus(p.ID, api.StatusNew, "")
			r.clock.advance(pause)
			r.wantStatus(p.ID, want.status, want.reason)
			if got := r.get(p.ID); want.status == api.StatusPaid && got.PaidBy.AssetTotals[0].Description != "Farmlands Test" {
				t.Errorf("%s: paid by %+v", card, got.PaidBy)
			}
		}
	}
}

func TestQuickPayIsDoneAlsoWhenNobodyPollsAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"barcode": sandbox.CardActive}).ID
	r.get(id)
	r.clock.advance(time.Hour)
	got := r.get(id)
	if got.Status != api.StatusPaid || got.UpdatedAt.Time() != start.Add(time.Second) {
		t.Errorf("%s at %s", got.Status, got.UpdatedAt)
	}
	late := r.create(m{"barcode": sandbox.CardActive}).ID
	r.clock.advance(119*time.Second + 500*time.Millisecond)
	r.get(late)
	r.clock.advance(time.Minute)
	r.wantStatus(late, api.StatusExpired, "")
	voided := r.create(m{"barcode": sandbox.CardActive}).ID
	r.get(voided)
	if a := r.void(voided); a.Type != api.ActivityCancellation {
		t.Errorf("a void that comes before the charge: %+v", a)
	}
}

func TestQuickPayWaitsForConditions(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"barcode": sandbox.CardActive}).ID
	r.get(id)
	raiseIt(r, id)
	r.clock.advance(time.Minute)
	r.wantStatus(id, api.StatusNew, "")
	ok[m](r, post, at(id, acceptOne...), nil)
	r.wantStatus(id, api.StatusPaid, "")
}

func TestQuickPayPreAuthorizes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"barcode": sandbox.CardActive, "preAuth": true}).ID
	r.get(id)
	got := r.get(id)
	if got.Status != api.StatusPaid || got.PreAuthStatus != api.PreAuthAuthorized || got.PreAuthExpiresAt.Time() != start.AddDate(0, 0, 31) {
		t.Errorf("got %s, %s until %s", got.Status, got.PreAuthStatus, got.PreAuthExpiresAt)
	}
}
