package cli

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReceiptOfASaleAndOfItsRefund(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.env["CENTRAPOS_CONFIG"] = filepath.Join(s.dir, "config.toml")
	address, printed := papersFor(t)
	if err := os.WriteFile(s.env["CENTRAPOS_CONFIG"], []byte("profile = \"shop\"\n[profiles.shop]\nmerchant-name = \"Te Kāuta\"\ngst-number = \"123-456-789\"\nprinter = \""+address+"\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	id := s.paid()
	got := s.command("receipt", id).run(t)
	for _, want := range []string{"Te Kāuta", "GST 123-456-789", "TAX INVOICE", "COPY 1", "NZD 12.50", "includes GST 15 %"} {
		if got.code != exitDone || !strings.Contains(got.stdout, want) {
			t.Errorf("no %q: exit %d: %s%s", want, got.code, got.stdout, got.stderr)
		}
	}
	pdf := filepath.Join(t.TempDir(), "receipt.pdf")
	s.done("receipt", id, "--pdf", pdf, "--print", "--copy", "2")
	if data, err := os.ReadFile(pdf); err != nil || !strings.HasPrefix(string(data), "%PDF-") {
		t.Errorf("the PDF has %d bytes, %v", len(data), err)
	}
	if paper := <-printed; !strings.Contains(paper, "COPY 2") || !strings.Contains(paper, "NZD 12.50") {
		t.Errorf("on paper: %q", paper)
	}
	s.done("refund", id, "5.00", "--ref", "R-1")
	if got := s.command("receipt", "R-1").run(t); got.code != exitDone || !strings.Contains(got.stdout, "REFUND") || !strings.Contains(got.stdout, "NZD 5.00") {
		t.Errorf("of the refund: exit %d: %s%s", got.code, got.stdout, got.stderr)
	}
}

func TestReceiptsThatThereAreNot(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	asked := s.asked()
	for _, c := range []struct {
		args []string
		code string
	}{
		{[]string{"receipt", "nothing"}, codeNotFound}, {[]string{"receipt", asked}, codeNoReceipt}, {[]string{"receipt", "x", "--width", "5"}, codeUsage},
	} {
		if got := s.run(c.args...); got.code != exitUsage || got.failure(t)["code"] != c.code {
			t.Errorf("%q: exit %d: %s", c.args, got.code, got.stdout)
		}
	}
	id := s.paid()
	if got := s.run("receipt", id, "--print"); got.code != exitUsage || !strings.Contains(got.stderr, "there is no printer") {
		t.Errorf("without a printer: exit %d: %s", got.code, got.stderr)
	}
}

// papersFor is a printer on the network, and what it prints, job by job.
func papersFor(t *testing.T) (address string, printed <-chan string) {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out := make(chan string, 10)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			data, _ := io.ReadAll(conn)
			_ = conn.Close()
			out <- string(data)
		}
	}()
	t.Cleanup(func() { _ = l.Close() })
	return "tcp://" + l.Addr().String(), out
}
