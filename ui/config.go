package ui

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/shopspring/decimal"

	"centrapos/pos"
	"centrapos/ui/theme"
)

// Till is what the screens need of the till; *pos.Till is one.
type Till interface {
	// Sell begins a sale; see pos.Till.Sell.
	Sell(ctx context.Context, sale pos.Sale) (*pos.Operation, error)
	// Replace ends a sale and begins another in its place; see pos.Till.Replace.
	Replace(ctx context.Context, old *pos.Operation, sale pos.Sale) (*pos.Operation, error)
	// Void begins the voiding of a payment request; see pos.Till.Void.
	Void(ctx context.Context, target pos.Target) (*pos.Operation, error)
	// Refund begins to give money back; see pos.Till.Refund.
	Refund(ctx context.Context, refund pos.Refund) (*pos.Operation, error)
	// NextLate waits for news of money that came after its sale had ended; see
	// pos.Till.NextLate.
	NextLate(ctx context.Context) (pos.LatePayment, bool)
}

// Customer is the customer in training, who does what staff make him do. An
// error says why he could not, in words for staff.
type Customer interface {
	// Pay pays the payment request in full.
	Pay(ctx context.Context, requestID string) error
	// Cancel declines to pay it.
	Cancel(ctx context.Context, requestID string) error
	// RunOut lets its time run out at once.
	RunOut(ctx context.Context, requestID string) error
}

// Config is what the screens are told by the composition root. Till, Catalogue
// and Currency are required.
type Config struct {
	Till      Till
	Catalogue pos.Catalogue
	// Customer makes staff able to act as the customer; nil but in training.
	Customer Customer
	// Unfinished lists the money operations that are not closed, those of earlier
	// runs included. When it is nil only this run's own are known.
	Unfinished func(ctx context.Context) ([]pos.Summary, error)
	// Recovered waits until the next payment of an earlier run has ended and gives
	// its record; false when there are no more, or the context has ended. When it is
	// nil nobody is told how such payments end.
	Recovered func(ctx context.Context) (pos.Record, bool)

	// Records looks up earlier operations. When it is nil there is no history, and
	// nothing is refunded or voided from the screens.
	Records Records
	// Preferences are what staff chose of the till's looks and sounds, and
	// SavePreferences keeps what they change. When it is nil changes last as long as
	// the screens do.
	Preferences     Preferences
	SavePreferences func(ctx context.Context, p Preferences) error
	// StylesOf gives the styles of a theme for the terminal in front, and Themes names
	// those there are. When it is nil the colours cannot be changed.
	StylesOf func(theme string) *theme.Styles
	Themes   []string
	// Keymap is the keys that the shop has chosen for commands, in place of their own;
	// see CheckKeys. A command with an empty list has no key.
	Keymap map[string][]string
	// Print has the receipt of an operation printed and says what came of it, in words
	// for staff. It waits no longer than its context. When it is nil there is no printer.
	Print func(ctx context.Context, op pos.OpID) (told string, err error)
	// Ring rings the terminal's bell. Run does it by itself when it is nil.
	Ring func()

	// Drafts keeps baskets, so that they survive a crash and can be put aside. When it
	// is nil they last as long as the screens do.
	Drafts pos.Drafts
	// EmbeddedForms are how the shop's scales print prices and weights into barcodes;
	// pos.DefaultEmbeddedForms when nil.
	EmbeddedForms []pos.EmbeddedForm
	// CustomerPrefixes are how customers' codes begin; those that are published when nil.
	CustomerPrefixes []string

	// Merchant, TillName and Operator stand in the top line.
	Merchant, TillName, Operator string
	// Training puts the training band on every screen.
	Training bool

	Currency pos.Currency
	// TaxRate is the GST of what is sold at a typed price, in percent.
	TaxRate decimal.Decimal
	// Origin says who asks for payment.
	Origin pos.Origin
	// Expiry is how long the customer has; pos.DefaultExpiry when zero.
	Expiry time.Duration

	// Styles are those of the terminal in front; dark ones without colour when nil.
	Styles *theme.Styles
	// Clock tells the time; time.Now when nil.
	Clock func() time.Time
	// ScanGap is the longest pause between two characters of one scan; 60 ms when
	// zero. Slow Bluetooth scanners may need more.
	ScanGap time.Duration
}

// defaultScanGap is longer than the pauses of any wired scanner and shorter than
// those of all but the fastest typists.
const defaultScanGap = 60 * time.Millisecond

func (c Config) withDefaults() Config {
	if c.Expiry == 0 {
		c.Expiry = pos.DefaultExpiry
	}
	if c.Styles == nil {
		c.Styles = theme.New(lipgloss.NewRenderer(io.Discard), theme.Dark())
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.ScanGap <= 0 {
		c.ScanGap = defaultScanGap
	}
	if c.EmbeddedForms == nil {
		c.EmbeddedForms = pos.DefaultEmbeddedForms()
	}
	if c.CustomerPrefixes == nil {
		c.CustomerPrefixes = customerPrefixes
	}
	return c
}

func (c Config) check() error {
	switch {
	case c.Till == nil:
		return errors.New("open the till's screens: there is no till")
	case c.Catalogue == nil:
		return errors.New("open the till's screens: there is no catalogue")
	case c.Currency.Code == "":
		return errors.New("open the till's screens: there is no currency")
	}
	return nil
}

// look is what every screen draws with: it never changes while the program runs.
type look struct {
	styles                   *theme.Styles
	merchant, till, operator string
	training                 bool
	customer                 bool // staff can act as the customer
	records                  bool // earlier operations can be looked up
	drafts                   bool // baskets are kept
	prints                   bool // there is a printer
	keymap                   map[string][]string
	currency                 pos.Currency
	taxRate                  decimal.Decimal
	terminal                 string // where baskets are begun
	grammar                  grammar
}

func newLook(c Config) *look {
	return &look{
		styles: c.Styles, merchant: c.Merchant, till: c.TillName, operator: c.Operator,
		training: c.Training, customer: c.Customer != nil, records: c.Records != nil, prints: c.Print != nil, keymap: c.Keymap, currency: c.Currency, taxRate: c.TaxRate,
		drafts: c.Drafts != nil, terminal: c.Origin.TerminalID,
		grammar: grammar{currency: c.Currency, customers: pos.CustomerCodes{Prefixes: c.CustomerPrefixes}},
	}
}

// toneStyle is how a text is drawn that is meant so.
func (l *look) toneStyle(t tone) lipgloss.Style {
	switch t {
	case toneWarn:
		return l.styles.Warn
	case toneDanger:
		return l.styles.Danger
	case toneInfo:
	}
	return l.styles.Muted
}
