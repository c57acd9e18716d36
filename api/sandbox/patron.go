package sandbox

import (
	"fmt"
	"time"
)

// Patron says how the sandbox's customers behave: Manual, or what Automatic
// returns.
type Patron time.Duration

// Manual customers do nothing by themselves. Somebody pays for them: on the pay
// page, or by [Service.Pay].
const Manual Patron = -1

// Automatic customers pay each payment request that long after it was created,
// from their first wallet that fits, whether or not anybody polls it, and also
// when the sandbox was made anew from its file in between, with whatever Patron.
// They wait while a condition is open, and cancel when they cannot pay. Cards that
// are charged by Quick Pay are left to it.
func Automatic(after time.Duration) Patron { return Patron(max(after, 0)) }

func (p Patron) automatic() (after time.Duration, ok bool) { return time.Duration(p), p >= 0 }

// String returns "manual", or how long automatic customers take.
func (p Patron) String() string {
	if after, ok := p.automatic(); ok {
		return fmt.Sprintf("automatic after %s", after)
	}
	return "manual"
}

// customerFor is who pays a request: the one whose barcode was scanned, or the
// first customer, who scans QR codes.
func (s *Service) customerFor(r *request) Customer {
	c, ok := s.dir.customerByBarcode(r.Barcode)
	if !ok {
		c, ok = s.dir.customerByAccount(r.PatronAccountID)
	}
	if ok || r.PatronAccountID != "" {
		c.BoundWallet = r.BoundWallet
		return c
	}
	if len(s.dir.customers) > 0 {
		return s.dir.customers[0]
	}
	return Customer{}
}
