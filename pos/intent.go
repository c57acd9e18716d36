package pos

import (
	"strings"
	"time"
)

// OpID names one money operation in the ledger. It is minted once, before
// anything is sent, and never reused.
type OpID string

// Kind is what a money operation is for.
type Kind string

// The kinds of money operation.
const (
	KindSale    Kind = "sale"
	KindVoid    Kind = "void"
	KindRefund  Kind = "refund"
	KindConfirm Kind = "confirm"
	KindRelease Kind = "release"
)

// isAction reports whether the operation is one call on a payment request that
// was made before: a refund, a confirmation or a release.
func (k Kind) isAction() bool { return k == KindRefund || k == KindConfirm || k == KindRelease }

// Origin says who asks for payment (Payment Requests, Create; checklist 102.4, 104.1).
type Origin struct {
	ConfigID string `json:"configId,omitempty"`
	// MerchantAccountID is what a look-up by reference needs; without it the
	// till cannot find a payment request whose answer was lost.
	MerchantAccountID string `json:"merchantAccountId,omitempty"`
	TerminalID        string `json:"terminalId,omitempty"`
	DeviceID          string `json:"deviceId,omitempty"`
	OperatorID        string `json:"operatorId,omitempty"`
}

// Sale is what a customer is asked to pay, and how: the intent of a sale,
// written to the ledger before anything is sent.
type Sale struct {
	// Amount is Centrapay's part: the payment request's value.
	Amount Money `json:"amount"`
	// Basket is the whole basket when other tenders may take a part of it
	// (partial sales only), else the zero Money.
	Basket Money      `json:"basket"`
	Lines  []LineItem `json:"lineItems,omitempty"`
	// ExternalRef is the till's own reference, unique for this sale, by which a
	// lost payment request is found again.
	ExternalRef string `json:"externalRef"`
	// RefGiven: somebody chose the reference, so that an older payment request may carry
	// it too. One that the till has minted was never given before.
	RefGiven bool `json:"refGiven,omitempty"`
	// NotThese are the payment requests of earlier sales of the same ledger with the
	// reference that was chosen: they are not this sale's, whatever they are like. Sell
	// fills it.
	NotThese []string `json:"notThese,omitempty"`
	// Again: whoever chose the reference knows that the same amount was paid under it
	// before, and means another payment.
	Again bool `json:"again,omitempty"`
	// Barcode is the customer's scanned code; without it the till shows a QR code.
	Barcode          string        `json:"barcode,omitempty"`
	Partial          bool          `json:"partial,omitempty"`
	PreAuth          bool          `json:"preAuth,omitempty"`
	PatronNotPresent bool          `json:"patronNotPresent,omitempty"`
	Expiry           time.Duration `json:"expiry"` // the request's lifetime, whole seconds
	Origin           Origin        `json:"origin"`
	// Replaces is the sale that this one stands in for (Till.Replace).
	Replaces OpID `json:"replaces,omitempty"`
}

// Limits of a payment request's lifetime (Payment Requests, expirySeconds; the
// upper one is from the 2023 edition).
const (
	DefaultExpiry = 120 * time.Second
	MaxExpiry     = 86400 * time.Second
)

// Check gives an InputError when the sale cannot be sent as it is: a wrong
// amount, lines that do not add up, or options that contradict one another.
func (s Sale) Check() error {
	if err := s.Amount.CheckPayable(); err != nil {
		return err
	}
	if err := s.checkBasket(); err != nil {
		return err
	}
	if s.Expiry < time.Second || s.Expiry > MaxExpiry || s.Expiry%time.Second != 0 {
		return &InputError{Code: CodeInvalidSale, Problem: "the payment request cannot last " + s.Expiry.String(),
			Remedy: "give 1 to 86400 whole seconds"}
	}
	if strings.TrimSpace(s.ExternalRef) == "" {
		return &InputError{Code: CodeInvalidSale, Problem: "the sale has no reference",
			Remedy: "leave the reference out to have one made"}
	}
	return CheckLines(s.Lines, s.Amount, s.Basket)
}

func (s Sale) checkBasket() error {
	if s.Partial != s.Basket.IsKnown() {
		return &InputError{Code: CodeInvalidSale, Problem: "a part payment and the amount of the whole basket go together",
			Remedy: "give both or neither"}
	}
	if !s.Partial {
		return nil
	}
	if err := s.Basket.CheckPayable(); err != nil {
		return err
	}
	if s.Basket.Currency() != s.Amount.Currency() || s.Basket.Cmp(s.Amount) < 0 {
		return &InputError{Code: CodeInvalidSale, Problem: "the basket of " + s.Basket.Format() +
			" is less than the amount of " + s.Amount.Format(), Remedy: "the basket is everything, the amount Centrapay's part of it"}
	}
	return nil
}

// showsCode reports whether the customer sees the request only by the code the
// till shows. A request made from a barcode reaches the customer by itself.
func (s Sale) showsCode() bool { return s.Barcode == "" }

// Target is the payment request that a void, a refund, a confirmation or a
// release is for.
type Target struct {
	RequestID string `json:"requestId"`
	ShortCode string `json:"shortCode,omitempty"`
	// Value is what the request was for, when known; it is for the record only.
	Value Money `json:"value"`
}

// Outcome is how an operation ended. The empty Outcome means it has not.
type Outcome string

// The outcomes. A sale's are those of the command-line contract (--json "outcome").
const (
	// OutcomeOpen: not ended; what happened is, or may still be, undecided.
	OutcomeOpen Outcome = ""
	// OutcomePaid: the service said paid, and nothing is left to pay.
	OutcomePaid Outcome = "paid"
	// OutcomePartlyPaid: the service said paid with an amount remaining.
	OutcomePartlyPaid Outcome = "partially-paid"
	// OutcomeAuthorized: a pre-auth holds the money.
	OutcomeAuthorized Outcome = "authorized"
	// OutcomeCancelled: cancelled by the customer, by staff or by the service.
	OutcomeCancelled Outcome = "cancelled"
	// OutcomeExpired: the request's time ran out unpaid.
	OutcomeExpired Outcome = "expired"
	// OutcomeVoided: the till voided the request because nobody was to watch it
	// any more: status undetermined at the deadline, recovery, or a void asked for.
	OutcomeVoided Outcome = "voided"
	// OutcomePaidLate: paid after the till had given up, which looking back found. The
	// merchant holds the money, and nobody was told that they have bought anything: it
	// is to be given back, or the goods handed over.
	OutcomePaidLate Outcome = "paid-late"
	// OutcomeRefunded: the service has begun to give the money back. It arrives
	// later, which the till does not watch.
	OutcomeRefunded Outcome = "refunded"
	// OutcomeConfirmed: the amount was drawn from the pre-auth.
	OutcomeConfirmed Outcome = "confirmed"
	// OutcomeReleased: the pre-auth holds nothing any more. The release of one that
	// was never authorized ends as OutcomeCancelled.
	OutcomeReleased Outcome = "released"
	// OutcomeRefused: the service refused the operation itself; nothing happened.
	OutcomeRefused Outcome = "refused"
	// OutcomeNotMade: no request exists, or none that anybody could still pay:
	// nothing could be sent, or what was sent is known to have left nothing.
	OutcomeNotMade Outcome = "not-made"
)

// Successful reports whether the customer's money is held by the merchant.
func (o Outcome) Successful() bool {
	return o == OutcomePaid || o == OutcomePartlyPaid || o == OutcomeAuthorized || o == OutcomeConfirmed || o == OutcomePaidLate
}
