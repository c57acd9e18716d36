package config

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

const (
	longestValue   = 200   // characters of an id or a name
	longestExpiry  = 86400 // seconds; the service's own limit (payment requests, expirySeconds)
	mostLines      = 12    // of a text on receipts
	longestScanGap = 1000  // milliseconds; slower than this people type
	plainHTTPFix   = "Use https://, or where every machine on the way is trusted set CENTRAPOS_ALLOW_PLAIN_HTTP=1 (allow-plain-http = true in the profile)."
	urlFix         = "Write it as https://service.example.com, with no user, query or fragment."
)

var (
	profileName  = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,63}$`)
	currencyCode = regexp.MustCompile(`^[A-Z]{3}$`)
	// Exponents are kept out: 1e9999 is a short text and a very long number.
	percentage = regexp.MustCompile(`^\d{1,3}(\.\d{1,6})?$`)
)

// The setters read a value as text, whatever it came from. They say what is
// wrong without repeating the value where it may be a secret in the wrong place.

func setProfile(s *Settings, text string) *fault {
	if !profileName.MatchString(text) {
		return &fault{"is not a name of at most 64 letters, digits, dots, dashes and underscores", "Choose another name."}
	}
	s.Profile = text
	return nil
}

func setConfigFile(s *Settings, text string) *fault {
	if text == "" {
		return &fault{"is empty", "Name a file, or leave it out."}
	}
	s.ConfigFile = text
	return nil
}

func setDataDir(s *Settings, text string) *fault {
	if text == "" {
		return &fault{"is empty", "Name a folder, or leave it out."}
	}
	s.DataDir = text
	return nil
}

func setAPIURL(s *Settings, text string) *fault {
	u, f := webAddress(text)
	if f != nil {
		return f
	}
	s.APIURL = strings.TrimRight(u.String(), "/")
	return nil
}

// setAuthIssuer keeps the text as it is: an issuer's name is compared letter for
// letter, the slash at its end included.
func setAuthIssuer(s *Settings, text string) *fault {
	if _, f := webAddress(text); f != nil {
		return f
	}
	s.AuthIssuer = text
	return nil
}

func setAuthPort(s *Settings, text string) *fault {
	port, err := strconv.Atoi(text)
	if err != nil || port < 0 || port > 65535 {
		return &fault{"is no port", "Write a number between 1 and 65535, or 0 for any free port."}
	}
	s.AuthPort = port
	return nil
}

func webAddress(text string) (*url.URL, *fault) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		// The parser's own words repeat the value, which may hold a password.
		return nil, &fault{"is not a web address", urlFix}
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, &fault{"does not begin with https://", urlFix}
	case u.Hostname() == "":
		return nil, &fault{"has no host", urlFix}
	case u.User != nil:
		return nil, &fault{"has a user or a password in it", "Take them out; the API key goes into " + APIKeyVariable + " or the system keyring."}
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, &fault{"has a query or a fragment", urlFix}
	}
	return u, nil
}

// plainHTTP says what is wrong with sending the API key to this address, if
// anything is: in clear it may go only to this machine itself.
func plainHTTP(address string) *fault {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" {
		return nil
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); host == "localhost" || (ip != nil && ip.IsLoopback()) {
		return nil
	}
	return &fault{"would send a credential in clear to " + host, plainHTTPFix}
}

func setWord(of func(*Settings) *string) func(*Settings, string) *fault {
	return func(s *Settings, text string) *fault {
		if f := checkLine(text); f != nil {
			return f
		}
		if strings.ContainsFunc(text, unicode.IsSpace) {
			return &fault{"has a space in it", "Copy the id again, without spaces."}
		}
		*of(s) = text
		return nil
	}
}

func setLine(of func(*Settings) *string) func(*Settings, string) *fault {
	return func(s *Settings, text string) *fault {
		if f := checkLine(text); f != nil {
			return f
		}
		*of(s) = text
		return nil
	}
}

// checkLine keeps out what would break a screen, a receipt or a log line.
func checkLine(text string) *fault {
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return &fault{"has characters that cannot be printed", "Type it again on one line."}
	case text != strings.TrimSpace(text):
		return &fault{"begins or ends with a space", "Take the space away."}
	case utf8.RuneCountInString(text) > longestValue:
		return &fault{"is longer than " + strconv.Itoa(longestValue) + " characters", "Shorten it."}
	}
	return nil
}

func setNoColor(s *Settings, text string) *fault {
	return setBool(&s.NoColor, text)
}

func setAllowPlainHTTP(s *Settings, text string) *fault {
	return setBool(&s.AllowPlainHTTP, text)
}

func setBell(s *Settings, text string) *fault {
	return setBool(&s.Bell, text)
}

func setTheme(s *Settings, text string) *fault {
	if !slices.Contains(Themes(), text) {
		return &fault{"is not one of the till's colour schemes", "Write one of " + strings.Join(Themes(), ", ") + "."}
	}
	s.Theme = text
	return nil
}

func setCredentialStore(s *Settings, text string) *fault {
	if !slices.Contains(Stores(), text) {
		return &fault{"is not a place where credentials can be kept", "Write one of " + strings.Join(Stores(), ", ") + "."}
	}
	s.CredentialStore = text
	return nil
}

func setLiveness(s *Settings, text string) *fault {
	if text != LivenessMain && text != LivenessTest {
		return &fault{"is neither main nor test", "Write main for real money, test for test money."}
	}
	s.Liveness = text
	return nil
}

func setScanGap(s *Settings, text string) *fault {
	milliseconds, err := strconv.Atoi(text)
	if err != nil || milliseconds < 5 || milliseconds > longestScanGap {
		return &fault{"is not a whole number of milliseconds from 5 to " + strconv.Itoa(longestScanGap), "Write it as 60."}
	}
	s.ScanGap = time.Duration(milliseconds) * time.Millisecond
	return nil
}

// setLines reads some lines of text; each is held to what one line may be.
func setLines(of func(*Settings) *[]string) func(*Settings, string) *fault {
	return func(s *Settings, text string) *fault {
		lines := strings.Split(text, "\n")
		if len(lines) > mostLines {
			return &fault{"has more than " + strconv.Itoa(mostLines) + " lines", "Shorten it."}
		}
		for _, line := range lines {
			if f := checkLine(line); f != nil {
				return f
			}
		}
		*of(s) = lines
		return nil
	}
}

func setPrinterWidth(s *Settings, text string) *fault {
	width, err := strconv.Atoi(text)
	if err != nil || width < 24 || width > 80 {
		return &fault{"is not a number of characters from 24 to 80", "Write 48 for paper of 80 mm, 32 for 58 mm, or what the printer's test print says."}
	}
	s.PrinterWidth = width
	return nil
}

func setBool(to *bool, text string) *fault {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return &fault{"is neither true nor false", "Write true or false."}
	}
	*to = b
	return nil
}

func setCurrency(s *Settings, text string) *fault {
	if !currencyCode.MatchString(text) {
		return &fault{"is not a currency code of three capital letters", "Write it as NZD."}
	}
	s.Currency = text
	return nil
}

func setGSTRate(s *Settings, text string) *fault {
	if !percentage.MatchString(text) {
		return &fault{"is not a percentage", `Write it as 15, or in quotes as "12.5".`}
	}
	rate, err := decimal.NewFromString(text)
	if err != nil || rate.GreaterThan(decimal.NewFromInt(100)) {
		return &fault{"is more than 100 per cent", "Write it as 15, for 15 per cent."}
	}
	s.GSTRate = rate
	return nil
}

func setExpiry(s *Settings, text string) *fault {
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 1 || seconds > longestExpiry {
		return &fault{"is not a whole number of seconds from 1 to " + strconv.Itoa(longestExpiry), "Write it as 120."}
	}
	s.Expiry = time.Duration(seconds) * time.Second
	return nil
}

func boolText(b bool) string { return strconv.FormatBool(b) }

func wholeSeconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
