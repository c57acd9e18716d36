package cli

import "runtime/debug"

// AbortOnFault has the process end by SIGABRT where the Go runtime would end it with
// exit code 2: on a panic that nothing catches, and on a fatal error. 2 is the code of a
// sale that was cancelled, and whoever reads it would take its request for closed. No
// core file is written, since it would hold the API key.
func AbortOnFault() {
	withoutCore()
	debug.SetTraceback("crash")
}
