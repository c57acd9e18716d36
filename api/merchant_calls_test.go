package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// memberships is the one call of this part without a published answer.
func memberships(ctx context.Context, c *Client) error {
	_, _, err := c.Accounts.Memberships(ctx)
	return err
}

// wholeAnswers are the calls of this part with an answer that each accepts.
func wholeAnswers(t *testing.T) map[string]struct {
	call published
	body string
} {
	t.Helper()
	all := map[string]struct {
		call published
		body string
	}{"account-memberships": {memberships, membershipsJSON}}
	for name, call := range merchantCalls {
		all[name] = struct {
			call published
			body string
		}{call, string(readFixture(t, name+".response.json"))}
	}
	return all
}

func TestBrokenAnswersAboutMerchantsAreUnknown(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"a login page": `<!doctype html><html><body>Café WiFi</body></html>`, "nothing": ``, "blanks": " \n", "null": `null`,
		"a text": `"paid"`, "a number": `17`, "true": `true`, "an empty object": `{}`, "an error": `{"message":"Forbidden"}`,
		"a list of lists": `[[]]`, "a list of null": `[null]`, "a list of nothing": `[{}]`, "a list of texts": `["a"]`,
		"no items": `{"items":null}`, "items of another shape": `{"items":{}}`, "empty items": `{"items":[{}]}`, "null as item": `{"items":[null]}`,
	}
	for name, whole := range wholeAnswers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := map[string]string{"half": whole.body[:len(whole.body)/2], "twice": whole.body + whole.body}
			switch strings.TrimSpace(whole.body)[0] {
			case '[': // an empty list is an answer
				broken["a page"] = `{"items":` + whole.body + `}`
			default:
				broken["an empty list"] = `[]`
				broken["a list of it"] = `[` + whole.body + `]`
			}
			for kind, body := range bodies {
				broken[kind] = body
			}
			for kind, body := range broken {
				if err := whole.call(t.Context(), newClientOf(t, answering(200, body))); OutcomeOf(err) != Unknown {
					t.Errorf("%s: got %s: %v", kind, OutcomeOf(err), err)
				}
			}
			if err := whole.call(t.Context(), newClientOf(t, answering(200, whole.body))); err != nil {
				t.Errorf("the whole answer: %v", err)
			}
		})
	}
}

// Reading is attempted again; what makes or changes something is not, unless
// nothing was sent.
func TestAttemptsOfCallsAboutMerchants(t *testing.T) {
	t.Parallel()
	once := []string{"scanned-codes-decode", "patron-codes-create", "patron-codes-set-metadata", "connections-create", "connections-authorize"}
	for name, whole := range wholeAnswers(t) {
		want := int32(3)
		if slices.Contains(once, name) {
			want = 1
		}
		var calls atomic.Int32
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls.Add(1)
			answering(502, `<html>Bad Gateway</html>`)(w, r)
		}))
		err := whole.call(t.Context(), c)
		if OutcomeOf(err) != Unknown || calls.Load() != want {
			t.Errorf("%s: got %d calls, want %d: %v", name, calls.Load(), want, err)
		}
	}
}

func TestRefusalsOfCallsAboutMerchants(t *testing.T) {
	t.Parallel()
	forbidden := string(readFixture(t, "doc-http-status-codes-03.example.json"))
	patronCodeInvalid := string(readFixture(t, "openapi-error-403-patron-code-invalid.example.json"))
	type refusal struct {
		status int
		body   string
		code   Code
	}
	documented := map[string][]refusal{
		"scanned-codes-decode": {
			{403, `{"message":"UNKNOWN_CODE"}`, CodeUnknownCode},
			{403, `{"message":"MERCHANT_CONFIG_NOT_FOUND"}`, CodeMerchantConfigNotFound},
			{403, `{"message":"INVALID_MERCHANT_CONFIG"}`, CodeInvalidMerchantConfig},
		},
		"patron-codes-get-by-barcode": {
			{400, string(readFixture(t, "openapi-error-400-checksum-failed.example.json")), CodeChecksumFailed},
			{403, patronCodeInvalid, CodePatronCodeInvalid},
		},
		"patron-codes-get-by-externalId": {{403, patronCodeInvalid, CodePatronCodeInvalid}},
		"patron-codes-set-metadata":      {{403, patronCodeInvalid, CodePatronCodeInvalid}},
	}
	for name, whole := range wholeAnswers(t) {
		for _, r := range append(documented[name], refusal{403, forbidden, CodeForbidden}, refusal{403, `{"message":"BRAND_NEW"}`, "BRAND_NEW"}) {
			var calls atomic.Int32
			c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				calls.Add(1)
				answering(r.status, r.body)(w, req)
			}))
			err := whole.call(t.Context(), c)
			var e *Error
			if !errors.As(err, &e) || e.Outcome != Refused || e.Code != r.code || e.Status != r.status || calls.Load() != 1 {
				t.Errorf("%s, %s: got %v after %d calls", name, r.code, err, calls.Load())
			}
		}
	}
}

func TestCallsAboutMerchantsThatAreNotSent(t *testing.T) {
	t.Parallel()
	search := func(p SearchMerchantsParams) published {
		return func(ctx context.Context, c *Client) error { _, _, err := c.Merchants.Search(ctx, p); return err }
	}
	decode := func(b DecodeScannedCode) published {
		return func(ctx context.Context, c *Client) error { _, _, err := c.ScannedCodes.Decode(ctx, b); return err }
	}
	tests := map[string]struct {
		call  published
		field string
		code  Code
	}{
		"decode nothing":             {decode(DecodeScannedCode{MerchantConfigID: "mc_1"}), "code", CodeInvalidRequest},
		"decode a line end":          {decode(DecodeScannedCode{Code: "\r\n", MerchantConfigID: "mc_1"}), "code", CodeInvalidRequest},
		"decode no UTF-8":            {decode(DecodeScannedCode{Code: "\xff", MerchantConfigID: "mc_1"}), "code", CodeInvalidRequest},
		"decode for nobody":          {decode(DecodeScannedCode{Code: "1"}), "merchantConfigId", CodeConfigMissing},
		"latitude alone":             {search(SearchMerchantsParams{Lat: "1"}), "origin", CodeInvalidRequest},
		"longitude alone":            {search(SearchMerchantsParams{Lng: "1"}), "origin", CodeInvalidRequest},
		"a latitude in words":        {search(SearchMerchantsParams{Lat: "north", Lng: "1"}), "origin", CodeInvalidRequest},
		"a longitude in words":       {search(SearchMerchantsParams{Lat: "1", Lng: "1,2"}), "origin", CodeInvalidRequest},
		"no distance":                {search(SearchMerchantsParams{DistanceKM: "0"}), "distance", CodeInvalidRequest},
		"a distance in words":        {search(SearchMerchantsParams{DistanceKM: "far"}), "distance", CodeInvalidRequest},
		"a product of no asset type": {search(SearchMerchantsParams{ProductID: "37873"}), "asset", CodeInvalidRequest},
		"two asset types":            {search(SearchMerchantsParams{AssetType: "epay.main,37873"}), "asset", CodeInvalidRequest},
		"a page of less than none":   {search(SearchMerchantsParams{PaginationLimit: -1}), "paginationLimit", CodeInvalidRequest},
		"a connection of nobody": {func(ctx context.Context, c *Client) error {
			_, _, err := c.Connections.Create(ctx, CreateConnection{})
			return err
		}, "merchantId", CodeInvalidRequest},
		"an authorization by nothing": {func(ctx context.Context, c *Client) error {
			_, _, err := c.Connections.Authorize(ctx, "cn_1", AuthorizeConnection{})
			return err
		}, "walletId", CodeInvalidRequest},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tt.call(t.Context(), newService(t))
			var e *Error
			var v *ValidationError
			if !errors.As(err, &e) || e.Outcome != NotSent || e.Code != tt.code || !errors.As(err, &v) || v.Field != tt.field {
				t.Errorf("got %v", err)
			}
		})
	}
}

// idCalls are the calls whose path holds what a caller gave.
func idCalls(id string) map[string]published {
	return map[string]published{
		"patron code": func(ctx context.Context, c *Client) error { _, _, err := c.PatronCodes.Get(ctx, id); return err },
		"barcode": func(ctx context.Context, c *Client) error {
			_, _, err := c.PatronCodes.GetByBarcode(ctx, id)
			return err
		},
		"namespace": func(ctx context.Context, c *Client) error {
			_, _, err := c.PatronCodes.GetByExternalID(ctx, id, "x")
			return err
		},
		"external id": func(ctx context.Context, c *Client) error {
			_, _, err := c.PatronCodes.GetByExternalID(ctx, "n", id)
			return err
		},
		"metadata": func(ctx context.Context, c *Client) error {
			_, _, err := c.PatronCodes.SetMetadata(ctx, id, Metadata{"a": "b"})
			return err
		},
		"merchant": func(ctx context.Context, c *Client) error { _, _, err := c.Merchants.Get(ctx, id); return err },
		"account": func(ctx context.Context, c *Client) error {
			_, _, err := c.Merchants.ListByAccount(ctx, id, ListMerchantsParams{})
			return err
		},
		"config": func(ctx context.Context, c *Client) error { _, _, err := c.Merchants.Config(ctx, id); return err },
		"merchant of config": func(ctx context.Context, c *Client) error {
			_, _, err := c.Merchants.ConfigOf(ctx, id, "c")
			return err
		},
		"config of merchant": func(ctx context.Context, c *Client) error {
			_, _, err := c.Merchants.ConfigOf(ctx, "m", id)
			return err
		},
		"configs":     func(ctx context.Context, c *Client) error { _, _, err := c.Merchants.Configs(ctx, id); return err },
		"settlements": func(ctx context.Context, c *Client) error { _, _, err := c.Merchants.Settlements(ctx, id); return err },
		"connection":  func(ctx context.Context, c *Client) error { _, _, err := c.Connections.Summary(ctx, id); return err },
		"authorization": func(ctx context.Context, c *Client) error {
			_, _, err := c.Connections.Authorize(ctx, id, AuthorizeConnection{WalletID: "w"})
			return err
		},
	}
}

func TestIdsOfMerchantsCannotChangeTheRoute(t *testing.T) {
	t.Parallel()
	const odd = "a/../b?x=#%"
	for name, call := range idCalls(odd) {
		c := newClientOf(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(strings.Split(r.URL.EscapedPath(), "/"), url.PathEscape(odd)) || r.URL.RawQuery != "" {
				t.Errorf("%s: asked for %s", name, r.URL)
			}
			answering(403, `{"message":"Forbidden"}`)(w, r)
		}))
		if err := call(t.Context(), c); OutcomeOf(err) != Refused {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, id := range []string{"", ".", ".."} {
		for name, call := range idCalls(id) {
			if err := call(t.Context(), newService(t)); OutcomeOf(err) != NotSent {
				t.Errorf("%s %q: got %v", name, id, err)
			}
		}
	}
}
