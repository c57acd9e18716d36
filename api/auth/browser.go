package auth

import (
	"fmt"
	"io"
	"sync"

	"github.com/cli/browser"
)

// quiet keeps what a browser prints off the screen, which is not its to write
// on. The library takes this for the whole process only.
var quiet = sync.OnceFunc(func() { browser.Stdout, browser.Stderr = io.Discard, io.Discard })

// OpenBrowser opens an https address, or an http one of this machine, in the
// system's browser. It may return at once or when the browser ends, and fails
// where there is none.
func OpenBrowser(address string) error {
	if err := checkEndpoint(address); err != nil {
		return fmt.Errorf("open browser: the address %w", err)
	}
	quiet()
	if err := browser.OpenURL(address); err != nil {
		return fmt.Errorf("open browser: %w", err)
	}
	return nil
}
