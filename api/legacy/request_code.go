package legacy

import (
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRequestCode is the longest request code that is read, in bytes; a QR code
// holds no more.
const MaxRequestCode = 4296

// codeScheme stands before a URL that is written in hex.
const codeScheme = "centrapay:"

// Why text is no request code.
var (
	errCodeEmpty   = errors.New("read request code: it is empty")
	errCodeTooLong = errors.New("read request code: it is longer than a QR code can be")
	errCodeHex     = errors.New("read request code: its hex is damaged or cut off")
	errCodeURL     = errors.New("read request code: it does not lead to a web page")
	errCodeText    = errors.New("read request code: it has characters that no code has")
)

// RequestCode is what the QR code of a payment request says. It has had four
// forms: "centrapay:" with a URL in hex, a URL as it is, "cp_" with the request's
// id, and an opaque code that only the service can look up. Source: first
// publication, "requestCode"; Centrapay docs, legacy payment requests, "qrCode".
type RequestCode struct {
	// Text is the code as it was read, without white space around it.
	Text string
	// URL is the pay page that the code leads to, "" when it leads to none. It
	// may be on any host: nothing says that the code comes from Centrapay.
	URL string
	// RequestID is the request's id, "" when the code does not tell it.
	RequestID string
}

// ParseRequestCode decodes a request code. The error says so when text cannot
// be one; it never repeats the text.
func ParseRequestCode(text string) (RequestCode, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return RequestCode{}, errCodeEmpty
	case len(text) > MaxRequestCode:
		return RequestCode{}, errCodeTooLong
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return RequestCode{}, errCodeText
	}
	code := RequestCode{Text: text}
	switch {
	case hasPrefixFold(text, codeScheme):
		data, err := hex.DecodeString(text[len(codeScheme):])
		if err != nil || len(data) == 0 {
			return RequestCode{}, errCodeHex
		}
		return code.leadingTo(string(data))
	case strings.Contains(text, "://"):
		return code.leadingTo(text)
	case strings.HasPrefix(text, "cp_"):
		code.RequestID = idOrNone(strings.TrimPrefix(text, "cp_"))
	}
	return code, nil
}

// EncodeRequestCode writes the URL of a pay page as the first publication does:
// "centrapay:" and hex in capitals.
func EncodeRequestCode(payPage string) string {
	return codeScheme + strings.ToUpper(hex.EncodeToString([]byte(payPage)))
}

// leadingTo returns the code with the page that it leads to. A user name in the
// URL would only be there to pass one host off as another.
func (c RequestCode) leadingTo(page string) (RequestCode, error) {
	if !utf8.ValidString(page) || strings.ContainsFunc(page, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }) {
		return RequestCode{}, errCodeURL
	}
	u, err := url.Parse(page)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return RequestCode{}, errCodeURL
	}
	c.URL = page
	if id, ok := strings.CutPrefix(u.Path, "/pay/"); ok {
		c.RequestID = idOrNone(id)
	}
	return c, nil
}

// idOrNone returns text when it has the form of a request id: a UUID, or letters
// and digits.
func idOrNone(text string) string {
	const idCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
	if strings.Trim(text, idCharacters) != "" {
		return ""
	}
	return text
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
