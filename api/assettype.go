package api

import "strings"

// AssetType names a kind of asset that pays, with the liveness as its ending:
// "centrapay.nzd.main", "epay.test". Types come and go; only the documented
// parts of the name have a meaning here. Source: Centrapay docs, asset types.
type AssetType string

// The asset types under which a merchant records a payment taken outside
// Centrapay.
const (
	AssetExternalMain AssetType = "external.main"
	AssetExternalTest AssetType = "external.test"
)

// String returns the name as the service writes it.
func (a AssetType) String() string { return string(a) }

// Liveness returns the ending that tells real money from test money, or "" when
// the name has neither ending.
func (a AssetType) Liveness() Liveness {
	switch {
	case strings.HasSuffix(string(a), ".main"):
		return LivenessMain
	case strings.HasSuffix(string(a), ".test"), a == "test":
		return LivenessTest
	default:
		return ""
	}
}

// Base returns the name without its liveness: "centrapay.nzd".
func (a AssetType) Base() string {
	if live := a.Liveness(); live != "" {
		return strings.TrimSuffix(string(a), "."+string(live))
	}
	return string(a)
}

// With returns the same asset type with another liveness.
func (a AssetType) With(l Liveness) AssetType { return AssetType(a.Base() + "." + string(l)) }

// IsExternal reports whether the type records a payment outside Centrapay.
func (a AssetType) IsExternal() bool { return a.Base() == "external" }

// IsToken reports whether the type is a Centrapay token, which pays for line
// items of its collection.
func (a AssetType) IsToken() bool { return a.Base() == "centrapay.token" }
