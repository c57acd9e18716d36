package legacy

import (
	"encoding/base64"
	"errors"
	"strings"
	"unicode"
)

// MaxReceipt is the most of an encoded receipt that ReceiptText reads, in bytes.
// A till roll of it would be more than ten metres long.
const MaxReceipt = 64 << 10

var (
	errReceiptTooLong = errors.New("read receipt: it is longer than 64 KiB")
	errReceiptEncoded = errors.New("read receipt: it is not base64")
)

// ReceiptText decodes a base64 receipt to plain text that is safe to print: line
// ends become \n, tabs spaces, and all other control and format characters,
// which could steer a printer or terminal, are dropped. Bytes that are not UTF-8
// become U+FFFD. Padding is optional, white space in the code and the URL-safe
// alphabet are taken too. Source: first publication, "paidBy.receipt".
func ReceiptText(encoded string) (string, error) {
	if len(encoded) > MaxReceipt {
		return "", errReceiptTooLong
	}
	standard := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", "-", "+", "_", "/").Replace(encoded)
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(standard, "="))
	if err != nil {
		return "", errReceiptEncoded
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(string(data))
	return strings.Map(printable, strings.ToValidUTF8(text, string(unicode.ReplacementChar))), nil
}

// printable drops what is no mark, line end or space.
func printable(r rune) rune {
	switch {
	case r == '\n', r == ' ', unicode.IsGraphic(r) && !unicode.Is(unicode.Zl, r) && !unicode.Is(unicode.Zp, r):
		return r
	default:
		return -1
	}
}
