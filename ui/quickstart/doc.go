// Package quickstart keeps a mute terminal from delaying the till.
//
// Bubble Tea v1 asks the terminal for its background colour (OSC 11) in its own
// package initialisation, before main runs, and waits up to five seconds for the
// answer. Serial consoles, some multiplexers and many embedded terminals never
// answer, so the till would stand dark for five seconds each time it is started.
//
// This package tells lipgloss the answer first. Importing it, for its effect only,
// is all there is to do:
//
//	import _ "centrapos/ui/quickstart"
//
// Invariants:
//
//   - It imports lipgloss and nothing else, so that it is ready to be initialised
//     as soon as lipgloss is.
//   - Its import path sorts before github.com/charmbracelet/bubbletea. Go
//     initialises, of all packages whose imports are ready, the one whose path
//     sorts first; that order is what makes this work. A test starts real programs
//     in a terminal that never answers, one with and one without this package,
//     and so notices if either side of the bargain changes.
//   - It is the only package of the house with an init function.
//
// The till loses nothing by it: which theme is used is a setting (package theme),
// and is never guessed by asking the terminal.
package quickstart
