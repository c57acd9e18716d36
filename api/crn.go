package api

import (
	"fmt"
	"strings"
)

// CRN is a Centrapay resource name, "crn:{account}:{type}:{id}", for example
// "crn::user:e2837e88-d408-11eb-8eac-3e22fb52e878". The account may be empty
// and the id may contain colons and hyphens. Text that is no CRN never fails a
// decode; Valid tells. Source: Centrapay docs, data types, "CRN".
type CRN string

// NewCRN returns the CRN of a resource; account may be empty.
func NewCRN(account, kind, id string) CRN {
	return CRN("crn:" + account + ":" + kind + ":" + id)
}

// ParseCRN returns text as a CRN, unchanged. The error says so when text has
// not the form of one.
func ParseCRN(text string) (CRN, error) {
	if c := CRN(text); c.Valid() {
		return c, nil
	}
	return "", fmt.Errorf("parse CRN %q: want crn:{account}:{type}:{id}", clip(text))
}

// String returns the CRN as it was read.
func (c CRN) String() string { return string(c) }

// Valid reports whether the text has the form of a CRN, with a type and an id.
func (c CRN) Valid() bool {
	p, ok := c.parts()
	return ok && p[2] != "" && p[3] != ""
}

// Account returns the account part; it is empty for resources above accounts
// and for malformed text.
func (c CRN) Account() string { return c.part(1) }

// Type returns the kind of resource, such as "user" or "api-key".
func (c CRN) Type() string { return c.part(2) }

// ID returns the id of the resource, everything after the third colon.
func (c CRN) ID() string { return c.part(3) }

func (c CRN) part(i int) string {
	p, ok := c.parts()
	if !ok {
		return ""
	}
	return p[i]
}

func (c CRN) parts() (p [4]string, ok bool) {
	split := strings.SplitN(string(c), ":", len(p))
	if len(split) != len(p) || split[0] != "crn" {
		return p, false
	}
	copy(p[:], split)
	return p, true
}
