package catalogue

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"centrapos/pos"
)

// scanOf is a barcode as it is compared (pos.SameGTIN).
func scanOf(code string) string { return pos.EAN13(strings.TrimSpace(code)) }

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// fold is a text without what does not count when it is searched for: capitals,
// accents and macrons.
func fold(text string) string {
	if !ascii(text) {
		marks := runes.Remove(runes.In(unicode.Mn))
		if plain, _, err := transform.String(transform.Chain(norm.NFD, marks, norm.NFC), text); err == nil {
			text = plain
		}
	}
	return strings.ToLower(text)
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wordsOf are the words of a folded text, as the index takes them: letters and
// digits, whatever stands between.
func wordsOf(folded string) []string {
	return strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Co, r) })
}

// oneLine is a text without line breaks, tabs and what else cannot be shown, with
// one space where there were several.
func oneLine(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) && !strings.Contains(text, "  ") {
		return strings.TrimSpace(text)
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || r == utf8.RuneError || unicode.Is(unicode.Bidi_Control, r):
			return -1 // it would turn or break the till's lines
		}
		return r
	}, text)
	return strings.Join(strings.Fields(clean), " ")
}

// classification reads what classText has written.
func classification(text string) (*pos.Classification, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // no classification is no error
	}
	var c pos.Classification
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return nil, err
	}
	return &c, nil
}

func classText(c *pos.Classification) string {
	if c == nil {
		return ""
	}
	text, err := json.Marshal(c)
	if err != nil { // strings always have a form
		return ""
	}
	return string(text)
}
