package config

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/shopspring/decimal"
)

const (
	// Training is the name of the built-in profile, which needs no set-up.
	Training = "training"
	// DefaultAPIURL is the Centrapay service that takes real money.
	DefaultAPIURL = "https://service.centrapay.com"
	// LivenessMain is real money, as the service names it.
	LivenessMain = "main"
	// LivenessTest is test money.
	LivenessTest = "test"
	// DefaultAuthIssuer is where the users of Centrapay log in. The slash at its
	// end is part of its name.
	DefaultAuthIssuer = "https://auth.centrapay.com/"
)

// Settings is what one run of the program goes by. It holds no credential.
type Settings struct {
	Profile    string // name of the profile in use
	ConfigFile string // path of the config file that was read; empty if none was
	DataDir    string // absolute path of the ledger's folder; see CreateDataDir

	// Embedded says that nothing names a service, so the sandbox inside the
	// program is it. The TRAINING band goes by this and not by the profile's
	// name, since a service can be named while the profile is training.
	Embedded bool
	// APIURL is the base URL of the service without a slash at its end; empty
	// while Embedded.
	APIURL string

	// Who is asking for payment, as the create call of the payment requests API
	// names them; each may be empty.
	ConfigID          string // configId
	MerchantID        string // merchantId
	MerchantAccountID string // merchantAccountId
	TerminalID        string // terminalId
	DeviceID          string // deviceId
	Operator          string // operatorId

	MerchantName string          // in the header and on receipts; may be empty
	Currency     string          // ISO 4217 code
	GSTRate      decimal.Decimal // per cent of the price before tax
	Expiry       time.Duration   // time a customer has to pay; whole seconds

	// How a user logs in (OpenID Connect). The client id is given out by Centrapay,
	// together with the addresses that a login may return to.
	AuthIssuer   string // URL of the issuer, exactly as it names itself
	AuthClientID string // client_id; may be empty
	AuthPort     int    // port of the address a login returns to; 0 for any
	AccountID    string // X-Centrapay-Account of calls made for a login; may be empty

	// How the till looks, sounds and listens.
	Theme   string        // one of Themes
	Bell    bool          // ring when a payment has arrived
	ScanGap time.Duration // longest pause between two characters of one scan; whole milliseconds
	// Keymap is what the config file says of keys: for each command of the till
	// that it names, the keys that call it in place of its own.
	Keymap []KeyChoice

	// What stands on receipts, and what prints them.
	GSTNumber        string
	ReceiptHeader    []string // under the shop's name
	ReceiptFooter    []string
	Printer          string   // address of the printer; empty for none
	PrinterWidth     int      // characters on a line
	PrinterCodePages []string // names of code pages, best first; empty for the usual ones
	PrinterCutter    bool
	PrinterQR        bool
	CashDrawer       bool // a drawer is plugged into the printer

	// CredentialStore is where the API key and logins are kept; one of Stores.
	CredentialStore string
	// Liveness is LivenessMain or LivenessTest, the money that the merchant must be of;
	// "" where nobody said.
	Liveness string

	NoColor        bool // write no colour
	AllowPlainHTTP bool // the API key may go over http:// to another machine

	origins map[Key]Origin
}

// Themes lists the colour schemes of the till, the default first.
func Themes() []string { return []string{"dark", "light", "high-contrast", "colour-blind"} }

// KeyChoice is a line of the config file's [keymap]. Which commands there are, and
// what keys terminals have, is for the screens to say.
type KeyChoice struct {
	Command string
	Keys    []string // none takes the command's keys away
	Origin  Origin
}

// Problem is what the screens find wrong with the choice, with the place it stands at.
func (k KeyChoice) Problem(what, fix string) Problem {
	return Problem{Code: CodeConfigInvalid, Where: k.Origin.String(), What: what, Fix: fix}
}

// Origin says where the value of a setting comes from. A setting that nobody has
// set comes from FromDefault.
func (s Settings) Origin(key Key) Origin { return s.origins[key] }

// Value is a setting as text, in the form in which the config file takes it.
// It is empty for a setting that is not set and for a key that does not exist.
func (s Settings) Value(key Key) string {
	f, ok := fieldOf(key)
	if !ok {
		return ""
	}
	return f.get(s)
}

// Need returns an *Error with a CONFIG_MISSING for each of the settings that
// has no value, and nil when all have one. While Embedded it always returns
// nil: the sandbox says itself who it takes payment for.
func (s Settings) Need(keys ...Key) error {
	if s.Embedded {
		return nil
	}
	var missing []Problem
	for _, key := range keys {
		if f, ok := fieldOf(key); ok && f.get(s) == "" {
			missing = append(missing, Problem{Code: CodeConfigMissing, What: string(key) + " is not set", Fix: s.placesFor(f)})
		}
	}
	return list(missing)
}

// placesFor says where a setting can be set.
func (s Settings) placesFor(f field) string {
	fix := "Give it with"
	if f.Flag != "" {
		fix += " --" + f.Flag + " or"
	}
	if f.Env != "" {
		fix += " " + f.Env + " or"
	}
	fix += fmt.Sprintf(" %s in [profiles.%s] of the config file", f.Key, s.Profile)
	if s.ConfigFile != "" {
		fix += " " + s.ConfigFile
	}
	return fix + "."
}

// CreateDataDir makes the data folder, for this user alone (mode 0700, as are
// the folders above it that are missing). A folder that exists is left as it
// is. It returns an *Error with CONFIG_INVALID when there can be none.
func (s Settings) CreateDataDir() error {
	err := os.MkdirAll(s.DataDir, 0o700)
	if err == nil {
		return nil
	}
	what := "the data folder " + s.DataDir + " cannot be made"
	var cause *os.PathError
	if errors.As(err, &cause) {
		what += " (" + cause.Path + ": " + cause.Err.Error() + ")"
	}
	return &Error{[]Problem{{
		Code: CodeConfigInvalid, Where: s.Origin(KeyDataDir).String(), What: what,
		Fix: "Name a folder that can be written to, with --data-dir or CENTRAPOS_DATA_DIR.", Err: err,
	}}}
}
