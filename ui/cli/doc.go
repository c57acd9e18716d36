// Package cli is the command line and the composition root: it reads the
// settings, builds the adapters, hands them to the till or to a command, and
// turns what comes of it into words, one JSON document and an exit code.
//
// # Nouns
//
// A program is one run: its streams, its environment, its interrupts. A session
// is what a command works with: the till, wired to a service and to the ledger. A
// result is what a command has to say at its end. A failure is why it has nothing
// to say but that. The training house is the sandbox inside the program, shared
// by all processes that use one data folder.
//
// # What always holds
//
//   - Input is judged before anything is opened or sent.
//   - With --json stdout gets exactly one document, whatever happens; words go to
//     stderr.
//   - An exit code says no more than is known: what has no definite end is
//     unresolved, stays in the ledger, and is finished by "centrapos recover".
//   - What came of a run that may have moved money is not lost with its stdout: it is
//     said on stderr, and the exit code is 70.
//   - Each service has a record of its own, and none shares the rehearsal's.
//   - An interrupt ends a sale; it does not leave one. The truth wins: a sale that
//     turns out paid while it is being stopped is reported as paid.
//   - No credential is printed: everything written passes a filter that knows it.
//   - There are no payment rules here. Operations belong to pos.Till; commands
//     watch them, and ask.
package cli
