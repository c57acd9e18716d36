package api

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"testing"
)

func merchantJSON(id string) string {
	return `{"id":"` + id + `","name":"Store ` + id + `","test":false}`
}

func TestAnswersAboutAnotherMerchantAreUnknown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want Outcome
	}{
		"it":         {merchantJSON("m"), Done},
		"another":    {merchantJSON("M"), Unknown},
		"no id":      {`{"name":"Store"}`, Unknown},
		"no name":    {`{"id":"m"}`, Unknown},
		"much more":  {`{"id":"m","name":"Store","onboardingStatus":"paused","type":"market-stall","opens":{"at":[9]},"location":null}`, Done},
		"text flags": {`{"id":"m","name":"Store","test":"true"}`, Done},
	}
	for name, tt := range tests {
		_, _, err := newClientOf(t, answering(200, tt.body)).Merchants.Get(t.Context(), "m")
		if OutcomeOf(err) != tt.want {
			t.Errorf("%s: got %s: %v", name, OutcomeOf(err), err)
		}
	}
}

func TestAnswersAboutAnotherConfigAreUnknown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want Outcome
	}{
		"it":                    {`{"id":"mc_1","paymentOptions":[{"type":"epay.main"}]}`, Done},
		"without its prefix":    {`{"id":"1","paymentOptions":[{"type":"epay.main"}]}`, Done},
		"without id":            {`{"paymentOptions":[{"type":"epay.main"}]}`, Done},
		"without options":       {`{"id":"mc_1","paymentOptions":[]}`, Done},
		"another":               {`{"id":"mc_2","paymentOptions":[]}`, Unknown},
		"no options":            {`{"id":"mc_1"}`, Unknown},
		"an option of no type":  {`{"id":"mc_1","paymentOptions":[{"walletId":"w"}]}`, Unknown},
		"options as an object":  {`{"id":"mc_1","paymentOptions":{"type":"epay.main"}}`, Unknown},
		"an option of new type": {`{"id":"mc_1","paymentOptions":[{"type":"kiwi.main","hedgehog":1}]}`, Done},
	}
	for name, tt := range tests {
		c := newClientOf(t, answering(200, tt.body))
		if _, _, err := c.Merchants.Config(t.Context(), "mc_1"); OutcomeOf(err) != tt.want {
			t.Errorf("%s: got %s: %v", name, OutcomeOf(err), err)
		}
		if _, _, err := c.Merchants.ConfigOf(t.Context(), "m", "1"); OutcomeOf(err) != tt.want {
			t.Errorf("%s, by merchant: got %s: %v", name, OutcomeOf(err), err)
		}
	}
}

func TestLivenessOfAConfig(t *testing.T) {
	t.Parallel()
	of := func(types ...AssetType) MerchantConfig {
		var c MerchantConfig
		for _, a := range types {
			c.PaymentOptions = append(c.PaymentOptions, PaymentOptionConfig{Type: a})
		}
		return c
	}
	equal(t, "live", of("epay.main", "centrapay.nzd.main").Liveness(), LivenessMain)
	equal(t, "test", of("epay.test", "test").Liveness(), LivenessTest)
	equal(t, "mixed, as in the published update", of("bitcoin.main", "centrapay.nzd.test", "farmlands.nzd.main").Liveness(), "")
	equal(t, "mixed at last", of("epay.main", "epay.test").Liveness(), "")
	equal(t, "of none", of("external").Liveness(), "")
	equal(t, "empty", of().Liveness(), "")
	equal(t, "accepts", of("epay.main").Accepts("epay.main"), true)
	equal(t, "accepts the other liveness", of("epay.main").Accepts("epay.test"), false)
}

func TestSettlementsMustTellHowMuch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		item string
		want Outcome
	}{
		"whole":                {`{"id":"s","status":"confirmed","currency":"NZD","settlementAmount":"2500"}`, Done},
		"amount as a number":   {`{"id":"s","status":"confirmed","settlementAmount":2500}`, Done},
		"a new status":         {`{"id":"s","status":"failed"}`, Done},
		"an amount in words":   {`{"id":"s","status":"confirmed","settlementAmount":"lots"}`, Unknown},
		"an amount of objects": {`{"id":"s","status":"confirmed","settlementAmount":{"amount":"1"}}`, Unknown},
		"no status":            {`{"id":"s","settlementAmount":"2500"}`, Unknown},
		"no id":                {`{"status":"confirmed","settlementAmount":"2500"}`, Unknown},
	}
	for name, tt := range tests {
		_, _, err := newClientOf(t, answering(200, `{"items":[`+tt.item+`]}`)).Merchants.Settlements(t.Context(), "m")
		if OutcomeOf(err) != tt.want {
			t.Errorf("%s: got %s: %v", name, OutcomeOf(err), err)
		}
	}
	page := readResponse[Page[Settlement]](t, "settlements-list-by-merchantId")
	equal(t, "settled", page.Items[0].Status == SettlementConfirmed && page.Items[0].SettledAt.Valid(), true)
	equal(t, "not settled", page.Items[1].Status == SettlementAwaitingConfirmation && page.Items[1].SettledAt.IsZero(), true)
}

func TestSearchAsksForWhatWasChosenAndNothingElse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		params SearchMerchantsParams
		query  url.Values
	}{
		"nothing":         {SearchMerchantsParams{}, nil},
		"a place":         {SearchMerchantsParams{Lat: "-36.8483579", Lng: "174.7725834", DistanceKM: "0.5"}, url.Values{"origin": {"-36.8483579,174.7725834"}, "distance": {"0.5"}}},
		"the equator":     {SearchMerchantsParams{Lat: "0", Lng: "0"}, url.Values{"origin": {"0,0"}}},
		"an asset type":   {SearchMerchantsParams{AssetType: "centrapay.token.main"}, url.Values{"asset": {"centrapay.token.main"}}},
		"a collection":    {SearchMerchantsParams{AssetType: "centrapay.token.main", ProductID: "c_1"}, url.Values{"asset": {"centrapay.token.main,c_1"}}},
		"a name":          {SearchMerchantsParams{Name: "Café & Co", AccountID: "acc"}, url.Values{"name": {"Café & Co"}, "accountId": {"acc"}}},
		"no test":         {SearchMerchantsParams{Test: new(false), HasLoyaltyProgram: new(false)}, url.Values{"test": {"false"}, "hasLoyaltyProgram": {"false"}}},
		"the second page": {SearchMerchantsParams{PageKey: "A#1|2:3", PaginationLimit: 5}, url.Values{"pageKey": {"A#1|2:3"}, "paginationLimit": {"5"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newService(t, exchange{
				method: "GET", path: "/api/merchants/search", query: tt.query,
				headers: map[string]string{"X-Api-Key": ""}, reply: `{"items":[]}`,
			})
			page, _, err := c.Merchants.Search(t.Context(), tt.params)
			if err != nil || page.Items == nil || page.TotalItems != 0 {
				t.Errorf("got %+v, %v", page, err)
			}
		})
	}
}

func TestFoundMerchantsHaveAnIdAndAName(t *testing.T) {
	t.Parallel()
	for item, want := range map[string]Outcome{
		`{"id":"m","name":"Store","acceptedAssets":[{"assetType":"kiwi.main"}],"rating":4.5}`: Done,
		`{"id":"m"}`: Unknown, `{"name":"Store"}`: Unknown, `{"id":"m","name":"Store","acceptedAssets":{}}`: Unknown,
	} {
		_, _, err := newClientOf(t, answering(200, `{"items":[`+item+`]}`)).Merchants.Search(t.Context(), SearchMerchantsParams{})
		if OutcomeOf(err) != want {
			t.Errorf("%s: got %s: %v", item, OutcomeOf(err), err)
		}
	}
}

func TestMerchantsAreFollowedToTheLastPageOrARepeatedCursor(t *testing.T) {
	t.Parallel()
	page := func(path, asked, id, next string, more url.Values, headers map[string]string) exchange {
		query := url.Values{}
		for k, v := range more {
			query[k] = v
		}
		if asked != "" {
			query.Set("pageKey", asked)
		}
		return exchange{
			method: "GET", path: path, query: query, headers: headers,
			reply: `{"totalItems":3,"items":[` + merchantJSON(id) + `],"nextPageKey":"` + next + `"}`,
		}
	}
	const account, search = "/api/accounts/acc/merchants", "/api/merchants/search"
	name, nobody := url.Values{"name": {"Store"}}, map[string]string{"X-Api-Key": ""}
	c := newService(t,
		page(account, "", "a", "k1", nil, nil), page(account, "k1", "b", "k2", nil, nil), page(account, "k2", "c", "k1", nil, nil),
		page(search, "", "a", "k1", name, nobody), page(search, "k1", "b", "", name, nobody),
		page(search, "k7", "a", "k7", nil, nobody),
	)
	var got []string
	for m, err := range c.Merchants.AllByAccount(t.Context(), "acc", ListMerchantsParams{}) {
		if errors.Is(err, ErrCursorRepeated) {
			got = append(got, "again")
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, m.ID)
	}
	for _, params := range []SearchMerchantsParams{{Name: "Store"}, {PageKey: "k7"}} {
		for m, err := range c.Merchants.SearchAll(t.Context(), params) {
			if errors.Is(err, ErrCursorRepeated) {
				got = append(got, "again")
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			got = append(got, m.ID)
		}
	}
	if want := []string{"a", "b", "c", "again", "a", "b", "a", "again"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestPagesOfMerchantsEndWithTheFirstError(t *testing.T) {
	t.Parallel()
	c := newClientOf(t, answering(403, `{"message":"Forbidden"}`))
	errs := 0
	for m, err := range c.Merchants.AllByAccount(t.Context(), "acc", ListMerchantsParams{}) {
		if m != nil || OutcomeOf(err) != Refused {
			t.Errorf("got %v, %v", m, err)
		}
		errs++
	}
	for m, err := range c.Merchants.SearchAll(t.Context(), SearchMerchantsParams{}) {
		if m != nil || OutcomeOf(err) != Refused {
			t.Errorf("got %v, %v", m, err)
		}
		errs++
	}
	equal(t, "errors", errs, 2)
}

func TestAListOfMerchantsCanBeAskedForFromACursor(t *testing.T) {
	t.Parallel()
	c := newService(t, exchange{method: "GET", path: "/api/merchants", query: url.Values{"pageKey": {"k"}}, reply: `{"items":[` + merchantJSON("a") + `]}`})
	page, _, err := c.Merchants.List(t.Context(), ListMerchantsParams{PageKey: "k"})
	if err != nil || len(page.Items) != 1 {
		t.Errorf("got %v, %v", page, err)
	}
}

func TestNoConfigsIsAnAnswer(t *testing.T) {
	t.Parallel()
	got, _, err := newClientOf(t, answering(200, `[]`)).Merchants.Configs(t.Context(), "m")
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestCollectionIDsAreWrittenAsAList(t *testing.T) {
	t.Parallel()
	for wire, want := range map[string]string{
		`{"type":"centrapay.ledger.main","collectionIds":"c_1"}`:         `{"type":"centrapay.ledger.main","collectionIds":["c_1"]}`,
		`{"type":"centrapay.ledger.main","collectionIds":["c_1","c_2"]}`: `{"type":"centrapay.ledger.main","collectionIds":["c_1","c_2"]}`,
		`{"type":"centrapay.ledger.main","collectionIds":[]}`:            `{"type":"centrapay.ledger.main","collectionIds":[]}`,
		`{"type":"centrapay.ledger.main","collectionIds":null}`:          `{"type":"centrapay.ledger.main"}`,
	} {
		again, err := json.Marshal(read[PaymentOptionConfig](t, wire))
		if err != nil || string(again) != want {
			t.Errorf("%s became %s, %v", wire, again, err)
		}
	}
	var o PaymentOptionConfig
	if err := json.Unmarshal([]byte(`{"collectionIds":{"id":"c_1"}}`), &o); err == nil {
		t.Errorf("an object was read as %v", o.CollectionIDs)
	}
}

func FuzzMerchants(f *testing.F) {
	fuzzModel(f, func(p *MerchantSearchPage) error { return wholePage(foundMerchant)(&p.Page) }, "merchants-search")
}

func FuzzMerchantConfig(f *testing.F) {
	f.Add([]byte(`{"paymentOptions":[{"type":"centrapay.ledger.main","collectionIds":"c_1"}]}`))
	fuzzModel(f, merchantConfigOf("1"), "merchant-configs-get", "legacy-merchant-configs-get")
}
