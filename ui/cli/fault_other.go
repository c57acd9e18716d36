//go:build !unix

package cli

// withoutCore is for systems with core files.
func withoutCore() {}
