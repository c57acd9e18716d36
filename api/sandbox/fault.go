package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fault is something that goes wrong on purpose. ParseFault makes one from its
// spec; the package page lists them all.
type Fault struct {
	endpoint string
	kind     string
	// after says that the call has its effect before the fault.
	after bool
	// wait is the length of delay, hang and drip.
	wait time.Duration
	// status is that of status, html and redirect, retryAfter that of 429.
	status, retryAfter int
	// first and last are the calls of the endpoint that it strikes, from 1;
	// last 0 has no end.
	first, last int
}

// The phases that a kind of fault can have; the first one is its default.
type faultPhases string

const (
	beforeOrAfter faultPhases = "before,after"
	afterOrBefore faultPhases = "after,before"
	mustSayPhase  faultPhases = ",before,after"
	onlyAfter     faultPhases = "after"
)

// faultKind is one row of the fault table.
type faultKind struct {
	phases faultPhases
	// argument is what the number behind = means: "", "duration" or "status".
	argument string
	wait     time.Duration
	status   int
}

// faultKindOf looks a kind up; false when there is none of that name.
func faultKindOf(name string) (faultKind, bool) {
	kinds := map[string]faultKind{
		"delay":       {phases: beforeOrAfter, argument: "duration", wait: 5 * time.Second},
		"hang":        {phases: beforeOrAfter, argument: "duration", wait: time.Minute},
		"drop":        {phases: mustSayPhase},
		"status":      {phases: beforeOrAfter, argument: "status", status: http.StatusInternalServerError},
		"html":        {phases: beforeOrAfter, argument: "status", status: http.StatusOK},
		"redirect":    {phases: beforeOrAfter, argument: "status", status: http.StatusFound},
		"empty":       {phases: afterOrBefore},
		"wrong-shape": {phases: afterOrBefore},
		"truncated":   {phases: onlyAfter},
		"cut":         {phases: onlyAfter},
		"drip":        {phases: onlyAfter, argument: "duration", wait: 10 * time.Second},
	}
	kind, ok := kinds[name]
	return kind, ok
}

// Endpoint names, for faults and in a Call.
const (
	EndpointCreate      = "create"
	EndpointGet         = "get"
	EndpointShortCode   = "short-code"
	EndpointExternalRef = "external-ref"
	EndpointSummary     = "summary"
	EndpointActivities  = "activities"
	EndpointPay         = "pay"
	EndpointRefund      = "refund"
	EndpointConfirm     = "confirm"
	EndpointRelease     = "release"
	EndpointVoid        = "void"
	EndpointAccept      = "accept"
	EndpointDecline     = "decline"

	EndpointMerchantActivities   = "merchant-activities"
	EndpointByPatronCode         = "by-patron-code"
	EndpointByConnection         = "by-connection"
	EndpointPatronCodeCreate     = "patron-code-create"
	EndpointPatronCode           = "patron-code"
	EndpointPatronCodeBarcode    = "patron-code-barcode"
	EndpointPatronCodeExternalID = "patron-code-external-id"
	EndpointPatronCodeMetadata   = "patron-code-metadata"
	EndpointConnectionCreate     = "connection-create"
	EndpointConnectAuthorize     = "connection-authorize"
	EndpointConnectionSummary    = "connection-summary"
	EndpointDecode               = "decode"
	EndpointMerchant             = "merchant"
	EndpointMerchants            = "merchants"
	EndpointAccountMerchants     = "account-merchants"
	EndpointMerchantSearch       = "merchant-search"
	EndpointConfig               = "config"
	EndpointConfigs              = "configs"
	EndpointSettlements          = "settlements"
	EndpointMemberships          = "memberships"

	// EndpointAny stands for all of them.
	EndpointAny = "*"
)

// Endpoints returns the names that a fault can be for: those of the endpoints,
// each once, those of the issuer, and EndpointAny.
func Endpoints() []string {
	var names []string
	for _, rt := range apiRoutes() {
		if !slices.Contains(names, rt.name) {
			names = append(names, rt.name)
		}
	}
	return append(append(names, issuerEndpoints()...), EndpointAny)
}

// ParseFault reads a fault spec, ENDPOINT:KIND[=ARGUMENT][:WHEN], such as
// "create:drop-after:1". The error says what it could not read.
func ParseFault(spec string) (Fault, error) {
	fail := func(format string, args ...any) (Fault, error) {
		return Fault{}, fmt.Errorf("fault %q: %w (want ENDPOINT:KIND[=ARGUMENT][:WHEN], as create:drop-after:1)",
			clip(spec), fmt.Errorf(format, args...))
	}
	parts := strings.Split(spec, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return fail("it has %d parts", len(parts))
	}
	f := Fault{endpoint: parts[0], first: 1}
	if names := Endpoints(); !slices.Contains(names, f.endpoint) {
		return fail("no endpoint %q; there are create, get, pay, refund, void, * and %d more", clip(f.endpoint), len(names)-6)
	}
	if err := f.parseKind(parts[1]); err != nil {
		return fail("%w", err)
	}
	if len(parts) == 3 {
		if err := f.parseWhen(parts[2]); err != nil {
			return fail("%w", err)
		}
	}
	return f, nil
}

func (f *Fault) parseKind(text string) error {
	name, argument, given := strings.Cut(text, "=")
	phase := ""
	for _, p := range []string{"before", "after"} {
		if base, ok := strings.CutSuffix(name, "-"+p); ok {
			name, phase = base, p
		}
	}
	kind, ok := faultKindOf(name)
	if !ok {
		return fmt.Errorf("no kind %q", clip(name))
	}
	phases := strings.Split(string(kind.phases), ",")
	if phase == "" {
		phase = phases[0]
	}
	if phase == "" || !slices.Contains(phases, phase) {
		return fmt.Errorf("%s can be %s", name, strings.Trim(string(kind.phases), ","))
	}
	f.kind, f.after, f.wait, f.status = name, phase == "after", kind.wait, kind.status
	if !given {
		return nil
	}
	switch kind.argument {
	case "duration":
		wait, err := time.ParseDuration(argument)
		if err != nil || wait <= 0 {
			return fmt.Errorf("%q is no duration", clip(argument))
		}
		f.wait = wait
	case "status":
		return f.parseStatus(argument)
	default:
		return fmt.Errorf("%s takes no argument", name)
	}
	return nil
}

// parseStatus reads 502, or 429,30 with the seconds of Retry-After.
func (f *Fault) parseStatus(text string) error {
	code, after, given := strings.Cut(text, ",")
	status, err := strconv.Atoi(code)
	if err != nil || status < 200 || status > 599 {
		return fmt.Errorf("%q is no HTTP status", clip(code))
	}
	if redirects := status >= 300 && status < 400; redirects != (f.kind == "redirect") {
		return fmt.Errorf("%s cannot answer %d", f.kind, status)
	}
	f.status = status
	switch {
	case given && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable:
		return fmt.Errorf("only 429 and 503 have a Retry-After")
	case given:
		f.retryAfter, err = strconv.Atoi(after)
		if err != nil || f.retryAfter < 0 {
			return fmt.Errorf("%q is no number of seconds", clip(after))
		}
	case status == http.StatusTooManyRequests:
		f.retryAfter = 1
	}
	return nil
}

// parseWhen reads which calls are struck: 3, 3+, 2-4 or *.
func (f *Fault) parseWhen(text string) error {
	var err error
	from, to, isRange := strings.Cut(text, "-")
	switch {
	case text == "*":
		f.first, f.last = 1, 0
	case strings.HasSuffix(text, "+"):
		f.first, err = strconv.Atoi(strings.TrimSuffix(text, "+"))
		f.last = 0
	case isRange:
		var errTo error
		f.first, err = strconv.Atoi(from)
		f.last, errTo = strconv.Atoi(to)
		err = errors.Join(err, errTo)
	default:
		f.first, err = strconv.Atoi(text)
		f.last = f.first
	}
	if err != nil || f.first < 1 || f.last != 0 && f.last < f.first {
		return fmt.Errorf("%q names no calls; want 3, 3+, 2-4 or *", clip(text))
	}
	return nil
}

// String returns the spec that ParseFault reads as the same fault.
func (f Fault) String() string {
	kind, _ := faultKindOf(f.kind)
	text := f.endpoint + ":" + f.kind
	if !strings.HasPrefix(string(kind.phases), f.phase()) {
		text += "-" + f.phase()
	}
	switch kind.argument {
	case "duration":
		text += "=" + f.wait.String()
	case "status":
		text += "=" + strconv.Itoa(f.status)
		if f.retryAfter > 0 {
			text += "," + strconv.Itoa(f.retryAfter)
		}
	}
	switch {
	case f.last == 0 && f.first == 1:
		return text + ":*"
	case f.last == 0:
		return text + ":" + strconv.Itoa(f.first) + "+"
	case f.first == f.last:
		return text + ":" + strconv.Itoa(f.first)
	default:
		return text + ":" + strconv.Itoa(f.first) + "-" + strconv.Itoa(f.last)
	}
}

func (f Fault) phase() string {
	if f.after {
		return "after"
	}
	return "before"
}

// strikes tells whether the nth call of its endpoint is one that it strikes.
func (f Fault) strikes(n int) bool { return n >= f.first && (f.last == 0 || n <= f.last) }

// clip keeps what a foreign text may add to a message short.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
