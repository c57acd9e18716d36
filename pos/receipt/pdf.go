package receipt

import (
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"rsc.io/qr"
)

// Measures of a PDF receipt, in millimetres: paper of 80 mm with the text of a
// receipt printer's width.
const (
	paper      = 80.0
	margin     = 4.0
	lineHeight = 3.6
	codeSize   = 26.0
)

// PDF writes the receipt as a PDF file: one page, as long as the receipt.
func PDF(w io.Writer, r Receipt) error {
	lines := Layout(r, Wide)
	height := 2*margin + lineHeight
	for _, line := range lines {
		if line.Code != "" {
			height += codeSize
		} else {
			height += lineHeight
		}
	}
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: paper, Ht: height}})
	doc.SetMargins(margin, margin, margin)
	doc.SetAutoPageBreak(false, 0)
	doc.SetCatalogSort(true)
	doc.SetCreationDate(r.At)
	doc.SetModificationDate(r.At)
	doc.SetTitle(r.Title()+" "+r.Number, true)
	doc.AddUTF8FontFromBytes("mono", "", gomono.TTF)
	doc.AddUTF8FontFromBytes("mono", "B", gomonobold.TTF)
	doc.AddPage()
	// A character of Go Mono is 0.6 of its size wide; a point is 0.3528 mm.
	size := (paper - 2*margin) / Wide / 0.6 / 0.3528
	for _, line := range lines {
		if line.Code != "" {
			if err := drawCode(doc, line.Code); err != nil {
				return fmt.Errorf("write the receipt as PDF: %w", err)
			}
			continue
		}
		style := ""
		if line.Bold {
			style = "B"
		}
		doc.SetFont("mono", style, size)
		doc.CellFormat(paper-2*margin, lineHeight, line.Text, "", 2, "L", false, 0, "")
	}
	if err := doc.Output(w); err != nil {
		return fmt.Errorf("write the receipt as PDF: %w", err)
	}
	return nil
}

// drawCode draws a QR code in the middle, as squares.
func drawCode(doc *fpdf.Fpdf, text string) error {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return err
	}
	const quiet = 4
	module := codeSize / float64(code.Size+2*quiet)
	left, top := (paper-codeSize)/2+quiet*module, doc.GetY()+quiet*module
	doc.SetFillColor(0, 0, 0)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				doc.Rect(left+float64(x)*module, top+float64(y)*module, module, module, "F")
			}
		}
	}
	doc.SetY(doc.GetY() + codeSize)
	return nil
}
