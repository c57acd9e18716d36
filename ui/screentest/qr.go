package screentest

import (
	"errors"
	"fmt"
	"image"
	"image/color"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// The pixels of one cell in Rasterise: as in most terminals, twice as high as
// wide, so that one half block is a square.
const (
	cellWidth  = 6
	cellHeight = 12
)

// ErrNoQR means that no QR code could be read off the screen.
var ErrNoQR = errors.New("no QR code can be read off the screen")

// DecodeQR reads the QR code on the screen, wherever it stands, from a picture of
// the cells: what a phone's camera would see. A code drawn light on dark is not
// read, since not every phone reads one. The error is ErrNoQR when there is none
// or it cannot be read.
func DecodeQR(s *Screen) (string, error) {
	picture := Rasterise(s)
	source := gozxing.NewLuminanceSourceFromImage(picture)
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	var why error
	for _, binarizer := range []gozxing.Binarizer{
		gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source),
	} {
		bitmap, err := gozxing.NewBinaryBitmap(binarizer)
		if err != nil {
			return "", fmt.Errorf("reading the screen's picture: %w", err)
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
		if err == nil {
			return result.GetText(), nil
		}
		why = err
	}
	return "", fmt.Errorf("%w: %w", ErrNoQR, why)
}

// Rasterise draws the screen as a picture, 6 by 12 pixels for each cell. Blanks
// and block characters are drawn exactly. Any other character is drawn as a solid
// box over the middle of its cell, which covers at least as much as the character
// would.
func Rasterise(s *Screen) image.Image {
	s.mu.Lock()
	defer s.mu.Unlock()
	cols, rows := s.em.Width(), s.em.Height()
	picture := image.NewRGBA(image.Rect(0, 0, cols*cellWidth, rows*cellHeight))
	for row := range rows {
		for col := range cols {
			drawCell(picture, col*cellWidth, row*cellHeight, s.cell(col, row))
		}
	}
	return picture
}

func drawCell(picture *image.RGBA, x, y int, c Cell) {
	fill(picture, image.Rect(x, y, x+cellWidth, y+cellHeight), c.Background)
	if ink := inkOf(c.Text); !ink.Empty() {
		fill(picture, ink.Add(image.Pt(x, y)), c.Foreground)
	}
}

// inkOf returns the part of a cell that a character paints.
func inkOf(text string) image.Rectangle {
	switch text {
	case "", " ":
		return image.Rectangle{}
	case "█":
		return image.Rect(0, 0, cellWidth, cellHeight)
	case "▀":
		return image.Rect(0, 0, cellWidth, cellHeight/2)
	case "▄":
		return image.Rect(0, cellHeight/2, cellWidth, cellHeight)
	case "▌":
		return image.Rect(0, 0, cellWidth/2, cellHeight)
	case "▐":
		return image.Rect(cellWidth/2, 0, cellWidth, cellHeight)
	}
	return image.Rect(1, 2, cellWidth-1, cellHeight-2)
}

func fill(picture *image.RGBA, area image.Rectangle, c color.RGBA) {
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			picture.SetRGBA(x, y, c)
		}
	}
}
