package cli

// Exit codes, as the command-line contract has them.
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
