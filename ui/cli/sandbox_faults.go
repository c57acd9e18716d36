package cli

import (
	"fmt"
	"strings"

	"centrapos/api/sandbox"
)

const faultHelp = `Faults are ENDPOINT:KIND[=ARGUMENT][:WHEN], such as create:drop-after:1 (the first create
has its effect, but its answer is lost), void:status=503 (every void) or *:delay=2s:20%
(a fifth of all calls). --fault may be repeated.

  ENDPOINT  one of the names listed below, or * for all calls
  WHEN      which calls of that endpoint, counted from the start: 3 (the third only), 3+
            (from the third on), 2-4, 20% (a share, down to 0.01%; with --seed the same
            calls each time), or * (all, also without a WHEN)
  KIND      -before behind it leaves the call without effect, -after gives it its effect
            first. Both go with the kinds marked +; their usual one needs not be said.
  ARGUMENT  a time is written as 500ms, 5s or 1m30s; what stands in brackets is what it
            is when it is left out

`

// faultRow is what the help says of one kind of fault. The kinds are the sandbox's; a
// test holds these rows against them.
type faultRow struct{ kind, argument, meets, example string }

// faultRows are all kinds of faults.
var faultRows = []faultRow{
	{"delay +", "a time (5s)", "the true answer, late", "get:delay=2s:20%"},
	{"hang +", "a time (1m)", "no answer until the caller gives up", "create:hang-after=30s:1"},
	{"drop-before", "none", "the connection breaks, and nothing was done", "refund:drop-before:1"},
	{"drop-after", "none", "the connection breaks, and all was done", "refund:drop-after:1"},
	{"status +", "an HTTP status (500), and for 429 and 503 the seconds of Retry-After behind a comma", "that status", "pay:status=429,30:1-3"},
	{"html +", "an HTTP status (200)", "the login page of a network", "*:html=403:5%"},
	{"redirect +", "an HTTP status (302)", "a redirect to the login page of a network", "get:redirect=307:2"},
	{"empty +", "none", "200 without a body; usually after the effect", "void:empty:1"},
	{"wrong-shape +", "none", "200 with JSON that is something else; usually after the effect", "create:wrong-shape-before:1"},
	{"truncated", "none", "the first half of the answer, as if it were whole", "activities:truncated:1"},
	{"cut", "none", "half of the answer, then the connection breaks", "create:cut:1"},
	{"drip", "a time (10s)", "the true answer, in 20 pieces over that time", "get:drip=4s"},
	{"duplicate", "first or second (second)", "one of two answers: the call was delivered twice", "refund:duplicate=first:1"},
	{"quirks", "numbers with commas between, or all (all)", "the true answer in the odd shapes of the documents; --quirks=list lists them", "pay:quirks=A8,E1"},
	{"lag", "a time (10s)", "a history without refunds younger than that", "activities:lag=1m"},
	{"skew", "a time (5m), -90s for a slow clock", "the true answer, its Date wrong by that", "*:skew=-90s"},
	{"reset", "none", "a new connection that breaks; with the endpoint connect only", "connect:reset:1"},
}

// faultWords is the grammar of --fault, with every kind and every endpoint.
func faultWords() string {
	var b strings.Builder
	b.WriteString(faultHelp)
	for _, row := range faultRows {
		fmt.Fprintf(&b, "  %-14s %s\n", row.kind, row.meets)
		if row.argument != "none" {
			fmt.Fprintf(&b, "  %-14s takes %s\n", "", row.argument)
		}
		fmt.Fprintf(&b, "  %-14s --fault '%s'\n", "", row.example)
	}
	return b.String() + "\nEndpoints:\n" + listed(sandbox.Endpoints())
}
