package api

import (
	"slices"
	"strings"
)

// ObjectKind is what a prefixed id names. Source: Centrapay docs, object ids.
type ObjectKind string

// The kinds of object whose ids have a prefix.
const (
	ObjectMerchantConfig         ObjectKind = "merchant config"
	ObjectTokenCollection        ObjectKind = "token collection"
	ObjectConnection             ObjectKind = "connection"
	ObjectPaymentLink            ObjectKind = "payment link"
	ObjectAssetProgram           ObjectKind = "asset program"
	ObjectAssetProgramMembership ObjectKind = "asset program membership"
	ObjectAssetProgramConfig     ObjectKind = "asset program config"
	ObjectBusinessOnboarding     ObjectKind = "business onboarding request"
	ObjectSalesChannel           ObjectKind = "sales channel"
	ObjectSalesChannelMembership ObjectKind = "sales channel membership"
)

// ObjectPrefix is how the ids of one kind of object begin.
type ObjectPrefix struct {
	// Prefix includes the underscore: "mc_".
	Prefix string
	Kind   ObjectKind
	// Published says that the documents list the prefix; the others stand in
	// their examples only.
	Published bool
}

var objectPrefixes = [...]ObjectPrefix{
	{"mc_", ObjectMerchantConfig, true},
	{"c_", ObjectTokenCollection, true},
	{"cn_", ObjectConnection, false},
	{"pl_", ObjectPaymentLink, false},
	{"ap_", ObjectAssetProgram, false},
	{"apm_", ObjectAssetProgramMembership, false},
	{"apc_", ObjectAssetProgramConfig, false},
	{"bo_", ObjectBusinessOnboarding, false},
	{"sc_", ObjectSalesChannel, false},
	{"scm_", ObjectSalesChannelMembership, false},
}

// ObjectPrefixes returns the prefixes that are known, those that the documents
// list first.
func ObjectPrefixes() []ObjectPrefix { return slices.Clone(objectPrefixes[:]) }

// ObjectID is the id of any object, to look at only: ids are opaque, most have
// no prefix, new prefixes come, and the same merchant config goes by an id with
// its prefix and without. Nothing is ever refused for the look of its id; only
// the service can judge one.
type ObjectID string

// Kind returns what the prefix says that the id names, "" for an id without a
// known prefix, which can name anything.
func (id ObjectID) Kind() ObjectKind {
	p, _ := id.split()
	return p.Kind
}

// Bare returns the id without its prefix when that is a known one.
func (id ObjectID) Bare() string {
	_, bare := id.split()
	return bare
}

// Same reports whether both ids can name the same object: they are equal, or
// one of them is the other without its known prefix. Absent ids are not the
// same.
func (id ObjectID) Same(other ObjectID) bool {
	if id == "" || other == "" {
		return false
	}
	return id == other || id.Bare() == string(other) || string(id) == other.Bare()
}

func (id ObjectID) split() (p ObjectPrefix, bare string) {
	prefix, rest, found := strings.Cut(string(id), "_")
	if !found || rest == "" {
		return ObjectPrefix{}, string(id)
	}
	for _, p := range objectPrefixes {
		if p.Prefix == prefix+"_" {
			return p, rest
		}
	}
	return ObjectPrefix{}, string(id)
}
