package legacy

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestReceiptsArePlainText(t *testing.T) {
	t.Parallel()
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	tests := []struct{ name, encoded, want string }{
		{"none", "", ""},
		{"lines", encode("EFTPOS\r\nTOTAL\t$10.20\rACCEPTED\n"), "EFTPOS\nTOTAL $10.20\nACCEPTED\n"},
		{"Māori", encode("Tēnā koe"), "Tēnā koe"},
		{"a printer's commands", encode("\x1b@\x1dV\x00PAID\x07"), "@VPAID"},
		{"a terminal's commands", encode("\x1b]0;x\x07\u009b2JPAID\x7f"), "]0;x2JPAID"},
		{"another direction, and other line ends", encode("\u202e02.01$\u2028\u200b"), "02.01$"},
		{"not UTF-8", encode("caf\xe9 $1"), "caf\uFFFD $1"},
		{"no padding", base64.RawStdEncoding.EncodeToString([]byte("PAID")), "PAID"},
		{"safe in URLs", base64.URLEncoding.EncodeToString([]byte("\u00bf\u00ff\u00fe?>")), "\u00bf\u00ff\u00fe?>"},
		{"broken into lines", "UEFJ\r\n RA=\t=\n", "PAID"},
		// The samples are cut off by an ellipsis; what stands before it is this.
		{"as the samples begin", "Ki0tLS0tLS0tLS0tRUZUUE9TLS0tLS0tLS", "*-----------EFTPOS-------"},
	}
	for _, tt := range tests {
		got, err := ReceiptText(tt.encoded)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		equal(t, tt.name, got, tt.want)
	}
}

func TestWhatIsNoReceiptIsAnError(t *testing.T) {
	t.Parallel()
	for name, encoded := range map[string]string{
		"as the samples print it": read[PayResult](t, response(t, "seed-legacy-requests-pay")).Request.PaidBy.Receipt,
		"text":                    "PAID $10.20",
		"too long":                strings.Repeat("A", MaxReceipt+4),
	} {
		text, err := ReceiptText(encoded)
		if err == nil || text != "" {
			t.Errorf("%s: got %q, %v", name, text, err)
			continue
		}
		if strings.Contains(err.Error(), "PAID") || len(err.Error()) > 80 {
			t.Errorf("%s: the error repeats it: %v", name, err)
		}
	}
	if _, err := ReceiptText(strings.Repeat("A", MaxReceipt)); err != nil {
		t.Errorf("the longest: %v", err)
	}
}
