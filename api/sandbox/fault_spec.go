package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// ParseFault reads a fault spec, ENDPOINT:KIND[=ARGUMENT][:WHEN], such as
// "create:drop-after:1". The error says what it could not read.
func ParseFault(spec string) (Fault, error) {
	fail := func(format string, args ...any) (Fault, error) {
		return Fault{}, fmt.Errorf("fault %q: %w (want ENDPOINT:KIND[=ARGUMENT][:WHEN], as create:drop-after:1)",
			clip(spec), fmt.Errorf(format, args...))
	}
	parts := strings.Split(spec, ":")
	if len(parts) != 2 && len(parts) != 3 {
		return fail("it has %s", plural(len(parts), "part"))
	}
	f := Fault{endpoint: parts[0], first: 1}
	if names := Endpoints(); !slices.Contains(names, f.endpoint) {
		return fail("no endpoint %q; there are create, get, pay, refund, void, * and %d more", clip(f.endpoint), len(names)-6)
	}
	if err := f.parseKind(parts[1]); err != nil {
		return fail("%w", err)
	}
	if kind, _ := faultKindOf(f.kind); !kind.canStrike(f.endpoint) {
		if len(kind.only) == 0 || f.kind == kindReset {
			return fail("%s strikes %s and nothing else; drop-before and drop-after reset the connection of a call", kindReset, EndpointConnect)
		}
		return fail("%s strikes %s and nothing else", f.kind, strings.Join(kind.only, " and "))
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
	if kind.argument == takesQuirks {
		return f.parseQuirks(argument, given)
	}
	if !given {
		return nil
	}
	return f.parseArgument(kind, argument)
}

func (f *Fault) parseArgument(kind faultKind, text string) error {
	switch kind.argument {
	case takesDuration, takesOffset:
		wait, err := time.ParseDuration(text)
		if err != nil || wait == 0 || wait < 0 && kind.argument == takesDuration {
			return fmt.Errorf("%q is no duration", clip(text))
		}
		f.wait = wait
		return nil
	case takesStatus:
		return f.parseStatus(text)
	case takesAnswer:
		if text != "first" && text != "second" {
			return fmt.Errorf("%s answers with the first or the second of its answers, not %q", f.kind, clip(text))
		}
		f.earlier = text == "first"
		return nil
	case takesQuirks, takesNothing:
	}
	return fmt.Errorf("%s takes no argument", f.kind)
}

// parseQuirks reads numbers of quirks, or takes all that leave money true.
func (f *Fault) parseQuirks(text string, given bool) error {
	if !given || text == quirksAll {
		f.quirks = quirksAll
		return nil
	}
	asked := strings.Split(text, ",")
	var known []string
	for _, number := range quirkNumbers() {
		if slices.Contains(asked, number) {
			known = append(known, number)
		}
	}
	for _, number := range asked {
		if !slices.Contains(known, number) {
			return fmt.Errorf("no quirk %q; there are %s", clip(number), strings.Join(quirkNumbers(), " "))
		}
	}
	f.quirks = strings.Join(known, ",")
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

// parseWhen reads which calls are struck: 3, 3+, 2-4, 20% or *.
func (f *Fault) parseWhen(text string) error {
	if share, ok := strings.CutSuffix(text, "%"); ok {
		return f.parseRate(share)
	}
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
		return fmt.Errorf("%q names no calls; want 3, 3+, 2-4, 20%% or *", clip(text))
	}
	return nil
}

// wholeRate is the rate of a fault that strikes all calls.
const wholeRate = 10_000

// parseRate reads the percentage of calls that are struck, to a hundredth.
func (f *Fault) parseRate(text string) error {
	share, err := decimal.NewFromString(text)
	if err == nil && len(text) < len("100.0000") {
		share = share.Shift(2)
		if share.IsInteger() && share.IsPositive() && share.LessThanOrEqual(decimal.NewFromInt(wholeRate)) {
			f.rate = int(share.IntPart())
			return nil
		}
	}
	return fmt.Errorf("%q is no share of calls; want 0.01%% to 100%%", clip(text)+"%")
}

// String returns the spec that ParseFault reads as the same fault.
func (f Fault) String() string {
	kind, _ := faultKindOf(f.kind)
	text := f.endpoint + ":" + f.kind
	if !strings.HasPrefix(string(kind.phases), f.phase()) {
		text += "-" + f.phase()
	}
	switch kind.argument {
	case takesDuration, takesOffset:
		text += "=" + f.wait.String()
	case takesStatus:
		text += "=" + strconv.Itoa(f.status)
		if f.retryAfter > 0 || f.status == http.StatusTooManyRequests {
			text += "," + strconv.Itoa(f.retryAfter)
		}
	case takesQuirks:
		text += "=" + f.quirks
	case takesAnswer:
		text += "=" + map[bool]string{true: "first", false: "second"}[f.earlier]
	case takesNothing:
	}
	switch {
	case f.rate > 0:
		return text + ":" + decimal.New(int64(f.rate), -2).String() + "%"
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

// clip keeps what a foreign text may add to a message short.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}
