package legacy

import (
	"crypto/elliptic"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/go-jose/go-jose/v4"

	"centrapos/api"
)

// Whatever a decoder accepts it writes again and reads as the same.
func fuzzModel[T any](f *testing.F, check func(*T) error, seeds ...string) {
	f.Helper()
	for _, seed := range append(seeds, `{}`, `null`, `{"requestId":1}`, `{"status":"canceled","denomination":{"amount":1e400}}`) {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first := new(T)
		if json.Unmarshal(data, first) != nil {
			return
		}
		_ = check(first) // must not crash
		wire := write(t, first)
		second := new(T)
		if err := json.Unmarshal([]byte(wire), second); err != nil {
			t.Fatalf("written but not read: %v\n%s", err, wire)
		}
		if again := write(t, second); again != wire {
			t.Fatalf("changes when read again:\n%s\n%s", wire, again)
		}
	})
}

func FuzzRequest(f *testing.F) {
	fuzzModel(f, func(r *Request) error {
		_ = r.PaymentRequest()
		if r.PaidBy != nil {
			_, _ = r.PaidBy.ReceiptText()
		}
		return wholeRequest(r)
	}, response(f, "seed-legacy-requests-info"), response(f, "legacy-payment-requests-get"))
}

func FuzzPayResult(f *testing.F) {
	fuzzModel(f, paymentOf(testID), response(f, "seed-legacy-requests-pay"), response(f, "legacy-payment-requests-pay"))
}

func FuzzNotification(f *testing.F) {
	fuzzModel(f, (*Notification).whole, string(readFixture(f, "doc-legacy-payment-requests-03.example.json")), purchase)
}

func FuzzErrorIn(f *testing.F) {
	for _, body := range []string{alreadyHas, `{"code":"2"}`, `{"message":[]}`, `{"errorCode":1e9}`, `<html>`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		code, ok := errorIn(body)
		known, exists := ErrorCodeOf(code.Number)
		if ok && (!exists || known != code || !json.Valid(body)) {
			t.Fatalf("%q is %+v", body, code)
		}
		if err := explain(errors.New("x"), body); err.Error() == "" {
			t.Fatal("no text")
		}
	})
}

func FuzzRequestCode(f *testing.F) {
	for _, s := range []string{
		"centrapay:68747470733A2F2F63656E74726170...", EncodeRequestCode("https://app.centrapay.com/pay/x"),
		"https://app.centrapay.com/pay/x", "cp_9e98c00c", "JL9mAFVaK71wTDVoM6NH7w", "", "centrapay:", "http://[::1]:80/pay/é",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		code, err := ParseRequestCode(text)
		if err != nil {
			if code != (RequestCode{}) {
				t.Fatalf("%q: an error and %+v", text, code)
			}
			return
		}
		for _, part := range []string{code.Text, code.URL, code.RequestID} {
			if !utf8.ValidString(part) || strings.ContainsFunc(part, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
				t.Fatalf("%q: %q", text, part)
			}
		}
		again, err := ParseRequestCode(code.Text)
		if err != nil || again != code {
			t.Fatalf("%q: %+v, then %+v, %v", text, code, again, err)
		}
		if code.URL == "" {
			return
		}
		hexed, err := ParseRequestCode(EncodeRequestCode(code.URL))
		if len(code.URL) < MaxRequestCode/3 && (err != nil || hexed.URL != code.URL || hexed.RequestID != code.RequestID) {
			t.Fatalf("%q in hex: %+v, %v", code.URL, hexed, err)
		}
	})
}

func FuzzReceiptText(f *testing.F) {
	for _, s := range []string{"Ki0tLS0tLS0tLS0tRUZUUE9T", "G0A=", "gICA", "UEFJ\nRA", "..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, encoded string) {
		text, err := ReceiptText(encoded)
		if err != nil && text != "" || !utf8.ValidString(text) {
			t.Fatalf("%q: %q, %v", encoded, text, err)
		}
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Cf, r) }) {
			t.Fatalf("%q: %q", encoded, text)
		}
	})
}

func FuzzWebhook(f *testing.F) {
	trusted, other := newKey(f, elliptic.P256()), newKey(f, elliptic.P256())
	v := verifierOf(f, &trusted.PublicKey)
	good := sign(f, jose.ES256, trusted, purchase, nil)
	f.Add([]byte(`{"token":"` + good + `"}`))
	f.Add([]byte(`{"token":"` + sign(f, jose.ES256, other, purchase, nil) + `"}`))
	f.Add([]byte(`{"token":"eyJhbGciOiJub25lIn0.e30."}`))
	f.Add([]byte(`{"token":"..","token":[]}`))
	f.Add([]byte(purchase))
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := v.Read(strings.NewReader(string(body)))
		if (n == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", body, n, err)
		}
		// The key is new in each run, so that only its own token can be good.
		if n != nil && !strings.Contains(string(body), strings.Split(good, ".")[1]) {
			t.Fatalf("%q is believed", body)
		}
		// Claims behind a signature of ours must not crash either.
		n, err = v.Verify(sign(t, jose.ES256, trusted, string(body), nil))
		if (n == nil) == (err == nil) {
			t.Fatalf("%q: %v, %v", body, n, err)
		}
	})
}

func FuzzParameters(f *testing.F) {
	f.Add("1020", "sale-1")
	f.Add("1e77", "&amount=1")
	f.Add("-0.0", "")
	f.Fuzz(func(t *testing.T, amount, reference string) {
		body := RefundRequest{Amount: api.BigNumber(amount), ExternalReference: reference}
		if body.validate("t") != nil {
			return
		}
		sent := body.values("t")
		if got := api.BigNumber(sent.Get("amount")); !got.Equal(body.Amount) || strings.Trim(got.String(), "0123456789") != "" {
			t.Fatalf("%q is sent as %q", amount, got)
		}
		if sent.Get("externalReference") != reference {
			t.Fatalf("%q is sent as %q", reference, sent.Get("externalReference"))
		}
	})
}
