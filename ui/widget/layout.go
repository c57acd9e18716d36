package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// reset ends every colour and attribute, so that nothing runs from one block into
// the next.
const reset = "\x1b[m"

// Clip makes a block exactly width columns by height lines: longer lines are cut,
// shorter ones filled with blanks, lines left off or added at the bottom.
func Clip(block string, width, height int) string {
	return Place(block, width, height, Start, Start)
}

// Place puts a block at a place of an area of exactly width columns by height
// lines. The lines keep their places among each other.
func Place(block string, width, height int, horizontal, vertical Align) string {
	if height <= 0 {
		return ""
	}
	lines := strings.Split(block, "\n")
	if block == "" {
		lines = nil
	}
	lines = lines[:min(len(lines), height)]
	widest := 0
	for _, line := range lines {
		widest = max(widest, Width(line))
	}
	left := offset(width-widest, horizontal)
	top := offset(height-len(lines), vertical)
	out := make([]string, height)
	for i := range out {
		if j := i - top; j >= 0 && j < len(lines) {
			out[i] = Pad(blanks(left)+lines[j], width)
		} else {
			out[i] = blanks(width)
		}
	}
	return strings.Join(out, "\n")
}

func offset(free int, align Align) int {
	switch align {
	case Start:
		return 0
	case Middle:
		return max(free, 0) / 2
	case End:
		return max(free, 0)
	}
	return 0
}

// Block is drawn text with the width it is to have beside others.
type Block struct {
	Text  string
	Width int
}

// Beside puts blocks next to each other in an area of height lines, each exactly
// its own width.
func Beside(height int, blocks ...Block) string {
	if height <= 0 {
		return ""
	}
	out := make([]strings.Builder, height)
	for _, b := range blocks {
		i := 0
		for line := range strings.SplitSeq(Clip(b.Text, b.Width, height), "\n") {
			out[i].WriteString(line)
			i++
		}
	}
	lines := make([]string, height)
	for i := range out {
		lines[i] = out[i].String()
	}
	return strings.Join(lines, "\n")
}

// Overlay puts the block top over the block base with its top left corner at
// column x and line y. What stands out over base's edges is left off, so that the
// result is as large as base.
func Overlay(base, top string, x, y int) string {
	under := strings.Split(base, "\n")
	i := y
	for line := range strings.SplitSeq(top, "\n") {
		if i >= 0 && i < len(under) {
			under[i] = overlayLine(under[i], line, x)
		}
		i++
	}
	return strings.Join(under, "\n")
}

func overlayLine(base, top string, x int) string {
	width := Width(base)
	if x < 0 {
		top, x = cutLeft(top, -x), 0
	}
	if x >= width {
		return base
	}
	top = ansi.Truncate(top, width-x, "")
	end := x + Width(top)
	return Pad(base, x) + reset + top + reset + cutLeft(base, end)
}

// cutLeft takes the first n columns off a drawn line and keeps its colours. The
// second half of a wide character that is cut in two becomes a blank.
func cutLeft(line string, n int) string {
	rest := max(Width(line)-n, 0)
	out := ansi.TruncateLeft(line, n, "")
	if Width(out) > rest {
		out = " " + ansi.TruncateLeft(line, n+1, "")
	}
	return out
}
