package cli

// Exit codes, as the command-line contract has them. A fault of the program that cannot
// be caught (a panic in a goroutine of its own, a fatal error of the Go runtime) ends
// the process by SIGABRT, which shells show as 134, and never by the runtime's own exit
// code 2, which says that a sale was cancelled: see AbortOnFault.
const (
	exitDone       = 0   // sale paid or authorized; any other command's work done
	exitCancelled  = 2   // sale cancelled
	exitExpired    = 3   // sale expired
	exitVoided     = 4   // sale voided because its status could not be determined
	exitUnresolved = 5   // outcome not known yet; "centrapos recover" will settle it
	exitPartlyPaid = 6   // sale paid in part
	exitUsage      = 64  // usage, bad input or missing configuration; nothing was sent
	exitRefused    = 69  // the service refused, or could not be reached before anything was sent
	exitInternal   = 70  // a fault of the program or of its machine
	exitInterrupt  = 130 // interrupted; an open request was voided first
)
