package screentest

import (
	"errors"
	"fmt"
	"image"
	"image/color"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// The pixels of one cell in Picture: as in most terminals, twice as high as wide, so
// that one half block is a square.
const (
	cellWidth  = 4
	cellHeight = 8
)

// ErrNoQR means that no QR code could be read off the screen.
var ErrNoQR = errors.New("no QR code can be read off the screen")

// DecodeQR reads the QR code on the screen, wherever it stands, from a picture of
// the cells: what a phone's camera would see. A code drawn light on dark is not
// read, since not every phone reads one. The error is ErrNoQR when there is none
// or it cannot be read.
func DecodeQR(s *Screen) (string, error) {
	picture := Picture(s)
	size := picture.Bounds().Size()
	source, err := gozxing.NewPlanarYUVLuminanceSource(picture.Pix, picture.Stride, size.Y, 0, 0, size.X, size.Y, false)
	if err != nil {
		return "", fmt.Errorf("reading the screen's picture: %w", err)
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		return "", fmt.Errorf("reading the screen's picture: %w", err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER: true,
	})
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoQR, err)
	}
	return result.GetText(), nil
}

// Picture draws the screen in shades of grey, 4 by 8 pixels for each cell. Blanks
// and block characters are drawn exactly. Any other character is drawn as a solid
// box over the middle of its cell, which covers at least as much as the character
// would.
func Picture(s *Screen) *image.Gray {
	s.mu.Lock()
	defer s.mu.Unlock()
	cols, rows := s.em.Width(), s.em.Height()
	picture := image.NewGray(image.Rect(0, 0, cols*cellWidth, rows*cellHeight))
	for row := range rows {
		for col := range cols {
			drawCell(picture, col*cellWidth, row*cellHeight, s.cell(col, row))
		}
	}
	return picture
}

func drawCell(picture *image.Gray, x, y int, c Cell) {
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
	return image.Rect(0, 1, cellWidth-1, cellHeight-1)
}

func fill(picture *image.Gray, area image.Rectangle, c color.RGBA) {
	grey, _ := color.GrayModel.Convert(c).(color.Gray)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := picture.Pix[y*picture.Stride+area.Min.X : y*picture.Stride+area.Max.X]
		for i := range row {
			row[i] = grey.Y
		}
	}
}
