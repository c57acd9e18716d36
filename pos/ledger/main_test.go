package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"centrapos/pos"
	"centrapos/pos/ledger"
)

// Some tests need processes that can be killed. They start this test binary
// again, with the part it is to play in its environment.
const roleVariable = "LEDGER_TEST_ROLE"

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	play, known := roles()[role]
	if !known {
		fmt.Fprintln(os.Stderr, "no role", role)
		os.Exit(2)
	}
	if err := play(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, role, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func roles() map[string]func(context.Context, []string) error {
	return map[string]func(context.Context, []string) error{
		"writer":  writer,
		"holder":  holder,
		"claimer": claimer,
		"opener":  opener,
		"reader":  unprivilegedReader,
		"lister":  lister,
		"ringer":  ringer,
		"taker":   basketTaker,
		"refunds": refunder,
	}
}

// writer appends sales named after its second argument, saying each append on
// standard output once it is acknowledged; as many as its third argument says,
// or until it is killed.
func writer(ctx context.Context, args []string) error {
	dir, name := args[0], args[1]
	limit := -1
	if len(args) > 2 {
		if _, err := fmt.Sscan(args[2], &limit); err != nil {
			return err
		}
	}
	l, err := ledger.Open(ctx, dir)
	if err != nil {
		return err
	}
	for i := 0; i != limit; i++ {
		s := paidAfterCondition(failing{}, opNamed(name, i))
		written := 0
		for _, group := range s.groups {
			if err := l.Append(ctx, s.op, group, s.summary()); err != nil {
				return err
			}
			written += len(group)
			fmt.Println(s.op, written)
		}
	}
	return l.Close()
}

// holder opens as many sales as its third argument says, leaves them unfinished
// and stays alive until its standard input ends.
func holder(ctx context.Context, args []string) error {
	l, err := ledger.Open(ctx, args[0])
	if err != nil {
		return err
	}
	var n int
	if _, err := fmt.Sscan(args[2], &n); err != nil {
		return err
	}
	for i := range n {
		s := openSale(failing{}, opNamed(args[1], i))
		for _, group := range s.groups {
			if err := l.Append(ctx, s.op, group, s.summary()); err != nil {
				return err
			}
		}
	}
	fmt.Println("ready")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// claimer opens the ledger, says so, and on the next line of its standard input
// claims what it can get and lists it. It stays alive until the input ends.
func claimer(ctx context.Context, args []string) error {
	l, err := ledger.Open(ctx, args[0])
	if err != nil {
		return err
	}
	fmt.Println("ready")
	in := bufio.NewScanner(os.Stdin)
	in.Scan()
	ops, err := l.ClaimOrphans(ctx, service)
	if err != nil {
		return err
	}
	for _, op := range ops {
		fmt.Println(op)
	}
	fmt.Println("done")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return l.Close()
}

// opener makes one ledger after another, for ever, saying which.
func opener(ctx context.Context, args []string) error {
	for i := 0; ; i++ {
		dir := fmt.Sprintf("%s/%d", args[0], i)
		fmt.Println(dir)
		l, err := ledger.Open(ctx, dir)
		if err != nil {
			return err
		}
		if err := l.Close(); err != nil {
			return err
		}
	}
}

// failing stands in for the test in a process that has none.
type failing struct{ testing.TB }

func (failing) Helper()           {}
func (failing) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// child is a process playing a role.
type child struct {
	t     testing.TB
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func start(t testing.TB, role string, args ...string) *child {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.CommandContext(t.Context(), binary, args...)}
	c.cmd.Env = append(os.Environ(), roleVariable+"="+role, "GORACE=atexit_sleep_ms=0")
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.lines = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// line gives the child's next line.
func (c *child) line() string {
	c.t.Helper()
	if !c.lines.Scan() {
		c.t.Fatalf("%v ended too early: %v", c.cmd.Args, c.lines.Err())
	}
	return c.lines.Text()
}

// rest gives the child's lines until its output ends.
func (c *child) rest() []string {
	var all []string
	for c.lines.Scan() {
		all = append(all, c.lines.Text())
	}
	return all
}

// say writes a line to the child.
func (c *child) say(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// kill ends the child as a loss of power would, and gives what it had still said.
func (c *child) kill() []string {
	c.t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	said := c.rest()
	_ = c.cmd.Wait() // it was killed
	return said
}

// wait lets the child come to its end by itself.
func (c *child) wait() []string {
	c.t.Helper()
	_ = c.in.Close()
	said := c.rest()
	if err := c.cmd.Wait(); err != nil {
		c.t.Fatalf("%v: %v", c.cmd.Args, err)
	}
	return said
}

// mustVerify fails the test unless the ledger is sound, and gives the report.
func mustVerify(t testing.TB, dir string) ledger.Report {
	t.Helper()
	report := verify(t, dir)
	if !report.Sound() {
		var all strings.Builder
		for _, p := range report.Problems {
			fmt.Fprintln(&all, p)
		}
		t.Fatalf("the ledger is not sound:\n%s", all.String())
	}
	return report
}

// factsOf counts an operation's entries.
func factsOf(t testing.TB, r *ledger.Reader, op pos.OpID) int {
	t.Helper()
	entries, err := r.Entries(t.Context(), op)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
