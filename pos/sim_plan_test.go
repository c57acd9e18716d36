package pos_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"centrapos/pos"
	"centrapos/pos/postest"
)

// plan is what one history is about, drawn from its seed ahead of everything.
type plan struct {
	seed    uint64
	kind    pos.Kind
	sale    pos.Sale
	target  pos.Status // of a void: where its request stands when it begins
	action  actionPlan // of a refund, a confirmation, a release
	options postest.Options

	heal          time.Duration // from then on network, ledger and power are in order
	netTrouble    float64       // how likely a call meets a fault
	crash         float64       // how likely the process ends at each moment
	ledgerTrouble float64       // how likely an append fails

	stops      []time.Duration // when staff ask for the end
	conditions []time.Duration // when the service raises conditions
	answers    float64         // how likely staff answer a condition at each look
	customer   string          // pays, part, cancels, ignores, late
	reaction   time.Duration   // after seeing a request
	newAmount  time.Duration   // when the service changes the amount; never when zero
	flight     time.Duration   // how long a payment is in flight, and lands whatever happens meanwhile
	replaced   time.Duration   // when staff put another sale in the place of this one; never when zero
	person     time.Duration   // when somebody has asked Centrapay
	neighbours []neighbour     // other tills that take payments under the same reference
}

// draw is the randomness of one history.
type draw struct{ *rand.Rand }

func newDraw(seed uint64) draw { return draw{rand.New(rand.NewPCG(seed, 0x5eed))} }

func (d draw) chance(p float64) bool { return p > 0 && d.Float64() < p }

// upTo is a duration from zero up to a limit.
func (d draw) upTo(limit time.Duration) time.Duration {
	return time.Duration(d.Int64N(int64(limit) + 1)).Truncate(time.Millisecond)
}

func pick[T any](d draw, of ...T) T { return of[d.IntN(len(of))] }

// simKinds are the kinds of operation that histories are about, as often as they stand here.
var simKinds = []pos.Kind{pos.KindSale, pos.KindSale, pos.KindSale, pos.KindSale, pos.KindVoid,
	pos.KindRefund, pos.KindRefund, pos.KindConfirm, pos.KindRelease}

func (p *plan) isAction() bool {
	return p.kind != pos.KindSale && p.kind != pos.KindVoid
}

func newPlan(seed uint64) plan {
	d := newDraw(seed)
	p := plan{seed: seed, kind: pick(d, simKinds...), sale: aSale()}
	p.sale.Expiry = time.Duration(pick(d, 5, 20, 60, 120)) * time.Second
	if d.chance(0.4) {
		p.sale.Barcode = "0001219210961929"
	}
	switch {
	case d.chance(0.1):
		p.sale.Partial, p.sale.Basket = true, cents(2000)
	case d.chance(0.12):
		p.sale.PreAuth = true
	}
	if d.chance(0.15) {
		p.sale = blind(p.sale)
	}
	p.target = pick(d, pos.StatusNew, pos.StatusPaid, pos.StatusPaid, pos.StatusExpired, pos.StatusCancelled)
	p.drawService(d)
	p.drawTrouble(d)
	p.drawPeople(d)
	p.drawNeighbours()
	if p.isAction() {
		p.action = newActionPlan(d, p.kind)
		p.action.drawService(d, &p.options)
	}
	return p
}

func (p *plan) drawService(d draw) {
	o := &p.options
	o.Skew = pick(d, 0, 0, 300*time.Millisecond, -700*time.Millisecond, 90*time.Second, -90*time.Second, time.Hour, -time.Hour)
	if d.chance(0.25) {
		o.StampClock = pick(d, 4*time.Second, -4*time.Second, time.Hour, -time.Hour)
	}
	o.NoDate = o.Skew.Abs() < 5*time.Minute && d.chance(0.15)
	o.QuickPay = d.chance(0.3)
	o.VoidedStaysPaid = d.chance(0.3)
	o.VoidedAgainCancelled = d.chance(0.5)
	if p.kind == pos.KindSale && !p.sale.Partial && d.chance(0.06) {
		o.MakesFor = cents(pick(d, int64(1251), 125000))
	}
	if d.chance(0.15) {
		o.LookUpRefused = "FORBIDDEN"
	}
	if d.chance(0.1) {
		o.PaidVoidRefused = pick(d, pos.RefusedRequestPaid, "REFUND_NOT_SUPPORTED")
	}
}

func (p *plan) drawTrouble(d draw) {
	p.heal = d.upTo(200 * time.Second)
	p.netTrouble = pick(d, 0, 0.05, 0.3, 0.6, 0.95)
	p.crash = pick(d, 0, 0, 0, 0.01, 0.05, 0.25)
	p.ledgerTrouble = pick(d, 0, 0, 0, 0.1, 0.4)
}

func (p *plan) drawPeople(d draw) {
	for d.chance(0.4) {
		p.stops = append(p.stops, d.upTo(150*time.Second))
	}
	for d.chance(0.25) {
		p.conditions = append(p.conditions, d.upTo(60*time.Second))
	}
	p.answers = pick(d, 0, 0.1, 0.5)
	p.customer = pick(d, "pays", "pays", "pays", "part", "cancels", "ignores", "pays late")
	if p.customer == "part" && p.kind == pos.KindSale && !p.sale.Partial {
		p.customer = "pays" // the service takes a part only where that was asked for
	}
	p.reaction = d.upTo(20 * time.Second)
	if p.customer == "pays late" {
		p.reaction = max(0, p.sale.Expiry-d.upTo(4*time.Second))
	}
	if d.chance(0.05) {
		p.newAmount = d.upTo(20 * time.Second)
	}
	if p.kind == pos.KindSale && d.chance(0.15) {
		p.customer, p.flight = "in flight", time.Second+d.upTo(100*time.Second)
	}
	if p.kind == pos.KindSale && d.chance(0.2) {
		p.replaced = time.Second + d.upTo(pick(d, 5*time.Second, time.Minute))
	}
	if d.chance(0.5) {
		p.person = d.upTo(p.heal + p.patience())
	}
}

// canLookUp reports whether the till may look requests up by reference.
func (p *plan) canLookUp() bool {
	return p.sale.Origin.MerchantAccountID != "" && p.options.LookUpRefused == ""
}

func (p *plan) barcode() bool { return p.kind == pos.KindSale && p.sale.Barcode != "" }

// patience is how long after all has healed everything must be settled.
func (p *plan) patience() time.Duration { return p.sale.Expiry + 10*time.Minute }

func (p *plan) String() string {
	return fmt.Sprintf("chosen %v, neighbours %+v\n", p.sale.RefGiven, p.neighbours) + p.action.String() + fmt.Sprintf(", history lags %s, its clock is ahead %s, made for %s, stamps ahead %s\n", p.options.HistoryLag, p.options.HistoryClock, p.options.MakesFor, p.options.StampClock) + fmt.Sprintf("%s of a request %s, barcode %q, look-up %v, expires after %s, partial %v, pre-auth %v, skew %s, no date %v, quick pay %v,\n"+
		"voided stays paid %v, paid void refused %q, heals at %s, net %.2f, crash %.2f, ledger %.2f, stops %v, conditions %v, customer %s after %s, new amount %s, in flight %s, replaced after %s, a person asks after %s",
		p.kind, p.target, p.sale.Barcode, p.canLookUp(), p.sale.Expiry, p.sale.Partial, p.sale.PreAuth, p.options.Skew, p.options.NoDate, p.options.QuickPay,
		p.options.VoidedStaysPaid, p.options.PaidVoidRefused, p.heal, p.netTrouble, p.crash, p.ledgerTrouble, p.stops, p.conditions, p.customer, p.reaction,
		p.newAmount, p.flight, p.replaced, p.person)
}
