package sandbox_test

import (
	"bufio"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"centrapos/api/sandbox"
)

// childVariable makes the test binary a sandbox that creates requests in the
// folder it names until it is killed.
const childVariable = "SANDBOX_TEST_CHILD"

func inChild() string { return os.Getenv(childVariable) }

// createUntilKilled prints the id of each request once it was answered.
func createUntilKilled(dir string) {
	svc, err := sandbox.New(sandbox.WithFile(filepath.Join(dir, "sandbox.jsonl")), sandbox.WithRateLimit(0))
	if err != nil {
		panic(err)
	}
	for {
		req := httptest.NewRequest(post, requests, strings.NewReader(createJSON)) //nolint:noctx // there is no test to end it
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Api-Key", sandbox.DemoAPIKey)
		w := httptest.NewRecorder()
		svc.ServeHTTP(w, req)
		_, id, _ := strings.Cut(w.Body.String(), `"id":"`)
		_, _ = fmt.Fprintln(os.Stdout, w.Code, id[:22])
	}
}

// Whatever was answered before a kill -9 is in the file, at whatever moment it
// strikes.
func TestKilledProcessLosesNothingItAnswered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	answered := map[string]bool{}
	for round := range 4 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childVariable+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 5+7*round && lines.Scan(); n++ {
			status, id, _ := strings.Cut(lines.Text(), " ")
			if status != "200" {
				t.Fatalf("the child was answered %q", lines.Text())
			}
			answered[id] = true
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had printed but nobody had read
			if _, id, whole := strings.Cut(lines.Text(), " "); whole && len(id) == 22 {
				answered[id] = true
			}
		}
		_ = child.Wait() // that it was killed
		all, err := fileRig(t, filepath.Join(dir, "sandbox.jsonl")).svc.Requests()
		if err != nil {
			t.Fatal(err)
		}
		kept := map[string]bool{}
		for _, p := range all {
			kept[p.ID] = true
		}
		for id := range answered {
			if !kept[id] {
				t.Errorf("round %d: %s was answered and is not kept", round, id)
			}
		}
	}
}
