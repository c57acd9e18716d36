package api

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestBigNumberKeepsTheTextItWasReadAs(t *testing.T) {
	t.Parallel()
	tests := []struct{ wire, text, number string }{
		{`"100"`, "100", "100"},
		{`100`, "100", "100"},
		{`"15.00"`, "15.00", "15"},
		{`15.00`, "15.00", "15"},
		{`0.0027625`, "0.0027625", "0.0027625"},
		{`"0.000081"`, "0.000081", "0.000081"},
		{`1320000000000000`, "1320000000000000", "1320000000000000"},
		{`123456789012345678901234567890.123456789`, "123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"},
		{`9007199254740993`, "9007199254740993", "9007199254740993"}, // a float would lose the 3
		{`-1e3`, "-1e3", "-1000"},
		{`"\u0031"`, "1", "1"},
		{`null`, "", "0"},
		{`""`, "", "0"},
	}
	for _, tt := range tests {
		var n BigNumber
		if err := json.Unmarshal([]byte(tt.wire), &n); err != nil {
			t.Errorf("%s: %v", tt.wire, err)
			continue
		}
		if n.String() != tt.text || !n.Decimal().Equal(decimal.RequireFromString(tt.number)) {
			t.Errorf("%s: got %q = %s", tt.wire, n, n.Decimal())
		}
		if n.Valid() != (tt.text != "") || n.IsSet() != (tt.text != "") {
			t.Errorf("%s: got valid %v, set %v", tt.wire, n.Valid(), n.IsSet())
		}
		again, err := json.Marshal(n)
		if want := `"` + tt.text + `"`; err != nil || string(again) != want {
			t.Errorf("%s: encodes as %s, want %s", tt.wire, again, want)
		}
	}
}

func TestBigNumberThatIsNoNumber(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"abc", "1,000", "12.3.4", "NaN", "Infinity", "0x10", "1_000", " 1", "1e999999999", "1e-999999999", strings.Repeat("9", 1<<20)} {
		n := BigNumber(text)
		if n.Valid() || n.IsZero() || !n.Decimal().IsZero() {
			t.Errorf("%q: got valid %v, zero %v, %s", clip(text), n.Valid(), n.IsZero(), n.Decimal())
		}
		if _, err := ParseBigNumber(text); err == nil {
			t.Errorf("%q was parsed", text)
		}
		if !n.Equal(BigNumber(text)) || n.Equal("0") || n.Equal("") {
			t.Errorf("%q equals what it is not", text)
		}
	}
	for _, wire := range []string{`{}`, `[]`, `true`, `{"amount":"1"}`} {
		if err := json.Unmarshal([]byte(wire), new(BigNumber)); err == nil {
			t.Errorf("%s was read as a number", wire)
		}
	}
}

func TestBigNumberComparesByValue(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]BigNumber{{"15", "15.00"}, {"1e2", "100"}, {"-0", "0.0"}, {"", ""}} {
		if !same[0].Equal(same[1]) {
			t.Errorf("%q and %q are not equal", same[0], same[1])
		}
	}
	if BigNumber("").Equal("0") {
		t.Error("an absent number equals zero")
	}
	for n, want := range map[BigNumber]bool{"": true, "0": true, "0.00": true, "-0": true, "0.01": false} {
		if n.IsZero() != want {
			t.Errorf("%q: got zero %v", n, n.IsZero())
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.New(rapid.Int64().Draw(t, "coefficient"), int32(rapid.IntRange(-30, 30).Draw(t, "exponent")))
		n := NewBigNumber(d)
		var back BigNumber
		data, err := json.Marshal(n)
		if err != nil || json.Unmarshal(data, &back) != nil || back != n || !back.Decimal().Equal(d) {
			t.Fatalf("%s became %s", d, back)
		}
	})
	if n, err := ParseBigNumber("15.00"); err != nil || n != "15.00" {
		t.Errorf("15.00 was parsed as %q, %v", n, err)
	}
	if BigNumberFromInt(-42) != "-42" {
		t.Error("BigNumberFromInt(-42) is", BigNumberFromInt(-42))
	}
}

func TestTimestampReadsEveryFormSeen(t *testing.T) {
	t.Parallel()
	tests := []struct{ wire, want string }{
		{"2021-06-11T02:51:11.000Z", "2021-06-11T02:51:11.000Z"},
		{"2021-06-11T02:51:11.123456Z", "2021-06-11T02:51:11.123Z"},
		{"2018-04-06T04:36:54Z", "2018-04-06T04:36:54.000Z"},
		{"2022-03-31 02:56:29 UTC", "2022-03-31T02:56:29.000Z"},
		{"2020-06-12 01:17:46 UTC", "2020-06-12T01:17:46.000Z"},
		{"2019-12-10", "2019-12-10T00:00:00.000Z"},
		{"2022-08-03T16:56:50-06:00", "2022-08-03T22:56:50.000Z"},
		{"2022-08-03T16:56:50", "2022-08-03T16:56:50.000Z"},
		{"2022-08-03 16:56:50", "2022-08-03T16:56:50.000Z"},
	}
	for _, tt := range tests {
		var ts Timestamp
		if err := json.Unmarshal([]byte(`"`+tt.wire+`"`), &ts); err != nil {
			t.Errorf("%s: %v", tt.wire, err)
			continue
		}
		data, err := json.Marshal(ts)
		if err != nil || string(data) != `"`+tt.want+`"` || !ts.Valid() || ts.IsZero() || ts.Time().Location() != time.UTC {
			t.Errorf("%s: got %s, valid %v", tt.wire, data, ts.Valid())
		}
	}
}

func TestMalformedTimestampIsKept(t *testing.T) {
	t.Parallel()
	const letterL = "2020-06-02T10:l4:33.021Z"
	for _, text := range []string{letterL, "soon", "2021-13-01", "0001-01-01T00:00:00Z"} {
		var ts Timestamp
		if err := json.Unmarshal([]byte(`"`+text+`"`), &ts); err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(ts)
		if err != nil || string(data) != `"`+text+`"` || ts.Valid() || ts.IsZero() || !ts.Time().IsZero() {
			t.Errorf("%s: got %s, valid %v, zero %v", text, data, ts.Valid(), ts.IsZero())
		}
	}
	if _, err := ParseTimestamp(letterL); err == nil {
		t.Error("a malformed text was parsed")
	}
	if err := json.Unmarshal([]byte(`{}`), new(Timestamp)); err == nil {
		t.Error("an object was read as a timestamp")
	}
}

func TestTimestampThatIsAbsent(t *testing.T) {
	t.Parallel()
	var r struct {
		At Timestamp `json:"at,omitzero"`
	}
	if err := json.Unmarshal([]byte(`{"at":null}`), &r); err != nil || !r.At.IsZero() || r.At.Valid() {
		t.Errorf("got %v, %v", r.At, err)
	}
	if data, err := json.Marshal(r); err != nil || string(data) != `{}` {
		t.Errorf("got %s", data)
	}
	if data, err := json.Marshal(Timestamp{}); err != nil || string(data) != `null` || (Timestamp{}).String() != "" {
		t.Errorf("got %s", data)
	}
}

func TestTimestampOfALocalTime(t *testing.T) {
	t.Parallel()
	auckland := time.FixedZone("NZST", 12*60*60)
	ts := NewTimestamp(time.Date(2026, 7, 21, 22, 0, 0, 123_999_999, auckland))
	if ts.String() != "2026-07-21T10:00:00.123Z" {
		t.Errorf("got %s", ts)
	}
	again, err := ParseTimestamp(ts.String())
	if err != nil || again != ts {
		t.Errorf("got %v, want %v", again, ts)
	}
}

func TestCRNIsTakenApart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		crn               CRN
		account, kind, id string
		valid             bool
	}{
		{"crn::user:e2837e88-d408-11eb-8eac-3e22fb52e878", "", "user", "e2837e88-d408-11eb-8eac-3e22fb52e878", true},
		{"crn:1234abc:api-key:MyAccountOwner", "1234abc", "api-key", "MyAccountOwner", true},
		{"crn:a:b:c:d:e", "a", "b", "c:d:e", true},
		{"crn:a:b:", "a", "b", "", false},
		{"crn:::", "", "", "", false},
		{"crn:a:b", "", "", "", false},
		{"arn:a:b:c", "", "", "", false},
		{"", "", "", "", false},
	}
	for _, tt := range tests {
		got := []string{tt.crn.Account(), tt.crn.Type(), tt.crn.ID()}
		if got[0] != tt.account || got[1] != tt.kind || got[2] != tt.id || tt.crn.Valid() != tt.valid {
			t.Errorf("%q: got %q, valid %v", tt.crn, got, tt.crn.Valid())
		}
		parsed, err := ParseCRN(tt.crn.String())
		if (err == nil) != tt.valid || tt.valid && parsed != tt.crn {
			t.Errorf("%q: parsed as %q, %v", tt.crn, parsed, err)
		}
		if tt.valid && NewCRN(tt.account, tt.kind, tt.id) != tt.crn {
			t.Errorf("%q: made again as %q", tt.crn, NewCRN(tt.account, tt.kind, tt.id))
		}
	}
}

func TestLenientScalars(t *testing.T) {
	t.Parallel()
	type body struct {
		N Int  `json:"n"`
		B Bool `json:"b"`
		T Text `json:"t"`
	}
	good := map[string]body{
		`{"n":120,"b":true,"t":"x"}`:                 {120, true, "x"},
		`{"n":"120","b":"true","t":503901342}`:       {120, true, "503901342"},
		`{"n":120.0,"b":"false","t":"0012"}`:         {120, false, "0012"},
		`{"n":"","b":"","t":""}`:                     {},
		`{"n":null,"b":null,"t":null}`:               {},
		`{"n":-1,"b":1,"t":1.50}`:                    {-1, true, "1.50"},
		`{"n":9223372036854775807,"b":false,"t":-0}`: {9223372036854775807, false, "-0"},
	}
	for wire, want := range good {
		var got body
		if err := json.Unmarshal([]byte(wire), &got); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", wire, got, err)
		}
	}
	bad := []string{
		`{"n":"soon"}`, `{"n":1.5}`, `{"n":9223372036854775808}`, `{"n":1e1000000}`, `{"n":"1e9999"}`, `{"n":true}`, `{"n":[]}`,
		`{"b":"perhaps"}`, `{"b":{}}`, `{"b":2}`, `{"t":{}}`, `{"t":true}`, `{"t":["x"]}`,
	}
	for _, wire := range bad {
		if err := json.Unmarshal([]byte(wire), new(body)); err == nil {
			t.Errorf("%s was read", wire)
		}
	}
	data, err := json.Marshal(body{120, true, "x"})
	if err != nil || string(data) != `{"n":120,"b":true,"t":"x"}` {
		t.Errorf("got %s, %v", data, err)
	}
}
