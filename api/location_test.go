package api

import (
	"encoding/json"
	"testing"
)

func TestLocationReadsCoordinatesAsTextAndAsNumbers(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{
		`{"lat":"-36.8483579","lng":"174.7725834","postCode":"0610"}`,
		`{"lat":-36.8483579,"lng":174.7725834,"postCode":"0610"}`,
	} {
		l := read[Location](t, wire)
		lat, lng, ok := l.Point()
		if !ok || lat.String() != "-36.8483579" || lng.String() != "174.7725834" {
			t.Errorf("%s: got %s, %s, %v", wire, lat, lng, ok)
		}
		again, err := json.Marshal(l)
		if want := `{"lat":"-36.8483579","lng":"174.7725834","postCode":"0610"}`; err != nil || string(again) != want {
			t.Errorf("%s: encodes as %s, %v", wire, again, err)
		}
	}
	equal(t, "postCode as a number", read[Location](t, `{"postCode":1010}`).PostCode, "1010")
}

func TestLocationWithoutAPointOnTheGlobe(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{
		`{}`, `{"lat":"1"}`, `{"lng":"1"}`, `{"lat":"","lng":""}`, `{"lat":null,"lng":null}`, `{"lat":"north","lng":"1"}`,
		`{"lat":"123.45","lng":"32.21"}`, `{"lat":"-90.1","lng":"0"}`, `{"lat":"0","lng":"180.1"}`,
	} {
		if lat, lng, ok := read[Location](t, wire).Point(); ok || !lat.IsZero() || !lng.IsZero() {
			t.Errorf("%s is at %s, %s", wire, lat, lng)
		}
	}
	if _, _, ok := read[Location](t, `{"lat":90,"lng":-180}`).Point(); !ok {
		t.Error("the edge of the map is not on it")
	}
}

func TestLocationAsAnAddress(t *testing.T) {
	t.Parallel()
	tests := []struct {
		wire, line string
		complete   bool
	}{
		{`{"street":"2 Street Street","suburb":"Place","city":"Auckland","state":"Auckland","postCode":"1234","country":"NZ"}`, "2 Street Street, Place, Auckland 1234, NZ", true},
		{`{"city":"Auckland","postCode":"1010","country":"NZ","lat":"-36","lng":"174"}`, "Auckland 1010, NZ", false},
		{`{"street":"1 High St","city":"Dannevirke","state":"Manawatū","country":"NZ"}`, "1 High St, Dannevirke, Manawatū, NZ", true},
		{`{"street":"1 High St","city":"Dannevirke"}`, "1 High St, Dannevirke", false},
		{`{"postCode":"1010"}`, "1010", false},
		{`{}`, "", false},
		{`{"brandNew":{"a":1}}`, "", false},
	}
	for _, tt := range tests {
		l := read[Location](t, tt.wire)
		equal(t, tt.wire, l.String(), tt.line)
		equal(t, tt.wire, l.Complete(), tt.complete)
	}
}
