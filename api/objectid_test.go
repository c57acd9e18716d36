package api

import (
	"slices"
	"testing"
)

func TestObjectIDTellsWhatItsPrefixSays(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id   ObjectID
		kind ObjectKind
		bare string
	}{
		{"mc_5efbe2fb96c08357bb2b9242", ObjectMerchantConfig, "5efbe2fb96c08357bb2b9242"},
		{"c_3LKQhvGUcADgqoEM3bh6pslE", ObjectTokenCollection, "3LKQhvGUcADgqoEM3bh6pslE"},
		{"cn_9asd9k19", ObjectConnection, "9asd9k19"},
		{"pl_5srt998b", ObjectPaymentLink, "5srt998b"},
		{"ap_x", ObjectAssetProgram, "x"},
		{"apm_x", ObjectAssetProgramMembership, "x"},
		{"apc_x", ObjectAssetProgramConfig, "x"},
		{"bo_x", ObjectBusinessOnboarding, "x"},
		{"sc_x", ObjectSalesChannel, "x"},
		{"scm_x_y", ObjectSalesChannelMembership, "x_y"},
		// Opaque: nothing is known of them, and nothing is wrong with them.
		{"5efbe2fb96c08357bb2b9242", "", "5efbe2fb96c08357bb2b9242"},
		{"MhocUmpxxmgdHjr7DgKoKw", "", "MhocUmpxxmgdHjr7DgKoKw"},
		{"e2837e88-d408-11eb-8eac-3e22fb52e878", "", "e2837e88-d408-11eb-8eac-3e22fb52e878"},
		{"1234", "", "1234"},
		{"zz_new", "", "zz_new"},
		{"MC_x", "", "MC_x"},
		{"mc_", "", "mc_"},
		{"_x", "", "_x"},
		{"", "", ""},
	}
	for _, tt := range tests {
		equal(t, "kind of "+string(tt.id), tt.id.Kind(), tt.kind)
		equal(t, "bare "+string(tt.id), tt.id.Bare(), tt.bare)
	}
}

func TestTheSameObjectWithAndWithoutItsPrefix(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b ObjectID
		same bool
	}{
		{"mc_5efbe2fb96c08357bb2b9242", "5efbe2fb96c08357bb2b9242", true},
		{"mc_5efb", "mc_5efb", true},
		{"5efb", "5efb", true},
		{"zz_5efb", "zz_5efb", true},
		{"mc_5efb", "c_5efb", false}, // another kind of thing
		{"mc_5efb", "5EFB", false},
		{"mc_5efb", "mc_5efc", false},
		{"zz_5efb", "5efb", false}, // no prefix that is known
		{"mc_mc_5efb", "5efb", false},
		{"mc_", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		if tt.a.Same(tt.b) != tt.same || tt.b.Same(tt.a) != tt.same {
			t.Errorf("%q and %q: want same %v", tt.a, tt.b, tt.same)
		}
	}
}

func TestThePublishedPrefixesComeFirst(t *testing.T) {
	t.Parallel()
	all := ObjectPrefixes()
	var published []string
	for i, p := range all {
		if ObjectID(p.Prefix+"x").Kind() != p.Kind || p.Kind == "" {
			t.Errorf("%s is not recognized", p.Prefix)
		}
		if p.Published {
			published = append(published, p.Prefix)
			equal(t, "place of "+p.Prefix, i, len(published)-1)
		}
	}
	if !slices.Equal(published, []string{"mc_", "c_"}) || len(all) != 10 {
		t.Errorf("got %v of %d", published, len(all))
	}
	all[0].Prefix = "changed"
	if ObjectID("mc_x").Kind() != ObjectMerchantConfig {
		t.Error("a caller can change the table")
	}
}
