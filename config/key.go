package config

import (
	"strconv"
	"strings"
)

// Key names one setting. It is the name of the setting's flag without the
// dashes, and of its key in a profile of the config file.
type Key string

// The settings, in the order in which help and doctor list them.
const (
	KeyProfile           Key = "profile"
	KeyConfig            Key = "config"
	KeyDataDir           Key = "data-dir"
	KeyAPIURL            Key = "api-url"
	KeyConfigID          Key = "config-id"
	KeyMerchantID        Key = "merchant-id"
	KeyMerchantAccountID Key = "merchant-account-id"
	KeyTerminalID        Key = "terminal-id"
	KeyDeviceID          Key = "device-id"
	KeyOperator          Key = "operator"
	KeyNoColor           Key = "no-color"
	KeyMerchantName      Key = "merchant-name"
	KeyCurrency          Key = "currency"
	KeyGSTRate           Key = "gst-rate"
	KeyExpiry            Key = "expiry-seconds"
	KeyAllowPlainHTTP    Key = "allow-plain-http"
	KeyAccountID         Key = "account-id"
	KeyAuthIssuer        Key = "auth-issuer"
	KeyAuthClientID      Key = "auth-client-id"
	KeyAuthPort          Key = "auth-port"
	KeyTheme             Key = "theme"
	KeyBell              Key = "bell"
	KeyScanGap           Key = "scan-gap-milliseconds"
	KeyGSTNumber         Key = "gst-number"
	KeyReceiptHeader     Key = "receipt-header"
	KeyReceiptFooter     Key = "receipt-footer"
	KeyPrinter           Key = "printer"
	KeyPrinterWidth      Key = "printer-width"
	KeyPrinterCodePages  Key = "printer-code-pages"
	KeyPrinterCutter     Key = "printer-cutter"
	KeyPrinterQR         Key = "printer-qr"
	KeyCashDrawer        Key = "cash-drawer"
	KeyCredentialStore   Key = "credential-store"
	KeyLiveness          Key = "liveness"
)

// APIKeyVariable is the environment variable with the API key for this run. The
// key has no flag and no place in the config file.
const APIKeyVariable = "CENTRAPOS_API_KEY"

// Where services that nobody sits at get the passphrase of the credential file from:
// the variable itself, or the number of an open file descriptor to read it from.
const (
	PassphraseVariable   = "CENTRAPOS_PASSPHRASE"
	PassphraseFDVariable = "CENTRAPOS_PASSPHRASE_FD"
)

// Setting describes one setting to those who register flags and write help.
type Setting struct {
	Key   Key
	Flag  string // without dashes; empty where the setting has no flag
	Env   string // environment variable; empty where it has none
	Usage string // one line for help, with the default where there is one
	Bool  bool   // the flag takes no value
}

// All returns every setting, in the order of the Key constants.
func All() []Setting {
	var all []Setting
	for _, f := range fields() {
		all = append(all, f.Setting)
	}
	return all
}

// kind is what a value in the config file may be written as.
type kind int

const (
	notInFile kind = iota
	aString
	aWholeNumber
	aNumber // a whole number, or a string with a decimal number
	aBool
	someTexts // a list of texts, or one; as text they stand on lines of their own
)

// field is everything this package knows about one setting.
type field struct {
	Setting
	kind     kind
	fallback string // the default, as text; empty for none or for one that depends
	set      func(*Settings, string) *fault
	get      func(Settings) string
}

// fields is the table of all settings: the one place where their names stand.
func fields() []field {
	return []field{
		{named(KeyProfile, "CENTRAPOS_PROFILE", "profile of the config file to use (training needs no set-up)"),
			notInFile, "", setProfile, func(s Settings) string { return s.Profile }},
		{named(KeyConfig, "CENTRAPOS_CONFIG", "config file (default "+configFileHelp+")"),
			notInFile, "", setConfigFile, func(s Settings) string { return s.ConfigFile }},
		{named(KeyDataDir, "CENTRAPOS_DATA_DIR", "folder of the ledger and other state (default "+dataDirHelp+")"),
			aString, "", setDataDir, func(s Settings) string { return s.DataDir }},
		{named(KeyAPIURL, "CENTRAPOS_API_URL", "base URL of the Centrapay service (default "+DefaultAPIURL+")"),
			aString, "", setAPIURL, func(s Settings) string { return s.APIURL }},
		id(KeyConfigID, "CENTRAPOS_CONFIG_ID", "merchant config that asks for payment", func(s *Settings) *string { return &s.ConfigID }),
		id(KeyMerchantID, "CENTRAPOS_MERCHANT_ID", "merchant that asks for payment", func(s *Settings) *string { return &s.MerchantID }),
		id(KeyMerchantAccountID, "CENTRAPOS_MERCHANT_ACCOUNT_ID", "account of the merchant", func(s *Settings) *string { return &s.MerchantAccountID }),
		label(KeyTerminalID, "CENTRAPOS_TERMINAL_ID", "name of this till", func(s *Settings) *string { return &s.TerminalID }),
		label(KeyDeviceID, "CENTRAPOS_DEVICE_ID", "serial number of this machine", func(s *Settings) *string { return &s.DeviceID }),
		label(KeyOperator, "CENTRAPOS_OPERATOR", "who is at the till", func(s *Settings) *string { return &s.Operator }),
		{Setting{KeyNoColor, string(KeyNoColor), "NO_COLOR", "no colour", true},
			aBool, "false", setNoColor, func(s Settings) string { return boolText(s.NoColor) }},
		inFileOnly(label(KeyMerchantName, "", "name in the header and on receipts", func(s *Settings) *string { return &s.MerchantName })),
		{Setting{Key: KeyCurrency, Usage: "ISO 4217 currency code (default NZD)"},
			aString, "NZD", setCurrency, func(s Settings) string { return s.Currency }},
		{Setting{Key: KeyGSTRate, Usage: "GST in per cent (default 15)"},
			aNumber, "15", setGSTRate, func(s Settings) string { return s.GSTRate.String() }},
		{Setting{Key: KeyExpiry, Usage: "seconds a customer has to pay (default 120)"},
			aWholeNumber, "120", setExpiry, func(s Settings) string { return wholeSeconds(s.Expiry) }},
		{Setting{Key: KeyAllowPlainHTTP, Env: "CENTRAPOS_ALLOW_PLAIN_HTTP", Usage: "send the API key over http:// to another machine"},
			aBool, "false", setAllowPlainHTTP, func(s Settings) string { return boolText(s.AllowPlainHTTP) }},
		noFlag(id(KeyAccountID, "CENTRAPOS_ACCOUNT_ID", "account of the organisation that a login acts for", func(s *Settings) *string { return &s.AccountID })),
		{Setting{Key: KeyAuthIssuer, Env: "CENTRAPOS_AUTH_ISSUER", Usage: "where people log in (default " + DefaultAuthIssuer + ")"},
			aString, DefaultAuthIssuer, setAuthIssuer, func(s Settings) string { return s.AuthIssuer }},
		noFlag(id(KeyAuthClientID, "CENTRAPOS_AUTH_CLIENT_ID", "client id of this program, given out by Centrapay for logins", func(s *Settings) *string { return &s.AuthClientID })),
		{Setting{Key: KeyAuthPort, Env: "CENTRAPOS_AUTH_PORT", Usage: "port on this machine to which a login returns (default a free one)"},
			aWholeNumber, "0", setAuthPort, func(s Settings) string { return strconv.Itoa(s.AuthPort) }},
		{Setting{Key: KeyTheme, Usage: "colours of the till: " + strings.Join(Themes(), ", ") + " (default " + Themes()[0] + ")"},
			aString, Themes()[0], setTheme, func(s Settings) string { return s.Theme }},
		{Setting{Key: KeyBell, Usage: "ring the terminal's bell when a payment has arrived (default true)"},
			aBool, "true", setBell, func(s Settings) string { return boolText(s.Bell) }},
		{Setting{Key: KeyScanGap, Usage: "longest pause between two characters of a scan (default 60; slow wireless scanners need more)"},
			aWholeNumber, "60", setScanGap, func(s Settings) string { return strconv.FormatInt(s.ScanGap.Milliseconds(), 10) }},
		inFileOnly(label(KeyGSTNumber, "", "GST number of the shop, for receipts", func(s *Settings) *string { return &s.GSTNumber })),
		textsOf(KeyReceiptHeader, "lines under the shop's name on receipts: where it is, how to reach it", func(s *Settings) *[]string { return &s.ReceiptHeader }),
		textsOf(KeyReceiptFooter, "lines at the end of receipts", func(s *Settings) *[]string { return &s.ReceiptFooter }),
		inFileOnly(label(KeyPrinter, "", "receipt printer: tcp://HOST[:9100], or the path of its device", func(s *Settings) *string { return &s.Printer })),
		{Setting{Key: KeyPrinterWidth, Usage: "characters on a line of the printer: 48, 42 or 32 (default 48)"},
			aWholeNumber, "48", setPrinterWidth, func(s Settings) string { return strconv.Itoa(s.PrinterWidth) }},
		textsOf(KeyPrinterCodePages, "code pages that the printer has, best first (default Windows-1252 and Windows-1257)", func(s *Settings) *[]string { return &s.PrinterCodePages }),
		boolOf(KeyPrinterCutter, "true", "the printer can cut (default true)", func(s *Settings) *bool { return &s.PrinterCutter }),
		boolOf(KeyPrinterQR, "true", "the printer can draw QR codes (default true)", func(s *Settings) *bool { return &s.PrinterQR }),
		boolOf(KeyCashDrawer, "false", "a cash drawer is plugged into the printer, and opens when cash is taken", func(s *Settings) *bool { return &s.CashDrawer }),
		{Setting{Key: KeyCredentialStore, Env: "CENTRAPOS_CREDENTIAL_STORE", Usage: "where credentials are kept: " + strings.Join(Stores(), ", ") + " (default " + Stores()[0] + ")"},
			aString, Stores()[0], setCredentialStore, func(s Settings) string { return s.CredentialStore }},
		{Setting{Key: KeyLiveness, Usage: "main or test: the money that the merchant must be of (default by the profiles' names live and test)"},
			aString, "", setLiveness, func(s Settings) string { return s.Liveness }},
	}
}

// named describes a setting whose flag is called as its key is.
func named(key Key, env, usage string) Setting {
	return Setting{Key: key, Flag: string(key), Env: env, Usage: usage}
}

// id is the field of an identifier given out by Centrapay: opaque, one word.
func id(key Key, env, usage string, of func(*Settings) *string) field {
	return field{named(key, env, usage), aString, "", setWord(of), func(s Settings) string { return *of(&s) }}
}

// label is the field of a name given by the shop: one line of any text.
func label(key Key, env, usage string, of func(*Settings) *string) field {
	return field{named(key, env, usage), aString, "", setLine(of), func(s Settings) string { return *of(&s) }}
}

// textsOf is the field of some lines of text, which stand in the config file only.
func textsOf(key Key, usage string, of func(*Settings) *[]string) field {
	return field{Setting{Key: key, Usage: usage}, someTexts, "", setLines(of), func(s Settings) string { return strings.Join(*of(&s), "\n") }}
}

// boolOf is the field of a yes or no, which stands in the config file only.
func boolOf(key Key, fallback, usage string, of func(*Settings) *bool) field {
	return field{Setting{Key: key, Usage: usage}, aBool, fallback, func(s *Settings, text string) *fault { return setBool(of(s), text) },
		func(s Settings) string { return boolText(*of(&s)) }}
}

// inFileOnly takes the flag and the variable away from a field.
func inFileOnly(f field) field {
	f.Flag, f.Env = "", ""
	return f
}

// noFlag takes the flag away from a field.
func noFlag(f field) field {
	f.Flag = ""
	return f
}

// fieldOf finds a setting by its name.
func fieldOf(key Key) (field, bool) {
	for _, f := range fields() {
		if f.Key == key {
			return f, true
		}
	}
	return field{}, false
}
