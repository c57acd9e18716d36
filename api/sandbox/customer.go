package sandbox

import (
	"github.com/shopspring/decimal"

	"centrapos/api"
)

// Codes of the customers that every sandbox has, for the barcode scanner.
const (
	// BarcodeCustomer is a Centrapay customer's code. It is the one all over the
	// docs, which print it although its check digit is wrong.
	BarcodeCustomer = "9990001234567895"
	// BarcodeCustomer2 is another customer's.
	BarcodeCustomer2 = "1219210961929460"
	// BarcodePhotoID carries the documented test scenario
	// "force-condition-check-photo-id".
	BarcodePhotoID = "9990000000000110"
	// BarcodeLowFunds is a customer whose only wallet holds LowFunds.
	BarcodeLowFunds = "9990000000000227"
	// BarcodeExpiredCode is a patron code that has expired.
	BarcodeExpiredCode = "9990000000000334"

	// The documented Farmlands test cards, which are charged by Quick Pay.
	CardActive    = "424242424"
	CardNoBalance = "434343434"
	CardExpired   = "454545454"
	CardInactive  = "464646464"
)

// Wallets of the first customer that refuse, for a pay call with that assetId.
// All hold centrapay.nzd.test, but WalletNoRefund and WalletClosesAfter, which
// hold uplinkapi.test. The wallets that do pay are named by WalletOf.
const (
	WalletLowFunds    = "sandboxWalletLowFunds"    // holds LowFunds: INSUFFICIENT_ASSET_VALUE
	WalletDisabled    = "sandboxWalletDisabled"    // INACTIVE_ASSET
	WalletOverQuota   = "sandboxWalletOverQuota"   // QUOTA_EXCEEDED
	WalletDenied      = "sandboxWalletDenied"      // ASSET_REDEMPTION_DENIED
	WalletDeclined    = "sandboxWalletDeclined"    // PAYMENT_DECLINED
	WalletUnconfirmed = "sandboxWalletUnconfirmed" // PAYMENT_UNCONFIRMED, although it pays
	WalletNoRefund    = "sandboxWalletNoRefund"    // pays; a void answers REFUND_NOT_SUPPORTED
	WalletClosesAfter = "sandboxWalletClosesAfter" // pays; a void answers INACTIVE_ASSET
	WalletWholeRefund = "sandboxWalletWholeRefund" // pays; a refund in part answers PARTIAL_REFUNDS_NOT_ALLOWED
	WalletKeepsMoney  = "sandboxWalletKeepsMoney"  // pays; a refund answers REFUND_DECLINED
)

// Tokens of DemoCollectionID that the first customer holds. Each buys one line,
// and can be used again once that was given back.
const (
	TokenCoffee1 = "sandboxTokenCoffee1"
	TokenCoffee2 = "sandboxTokenCoffee2"
)

const demoPatronAccountID = "sandboxAccountAroha"

// LowFunds is what the wallets of BarcodeLowFunds and WalletLowFunds hold, in
// cents.
const LowFunds = 2000

// WalletOf names the first customer's wallet of an asset type. It exists for
// every documented type that is held in a wallet, live and test, and is never
// empty.
func WalletOf(t api.AssetType) string { return "sandboxWallet:" + string(t) }

// ScenarioPhotoID is the documented test scenario of a patron code by which its
// payment requests get a condition to check photo id.
const ScenarioPhotoID = "force-condition-check-photo-id"

// Customer is somebody who pays.
type Customer struct {
	Name string
	// AccountID and UserID stand in the records of what the customer did.
	AccountID string
	UserID    string
	// Barcode is the patron code or card that a till scans; "" for none.
	Barcode      string
	PatronCodeID string
	// CodeExpired makes the barcode refused with PATRON_CODE_INVALID.
	CodeExpired bool
	// Scenario is a documented test scenario of the patron code.
	Scenario string
	// BoundWallet is the id of the wallet that the barcode stands for. When its
	// asset type supports Quick Pay, the first poll charges it.
	BoundWallet string
	Wallets     []Wallet
}

func (c Customer) crn() api.CRN { return api.NewCRN("", "user", c.UserID) }

func (c Customer) bound() (Wallet, bool) {
	for _, w := range c.Wallets {
		if w.ID == c.BoundWallet {
			return w, true
		}
	}
	return Wallet{}, false
}

// walletFor is the customer's first wallet that is one of the options.
func (c Customer) walletFor(options []api.PaymentOption) (Wallet, bool) {
	for _, option := range options {
		for _, w := range c.Wallets {
			if w.AssetType == option.AssetType && !w.awkward() {
				return w, true
			}
		}
	}
	return Wallet{}, false
}

// Wallet is an asset that a customer holds.
type Wallet struct {
	ID        string
	AssetType api.AssetType
	// Name is what the customer calls it, by default the name of its asset type.
	Name string
	// CollectionID makes it a token of a collection: it buys lines of one payment
	// request, whatever they cost.
	CollectionID string
	// Balance is what it holds at first, in smallest units; nil never runs dry.
	Balance *decimal.Decimal
	// PayRefusal is the code by which every payment is refused, and RefundRefusal
	// that by which a payment cannot be given back; PARTIAL_REFUNDS_NOT_ALLOWED lets
	// it be given back whole.
	PayRefusal    api.Code
	RefundRefusal api.Code
	// Unconfirmed pays but answers PAYMENT_UNCONFIRMED.
	Unconfirmed bool
}

// awkward wallets, and tokens, are used only by those who name them.
func (w Wallet) awkward() bool {
	return w.PayRefusal != "" || w.RefundRefusal != "" || w.Unconfirmed || w.CollectionID != ""
}

func (w Wallet) name() string {
	if w.Name != "" {
		return w.Name
	}
	return describe(w.AssetType)
}

// refusal is the answer of a wallet that never pays, nil for all others.
func (w Wallet) refusal() error {
	if w.PayRefusal == "" {
		return nil
	}
	refusal := denied(w.PayRefusal)
	if w.PayRefusal == api.CodeQuotaExceeded {
		refusal.Quotas = []api.Quota{{
			Limit: "10000", Usage: "10000", Type: "spend", Period: "yearly", Interval: "2026", AssetType: w.AssetType,
		}}
	}
	return refusal
}

// Customers returns the customers that a sandbox has unless it is given others.
// The first one scans QR codes.
func Customers() []Customer {
	const test = "centrapay.nzd.test"
	low := decimal.NewFromInt(LowFunds)
	nothing := decimal.Zero
	everyday := Customer{
		Name: "Aroha", AccountID: demoPatronAccountID, UserID: "0af834c8-1110-11ec-9072-3e22fb52e878",
		Barcode: BarcodeCustomer, PatronCodeID: "sandboxPatronCodeAroha",
		Wallets: []Wallet{
			{ID: WalletLowFunds, AssetType: test, Balance: &low},
			{ID: WalletDisabled, AssetType: test, PayRefusal: api.CodeInactiveAsset},
			{ID: WalletOverQuota, AssetType: test, PayRefusal: api.CodeQuotaExceeded},
			{ID: WalletDenied, AssetType: test, PayRefusal: api.CodeAssetRedemptionDenied},
			{ID: WalletDeclined, AssetType: test, PayRefusal: api.CodePaymentDeclined},
			{ID: WalletUnconfirmed, AssetType: test, Unconfirmed: true},
			{ID: WalletNoRefund, AssetType: "uplinkapi.test", RefundRefusal: api.CodeRefundNotSupported},
			{ID: WalletClosesAfter, AssetType: "uplinkapi.test", RefundRefusal: api.CodeInactiveAsset},
			{ID: WalletWholeRefund, AssetType: "uplinkapi.test", RefundRefusal: api.CodePartialRefundsNotAllowed},
			{ID: WalletKeepsMoney, AssetType: "uplinkapi.test", RefundRefusal: api.CodeRefundDeclined},
			{ID: TokenCoffee1, AssetType: "centrapay.token.test", Name: "A coffee", CollectionID: DemoCollectionID},
			{ID: TokenCoffee2, AssetType: "centrapay.token.test", Name: "A coffee", CollectionID: DemoCollectionID},
		},
	}
	var plenty []Wallet
	for _, a := range assets {
		if a.external || a.onRequest {
			continue
		}
		for _, live := range []api.Liveness{api.LivenessTest, api.LivenessMain} {
			t := api.AssetType(a.base).With(live)
			plenty = append(plenty, Wallet{ID: WalletOf(t), AssetType: t})
		}
	}
	everyday.Wallets = append(plenty, everyday.Wallets...)
	holding := func(name, barcode, scenario string, balance *decimal.Decimal) Customer {
		return Customer{
			Name: name, AccountID: "sandboxAccount" + name, UserID: "da75ad90-9a5b-4df0-8374-" + barcode[len(barcode)-12:],
			Barcode: barcode, PatronCodeID: "sandboxPatronCode" + name, Scenario: scenario,
			Wallets: []Wallet{{ID: "sandboxWallet" + name, AssetType: test, Balance: balance}},
		}
	}
	expired := holding("Tui", BarcodeExpiredCode, "", nil)
	expired.CodeExpired = true
	return []Customer{
		everyday,
		holding("Ben", BarcodeCustomer2, "", nil),
		holding("Hana", BarcodePhotoID, ScenarioPhotoID, nil),
		holding("Sam", BarcodeLowFunds, "", &low),
		expired,
		farmlandsCard("Active", CardActive, nil, ""),
		farmlandsCard("NoBalance", CardNoBalance, &nothing, ""),
		farmlandsCard("Expired", CardExpired, nil, api.CodeInactiveAsset),
		farmlandsCard("Inactive", CardInactive, nil, api.CodeInactiveAsset),
	}
}

// farmlandsCard is somebody with one of the documented test cards. Farmlands
// cards have no patron code.
func farmlandsCard(name, barcode string, balance *decimal.Decimal, refusal api.Code) Customer {
	id := "sandboxCard" + name
	return Customer{
		Name: "Farmlands card " + name, AccountID: "sandboxAccount" + name, UserID: "7c6b0a52-1110-11ec-9072-000" + barcode,
		Barcode: barcode, BoundWallet: id,
		Wallets: []Wallet{{ID: id, AssetType: "farmlands.nzd.test", Balance: balance, PayRefusal: refusal}},
	}
}

// wrongCheckDigit tells whether a code has the look of a patron code, and a wrong
// check digit. The one all over the docs is let through.
func wrongCheckDigit(barcode string) bool {
	const patronCodeDigits = 16
	return len(barcode) == patronCodeDigits && isDigits(barcode) && barcode != BarcodeCustomer && !luhnValid(barcode)
}

// customerOf finds the built-in customer who presents a barcode; nobody for an
// empty one.
func (d *directory) customerOf(barcode, barcodeType string) (Customer, error) {
	if barcode == "" {
		return Customer{}, nil
	}
	if wrongCheckDigit(barcode) {
		return Customer{}, malformed("%s", api.CodeChecksumFailed)
	}
	c, ok := d.customerByBarcode(barcode)
	switch {
	case ok && !c.CodeExpired:
		return c, nil
	case !ok && barcodeType != "" && barcodeType != "centrapay" && barcodeType != "farmlands":
		return Customer{}, denied(api.CodeNoAvailablePaymentOptions)
	default:
		return Customer{}, denied(api.CodePatronCodeInvalid)
	}
}
