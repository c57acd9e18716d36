package widget

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"
)

const (
	// maxText is the number of bytes of one text that are looked at: far more than
	// a line can show, and little enough to clean within a frame.
	maxText = 4096
	// maxCluster is the number of code points one character may be built from.
	maxCluster = 8

	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
	replacement        = '\ufffd'
	regionalIndicatorA = '\U0001f1e6'
	regionalIndicatorZ = '\U0001f1ff'
)

// Clean makes text safe to put on a line of the screen and sure of its width: one
// line, no escape sequences, control characters or direction overrides, and only
// characters whose width terminals agree on. Line breaks and tabs become blanks.
// An emoji built from several is reduced to its first, a flag to the letters of its
// country. Text that is longer than 4096 bytes is cut. Clean text is left as it is.
func Clean(text string) string {
	if isPlain(text) {
		return text
	}
	if len(text) > maxText {
		text = text[:maxText]
	}
	text = strings.Map(blankSpace, strings.ToValidUTF8(text, string(replacement)))
	text = norm.NFC.String(alike(ansi.Strip(text)))
	for {
		// What is dropped can bring together what then counts as one character, so
		// this goes on until nothing is left to do. Each round ends with fewer code
		// points, or fewer that need replacing.
		next := norm.NFC.String(simplify(text))
		if next == text {
			return text
		}
		text = next
	}
}

// isPlain tells whether text needs no cleaning: ASCII and the Latin letters up to
// U+02FF, which includes te reo Māori.
func isPlain(text string) bool {
	if len(text) > maxText {
		return false
	}
	for _, r := range text {
		if r < ' ' || r > '~' && r < 0xa0 || r == 0xad || r > 0x2ff {
			return false
		}
	}
	return true
}

func blankSpace(r rune) rune {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
		return ' '
	}
	return r
}

// alike replaces characters that are one column by the rules of Unicode and two in
// most terminals by others that look the same and are two by both: the Thai and Lao
// vowel am, and the voice marks of half-width katakana.
func alike(text string) string {
	return strings.NewReplacer(
		"\u0e33", "\u0e4d\u0e32", "\u0eb3", "\u0ecd\u0eb2", "\uff9e", "\u309b", "\uff9f", "\u309c",
	).Replace(text)
}

func simplify(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for len(text) > 0 {
		cluster, _ := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		b.WriteString(simplifyCluster(cluster))
		text = text[len(cluster):]
	}
	return b.String()
}

// simplifyCluster returns a cluster in a form whose width every terminal agrees on,
// or nothing when it would show nothing.
func simplifyCluster(cluster string) string {
	// A joiner at the end would join whatever comes to stand next.
	cluster = strings.TrimRight(strings.Map(printable, cluster), string(zeroWidthJoiner))
	first, _ := utf8.DecodeRuneInString(cluster)
	if joinsBefore(first) {
		return ""
	}
	if regionalIndicatorA <= first && first <= regionalIndicatorZ {
		return strings.Map(flagLetter, cluster)
	}
	switch width := ansi.StringWidth(cluster); {
	case width == 0:
		return ""
	case width == terminalWidth(cluster) && utf8.RuneCountInString(cluster) <= maxCluster:
		return cluster
	}
	if alone := string(first); sureWidth(first) && ansi.StringWidth(alone) > 0 {
		return alone
	}
	return string(replacement)
}

// printable drops what shows nothing and replaces what no font shows.
func printable(r rune) rune {
	switch {
	case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		return r
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector):
		return -1
	case !unicode.IsGraphic(r) || joinsAfter(r):
		return replacement
	}
	return r
}

// joinsBefore tells whether a character becomes one with any that stands before it,
// also in another column: marks, skin tones, and the later parts of Hangul syllables.
func joinsBefore(r rune) bool {
	switch {
	case 0x1f3fb <= r && r <= 0x1f3ff, 0x1160 <= r && r <= 0x11ff, 0xd7b0 <= r && r <= 0xd7ff:
		return true
	}
	return unicode.Is(unicode.M, r)
}

// joinsAfter tells whether a character becomes one with any that follows it: the
// first parts of Hangul syllables that have not been composed, and those few letters
// of historic scripts that Unicode calls "prepend".
func joinsAfter(r rune) bool {
	switch {
	case 0x1100 <= r && r <= 0x115f, 0xa960 <= r && r <= 0xa97c,
		r == 0x0d4e, r == 0x111c2, r == 0x111c3, r == 0x113d1, r == 0x1193f, r == 0x11941,
		r == 0x11a3a, 0x11a84 <= r && r <= 0x11a89, r == 0x11d46, r == 0x11f02:
		return true
	}
	return false
}

func flagLetter(r rune) rune {
	if regionalIndicatorA <= r && r <= regionalIndicatorZ {
		return 'A' + r - regionalIndicatorA
	}
	return -1
}

// terminalWidth is the width of text in a terminal that adds up the widths of code
// points and knows nothing of clusters; -1 when it cannot be said.
func terminalWidth(text string) int {
	total := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.M, r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner:
		case sureWidth(r):
			total += ansi.StringWidth(string(r))
		default:
			return -1
		}
	}
	return total
}

// sureWidth tells whether the width tables of newer and older terminals agree on r.
func sureWidth(r rune) bool {
	s := string(r)
	return ansi.GraphemeWidth.StringWidth(s) == ansi.WcWidth.StringWidth(s)
}
