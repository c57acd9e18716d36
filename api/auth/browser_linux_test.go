package auth

import (
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/cli/browser"
)

// The system's browser is given the address as it is, and what it prints stays
// off the screen.
func TestOpenBrowser(t *testing.T) {
	dir := t.TempDir()
	given := filepath.Join(dir, "given")
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	script := "#!/bin/sh\nprintf '%s' \"$1\" > '" + given + "'\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	const address = "https://auth.centrapay.com/oauth2/authorize?client_id=x&state=$(id)"
	if err := OpenBrowser(address); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(given)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "address", string(got), address)
	equal(t, "output of the browser", browser.Stdout, io.Discard)
	equal(t, "its errors", browser.Stderr, io.Discard)

	t.Setenv("PATH", t.TempDir())
	if err := OpenBrowser(address); err == nil {
		t.Error("opened without a browser")
	}
}
