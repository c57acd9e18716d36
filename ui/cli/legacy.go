package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api/legacy"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/centrapay"
)

const legacyHelp = `Payment requests of the first generation of Centrapay's API (requests.create and so
on), for merchants whose tills or agreements still know requests by it. Centrapay
calls it deprecated: new work is better done with "centrapos sale".

There are two forms of it. The usual one is that documented today. --first-published
speaks the one of 2018: calls go to /api/requests.* as forms, requests have no expiry of
your choice, patron code, void or refund. It was served at ` + legacy.FirstBaseURL + `; give
--api-url with wherever it is served for you.

What takes money or gives it back (create, cancel, void, refund) is on the local record
before it is sent, and finished by "centrapos recover" when it is interrupted.
"legacy pay" is not: see its help.`

// legacyForm is the form that a command was asked to speak.
type legacyForm struct{ first bool }

// form is how the payment rules speak it.
func (f *legacyForm) form() centrapay.LegacyForm {
	if f.first {
		return centrapay.LegacyFirst
	}
	return centrapay.LegacyToday
}

// client speaks it on a line.
func (f *legacyForm) client(l *line) *legacy.Client {
	if f.first {
		return legacy.New(l.client, legacy.AsFirstPublished())
	}
	return legacy.New(l.client)
}

// lacks refuses what the form of 2018 does not have.
func (f *legacyForm) lacks(what, instead string) error {
	if !f.first {
		return nil
	}
	return &failure{exit: exitUsage, Code: string(legacy.CodeNotInForm),
		Message: "the form of 2018 has no " + what + ", so nothing was sent" + instead}
}

func (p *program) legacyCommand() *cobra.Command {
	f := &legacyForm{}
	g := p.group("legacy", "Payment requests of the first generation (deprecated)",
		p.legacyCreateCommand(f), p.legacyInfoCommand(f), p.legacyPayCommand(f),
		p.legacyCancelCommand(f), p.legacyVoidCommand(f), p.legacyRefundCommand(f))
	g.Long = legacyHelp
	g.PersistentFlags().BoolVar(&f.first, "first-published", false, "speak the form that was first published, in 2018")
	return g
}

// requestIDOf is the id that a command line names. This generation knows no short
// codes.
func requestIDOf(arg string) (string, error) {
	id := strings.TrimSpace(arg)
	switch {
	case id == "":
		return "", usage("the ID is empty")
	case isShortCode(id):
		return "", usage("the first generation reads payment requests by their ids, not by short codes; \"centrapos status " + id + "\" may tell the id")
	}
	return id, nil
}

// legacyForms are the ways in which tills work over the first generation.
func legacyForms() []centrapay.LegacyForm {
	return []centrapay.LegacyForm{centrapay.LegacyToday, centrapay.LegacyCancel, centrapay.LegacyFirst}
}

// legacyService is the name under which the ledger keeps what was done with a
// service over the first generation, so that recovery goes on as it was begun: a
// cancel must not become a void, which gives money back.
func legacyService(service string, form centrapay.LegacyForm) string {
	switch form {
	case centrapay.LegacyCancel:
		return service + "#legacy-cancel"
	case centrapay.LegacyFirst:
		return service + "#legacy-2018"
	case centrapay.LegacyToday:
	}
	return service + "#legacy"
}

// keeps reports whether the ledger names this service by a name, for either
// generation of the API.
func (l *line) keeps(name string) bool {
	return name == l.service || slices.ContainsFunc(legacyForms(), func(form centrapay.LegacyForm) bool {
		return name == legacyService(l.service, form)
	})
}

// openLegacyTill opens a till that works over the first generation of the API.
func (p *program) openLegacyTill(ctx context.Context, settings config.Settings, form centrapay.LegacyForm, customers sandbox.Patron,
	sale centrapay.LegacySale, needs ...config.Key) (*session, error) {
	s, err := p.openTill(ctx, settings, customers, needs...)
	if err != nil {
		return nil, err
	}
	sale.MerchantID = s.merchantID()
	s.payments, s.till = s.legacyTill(form, sale)
	s.service = legacyService(s.service, form)
	return s, nil
}

// legacyTill is a till over the first generation on the session's line and ledger.
func (s *session) legacyTill(form centrapay.LegacyForm, sale centrapay.LegacySale) (pos.Payments, *pos.Till) {
	payments := guard{centrapay.NewLegacy(s.client, form, sale)}
	return payments, pos.NewTill(payments, s.record, pos.RandomIDs{}, legacyService(s.service, form))
}

// recoverAll takes up what earlier runs left open, over either generation of the
// API. What it gives is running even beside an error.
func (s *session) recoverAll(ctx context.Context) ([]*pos.Operation, error) {
	ops, err := s.till.Recover(ctx)
	problems := []error{err}
	for _, form := range legacyForms() {
		_, till := s.legacyTill(form, centrapay.LegacySale{}) // recovery makes no payment requests
		s.older = append(s.older, till)
		more, err := till.Recover(ctx)
		ops, problems = append(ops, more...), append(problems, err)
	}
	return ops, errors.Join(problems...)
}
