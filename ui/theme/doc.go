// Package theme turns a few named colours into the styles the till is drawn with.
//
// Nouns:
//
//   - Tokens are the colours of a theme by what they mean (ok, danger, band …).
//     Dark, Light, HighContrast and ColourBlind are built in; ForTerminal picks one
//     of the first two without asking the terminal anything.
//   - Styles are the roles that screens and widgets draw with (Header, Amount, Key
//     …), made from Tokens for one renderer, so that the till in front and a till
//     served over SSH each get the colours their own terminal can show.
//
// Invariants:
//
//   - Nothing is global: no style is made without a renderer.
//   - Ordinary text has no colour of its own, so it is readable on any ground. A
//     role that sets a ground sets the text's colour with it.
//   - Every role's text has a WCAG contrast of at least 4.5 against the ground it
//     stands on, in TrueColor, 256 and 16 colours; a test measures it. Borders and
//     bars have at least 3.
//   - Colour repeats what a word or symbol says and never replaces it. Under
//     NO_COLOR there are no colours at all but still bold and reverse video; in a
//     terminal that has neither, the words and symbols stand alone.
//   - Green is for money the service has confirmed, and for nothing else; in
//     ColourBlind blue takes its place.
package theme
