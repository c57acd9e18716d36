package widget

import (
	"image"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// readsBack tells whether a code, drawn in half blocks, is read by ZXing however the
// phone is turned.
//
// Every code is a correct one, but some happen to hold shapes that look like the
// three corners a reader searches for, and ZXing, on which many scanning apps are
// built, is then led astray. The standard lets the encoder choose among eight masks
// to avoid that; rsc.io/qr, which qrterminal draws with, always takes the first. Of
// codes at level Q with the mark in the middle about 3 in 100 are not read, of those
// at level M 1 in 400. So the till tries before it shows one: what it cannot read
// itself it does not give to a customer while it has another.
func readsBack(lines []string, want string) bool {
	seen := picture(lines)
	for range 4 {
		if got, ok := readQR(seen); !ok || got != want {
			return false
		}
		seen = turned(seen)
	}
	return true
}

func readQR(picture *image.Gray) (string, bool) {
	size := picture.Bounds().Size()
	source, err := gozxing.NewPlanarYUVLuminanceSource(picture.Pix, picture.Stride, size.Y, 0, 0, size.X, size.Y, false)
	if err != nil {
		return "", false
	}
	bitmap, err := gozxing.NewBinaryBitmap(gozxing.NewHybridBinarizer(source))
	if err != nil {
		return "", false
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER: true,
	})
	if err != nil {
		return "", false
	}
	return result.GetText(), true
}

// picture draws half blocks with 4 pixels to a module: the fewest that are read as
// well as more are.
func picture(lines []string) *image.Gray {
	const module = 4
	out := image.NewGray(image.Rect(0, 0, Width(lines[0])*module, len(lines)*2*module))
	for i := range out.Pix {
		out.Pix[i] = 0xff
	}
	ink := func(x, y int) {
		for dy := range module {
			start := (y*module+dy)*out.Stride + x*module
			clear(out.Pix[start : start+module])
		}
	}
	for row, line := range lines {
		for col, r := range []rune(line) {
			if strings.ContainsRune("█▀", r) {
				ink(col, 2*row)
			}
			if strings.ContainsRune("█▄", r) {
				ink(col, 2*row+1)
			}
		}
	}
	return out
}

// turned is the picture a quarter turn to the right.
func turned(p *image.Gray) *image.Gray {
	b := p.Bounds()
	out := image.NewGray(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Pix[x*out.Stride+b.Dy()-1-y] = p.Pix[y*p.Stride+x]
		}
	}
	return out
}
