package widget

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"rsc.io/qr"

	"centrapos/ui/theme"
)

// QRCode is a payment's address in every size it can be drawn in. It is made once
// for each address, by NewQRCode, and drawn as often as the screen changes; it is
// not changed afterwards and may be copied.
type QRCode struct {
	ladder, large []QRView
}

// QRView is a code drawn in one size.
type QRView struct {
	// Text is the drawn block, Cols by Rows cells.
	Text       string
	Cols, Rows int
	// Level is the error correction: 'L', 'M' or 'Q'.
	Level rune
	// Quiet is the width of the light frame around the code, in modules.
	Quiet int
	// Mark tells whether the Centrapay mark covers the middle.
	Mark bool
	// sure tells whether the code has been read back; see readsBack.
	sure bool
}

// QROptions says how a code is to look.
type QROptions struct {
	// Mark puts the Centrapay mark in the middle where there is room for a code
	// that bears it; without it the first size is left out.
	Mark bool
	// Colour draws the mark in colour, as opposed to black.
	Colour bool
}

// step is one size of the ladder.
type step struct {
	level qr.Level
	quiet int
	mark  bool
	scale int // how many columns a module is wide
}

// The ladders, each from the best to the smallest.
var (
	smallSteps = []step{
		{level: qr.Q, quiet: 2, mark: true, scale: 1},
		{level: qr.M, quiet: 4, scale: 1}, {level: qr.M, quiet: 2, scale: 1}, {level: qr.L, quiet: 2, scale: 1}, {level: qr.L, quiet: 1, scale: 1},
	}
	largeScales = []int{3, 2}
)

// NewQRCode prepares the code for text, the payment request's url, in every size,
// and reads each back. It takes some milliseconds, so it belongs in a command and not
// in Update. The error says that there is no text or that it is too long for any code
// (about 2,900 bytes).
func NewQRCode(text string, o QROptions) (QRCode, error) {
	if text == "" {
		return QRCode{}, errors.New("drawing a payment code: there is no address to draw")
	}
	var out QRCode
	var why error
	sure := map[step]bool{}
	drawn := map[step][]string{}
	for _, s := range smallSteps {
		if s.mark && !o.Mark {
			continue
		}
		lines, err := drawQR(text, s)
		if err != nil {
			why = err
			continue
		}
		// The frame and the scale make no difference to what can be read.
		code := step{level: s.level, mark: s.mark}
		if _, known := sure[code]; !known {
			sure[code] = readsBack(lines, text)
		}
		drawn[s] = lines
		out.ladder = append(out.ladder, finishQR(lines, s, o.Colour, sure[code]))
	}
	for _, scale := range largeScales {
		for _, s := range smallSteps {
			if lines, there := drawn[s]; there {
				large := s
				large.scale = scale
				out.large = append(out.large, finishQR(enlarge(lines, scale), large, o.Colour, sure[step{level: s.level, mark: s.mark}]))
			}
		}
	}
	if len(out.ladder) == 0 {
		return QRCode{}, fmt.Errorf("drawing a payment code for %d bytes: %w", len(text), why)
	}
	return out, nil
}

// Fit returns the best of the code's sizes for an area of cols by rows cells: error
// correction Q with the mark, else M with the standard's light frame of 4 modules,
// M with 2, L with 2, L with 1. A code that has not been read back is only taken when
// there is no other. When all are too large Fit returns false and a QRView without
// Text whose Cols and Rows say what is needed.
func (c QRCode) Fit(cols, rows int) (QRView, bool) { return fitQR(c.ladder, cols, rows) }

// FitLarge is Fit with modules of three times or twice the size where there is room
// for them, for a customer who stands further away.
func (c QRCode) FitLarge(cols, rows int) (QRView, bool) {
	if v, ok := fitQR(c.large, cols, rows); ok {
		return v, true
	}
	return c.Fit(cols, rows)
}

func fitQR(ladder []QRView, cols, rows int) (QRView, bool) {
	var best, need QRView
	for _, v := range ladder {
		need = QRView{Cols: v.Cols, Rows: v.Rows}
		if v.Cols > cols || v.Rows > rows {
			continue
		}
		if v.sure {
			return v, true
		}
		if best.Text == "" {
			best = v
		}
	}
	if best.Text == "" {
		return need, false
	}
	return best, true
}

// QR draws the code in the middle of an area of exactly cols by rows cells, or says
// there how much room the code needs.
func QR(st *theme.Styles, cols, rows int, c QRCode) string {
	view, ok := c.Fit(cols, rows)
	if !ok {
		text := fmt.Sprintf("The code needs %dx%d; there is %dx%d here. Make the window larger.",
			view.Cols, view.Rows, cols, rows)
		return Place(Paragraph(st.Warn, cols, text), cols, rows, Middle, Middle)
	}
	return Place(view.Text, cols, rows, Middle, Middle)
}

// drawQR draws one size in block characters, one line for each row of cells, or says
// that the text is too long or too short for it.
func drawQR(text string, s step) ([]string, error) {
	// qrterminal ignores this error and then fails on the missing code.
	if _, err := qr.Encode(text, s.level); err != nil {
		return nil, err
	}
	var b strings.Builder
	qrterminal.GenerateWithConfig(text, qrterminal.Config{
		Level: s.level, Writer: &b, HalfBlocks: true, QuietZone: s.quiet,
		BlackChar: "█", WhiteChar: " ", BlackWhiteChar: "▀", WhiteBlackChar: "▄",
	})
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	lightenEdge(lines)
	if s.mark && !putMark(lines) {
		return nil, errors.New("the code is too small for the mark")
	}
	return lines, nil
}

// enlarge gives a code that was drawn in half blocks with modules of so many times
// the size, in the same characters.
func enlarge(lines []string, scale int) []string {
	cols := Width(lines[0])
	halves := make([][]bool, 0, 2*len(lines)) // half a line each
	for _, line := range lines {
		upper, lower := make([]bool, cols), make([]bool, cols)
		for x, r := range []rune(line) {
			upper[x], lower[x] = r == '█' || r == '▀', r == '█' || r == '▄'
		}
		halves = append(halves, upper, lower)
	}
	halves = halves[:cols] // a code is a square: the last half line stands over
	dark := func(x, y int) bool { return y/scale < len(halves) && halves[y/scale][x/scale] }
	out := make([]string, (cols*scale+1)/2)
	for row := range out {
		var b strings.Builder
		for x := range cols * scale {
			b.WriteString(halfBlock(dark(x, 2*row), dark(x, 2*row+1)))
		}
		out[row] = b.String()
	}
	return out
}

func halfBlock(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}

// finishQR adds the colours to a drawn code.
func finishQR(lines []string, s step, colour, sure bool) QRView {
	view := QRView{
		Cols: Width(lines[0]), Rows: len(lines), Level: rune("LMQH"[s.level]), Quiet: s.quiet, Mark: s.mark, sure: sure,
	}
	inked := slices.Clone(lines)
	if s.mark && colour && s.scale == 1 {
		colourMark(inked)
	}
	for i, line := range inked {
		inked[i] = inkOnPaper + line + reset
	}
	view.Text = strings.Join(inked, "\n")
	return view
}

// lightenEdge widens the light frame by the half line that is left over, since a
// code has an odd number of lines: qrterminal leaves it to the terminal's ground,
// which here would be dark.
func lightenEdge(lines []string) {
	for _, i := range []int{0, len(lines) - 1} {
		if strings.Trim(lines[i], "▀▄") == "" {
			lines[i] = blanks(Width(lines[i]))
		}
	}
}
