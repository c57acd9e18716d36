package auth

import (
	"os"
	"path/filepath"
	"testing"
)

// The system's browser is given the address, and what it prints stays off the
// screen.
func TestOpenBrowser(t *testing.T) {
	dir := t.TempDir()
	given := filepath.Join(dir, "given")
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	script := "#!/bin/sh\nprintf '%s' \"$1\" > '" + given + "'\necho 'a browser prints this'\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	screen, err := os.Create(filepath.Join(dir, "screen"))
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	stdout := os.Stdout
	os.Stdout = screen
	defer func() { os.Stdout = stdout }()

	const address = "https://auth.centrapay.com/oauth2/authorize?client_id=x&state=$(id)"
	if err := OpenBrowser(address); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(given)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "address", string(got), address)
	printed, err := os.ReadFile(screen.Name())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "printed", string(printed), "")

	t.Setenv("PATH", t.TempDir())
	if err := OpenBrowser(address); err == nil {
		t.Error("opened without a browser")
	}
}
