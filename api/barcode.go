package api

import (
	"strings"
	"unicode"
)

// Barcode is what a scanned or typed text looks like before the service is
// asked. Make it with RecognizeBarcode.
type Barcode struct {
	// Code is the text to send: without the line end that a scanner adds, and
	// without the blanks by which people group the digits of a known kind.
	Code Text
	// Kind is what the text looks like.
	Kind BarcodeKind
}

// BarcodeKind is what a text looks like from here. It never says that the
// service would refuse it: codes of partners have no published form, prefixes
// are added, and the documents' own example has a wrong check digit. Source:
// Centrapay docs, patron codes, "Barcode Breakdown".
type BarcodeKind int

// The kinds of barcode that can be told apart without the service.
const (
	// BarcodeUnknown can be anything: the code of a partner such as PayPal, Venmo
	// or Ticketek, a newer patron code, or no means of payment at all.
	BarcodeUnknown BarcodeKind = iota
	// BarcodeBlank is nothing. Sent as a barcode it would make a payment request
	// that shows a QR code instead.
	BarcodeBlank
	// BarcodePatronCode is a patron code for certain: 16 digits, of which the
	// first six are a published prefix and the last is the right check digit.
	BarcodePatronCode
	// BarcodeMisread has the length and the prefix of a patron code, but not its
	// check digit; most likely a digit was misread.
	BarcodeMisread
	// BarcodePartnerCard has the nine digits of a Farmlands card, which carry no
	// check digit.
	BarcodePartnerCard
)

// String names the kind in lower case words.
func (k BarcodeKind) String() string {
	switch k {
	case BarcodeBlank:
		return "nothing"
	case BarcodePatronCode:
		return "patron code"
	case BarcodeMisread:
		return "patron code with a wrong check digit"
	case BarcodePartnerCard:
		return "partner card"
	case BarcodeUnknown:
	}
	return "unknown code"
}

// BarcodeAdvice is what a till should do with a scanned code. It is advice only;
// whatever was scanned twice in the same way may be sent.
type BarcodeAdvice int

// What a till can do with a scanned code.
const (
	// AdviceAsk means that only the service knows the code: decode it, or create
	// the payment request with it and see.
	AdviceAsk BarcodeAdvice = iota
	// AdviceUse means that a payment request can be created with it right away.
	AdviceUse
	// AdviceScanAgain means that another scan probably reads something else. When
	// it reads the same again, use it: the service has the last word.
	AdviceScanAgain
)

// String says to staff what to do.
func (a BarcodeAdvice) String() string {
	switch a {
	case AdviceUse:
		return "Charge it."
	case AdviceScanAgain:
		return "Scan it again. If it reads the same, charge it."
	case AdviceAsk:
	}
	return "Let Centrapay check it."
}

// Advice tells what to do with a code of this kind.
func (k BarcodeKind) Advice() BarcodeAdvice {
	switch k {
	case BarcodePatronCode, BarcodePartnerCard:
		return AdviceUse
	case BarcodeMisread, BarcodeBlank:
		return AdviceScanAgain
	case BarcodeUnknown:
	}
	return AdviceAsk
}

// RecognizeBarcode tells what text, scanned or typed, looks like. It refuses
// nothing, and asks nobody.
func RecognizeBarcode(text string) Barcode {
	code := strings.TrimFunc(text, isUnseen)
	if code == "" {
		return Barcode{Kind: BarcodeBlank}
	}
	digits := strings.ReplaceAll(code, " ", "")
	switch {
	case !isDigits(digits):
	case len(digits) == partnerCardDigits:
		return Barcode{Code: Text(digits), Kind: BarcodePartnerCard}
	case len(digits) == patronCodeDigits && isPatronPrefix(digits[:patronPrefixDigits]):
		kind := BarcodeMisread
		if luhnValid(digits) {
			kind = BarcodePatronCode
		}
		return Barcode{Code: Text(digits), Kind: kind}
	}
	return Barcode{Code: Text(code)}
}

const (
	patronCodeDigits   = 16
	patronPrefixDigits = 6
	partnerCardDigits  = 9
)

// isPatronPrefix knows the published prefixes of patron codes.
func isPatronPrefix(digits string) bool {
	switch digits {
	case "121921", "123000", "282828", "293000", "321000", "321123", "636863", "713131",
		"765432", "777000", "839234", "848484", "888444", "929394", "987600", "999000":
		return true
	}
	return false
}

// isUnseen holds for what scanners put around a code: line ends, group
// separators, byte order marks.
func isUnseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// luhnValid is the check of ISO/IEC 7812-1 over digits, the last of which is the
// check digit.
func luhnValid(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}

// sameCode reports whether an answer is about the code that was asked for: one
// that is written as a JSON number has lost its leading zeros.
func sameCode(asked, answered string) bool {
	if asked == answered {
		return true
	}
	return isDigits(asked) && isDigits(answered) &&
		strings.TrimLeft(asked, "0") == strings.TrimLeft(answered, "0")
}
