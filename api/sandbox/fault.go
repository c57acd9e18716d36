package sandbox

import (
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
	// wait is the length of delay, hang, drip and lag, and what skew adds to a time.
	wait time.Duration
	// status is that of status, html and redirect, retryAfter that of 429.
	status, retryAfter int
	// quirks are the numbers of the quirks that answers have, with commas between
	// them and in the order of the table.
	quirks string
	// earlier gives the caller of a duplicated call the first of the two answers.
	earlier bool
	// first and last are the calls of the endpoint that it strikes, from 1;
	// last 0 has no end. A fault with a rate strikes among all of them.
	first, last int
	// rate is how many of ten thousand calls are struck, 0 for a fault that counts.
	rate int
}

// The phases that a kind of fault can have; the first one is its default.
type faultPhases string

const (
	beforeOrAfter faultPhases = "before,after"
	afterOrBefore faultPhases = "after,before"
	mustSayPhase  faultPhases = ",before,after"
	onlyBefore    faultPhases = "before"
	onlyAfter     faultPhases = "after"
)

// What the text behind the = of a kind means.
type faultArgument int

const (
	takesNothing faultArgument = iota
	takesDuration
	takesOffset
	takesStatus
	takesQuirks
	takesAnswer
)

// faultKind is one row of the fault table.
type faultKind struct {
	name     string
	phases   faultPhases
	argument faultArgument
	wait     time.Duration
	status   int
	// only are the endpoints that it can strike; none for all but EndpointConnect.
	only []string
}

// faultKinds are all kinds, in the order in which the package page has them.
var faultKinds = [...]faultKind{
	{name: "delay", phases: beforeOrAfter, argument: takesDuration, wait: 5 * time.Second},
	{name: "hang", phases: beforeOrAfter, argument: takesDuration, wait: time.Minute},
	{name: "drop", phases: mustSayPhase},
	{name: "status", phases: beforeOrAfter, argument: takesStatus, status: http.StatusInternalServerError},
	{name: "html", phases: beforeOrAfter, argument: takesStatus, status: http.StatusOK},
	{name: "redirect", phases: beforeOrAfter, argument: takesStatus, status: http.StatusFound},
	{name: "empty", phases: afterOrBefore},
	{name: "wrong-shape", phases: afterOrBefore},
	{name: "truncated", phases: onlyAfter},
	{name: "cut", phases: onlyAfter},
	{name: "drip", phases: onlyAfter, argument: takesDuration, wait: 10 * time.Second},
	{name: "duplicate", phases: onlyAfter, argument: takesAnswer},
	{name: kindQuirks, phases: onlyAfter, argument: takesQuirks},
	{name: kindLag, phases: onlyAfter, argument: takesDuration, wait: 10 * time.Second, only: []string{EndpointActivities, EndpointMerchantActivities}},
	{name: kindSkew, phases: onlyAfter, argument: takesOffset, wait: 5 * time.Minute},
	{name: kindReset, phases: onlyBefore, only: []string{EndpointConnect}},
}

// faultKindOf looks a kind up; false when there is none of that name.
func faultKindOf(name string) (faultKind, bool) {
	for _, kind := range faultKinds {
		if kind.name == name {
			return kind, true
		}
	}
	return faultKind{}, false
}

// FaultKinds returns the kinds of faults as they stand in a spec: with the phase for
// those that have to say it, and with the default of the argument for those that take
// one.
func FaultKinds() []string {
	var names []string
	for _, kind := range faultKinds {
		if kind.phases == mustSayPhase {
			names = append(names, kind.name+"-before", kind.name+"-after")
			continue
		}
		names = append(names, kind.name+kind.usual())
	}
	return names
}

// usual is the default of a kind's argument, as it stands in a spec.
func (k faultKind) usual() string {
	switch k.argument {
	case takesDuration, takesOffset:
		text := k.wait.String()
		if strings.HasSuffix(text, "m0s") {
			text = strings.TrimSuffix(text, "0s")
		}
		return "=" + text
	case takesStatus:
		return "=" + strconv.Itoa(k.status)
	case takesQuirks:
		return "=" + quirksAll
	case takesAnswer:
		return "=second"
	case takesNothing:
	}
	return ""
}

const (
	kindQuirks = "quirks"
	// kindLag keeps young refunds out of histories, kindSkew makes the Date of answers
	// wrong.
	kindLag  = "lag"
	kindSkew = "skew"
	// kindReset strikes connections, and is the only one that does.
	kindReset = "reset"
)

// canStrike tells whether there is such a fault of an endpoint.
func (k faultKind) canStrike(endpoint string) bool {
	if len(k.only) > 0 {
		return slices.Contains(k.only, endpoint)
	}
	return endpoint != EndpointConnect
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

	// EndpointConnect is no endpoint but a new connection to a Server, before any
	// call is made on it.
	EndpointConnect = "connect"
	// EndpointAny stands for all endpoints, and not for EndpointConnect.
	EndpointAny = "*"
)

// Endpoints returns the names that a fault can be for: those of the endpoints,
// each once, those of the issuer, EndpointConnect and EndpointAny.
func Endpoints() []string {
	var names []string
	for _, rt := range apiRoutes() {
		if !slices.Contains(names, rt.name) {
			names = append(names, rt.name)
		}
	}
	return append(append(names, issuerEndpoints()...), EndpointConnect, EndpointAny)
}
