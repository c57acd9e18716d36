// Package widget holds the parts that screens are drawn from: the header, the
// footer, tables, panels, the entry line and the payment code.
//
// Every widget is a pure function of its styles, its size and its data. None keeps
// state, starts work or knows what a payment is.
//
// Nouns:
//
//   - Text is anything a person or the service wrote: names, messages, what was
//     typed. Widgets pass it through Clean, so a product's name can carry neither
//     colours nor cursor movements into the till, and cannot move a column.
//   - A block is drawn text: lines of one width, joined by line feeds, with colours.
//     Clip, Place, Beside and Overlay put blocks together.
//   - An amount is text that Amount fits: whole, or all "#", never cut short.
//   - A QRCode is a payment's address ready to be drawn in the size there is.
//
// Invariants:
//
//   - Every line of a block has exactly the display width that was asked for, and a
//     block that was given a height has exactly that many lines. Width is counted in
//     terminal columns by charmbracelet/x/ansi, never in bytes or runes.
//   - A width or height of zero or less gives empty lines or no lines, never a panic.
//   - What a colour says, a word or a symbol says as well.
//
// One thing no program can hold: terminals differ by a column in how wide they draw
// the spacing vowel signs of Devanagari, Tamil and their relatives. Those names are
// shown as they are written; everything else that terminals disagree on (joined and
// tinted emoji, flags, emoji-style symbols, decomposed Hangul) is shown in a form
// they agree on.
package widget
