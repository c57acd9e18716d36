package api

import "testing"

func TestADecodedCodeNamesItsProvider(t *testing.T) {
	t.Parallel()
	sent := DecodeScannedCode{Code: "000901342", MerchantConfigID: "mc_1"}
	tests := map[string]struct {
		body string
		want Outcome
		name string
	}{
		"all fields":           {`{"code":"000901342","scannedBy":"merchant","merchantConfigId":"mc_1","provider":"farmlands","displayName":"Farmlands Card"}`, Done, "Farmlands Card"},
		"the code as a number": {`{"code":901342,"provider":"farmlands"}`, Done, ""},
		"no code":              {`{"provider":"farmlands"}`, Done, ""},
		"a new provider":       {`{"code":"000901342","provider":"ticketek","displayName":"Ticketek","ticket":{"seat":7}}`, Done, "Ticketek"},
		"another code":         {`{"code":"000901343","provider":"farmlands"}`, Unknown, ""},
		"no provider":          {`{"code":"000901342","displayName":"Farmlands Card"}`, Unknown, ""},
		"a provider of a kind": {`{"code":"000901342","provider":{"name":"farmlands"}}`, Unknown, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, meta, err := newClientOf(t, answering(200, tt.body)).ScannedCodes.Decode(t.Context(), sent)
			if OutcomeOf(err) != tt.want || meta.Attempts != 1 {
				t.Fatalf("got %s after %d attempts: %v", OutcomeOf(err), meta.Attempts, err)
			}
			if err == nil {
				equal(t, "name", r.DisplayName, tt.name)
			}
		})
	}
}

func TestWhoScannedIsTheMerchantUnlessSaidOtherwise(t *testing.T) {
	t.Parallel()
	for given, sent := range map[ScannedBy]string{"": "merchant", ScannedByMerchant: "merchant", "patron": "patron"} {
		c := newService(t, exchange{
			method: "POST", path: "/api/decode", reply: `{"provider":"venmo"}`,
			body: `{"code":"]C1 7\"","scannedBy":"` + sent + `","merchantConfigId":"mc_1"}`,
		})
		if _, _, err := c.ScannedCodes.Decode(t.Context(), DecodeScannedCode{Code: `]C1 7"`, ScannedBy: given, MerchantConfigID: "mc_1"}); err != nil {
			t.Error(err)
		}
	}
}
