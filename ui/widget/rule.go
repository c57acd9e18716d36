package widget

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"centrapos/ui/theme"
)

// Rule draws the line between two parts of a screen.
func Rule(st *theme.Styles, width int) string {
	return render(st.Rule, strings.Repeat("─", max(width, 0)))
}

// ProgressBar draws a bar of which part in whole is done (or left, for a countdown:
// pass the time that is left). A part that is not nothing shows at least one step,
// and one that is not everything lacks at least one.
func ProgressBar(st *theme.Styles, width, part, whole int) string {
	if width <= 0 {
		return ""
	}
	done := barSteps(width, part, whole)
	return render(st.BarDone, strings.Repeat("━", done)) + render(st.BarLeft, strings.Repeat("─", width-done))
}

func barSteps(width, part, whole int) int {
	switch {
	case whole <= 0 || part <= 0:
		return 0
	case part >= whole:
		return width
	}
	// Large counts are halved so that their product with the width cannot overflow.
	for whole > 1<<19 {
		part, whole = part/2, whole/2
	}
	return min(max(part*width/whole, 1), width-1)
}

// Spinner returns the symbol that shows that something is under way, turning as
// frame counts up.
func Spinner(frame int) string {
	turns := [...]string{"◐", "◓", "◑", "◒"}
	return turns[(frame%len(turns)+len(turns))%len(turns)]
}

// render leaves empty text without escape codes.
func render(style lipgloss.Style, text string) string {
	if text == "" {
		return ""
	}
	return style.Render(text)
}
