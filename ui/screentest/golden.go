package screentest

import (
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

// Golden fails the test unless the screen's plain text is what
// testdata/<name of the test>.golden holds. The test flag -update writes the file.
func Golden(tb testing.TB, s *Screen) {
	tb.Helper()
	golden.RequireEqual(tb, []byte(s.String()+"\n"))
}

// GoldenText is Golden for a text that needs no screen, such as a widget without
// colours.
func GoldenText(tb testing.TB, text string) {
	tb.Helper()
	golden.RequireEqual(tb, []byte(text+"\n"))
}
