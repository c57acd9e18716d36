package widget

import (
	"strings"

	"centrapos/ui/theme"
)

// HeaderData is what the top line of every screen says.
type HeaderData struct {
	// Merchant and Till stand on the left: "Centrapay Café · till-1".
	Merchant, Till string
	// Band stands in the middle of the screen, whatever else has to go; empty for
	// a live till. It is "TRAINING - no real money" in training.
	Band string
	// Notice is something that wants attention, such as "2 unfinished".
	Notice string
	// Operator and Clock stand on the right.
	Operator, Clock string
}

// Header draws the top line. When it is too narrow for everything, the operator
// gives way first, then the clock, then the notice; the merchant is cut, and the
// till's name last. The band is
// never left out and never covered.
func Header(st *theme.Styles, width int, h HeaderData) string {
	if width <= 0 {
		return ""
	}
	band := Clean(h.Band)
	if band == "" {
		right := headerRight(st, width/2, h)
		return headerLeft(st, width-Width(right), h) + right
	}
	// The blanks around the words are part of the band, if there is room for them.
	band = Fit(band, min(Width(band)+2, width), Middle)
	left := (width - Width(band)) / 2
	room := width - left - Width(band)
	right := headerRight(st, room, h)
	return headerLeft(st, left, h) + st.Band.Render(band) + blanks(room-Width(right)) + right
}

// headerLeft is exactly width columns, of which the last is blank.
func headerLeft(st *theme.Styles, width int, h HeaderData) string {
	if width <= 0 {
		return ""
	}
	return st.Header.Render(Fit(" "+names(h.Merchant, h.Till, width-2), width-1, Start)) + " "
}

// names puts the merchant and the till's name into width columns. When there is not
// room for both, the merchant is cut: two tills side by side have the same one.
func names(merchant, till string, width int) string {
	both := joinClean(" · ", merchant, till)
	const separator, least = 3, 4
	room := width - Width(Clean(till)) - separator
	if Width(both) <= width || Clean(till) == "" || room < least {
		return both
	}
	return strings.TrimRight(Fit(merchant, room, Start), " ") + " · " + Clean(till)
}

// headerRight is as wide as it needs, and at most room columns.
func headerRight(st *theme.Styles, room int, h HeaderData) string {
	notice := Clean(h.Notice)
	for _, text := range []string{
		joinClean("  ", h.Operator, h.Clock), Clean(h.Clock), "",
	} {
		// A blank at each end.
		if need := Width(joinClean("  ", notice, text)) + 2; need > room || need == 2 {
			continue
		}
		gap := ""
		if notice != "" && text != "" {
			gap = "  "
		}
		return " " + render(st.Warn, notice) + gap + render(st.Header, text) + " "
	}
	return ""
}

// joinClean joins those of texts that are not empty.
func joinClean(separator string, texts ...string) string {
	parts := make([]string, 0, len(texts))
	for _, s := range texts {
		if s = Clean(s); s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, separator)
}
