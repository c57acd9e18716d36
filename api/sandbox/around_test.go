package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// activities pages through a merchant's history to its end.
func (r *rig) activities() (all []api.PaymentActivity, pages int) {
	r.Helper()
	const path = "/api/payment-activities?merchantId=" + sandbox.DemoMerchantID
	for key := ""; ; pages++ {
		page := ok[api.Page[api.PaymentActivity]](r, get, path+"&pageKey="+escape(key), nil)
		all = append(all, page.Items...)
		if page.NextPageKey == "" {
			return all, pages + 1
		}
		key = page.NextPageKey
	}
}

func TestActivitiesOfAMerchantPageByPage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const made = 30
	for i := range made {
		id := r.create(m{"expirySeconds": 60}).ID
		if i%3 == 0 {
			r.pay(id, nil)
		}
		if i%3 == 1 {
			r.void(id)
		}
		r.clock.advance(time.Second)
	}
	r.clock.advance(time.Hour) // nobody looks at the third that expires
	all, pages := r.activities()
	if want := made/3*3 + made/3*2 + made/3*2; len(all) != want || pages != 3 {
		t.Fatalf("%d activities on %d pages, want %d", len(all), pages, want)
	}
	seen := map[string]bool{}
	for i, a := range all {
		name := a.PaymentRequestID + "#" + a.ActivityNumber.String()
		if seen[name] || i > 0 && a.CreatedAt.Time().After(all[i-1].CreatedAt.Time()) {
			t.Errorf("%s at %s is out of order, or there twice", name, a.CreatedAt)
		}
		seen[name] = true
	}
	// A page stays the same while new activities come.
	const path = "/api/payment-activities?merchantId=" + sandbox.DemoMerchantID
	first := ok[api.Page[api.PaymentActivity]](r, get, path, nil)
	next := r.call(get, path+"&pageKey="+escape(first.NextPageKey), nil).Body.String()
	if !strings.HasPrefix(first.NextPageKey, "PaymentRequest#") || !strings.Contains(first.NextPageKey, "|Activity#00000000000000") {
		t.Errorf("cursor %s", first.NextPageKey)
	}
	r.create(nil)
	if again := r.call(get, path+"&pageKey="+escape(first.NextPageKey), nil).Body.String(); again != next {
		t.Errorf("the second page changed from %s to %s", next, again)
	}
}

func TestThePatronFindsTheRequestOfHisCode(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	patron := r.as(sandbox.DemoPatronKey)
	const path = "/api/me/patron-code-payment-request"
	if got := patron.call(get, path, nil); got.Code != 200 || got.Body.String() != "{}" {
		t.Errorf("before there is any: %d %s", got.Code, got.Body)
	}
	code := r.patronCode(m{"metadata": m{"deviceId": "d1"}})
	if code.ExpiresAt.Time().Sub(code.CreatedAt.Time()) != 5*time.Minute || len(code.Barcode) != 16 || code.Metadata["deviceId"] != "d1" {
		t.Errorf("made %+v", code)
	}
	older := r.create(m{"barcode": code.Barcode}).ID
	r.clock.advance(time.Second)
	newer := r.create(m{"barcode": code.Barcode})
	if newer.PatronCodeID != code.ID {
		t.Errorf("the request is of code %q", newer.PatronCodeID)
	}
	if got := ok[api.PaymentRequest](patron, get, path, nil); got.ID != newer.ID {
		t.Errorf("found %s, want the newer one", got.ID)
	}
	r.must(r.svc.Pay(newer.ID, sandbox.PayOptions{}))
	if got := ok[api.PaymentRequest](patron, get, path, nil); got.ID != older {
		t.Errorf("found %s, want the one that is new", got.ID)
	}
	if got := r.as(sandbox.DemoOwnerKey).call(get, path, nil).Body.String(); got != "{}" {
		t.Errorf("somebody else found %s", got)
	}
	if got := ok[api.PatronCode](patron, get, patronCodes+"/"+code.ID, nil); got.Barcode != code.Barcode {
		t.Errorf("read back %+v", got)
	}
	if got := ok[api.PatronCode](r, get, patronCodes+"/barcode/"+sandbox.BarcodePhotoID, nil); got.TestScenarioName != api.TestScenarioPhotoID {
		t.Errorf("a built-in code is %+v", got)
	}
}

func TestAPatronCodeCarriesItsScenario(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.patronCode(m{"testScenarioName": sandbox.ScenarioPhotoID})
	id := r.create(m{"barcode": code.Barcode}).ID
	if got := r.get(id).MerchantConditions; len(got) != 1 || got[0].Name != sandbox.PhotoIDCheck {
		t.Errorf("conditions %+v", got)
	}
}

// A code that stands for a card is charged by itself, as the card is, unless it
// has expired by then.
func TestAPatronCodeOfACardIsQuickPay(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]api.CancellationReason{
		0: "", 5 * time.Minute: api.CancelledPatronCodeExpired,
	} {
		r := newRig(t)
		code := r.patronCode(m{"assetId": sandbox.WalletOf("farmlands.nzd.test")})
		made := r.create(m{"barcode": code.Barcode, "expirySeconds": 3600})
		if len(made.PaymentOptions) != 1 || made.PaymentOptions[0].AssetType != "farmlands.nzd.test" {
			t.Errorf("options %+v", made.PaymentOptions)
		}
		r.clock.advance(wait)
		r.get(made.ID)
		r.clock.advance(time.Second)
		status := map[bool]api.Status{true: api.StatusPaid, false: api.StatusCancelled}[want == ""]
		r.wantStatus(made.ID, status, want)
	}
}

func TestMetadataIsMerged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	patron := r.as(sandbox.DemoPatronKey)
	path := patronCodes + "/" + r.patronCode(m{"metadata": m{"a": "1", "b": "2"}}).ID
	ok[m](patron, post, path+"/metadata", m{"metadata": m{"a": "", "c": "3"}})
	if got := ok[api.PatronCode](patron, get, path, nil).Metadata; fmt.Sprint(got) != "map[b:2 c:3]" {
		t.Errorf("merged to %v", got)
	}
	ten := m{}
	for i := range 10 {
		ten[fmt.Sprint(i)] = "x"
	}
	patron.refused(400, "metadata must have at most 10 keys", post, path+"/metadata", m{"metadata": ten})
	if got := ok[api.PatronCode](patron, get, path, nil).Metadata; len(got) != 2 {
		t.Errorf("a refused change left %v", got)
	}
}

func TestAConnectionFromItsMakingToItsPayment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	patron := r.as(sandbox.DemoPatronKey)
	made := r.connect()
	if made.Status != api.ConnectionCreated || made.URL != "https://app.centrapay.com/connect/"+made.ID || made.MerchantID != sandbox.DemoMerchantID {
		t.Errorf("made %+v", made)
	}
	early := r.create(m{"connectionId": made.ID}).ID
	wallet := sandbox.WalletOf("centrapay.nzd.test")
	linked := ok[api.Connection](patron, post, connections+"/"+made.ID+"/authorize", m{"walletId": wallet})
	if linked.Status != api.ConnectionAuthorized || linked.WalletID != wallet || linked.WalletName != "Centrapay NZD Test" {
		t.Errorf("linked %+v", linked)
	}
	if got := r.get(early); got.ConnectionID != made.ID || got.ConnectionStatus != api.ConnectionAuthorized {
		t.Errorf("the request shows %s %s", got.ConnectionID, got.ConnectionStatus)
	}
	again := ok[api.Connection](patron, post, connections+"/"+made.ID+"/authorize", m{"walletId": wallet})
	if again.UpdatedAt != linked.UpdatedAt {
		t.Errorf("a second authorization changed %+v to %+v", linked, again)
	}
	r.clock.advance(time.Second)
	latest := r.create(m{"connectionId": made.ID}).ID
	path := connections + "/" + made.ID + "/latest-payment-request"
	if got := ok[api.PaymentRequest](patron, get, path, nil); got.ID != latest {
		t.Errorf("the latest is %s, want %s", got.ID, latest)
	}
	if got := ok[api.Connection](r.as(""), get, connections+"/"+made.ID+"/summary", nil); got.WalletID != "" || got.MerchantID != sandbox.DemoMerchantID {
		t.Errorf("the summary tells %+v", got)
	}
	// The wallet pays a part, the till takes the rest in cash.
	r.must(r.svc.Pay(latest, sandbox.PayOptions{Amount: "250", Mode: api.PayModeMultiAsset}))
	if got := r.get(latest); got.Status != api.StatusNew || got.RemainingAmount != "1000" {
		t.Errorf("after a discount: %s, %s remaining", got.Status, got.RemainingAmount)
	}
	ok[m](r, post, at(latest, "pay"), m{"assetType": "external.test", "idempotencyKey": "cash"})
	r.wantStatus(latest, api.StatusPaid, "")
}

func TestDecodeNamesTheProvider(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	code := r.patronCode(nil)
	for scanned, want := range map[string]string{
		sandbox.CardActive: "farmlands Farmlands Card", sandbox.CardNoBalance: "farmlands Farmlands Card",
		sandbox.BarcodeCustomer: "centrapay Centrapay", code.Barcode.String(): "centrapay Centrapay",
	} {
		got := ok[api.ScannedCode](r, post, "/api/decode", m{"code": scanned, "scannedBy": "merchant", "merchantConfigId": sandbox.DemoConfigID})
		if string(got.Provider)+" "+got.DisplayName != want || got.Code.String() != scanned {
			t.Errorf("%s is %+v", scanned, got)
		}
	}
	if all, err := r.svc.Requests(); err != nil || len(all) != 0 {
		t.Errorf("decoding made %v, %v", all, err)
	}
	american := sandbox.Demo()
	american.AssetTypes = []api.AssetType{"paypal.test", "venmo.test"}
	for provider, asset := range map[string]api.AssetType{"paypal PayPal": "paypal.test", "venmo Venmo": "venmo.test"} {
		r := newRig(t, sandbox.WithMerchants(american), sandbox.WithCustomers(sandbox.Customer{
			AccountID: "a", Barcode: "code", BoundWallet: "w", Wallets: []sandbox.Wallet{{ID: "w", AssetType: asset}},
		}))
		got := ok[api.ScannedCode](r, post, "/api/decode", m{"code": "code", "scannedBy": "merchant", "merchantConfigId": sandbox.DemoConfigID})
		if string(got.Provider)+" "+got.DisplayName != provider {
			t.Errorf("%s is %+v", asset, got)
		}
	}
}

func TestMerchantsAndTheirConfigs(t *testing.T) {
	t.Parallel()
	r := newRig(t, sandbox.WithMerchants(sandbox.Demo(), otherMerchant()))
	owner := r.as(sandbox.DemoOwnerKey)
	read := func() api.Merchant { return ok[api.Merchant](owner, get, merchants+"/"+sandbox.DemoMerchantID, nil) }
	if got := read(); got.OnboardingStatus != api.OnboardingApplied || !got.Test || got.SettlementConfig.BankAccountID != sandbox.DemoBankAccountID {
		t.Errorf("got %+v", got)
	}
	r.create(nil)
	if got := read().OnboardingStatus; got != api.OnboardingActive {
		t.Errorf("after its first payment request it is %s", got)
	}
	if got := ok[api.Page[api.Merchant]](owner, get, merchants, nil); len(got.Items) != 1 || got.Items[0].ID != sandbox.DemoMerchantID {
		t.Errorf("the account's are %+v", got.Items)
	}
	configs := ok[[]api.MerchantConfig](r, get, merchants+"/"+sandbox.DemoMerchantID+"/configs", nil)
	if len(configs) != 2 || configs[0].ID != sandbox.DemoConfigID || configs[1].ID != sandbox.DemoTokenConfigID || configs[0].Liveness() != api.LivenessTest {
		t.Fatalf("configs %+v", configs)
	}
	tokens := configs[1].PaymentOptions[1]
	if tokens.Type != "centrapay.token.test" || fmt.Sprint(tokens.CollectionIDs) != "["+sandbox.DemoCollectionID+"]" {
		t.Errorf("tokens %+v", tokens)
	}
	bare := strings.TrimPrefix(sandbox.DemoTokenConfigID, "mc_")
	for _, path := range []string{"/api/merchant-configs/" + bare, merchants + "/" + sandbox.DemoMerchantID + "/configs/" + sandbox.DemoTokenConfigID} {
		if got := ok[api.MerchantConfig](r, get, path, nil); got.ID != sandbox.DemoTokenConfigID {
			t.Errorf("%s is %+v", path, got)
		}
	}
}

func TestSearchForMerchants(t *testing.T) {
	t.Parallel()
	var all []sandbox.Merchant
	for i, city := range []struct {
		name     string
		lat, lng api.BigNumber
		asset    api.AssetType
	}{
		{"Auckland Hats", "-36.85", "174.76", "centrapay.nzd.test"}, {"Hamilton Hats", "-37.79", "175.28", "epay.test"},
		{"Dunedin Boots", "-45.87", "170.50", "centrapay.nzd.main"},
	} {
		id := fmt.Sprint(i)
		all = append(all, sandbox.Merchant{
			ID: id, Name: city.name, AccountID: "account" + id, ConfigID: "mc_" + id, APIKey: "key" + id, AssetTypes: []api.AssetType{city.asset},
			Location: &api.Location{Lat: city.lat, Lng: city.lng},
		})
	}
	r := newRig(t, sandbox.WithMerchants(append(all, otherMerchant())...)).as("")
	for query, want := range map[string]string{
		"":                                  "0 1 2 other",
		"name=hats":                         "0 1",
		"test=false":                        "2",
		"accountId=account1":                "1",
		"asset=epay.test":                   "1 other",
		"asset=centrapay.token.test,c_none": "",
		"origin=-36.84,174.77&distance=5":   "0 other",
		"origin=-36.84,174.77&distance=150": "0 1 other",
		"origin=-36.84,174.77":              "0 1 2 other",
		"hasLoyaltyProgram=true":            "",
		"categoryCode=5814":                 "other",
		"paginationLimit=2":                 "0 1",
		"paginationLimit=2&pageKey=2":       "2 other",
		"paginationLimit=2&pageKey=9223372036854775807": "",
		"origin=NaN,Inf&distance=NaN":                   "",
	} {
		page := ok[api.MerchantSearchPage](r, get, merchants+"/search?"+query, nil)
		var ids []string
		for _, found := range page.Items {
			ids = append(ids, found.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
		if more := query == "paginationLimit=2"; (page.NextPageKey == "2") != more || more && page.TotalItems != 4 {
			t.Errorf("%s: total %d, next %q", query, page.TotalItems, page.NextPageKey)
		}
	}
}

func TestSettlementsAreTheTakingsOfADay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner := r.as(sandbox.DemoOwnerKey)
	settlements := func() []api.Settlement {
		return ok[api.Page[api.Settlement]](owner, get, merchants+"/"+sandbox.DemoMerchantID+"/settlements", nil).Items
	}
	if got := settlements(); len(got) != 0 {
		t.Errorf("before anything was taken: %+v", got)
	}
	paid := r.create(nil).ID
	r.pay(paid, nil)
	r.pay(r.create(nil).ID, m{"assetType": "quartz.nzd.test", "assetId": sandbox.WalletOf("quartz.nzd.test")})
	ok[m](r, post, at(r.create(nil).ID, "pay"), m{"assetType": "external.test", "idempotencyKey": "cash"})
	held := authorizedBy(r, sandbox.WalletLowFunds)
	r.confirm(held, draw("100", "c1"))
	r.release(held)
	r.clock.advance(day)
	r.refund(paid, back("50", "R-1"))
	r.refund(held, back("100", "R-1").with(m{"confirmationIdempotencyKey": "c1"}))
	show := func(all []api.Settlement) string {
		var out []string
		for _, s := range all {
			out = append(out, fmt.Sprintf("%s %s %s", s.AssetType, s.Amount, s.Status))
		}
		return strings.Join(out, ", ")
	}
	const first = "centrapay.nzd.test 1350 %[1]s, quartz.nzd.test 1250 %[1]s, centrapay.nzd.test -150 awaiting-confirmation"
	if got := show(settlements()); got != fmt.Sprintf(first, "awaiting-confirmation") {
		t.Errorf("on the next day: %s", got)
	}
	r.clock.advance(day)
	if got := show(settlements()); got != fmt.Sprintf(first, "confirmed") {
		t.Errorf("on the day after: %s", got)
	}
	none := newRig(t, sandbox.WithMerchants(func() sandbox.Merchant { d := sandbox.Demo(); d.SettlementBankAccountID = ""; return d }()))
	none.pay(none.create(nil).ID, nil)
	if got := none.as(sandbox.DemoOwnerKey).call(get, merchants+"/"+sandbox.DemoMerchantID+"/settlements", nil).Body.String(); got != `{"items":[]}` {
		t.Errorf("without a settlement config: %s", got)
	}
}

func TestTheClockCanBeMoved(t *testing.T) {
	t.Parallel()
	path := filePath(t)
	r := fileRig(t, path)
	id := r.create(nil).ID
	r.pay(id, nil)
	if got := r.local(post, "/sandbox/clock", `{"advance":"24h1m"}`).Body.String(); got != `{"now":"2026-08-02T09:31:00.000Z","ahead":"24h1m0s"}` {
		t.Errorf("got %s", got)
	}
	r.refused(403, "VOID_WINDOW_EXCEEDED", post, at(id, "void"), nil)
	if got := r.call(get, at(id), nil).Header().Get("Date"); got != "Sun, 02 Aug 2026 09:31:00 GMT" {
		t.Errorf("the answer is of %s", got)
	}
	// Another process of the same sandbox lives in the same time.
	again := fileRig(t, path)
	again.refused(403, "VOID_WINDOW_EXCEEDED", post, at(id, "void"), nil)
	if got := again.local(get, "/sandbox/clock", "").Body.String(); !strings.Contains(got, `"ahead":"24h1m0s"`) {
		t.Errorf("got %s", got)
	}
	for _, body := range []string{`{"advance":"-1s"}`, `{"advance":"100000h"}`, `{"advance":"tomorrow"}`, `{}`} {
		if w := r.local(post, "/sandbox/clock", body); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

func TestTopUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.create(m{"value": nzd("2500")}).ID
	r.refused(403, "INSUFFICIENT_ASSET_VALUE", post, at(id, "pay"), from(sandbox.WalletLowFunds))
	w := r.local(post, "/sandbox/wallets/"+sandbox.WalletLowFunds+"/top-up", `{"amount":"500"}`)
	var got sandbox.WalletState
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || got.Balance != "2500" || got.Customer != "Aroha" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	r.pay(id, lowFunds())
	if got := r.balance(sandbox.WalletLowFunds); got != "0" {
		t.Errorf("the wallet holds %s", got)
	}
	for path, status := range map[string]int{
		"none": 403, sandbox.WalletOf("centrapay.nzd.test"): 400, // never runs dry
	} {
		if w := r.local(post, "/sandbox/wallets/"+path+"/top-up", `{"amount":"1"}`); w.Code != status {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := r.local(post, "/sandbox/wallets/"+sandbox.WalletLowFunds+"/top-up", `{"amount":"0"}`); w.Code != 400 {
		t.Errorf("nothing: %d %s", w.Code, w.Body)
	}
	if w := r.local(get, "/sandbox/wallets", ""); !strings.Contains(w.Body.String(), `{"id":"sandboxWalletLowFunds","name":"Centrapay NZD Test"`) {
		t.Errorf("the list: %s", w.Body)
	}
}

func TestAuthorizingAsTheCustomer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.connect()
	w := r.local(post, "/sandbox/connections/"+made.ID+"/authorize", "")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"authorized"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := r.local(post, "/sandbox/connections/none/authorize", ""); w.Code != 403 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
