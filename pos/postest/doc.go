// Package postest holds stand-ins for what the payment rules of package pos
// talk to, for tests: a ledger in memory and a Centrapay service in memory.
//
// # Nouns
//
// A Ledger is one process's handle on a store of entries. Restart declares that
// process dead and gives the handle of the next one, which then may claim what
// the dead one left open; a dead handle writes nothing any more.
//
// A Service is a small model of its own of Centrapay's rules for payment
// requests (Payment Requests, sections Create to List activities), with a customer who acts
// when told to, a clock that may run ahead or behind, and a network that fails as
// told: a Fault says what happens to one call. It keeps every call with its time.
//
// # Invariants
//
// A request's status moves by the service's clock and by what was asked of it,
// never by how long a test takes: nothing here runs in the background, so it all
// works in real time, in the virtual time of testing/synctest, and under a clock
// that a simulation turns by hand. A call that was on its way when its caller
// gave up still arrives, at the time it would have.
package postest
