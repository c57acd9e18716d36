package legacy

import (
	"testing"

	"pgregory.net/rapid"

	"centrapos/api"
)

func TestARequestInTodaysWords(t *testing.T) {
	t.Parallel()
	r := read[Request](t, response(t, "legacy-payment-requests-get")).PaymentRequest()
	equal(t, "ids", r.ID+" "+r.ShortCode+" "+r.MerchantID+" "+r.ConfigID,
		"TyqV56mEkNLUeiY2QskHNR CP-C7F-ZS5 5efbe17d96c083633e2b9241 5efbe2fb96c08357bb2b9242")
	equal(t, "value", r.Value, api.NewMonetary(100, "NZD"))
	equal(t, "url", r.URL, "https://app.centrapay.com/pay/TyqV56mEkNLUeiY2QskHNR")
	equal(t, "expiry", r.ExpirySeconds, 120)
	equal(t, "status", r.Status, api.StatusNew)
	equal(t, "option", r.PaymentOptions[0].AssetType, "centrapay.nzd.test")
	equal(t, "price", r.PaymentOptions[0].Amount, "100")

	r = read[Request](t, response(t, "legacy-payment-requests-create")).PaymentRequest()
	equal(t, "an id is no url", r.URL, "")
	equal(t, "reference", r.ExternalRef, "03.01.09.chancellor")
	equal(t, "bitcoin", r.PaymentOptions[0].AssetType, "bitcoin.main")
	equal(t, "bitcoin's address", r.PaymentOptions[0].BitcoinAddress, "bc1qs3z0uh5e9k9tlhcswqg76vxkewjsjq2htlpv2f")
	equal(t, "bitcoin's price", r.PaymentOptions[0].Amount.IsSet(), false)
	equal(t, "paid by", r.PaidBy == nil, true)

	r = read[Request](t, `{"requestId":"x","status":"canceled","requestCode":"`+EncodeRequestCode("https://app.centrapay.com/pay/x")+`",
		"paymentExpirySeconds":"1e400","patronCode":"0001","paidBy":{"assetTotals":[{"type":"bitcoin.main"}]}}`).PaymentRequest()
	equal(t, "url", r.URL, "https://app.centrapay.com/pay/x")
	equal(t, "status", r.Status, api.StatusCancelled)
	equal(t, "no expiry", r.ExpirySeconds, 0)
	equal(t, "barcode", r.Barcode, "0001")
	equal(t, "totals", r.PaidBy.AssetTotals[0].Type, "bitcoin.main")
}

func TestMoneyIsTheSameInBothWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := api.Monetary{
			Amount:   api.BigNumber(rapid.StringMatching(`-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,9})?`).Draw(rt, "amount")),
			Currency: rapid.StringMatching(`[A-Z]{3}`).Draw(rt, "currency"),
		}
		wire := write(t, DenominationOf(m))
		if again := read[Denomination](t, wire).Monetary(); again != m {
			rt.Fatalf("%v became %s, then %v", m, wire, again)
		}
	})
}

func TestNumbersKeepTheirText(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]struct{ text, again string }{
		`0`: {"0", `0`}, `"0"`: {"0", `0`}, `-1.50`: {"-1.50", `-1.50`}, `1e400`: {"1e400", `1e400`}, `"1E2"`: {"1E2", `1E2`},
		`"ten"`: {"ten", `"ten"`}, `"007"`: {"007", `"007"`}, `".5"`: {".5", `".5"`}, `"+1"`: {"+1", `"+1"`}, `"1 "`: {"1 ", `"1 "`},
		`"-"`: {"-", `"-"`}, `"1}"`: {"1}", `"1}"`}, `null`: {"", `""`},
	} {
		n := read[Number](t, wire)
		equal(t, wire, n.String(), want.text)
		equal(t, wire+" written", write(t, n), want.again)
		equal(t, wire+" set", n.IsSet(), want.text != "")
	}
	for _, wire := range []string{`{}`, `[]`, `true`} {
		var n Number
		if err := n.UnmarshalJSON([]byte(wire)); err == nil {
			t.Errorf("%s was read as %q", wire, n)
		}
	}
}
