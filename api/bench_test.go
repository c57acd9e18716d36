package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// The bare form of a payment request: what a caller without this package would
// write, every scalar a string, nothing understood.
type (
	bareRequest struct {
		ID                 string          `json:"id"`
		ShortCode          string          `json:"shortCode"`
		URL                string          `json:"url"`
		Value              bareMoney       `json:"value"`
		PaymentOptions     []bareOption    `json:"paymentOptions"`
		LineItems          []bareLine      `json:"lineItems"`
		MerchantConditions []bareCondition `json:"merchantConditions"`
		MerchantID         string          `json:"merchantId"`
		MerchantName       string          `json:"merchantName"`
		ConfigID           string          `json:"configId"`
		ExternalRef        string          `json:"externalRef"`
		Status             string          `json:"status"`
		Liveness           string          `json:"liveness"`
		CreatedAt          string          `json:"createdAt"`
		UpdatedAt          string          `json:"updatedAt"`
		ExpiresAt          string          `json:"expiresAt"`
		RemainingAmount    string          `json:"remainingAmount"`
		ExpirySeconds      int             `json:"expirySeconds"`
		ConditionsEnabled  bool            `json:"conditionsEnabled"`
		TerminalID         string          `json:"terminalId"`
		DeviceID           string          `json:"deviceId"`
	}
	bareMoney struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	}
	bareOption struct {
		AssetType string `json:"assetType"`
		Amount    string `json:"amount"`
	}
	bareLine struct {
		Name           string              `json:"name"`
		SKU            string              `json:"sku"`
		Qty            string              `json:"qty"`
		Price          string              `json:"price"`
		Tax            string              `json:"tax"`
		Discount       string              `json:"discount"`
		ProductID      string              `json:"productId"`
		Restricted     bool                `json:"restricted"`
		Classification *bareClassification `json:"classification"`
	}
	bareClassification struct {
		Type  string            `json:"type"`
		Code  string            `json:"code"`
		Name  string            `json:"name"`
		Props map[string]string `json:"props"`
	}
	bareCondition struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Message string `json:"message"`
		Status  string `json:"status"`
	}
)

// bigPaymentRequest is a payment request with so many line items, as the
// service writes it.
func bigPaymentRequest(tb testing.TB, lines int) []byte {
	tb.Helper()
	r := PaymentRequest{
		ID: testID, ShortCode: "CP-C7F-ZS5", URL: "https://app.centrapay.com/pay/" + testID,
		Value:          NewMonetary(int64(lines)*450, "NZD"),
		PaymentOptions: []PaymentOption{{AssetType: "centrapay.nzd.test", Amount: BigNumberFromInt(int64(lines) * 450)}},
		MerchantID:     "5efbe17d96c083633e2b9241", MerchantName: "Café Test", ConfigID: "mc_5efbe2fb96c08357bb2b9242",
		ExternalRef: "e8df06e2-13a5-48b4-b670-3fd6d815fe0a", Status: StatusNew, Liveness: LivenessTest,
		MerchantConditions: []PaymentCondition{{ID: "1", Name: "photo-id-check", Message: "Please check ID", Status: ConditionAwaitingMerchant}},
		RemainingAmount:    BigNumberFromInt(int64(lines) * 450), ExpirySeconds: 120, ConditionsEnabled: true,
		TerminalID: "till-1", DeviceID: "c3a9a5c0",
	}
	for _, at := range []struct {
		text string
		into *Timestamp
	}{{"2021-06-08T04:04:27.426Z", &r.CreatedAt}, {"2021-06-08T04:04:27.426Z", &r.UpdatedAt}, {"2021-06-08T04:06:27.426Z", &r.ExpiresAt}} {
		*at.into = mustTimestamp(tb, at.text)
	}
	for i := range lines {
		r.LineItems = append(r.LineItems, LineItem{
			Name: "Flat white " + strconv.Itoa(i), SKU: "GH" + strconv.Itoa(1000+i), Qty: "1", Price: "450", Tax: "15.00",
			Discount: "0", ProductID: "9414742" + strconv.Itoa(100000+i),
			Classification: &ProductClassification{Type: "GS1", Code: "10001874", Name: "Coffee", Props: map[string]Text{"20001479": "30008960"}},
		})
	}
	body, err := json.Marshal(r)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func mustTimestamp(tb testing.TB, text string) Timestamp {
	tb.Helper()
	ts, err := ParseTimestamp(text)
	if err != nil {
		tb.Fatal(err)
	}
	return ts
}

// BenchmarkDecode decodes one payment request with 50 line items into the model
// and into the bare form.
func BenchmarkDecode(b *testing.B) {
	body := bigPaymentRequest(b, 50)
	b.Run("model", func(b *testing.B) {
		decodeRepeatedly[PaymentRequest](b, body)
	})
	b.Run("bare", func(b *testing.B) {
		decodeRepeatedly[bareRequest](b, body)
	})
}

func decodeRepeatedly[T any](b *testing.B, body []byte) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := json.Unmarshal(body, new(T)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRoundTrip gets a payment request with 50 line items over loopback,
// through the client and through net/http with the bare form.
func BenchmarkRoundTrip(b *testing.B) {
	body := bigPaymentRequest(b, 50)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	b.Cleanup(server.Close)
	b.Run("client", func(b *testing.B) {
		c := mustNew(b, server.URL, WithAPIKey(testKey), WithLimiter(NewLimiter(1<<30)))
		b.ReportAllocs()
		for b.Loop() {
			if _, _, err := c.PaymentRequests.Get(b.Context(), testID); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		transport := &http.Transport{}
		b.Cleanup(transport.CloseIdleConnections)
		hc := &http.Client{Transport: transport}
		b.ReportAllocs()
		for b.Loop() {
			if err := bareGet(b.Context(), hc, server.URL+"/api/payment-requests/"+testID, new(bareRequest)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func bareGet(ctx context.Context, hc *http.Client, url string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	req.Header.Set("X-Api-Key", testKey)
	resp, err := hc.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return json.Unmarshal(data, into)
}

// The bare form must not be given less to do than the model.
func TestBareFormReadsWhatTheModelReads(t *testing.T) {
	t.Parallel()
	body := bigPaymentRequest(t, 3)
	var bare bareRequest
	if err := json.Unmarshal(body, &bare); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(bare)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences("", generic(t, body), generic(t, again)) {
		if !strings.HasSuffix(d, ": added") {
			t.Error(d)
		}
	}
}

// Time is for benchmarks; allocations can be held to here.
func TestDecodingAllocatesAtMostHalfMoreThanTheBareForm(t *testing.T) {
	body := bigPaymentRequest(t, 50)
	allocations := func(into func() any) float64 {
		return testing.AllocsPerRun(20, func() {
			if err := json.Unmarshal(body, into()); err != nil {
				t.Fatal(err)
			}
		})
	}
	model := allocations(func() any { return new(PaymentRequest) })
	bare := allocations(func() any { return new(bareRequest) })
	if model > 1.5*bare {
		t.Errorf("the model makes %.0f allocations, the bare form %.0f", model, bare)
	}
}
