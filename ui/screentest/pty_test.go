package screentest_test

import (
	"os/exec"
	"syscall"
	"testing"
	"time"

	"centrapos/ui/screentest"
)

const patience = 4 * time.Second

func shell(t *testing.T, script string, o screentest.PTYOptions) *screentest.PTY {
	t.Helper()
	return screentest.StartPTY(t, exec.CommandContext(t.Context(), "/bin/sh", "-c", script), o)
}

func TestPTYTypesResizesAndReportsTheEnd(t *testing.T) {
	t.Parallel()
	p := shell(t, `stty -echo; stty size; echo "$TERM $TILL ready"; read line; stty size; echo "got $line"; read line; exit 3`,
		screentest.PTYOptions{Cols: 60, Rows: 10, Env: []string{"TILL=till-1"}})
	p.WaitText("xterm-256color till-1 ready", patience)
	if !p.Screen.Contains("10 60") {
		t.Errorf("started in another size: %q", p.Screen)
	}
	if took, ok := p.FirstOutput(); !ok || took <= 0 || took > p.Since() {
		t.Errorf("first output after %v, %v", took, ok)
	}
	p.Resize(100, 30)
	p.Type("flat white\r")
	p.WaitText("got flat white", patience)
	if !p.Screen.Contains("30 100") {
		t.Errorf("the resize did not arrive: %q", p.Screen)
	}
	p.Type("\r")
	if code := p.WaitExit(patience); code != 3 {
		t.Errorf("exit code %d, want 3", code)
	}
	p.Kill()
}

// The script asks for the cursor position and reads the answer's six bytes, or
// gives up.
const asking = `stty raw -echo min 0 time 3; printf '\033[6n'; answer=$(dd bs=6 count=1 2>/dev/null | tail -c 5); stty sane; echo; echo "answer=$answer."`

func TestPTYAnswersOrStaysMute(t *testing.T) {
	t.Parallel()
	shell(t, asking, screentest.PTYOptions{}).WaitText("answer=[1;1R.", patience)
	mute := shell(t, asking, screentest.PTYOptions{Mute: true})
	mute.WaitText("answer=.", patience)
	if code := mute.WaitExit(patience); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
}

func TestPTYSignalAndKill(t *testing.T) {
	t.Parallel()
	p := shell(t, `trap 'echo interrupted; exit 130' INT; echo ready; while :; do sleep 0.02; done`, screentest.PTYOptions{})
	p.WaitText("ready", patience)
	p.Signal(syscall.SIGINT)
	p.WaitText("interrupted", patience)
	if code := p.WaitExit(patience); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	q := shell(t, `echo ready; read line`, screentest.PTYOptions{})
	q.WaitText("ready", patience)
	q.Kill()
	if code := q.WaitExit(patience); code != -1 {
		t.Errorf("exit code %d of a killed process, want -1", code)
	}
}
