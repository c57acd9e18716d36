package api

import (
	"strings"

	"github.com/shopspring/decimal"
)

// Location is where something is, as an address and as a point. Street, City
// and Country are required by the documents, yet their own examples leave the
// street out: any part may be missing, and Complete tells. Source: Centrapay
// docs, data types, "Location".
type Location struct {
	// Lat and Lng are in degrees, south and west being negative. The documents
	// type them as numbers and show them as strings; both are read, and strings
	// are written. The service works them out from the address when they are not
	// given.
	Lat BigNumber `json:"lat,omitempty"`
	Lng BigNumber `json:"lng,omitempty"`
	// Street is the unit, number and name of the street.
	Street string `json:"street,omitempty"`
	Suburb string `json:"suburb,omitempty"`
	City   string `json:"city,omitempty"`
	// PostCode is text; a number keeps its digits.
	PostCode Text `json:"postCode,omitempty"`
	// State is the state or region.
	State string `json:"state,omitempty"`
	// Country is an ISO 3166 alpha-2 code, such as NZ.
	Country string `json:"country,omitempty"`
}

// Complete reports whether all that the documents require is there: street, city
// and country.
func (l Location) Complete() bool { return l.Street != "" && l.City != "" && l.Country != "" }

// Point returns the coordinates in degrees. It is false when either is missing,
// no number, or not on the globe, as in an example of the documents.
func (l Location) Point() (lat, lng decimal.Decimal, ok bool) {
	if !l.Lat.Valid() || !l.Lng.Valid() {
		return lat, lng, false
	}
	lat, lng = l.Lat.Decimal(), l.Lng.Decimal()
	if lat.Abs().GreaterThan(decimal.NewFromInt(90)) || lng.Abs().GreaterThan(decimal.NewFromInt(180)) {
		return decimal.Zero, decimal.Zero, false
	}
	return lat, lng, true
}

// String returns the address in one line, as much of it as is known: "2 Street
// Street, Place, Auckland 1234, NZ". The state is left out where it repeats the
// city.
func (l Location) String() string {
	city := strings.TrimSpace(l.City + " " + string(l.PostCode))
	state := l.State
	if strings.EqualFold(state, l.City) {
		state = ""
	}
	var parts []string
	for _, part := range []string{l.Street, l.Suburb, city, state, l.Country} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
