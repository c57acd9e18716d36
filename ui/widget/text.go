package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/bidi"
)

// Align says where text stands in a field that is larger than it. The zero value
// is Start.
type Align int

// The three places: left or top, centre, right or bottom.
const (
	Start Align = iota
	Middle
	End
)

const (
	ellipsis = "…"
	// leftToRight is U+200E, which takes no column. Terminals that reorder
	// right-to-left text (VTE, Konsole) would take the numbers after a Hebrew or
	// Arabic name along with it; this mark after the name keeps them in place.
	leftToRight = "\u200e"
)

// Width returns how many terminal columns text takes; colours take none.
func Width(text string) int { return ansi.StringWidth(text) }

// Fit cleans text and makes it exactly width columns wide: cut with an ellipsis
// when it is too long, filled with blanks on the side or sides that align leaves.
func Fit(text string, width int, align Align) string {
	if width <= 0 {
		return ""
	}
	text = Clean(text)
	if isRightToLeft(text) {
		// The mark must not be the last thing on a line, so a blank follows it.
		text = ansi.Truncate(text, width-1, ellipsis) + leftToRight + " "
	} else {
		text = ansi.Truncate(text, width, ellipsis)
	}
	return pad(text, width, align)
}

// Amount is Fit for numbers, right aligned: an amount that does not fit is shown
// as a row of "#", since a cut number would be another number.
func Amount(text string, width int) string {
	text = Clean(text)
	if Width(text) > width {
		return strings.Repeat("#", max(width, 0))
	}
	return pad(text, width, End)
}

// Pad makes one drawn line, which may hold colours, exactly width columns wide: it
// is cut or filled with blanks on the right.
func Pad(line string, width int) string {
	if width <= 0 {
		return ""
	}
	return pad(ansi.Truncate(line, width, ""), width, Start)
}

// Between puts two drawn texts at the two ends of a line of exactly width columns.
// When there is not room for both with a blank between them, the left one is cut.
func Between(width int, left, right string) string {
	if width <= 0 {
		return ""
	}
	right = ansi.Truncate(right, width, "")
	room := width - Width(right)
	if Width(left) >= room {
		left = ansi.Truncate(left, max(room-1, 0), "")
	}
	return pad(left, room, Start) + right
}

// Wrap cleans text and breaks it into lines of at most width columns, between
// words where it can. Line breaks in text are kept. Empty text has no lines.
func Wrap(text string, width int) []string {
	if width <= 0 || text == "" {
		return nil
	}
	var out []string
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for paragraph := range strings.SplitSeq(text, "\n") {
		for line := range strings.SplitSeq(ansi.Wrap(Clean(paragraph), width, ""), "\n") {
			// A character wider than the line is the one thing Wrap cannot break.
			out = append(out, ansi.Truncate(strings.TrimRight(line, " "), width, ellipsis))
		}
	}
	return out
}

// pad fills text, which is not wider than width, with blanks.
func pad(text string, width int, align Align) string {
	missing := width - Width(text)
	if missing <= 0 {
		return text
	}
	switch align {
	case Start:
		return text + blanks(missing)
	case Middle:
		return blanks(missing/2) + text + blanks(missing-missing/2)
	case End:
		return blanks(missing) + text
	}
	return text
}

func blanks(n int) string { return strings.Repeat(" ", max(n, 0)) }

// isRightToLeft tells whether text holds a letter of a right-to-left script.
func isRightToLeft(text string) bool {
	for _, r := range text {
		if r < 0x0590 {
			continue
		}
		properties, _ := bidi.LookupRune(r)
		if class := properties.Class(); class == bidi.R || class == bidi.AL {
			return true
		}
	}
	return false
}
