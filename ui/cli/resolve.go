package cli

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"centrapos/pos"
	"centrapos/pos/ledger"
	"centrapos/ui/widget"
)

// This file finds the payment request that people name: by its id, by its short
// code in any spelling, or by what this till's record calls it.

// The letters and digits behind CP of a short code; those of a refund or a
// confirmation have more. Nothing else is known of their form (Payment Requests,
// short codes), so that whether one is right is for the service to say.
var (
	spelledCode = regexp.MustCompile(`^CP[-_. ]*([A-Z0-9][-_. ]*){4,10}$`)
	bareCode    = regexp.MustCompile(`^([A-Z0-9][-_. ]*){5,6}$`)
)

// shortCodeOf gives a short code as the service writes it; false for a text that
// cannot be one. One that has its hyphens keeps them as they are.
func shortCodeOf(key string) (string, bool) {
	key = strings.ToUpper(strings.TrimSpace(key))
	switch {
	case strings.HasPrefix(key, "CP-") && !spelledCode.MatchString(key):
		return key, true // the service has the last word on what a short code is
	case !spelledCode.MatchString(key):
		return "", false
	case strings.HasPrefix(key, "CP-") && strings.Count(key, "-") > 1 && !strings.ContainsAny(key, "_. "):
		return key, true
	}
	return grouped(strings.TrimPrefix(lettersOf(key), "CP")), true
}

// bareCodeOf gives the short code that a text is without its CP; false where it is
// none. It may as well be something else.
func bareCodeOf(key string) (string, bool) {
	key = strings.ToUpper(strings.TrimSpace(key))
	if !bareCode.MatchString(key) {
		return "", false
	}
	return grouped(lettersOf(key)), true
}

func lettersOf(key string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_. ", r) {
			return -1
		}
		return r
	}, key)
}

// grouped writes a short code in groups of three, as the service does.
func grouped(letters string) string {
	code := "CP"
	for group := range slices.Chunk([]byte(letters), 3) {
		code += "-" + string(group)
	}
	return code
}

// isShortCode tells short codes from ids.
func isShortCode(key string) bool {
	_, is := shortCodeOf(key)
	return is
}

// find reads the payment request that an id or a short code names. What is only
// read may be asked again: once, at once, when there was no definite answer.
func find(ctx context.Context, payments pos.Payments, key string) (pos.Request, pos.Reply) {
	read := payments.Get
	if code, is := shortCodeOf(key); is {
		read, key = payments.GetByShortCode, code
	}
	req, reply := read(ctx, key)
	if reply.Answer == pos.AnswerUnknown || reply.Answer == pos.AnswerNotSent && reply.RetryAfter == 0 {
		return read(ctx, key)
	}
	return req, reply
}

// naming is what a key turned out to name: a payment request's id or short code, or
// what may be either.
type naming struct {
	key   string
	guess string // a short code, if it is none of the rest; "" for none
}

// read reads the payment request.
func (n naming) read(ctx context.Context, payments pos.Payments) (pos.Request, pos.Reply) {
	req, reply := find(ctx, payments, n.key)
	if reply.Answer != pos.AnswerRefused || n.guess == "" {
		return req, reply
	}
	guessed, again := find(ctx, payments, n.guess)
	if again.Answer == pos.AnswerRefused {
		return req, reply // of the two refusals that of what was given
	}
	return guessed, again
}

// name finds out what a key names: first by the record, whose names only this till
// knows. What moves money is not done to a payment by the name of something else,
// such as of an earlier refund of it. The record may be nil.
func (l *line) name(ctx context.Context, book *ledger.Reader, key string, moves bool) (naming, error) {
	key = strings.TrimSpace(key)
	if code, is := shortCodeOf(key); is {
		return l.nameOfCode(ctx, book, code, moves)
	}
	guess, _ := bareCodeOf(key)
	rows, err := l.named(ctx, book, key)
	if err != nil || len(rows) == 0 {
		return naming{key: key, guess: guess}, nil //nolint:nilerr // the service knows ids and codes without the record
	}
	if slices.ContainsFunc(rows, func(row ledger.Row) bool { return row.RequestID == key }) {
		return naming{key: key}, nil
	}
	id, err := requestOf(rows, key, moves)
	if id == "" && err == nil {
		id = key // a further request of a sale, by its own id
	}
	return naming{key: id}, err
}

// nameOfCode is name for a short code. The service says which request has it; only
// that of a refund, a confirmation or a release is known to the record alone.
func (l *line) nameOfCode(ctx context.Context, book *ledger.Reader, code string, moves bool) (naming, error) {
	rows, _ := l.named(ctx, book, code) // without the record, the service is asked
	for _, row := range rows {
		if !strings.EqualFold(row.ActivityCode, code) || strings.EqualFold(row.ShortCode, code) {
			continue
		}
		if moves {
			return naming{}, nameOfOther(code, row)
		}
		return naming{key: row.RequestID}, nil
	}
	return naming{key: code}, nil
}

// named gives the record's lines that a key names, of this service.
func (l *line) named(ctx context.Context, book *ledger.Reader, key string) ([]ledger.Row, error) {
	if book == nil {
		return nil, nil
	}
	rows, err := recordsNamed(ctx, book, key)
	return slices.DeleteFunc(rows, func(row ledger.Row) bool { return !l.keeps(row.Service) }), err
}

// recordsNamed gives the record's lines that a key names, a short code in any spelling.
func recordsNamed(ctx context.Context, book *ledger.Reader, key string) ([]ledger.Row, error) {
	spellings := []string{key}
	if code, is := shortCodeOf(key); is {
		spellings = append(spellings, code)
	} else if code, is := bareCodeOf(key); is {
		spellings = append(spellings, code)
	}
	for _, spelling := range spellings {
		rows, err := book.Find(ctx, spelling)
		if err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, nil
}

// requestOf gives the payment request that lines of the record are about, which a
// key names as their ledger id or reference; "" where the key is neither.
func requestOf(rows []ledger.Row, key string, moves bool) (string, error) {
	rows = slices.DeleteFunc(rows, func(row ledger.Row) bool {
		return !strings.HasPrefix(string(row.Op), key) && !strings.EqualFold(row.ExternalRef, key) && !strings.EqualFold(row.ShortCode, grouped(strings.ToUpper(lettersOf(key))))
	})
	if len(rows) == 0 {
		return "", nil
	}
	sales := slices.DeleteFunc(slices.Clone(rows), func(row ledger.Row) bool { return row.Kind != pos.KindSale })
	switch {
	case len(sales) > 0:
		rows = sales
	case moves:
		return "", nameOfOther(key, rows[0])
	}
	requests := rows[:1]
	for _, row := range rows[1:] {
		if !slices.ContainsFunc(requests, func(r ledger.Row) bool { return r.RequestID == row.RequestID }) {
			requests = append(requests[:len(requests):len(requests)], row)
		}
	}
	if len(requests) > 1 {
		return "", usage(fmt.Sprintf("%q names %d payments in the record: %s; give the id or short code of one", key, len(requests), namesOf(requests)))
	}
	if requests[0].RequestID == "" {
		return "", &failure{exit: exitUsage, Code: codeNotFound, op: requests[0].Op,
			Message: fmt.Sprintf("the %s %s has no payment request that is known: it is %s. \"centrapos ledger show %s\" tells more",
				kindWord(requests[0].Kind), requests[0].Op, rowState(requests[0]), requests[0].Op)}
	}
	return requests[0].RequestID, nil
}

// nameOfOther refuses to do something to a payment that was named by something else.
func nameOfOther(key string, row ledger.Row) *failure {
	return usage(fmt.Sprintf("%q is the record's name of a %s of %s, not of a payment; give the payment's own id %s or short code %s. Nothing was sent",
		widget.Clean(key), kindWord(row.Kind), amountText(row.Amount), widget.Clean(row.RequestID), widget.Clean(row.ShortCode)))
}

func namesOf(rows []ledger.Row) string {
	var names []string
	for _, row := range rows {
		names = append(names, strings.TrimSpace(fmt.Sprintf("%s %s of %s (%s)", widget.Clean(row.ShortCode), kindWord(row.Kind), amountText(row.Amount), rowState(row))))
	}
	return strings.Join(names, ", ")
}
