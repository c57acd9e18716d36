// Package ui is what staff see and type: the till's screens, as one Bubble Tea
// program.
//
// # Nouns
//
// A screen is one page: the sale, the payment, its result, what is unfinished and,
// behind the menu (more_model.go), refunds, the history and one payment's story, held
// sales, paying in parts, settings. Over it may lie a prompt (a question answered by a letter), the command list,
// or the help. An entry is one thing said to the entry line, typed or scanned. A
// command is one thing staff can do: its key, its name after "/" and its line in
// the command list lead to the same action. An action is what a key or a screen
// wants done; the switch in actions.go carries out every one, so that file is
// the map of the program.
//
// # Invariants
//
//  1. Update and View do no I/O. Work starts only in the commands files, as functions of
//     plain values; screens hold no handle on the till, the catalogue or the
//     customer but through it.
//  2. What comes back from work names what it belongs to, and what is stale is
//     dropped. Timers carry an id too, so an old one never clears a newer text.
//  3. A scanner is no keyboard: runes that arrive together and end with Enter or Tab
//     are one entry (scan.go), and so are those that nothing ends and nobody types as
//     fast. They never trigger a shortcut and never answer a prompt.
//  4. Enter and digits never answer a prompt about money; letters do. Esc is never
//     destructive. A prompt that opens by itself takes no key for a moment.
//  5. The state of the money is always on screen, in words. Green is for money that
//     the service has confirmed, and for nothing else.
//  6. Every key works as the help says, and the help is made from the keys.
//  7. Layout is a pure function of the size. Below 80x24 the till says so, and goes
//     on with whatever payment is open.
//  8. What the entry line promises is what Enter does: the preview and the deed are of
//     one outcome (outcome.go). What is refused stays in the line, to be put right.
//  9. Every change of a basket is saved as it is made (draft.go), and that a customer
//     is to be asked is saved before he is. A till that stops loses no line.
//  10. A basket whose payment is not known yet is not paid again: asking to pay it
//     shows that payment.
//
// The screens never end a payment by leaving: Run reports what was open when
// staff left, and the composition root drains the till.
package ui
