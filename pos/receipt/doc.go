// Package receipt lays receipts out: as text of any width, for a receipt printer
// (ESC/POS) and as a PDF file. It does no I/O.
//
// # Nouns
//
// A Receipt is what there is to say about a sale, a refund or a void, in figures
// that the till has worked out; nothing is added up here that the basket or the
// service has said. Layout turns it into lines of a width; Text, ESCPOS and PDF
// write those.
//
// # What New Zealand asks for
//
// Taxable supply information, since 1 April 2023 (Goods and Services Tax Act 1985,
// section 19F): for up to $200 the supplier's name, the date, what was supplied and
// what was paid for it; above that the GST number, and the GST or a statement that
// it is included; above $1,000 who bought it, with one way to find them. All of it
// is printed wherever it is known, and Missing says what is not.
//
// # What always holds
//
//   - No amount is cut: a name gives way, or goes over several lines.
//   - The amounts of lines, discounts and parts add up to those printed below them
//     (Check).
//   - Training is marked on the first and the last line. A copy says that it is one,
//     and which.
//   - What a printer cannot print is printed without its accent, and else as "?": a
//     receipt is never refused for a letter.
package receipt
