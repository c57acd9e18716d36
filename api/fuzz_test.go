package api

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// Whatever a decoder accepts it writes again and reads as the same.
func fuzzModel[T any](f *testing.F, check func(*T) error, fixtures ...string) {
	f.Helper()
	for _, name := range fixtures {
		f.Add(readFixture(f, name+".response.json"))
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"id":1,"value":{"amount":1e400},"createdAt":"x"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first := new(T)
		if json.Unmarshal(data, first) != nil {
			return
		}
		_ = check(first) // must not crash
		wire, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		second := new(T)
		if err := json.Unmarshal(wire, second); err != nil {
			t.Fatalf("written but not read: %v\n%s", err, wire)
		}
		again, err := json.Marshal(second)
		if err != nil || string(again) != string(wire) {
			t.Fatalf("changes when read again:\n%s\n%s", wire, again)
		}
	})
}

func FuzzPaymentRequest(f *testing.F) {
	fuzzModel(f, wholePaymentRequest, "payment-requests-get", "seed-payment-requests-create")
}

func FuzzPaymentActivities(f *testing.F) {
	fuzzModel(f, wholePage(listedActivity(testID)), "payment-activities-list", "payment-requests-list-payment-activities")
}

func FuzzErrorBody(f *testing.F) {
	f.Add(403, []byte(`{"statusCode":403,"error":"Forbidden","message":"REQUEST_PAID"}`))
	f.Add(429, []byte(`<html>`))
	f.Add(200, []byte(`{"message":[]}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		e := &Error{Status: status}
		e.Err = readErrorBody(e, body)
		if outcomeOfStatus(status, e) == Refused && (status < 400 || status > 499 || e.Message == "" || !json.Valid(body)) {
			t.Fatalf("refused by %d %q", status, body)
		}
		_ = e.Error()
	})
}

func FuzzTimestamp(f *testing.F) {
	for _, s := range []string{"2021-06-11T02:51:11.000Z", "2022-03-31 02:56:29 UTC", "2019-12-10", "2020-06-02T10:l4:33.021Z", "", "0000-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var ts, again Timestamp
		if err := json.Unmarshal(quoted, &ts); err != nil {
			t.Fatalf("%q failed the decode: %v", text, err)
		}
		if !ts.Valid() && ts.String() != text {
			t.Fatalf("%q was kept as %q", text, ts)
		}
		wire, err := json.Marshal(ts)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(wire, &again); err != nil || again.String() != ts.String() {
			t.Fatalf("%q became %q, then %q", text, ts, again)
		}
	})
}

func FuzzBigNumber(f *testing.F) {
	for _, s := range []string{`"100"`, `100`, `"15.00"`, `1e400`, `"1e-9999"`, `-0`, `"abc"`, `null`, `"\u0031"`, `{}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var n, again BigNumber
		if n.UnmarshalJSON(data) != nil {
			return
		}
		d := n.Decimal()
		if n.IsSet() && n.Valid() && n.IsZero() != d.IsZero() {
			t.Fatalf("%q: zero %v, %s", n, n.IsZero(), d)
		}
		wire, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(wire, &again); err != nil || again != n {
			t.Fatalf("%q became %q, %v", n, again, err)
		}
	})
}

func FuzzCRN(f *testing.F) {
	for _, s := range []string{"crn::user:e2837e88", "crn:a:b:c:d", "crn:::", "arn:a:b:c", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCRN(text)
		if (err == nil) != CRN(text).Valid() {
			t.Fatalf("%q: valid %v, parsed %v", text, CRN(text).Valid(), err)
		}
		if err == nil && NewCRN(c.Account(), c.Type(), c.ID()) != CRN(text) {
			t.Fatalf("%q: parts make %q", text, NewCRN(c.Account(), c.Type(), c.ID()))
		}
	})
}
