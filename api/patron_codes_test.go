package api

import (
	"maps"
	"strings"
	"testing"
)

func TestAPatronCodeIsTheOneAskedFor(t *testing.T) {
	t.Parallel()
	code := func(id, barcode, externalID string) string {
		return `{"id":"` + id + `","barcode":` + barcode + `,"externalId":"` + externalID + `"}`
	}
	byID := func(c *Client) error {
		_, _, err := c.PatronCodes.Get(t.Context(), "a", WithoutRetry())
		return err
	}
	byBarcode := func(c *Client) error {
		_, _, err := c.PatronCodes.GetByBarcode(t.Context(), "0000901342", WithoutRetry())
		return err
	}
	byExternalID := func(c *Client) error {
		_, _, err := c.PatronCodes.GetByExternalID(t.Context(), "n", "x", WithoutRetry())
		return err
	}
	tests := map[string]struct {
		call func(*Client) error
		body string
		want Outcome
	}{
		"by id":                        {byID, code("a", `"1"`, ""), Done},
		"by id, another":               {byID, code("b", `"1"`, ""), Unknown},
		"by id, without barcode":       {byID, `{"id":"a"}`, Unknown},
		"by id, without id":            {byID, `{"barcode":"1"}`, Unknown},
		"by barcode":                   {byBarcode, code("a", `"0000901342"`, ""), Done},
		"by barcode, as a number":      {byBarcode, code("a", `901342`, ""), Done},
		"by barcode, another":          {byBarcode, code("a", `"0000901343"`, ""), Unknown},
		"by barcode, ten times it":     {byBarcode, code("a", `"9013420"`, ""), Unknown},
		"by external id":               {byExternalID, code("a", `"1"`, "x"), Done},
		"by external id, not repeated": {byExternalID, `{"id":"a","barcode":"1"}`, Done},
		"by external id, another":      {byExternalID, code("a", `"1"`, "X"), Unknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := tt.call(newClientOf(t, answering(200, tt.body))); OutcomeOf(err) != tt.want {
				t.Errorf("got %s: %v", OutcomeOf(err), err)
			}
		})
	}
}

func TestOnlyTheServiceJudgesABarcode(t *testing.T) {
	t.Parallel()
	// Whatever its check digit or length, it is asked for.
	for _, barcode := range []string{testBarcode, "503901342", "1", "x/y"} {
		c := newClientOf(t, answering(400, `{"message":"CHECKSUM_FAILED"}`))
		if _, _, err := c.PatronCodes.GetByBarcode(t.Context(), barcode); OutcomeOf(err) != Refused {
			t.Errorf("%s: got %v", barcode, err)
		}
	}
}

func TestPatronCodeTestScenarios(t *testing.T) {
	t.Parallel()
	c := read[PatronCode](t, `{"id":"a","barcode":"1","testScenarioName":"force-condition-check-photo-id"}`)
	equal(t, "scenario", c.TestScenarioName, TestScenarioPhotoID)
}

func TestMetadataIsReadWhateverItHolds(t *testing.T) {
	t.Parallel()
	c := read[PatronCode](t, `{"metadata":{"s":"x","e":"","n":1.50,"t":true,"z":null,"o":{"a": [1, 2]},"u":"caf\u00e9"}}`)
	want := Metadata{"s": "x", "e": "", "n": "1.50", "t": "true", "z": "", "o": `{"a":[1,2]}`, "u": "café"}
	if !maps.Equal(c.Metadata, want) {
		t.Errorf("got %v", c.Metadata)
	}
	equal(t, "absent", read[PatronCode](t, `{}`).Metadata == nil && read[PatronCode](t, `{"metadata":null}`).Metadata == nil, true)
	empty := read[PatronCode](t, `{"metadata":{}}`).Metadata
	equal(t, "empty", empty != nil && len(empty) == 0, true)
}

func TestMetadataBeyondTheLimitsIsNotSent(t *testing.T) {
	t.Parallel()
	many := func(n int, value string) Metadata {
		m := Metadata{}
		for i := range n {
			m[strings.Repeat("k", i+1)] = value
		}
		return m
	}
	tests := map[string]struct {
		metadata Metadata
		sent     bool
	}{
		"one":                     {Metadata{"deviceId": "device-001"}, true},
		"a deletion":              {Metadata{"deviceId": ""}, true},
		"as many as there can be": {many(10, "v"), true},
		"one too many":            {many(11, "v"), false},
		"more deletions":          {many(30, ""), true},
		"the longest key":         {Metadata{strings.Repeat("k", 64): "v"}, true},
		"a longer key":            {Metadata{strings.Repeat("k", 65): "v"}, false},
		"an empty key":            {Metadata{"": "v"}, false},
		"a key with a space":      {Metadata{"a b": "v"}, false},
		"a key on two lines":      {Metadata{"a\n": "v"}, false},
		"a key with an accent":    {Metadata{"é": "v"}, false},
		"all signs of a key":      {Metadata{"aZ0_-": "v"}, true},
		"the longest value":       {Metadata{"k": strings.Repeat("é", 256)}, true},
		"a longer value":          {Metadata{"k": strings.Repeat("v", 257)}, false},
		"nothing":                 {Metadata{}, false},
		"none":                    {nil, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClientOf(t, answering(403, `{"message":"PATRON_CODE_INVALID"}`))
			_, _, err := c.PatronCodes.SetMetadata(t.Context(), testCode, tt.metadata)
			want := NotSent
			if tt.sent {
				want = Refused
			}
			equal(t, "outcome", OutcomeOf(err), want)
		})
	}
}

func FuzzPatronCode(f *testing.F) {
	f.Add([]byte(`{"metadata":{"o":{"a":"\ud800"},"n":1}}`))
	fuzzModel(f, wholePatronCode, "patron-codes-get", "patron-codes-create")
}
