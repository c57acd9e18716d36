package cli

import (
	"io"
	"strings"
	"syscall"
	"testing"

	"centrapos/api/sandbox"
)

// fullDisk is a stdout that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// What a command changed and could not write to stdout is said on stderr, and the
// exit code is not that of work that is done.
func TestResultsThatStdoutDoesNotTake(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		says string // on stderr, beside the loss; "" for nothing
	}{
		"a list":           {[]string{"bank", "list"}, ""},
		"a list as CSV":    {[]string{"activities", "--csv"}, ""},
		"who":              {[]string{"whoami"}, ""},
		"help":             {[]string{"help", "bank", "add"}, ""},
		"an account added": {[]string{"bank", "add", bankNumber, "--name", "Corner Dairy Ltd"}, `"bankAccountNumber":"` + bankNumber + `"`},
		"a request made":   {[]string{"legacy", "create", "5"}, `"requestId":`},
	} {
		for _, flags := range [][]string{nil, {"--json"}} {
			if len(flags) > 0 && c.args[len(c.args)-1] == "--csv" {
				continue
			}
			t.Run(name+strings.Join(flags, ""), func(t *testing.T) {
				t.Parallel()
				s := ownersShop(t)
				s.env["CENTRAPOS_MERCHANT_ID"] = sandbox.DemoMerchantID
				var stderr safeBuffer
				p := newProgram(func(name string) string { return s.env[name] }, strings.NewReader(""), io.Writer(fullDisk{}), &stderr)
				p.keyring = nil
				code := p.run(t.Context(), append(flags, c.args...))
				said := stderr.String()
				if code != exitInternal || !strings.Contains(said, "could not be written to stdout: no space left on device") || !strings.Contains(said, c.says) {
					t.Errorf("exit %d: %s", code, said)
				}
			})
		}
	}
}
