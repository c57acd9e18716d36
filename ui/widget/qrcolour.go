package widget

// inkOnPaper makes what follows black on white. A code has to be dark on light
// whatever the terminal's theme is, and under NO_COLOR too, since its colours are
// not decoration; so it is written past lipgloss, which follows both.
//
// The colours are asked for three times, plainest first, and each terminal keeps the
// last it understands:
//
//   - 30 and 47: black on light grey, which 8 colours have;
//   - 107: the white of 16 colours;
//   - 16 and 231 of 256: the black and the white of the colour cube. Themes repaint
//     the first 16 colours, and these are out of their reach.
//
// RGB (38;2;…) is not used. It would be no blacker or whiter, and a terminal that
// does not know it (older Terminal.app, GNU screen) may take its numbers for other
// attributes, the 0 of a black for "reset", which leaves a code that cannot be
// scanned. They are separate sequences, as some terminals drop a whole sequence for
// one number they do not know.
//
// Dark modules are the ink and light ones the paper, so that the gaps which some
// fonts leave between lines are light, as the frame around a code must be.
const inkOnPaper = reset + "\x1b[30;47m\x1b[107m\x1b[38;5;16m\x1b[48;5;231m"

// The mark's colour is a blue, dark enough for a camera to take it for black. Green
// would say paid.
const (
	markInk  = "\x1b[34m\x1b[38;5;25m"
	blackInk = "\x1b[30m\x1b[38;5;16m"
)

// The Centrapay mark: a "C" with its own light frame, 7 by 3 cells. It is only put
// where it covers less than 4 % of the cells; level Q restores up to 25 %.
const (
	markCols = 7
	markRows = 3
)

func mark() [markRows]string {
	return [markRows]string{
		"  ▄▄▄▄ ",
		" ██    ",
		"  ▀▀▀▀ ",
	}
}

// putMark puts the mark in the middle of a drawn code. It returns false when the
// code is so small that the mark would cover too much of it.
func putMark(lines []string) bool {
	const atMost = 25 // one cell in 25
	left, top := markPlace(lines)
	if markCols*markRows*atMost > Width(lines[0])*len(lines) {
		return false
	}
	for i, m := range mark() {
		cells := []rune(lines[top+i])
		lines[top+i] = string(cells[:left]) + m + string(cells[left+markCols:])
	}
	return true
}

// colourMark colours the mark in a drawn code that bears it.
func colourMark(lines []string) {
	left, top := markPlace(lines)
	for i, m := range mark() {
		cells := []rune(lines[top+i])
		lines[top+i] = string(cells[:left]) + markInk + m + blackInk + string(cells[left+markCols:])
	}
}

func markPlace(lines []string) (left, top int) {
	return (Width(lines[0]) - markCols) / 2, (len(lines) - markRows) / 2
}
