package quickstart_test

import (
	"bytes"
	"os/exec"
	"testing"
	"time"

	"centrapos/ui/screentest"
)

// backgroundQuery is how a program asks a terminal for its background colour.
var backgroundQuery = []byte("\x1b]11;?")

func startMute(t *testing.T, pkg string) *screentest.PTY {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), screentest.Build(t, pkg))
	// TERM decides whether a program asks at all; nothing else from this machine
	// may have a say in it.
	cmd.Env = []string{}
	return screentest.StartPTY(t, cmd, screentest.PTYOptions{Mute: true})
}

func TestFirstFrameInATerminalThatNeverAnswers(t *testing.T) {
	t.Parallel()
	p := startMute(t, "./testdata/quick")
	p.WaitText("first frame", 4*time.Second)
	if took := p.Since(); took > time.Second {
		t.Errorf("the first frame came after %v, want under 1s", took)
	}
	p.Type("q")
	if code := p.WaitExit(4 * time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if raw := p.Raw(); bytes.Contains(raw, backgroundQuery) {
		t.Errorf("the terminal was asked for its background colour: %q", raw)
	}
}

// Without the package Bubble Tea does ask. When this fails, Bubble Tea has changed
// and the package may no longer be needed.
func TestControlWithoutThePackageAsks(t *testing.T) {
	t.Parallel()
	p := startMute(t, "./testdata/slow")
	screentest.WaitFor(t, p.Screen, 4*time.Second, "a question for the background colour",
		func(*screentest.Screen) bool { return bytes.Contains(p.Raw(), backgroundQuery) })
	if p.Screen.Contains("first frame") {
		t.Error("a frame was drawn while the question was open; the control shows nothing")
	}
}
