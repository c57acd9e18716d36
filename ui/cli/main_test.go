package cli

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is the built program, for tests that need a process of its own.
var binary string

// TestMain builds the program once. Its tests mostly wait for polls a second
// apart, so more of them run at the same time than there are processors.
func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		return complain(err)
	}
	dir, err := os.MkdirTemp("", "centrapos-cli")
	if err != nil {
		return complain(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "centrapos")
	if out, err := exec.CommandContext(context.Background(), "go", "build", "-o", binary, "centrapos").CombinedOutput(); err != nil {
		return complain(fmt.Errorf("build the program: %w\n%s", err, out))
	}
	return m.Run()
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
