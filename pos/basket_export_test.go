package pos

import (
	"maps"
	"slices"
)

// ChangeNames lists the names of every change of a basket that this version can read.
func ChangeNames() []string { return slices.Sorted(maps.Keys(changeDecoders)) }
