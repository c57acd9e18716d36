// Package screentest lets tests look at the till the way a person does: as a
// screen of cells with colours, not as a stream of escape codes.
//
// Nouns:
//
//   - Screen is a terminal emulator that can be written to and read from any
//     goroutine. What it shows is read as text, as cells, or as a picture.
//   - DecodeQR reads a QR code off a Screen as a camera would: from the picture,
//     dark on light only, wherever on the screen it stands.
//   - Program runs a Bubble Tea program in this process against a Screen, with no
//     terminal device; it works inside a testing/synctest bubble.
//   - PTY runs a built binary in a real pseudo-terminal, which answers the
//     binary's questions to the terminal or stays mute, as asked.
//   - Golden holds a Screen's plain text against a file under testdata
//     (`go test ./the/package -update` writes it).
//
// Invariants: nothing here sleeps to hope that something has happened; every wait
// names what it waits for and fails the test with the screen's content when its
// deadline passes. Everything started is stopped by the test's own clean-up.
//
// This package is for tests only; no program imports it.
package screentest
