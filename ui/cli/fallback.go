package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"centrapos/api"
	"centrapos/config"
	"centrapos/ui/widget"
)

// This file goes on with the login where the key that was given for a run may not
// do what is to be done.

// turnedAway reports whether a call was refused because of who made it.
func turnedAway(err error) bool {
	e, ok := errors.AsType[*api.Error](err)
	return ok && e.Outcome == api.Refused && (e.Status == http.StatusForbidden && e.Code == api.CodeForbidden || e.Status == http.StatusUnauthorized)
}

// withLogin does once more with the login what a key was refused, and says so. It
// does so only where the login acts for an account that the key acts for: another
// one's affairs were not asked about. Where it cannot, the refusal says what was used.
func (p *program) withLogin(ctx context.Context, l *line, refused error, work func(*line) (*result, error)) (*result, error) {
	used := l.credential
	if used.login != nil {
		return nil, withNote(refused, "It was asked with "+used.name()+".")
	}
	login, err := p.logins().Load(ctx, l.settings)
	if err != nil {
		return nil, withNote(refused, fmt.Sprintf("It was asked with %s. Run \"centrapos login\"%s, or give an account owner's key in %s.",
			used.name(), leaveOut(used), config.APIKeyVariable))
	}
	p.keepSecret(login)
	if !p.sameAccount(ctx, l, login) {
		return nil, withNote(refused, fmt.Sprintf("It was asked with %s. %s was not used, since it acts for another account than the key, or the key's could not be read%s.",
			used.name(), capital(loginName(login)), leaveOut(used)))
	}
	next := &line{settings: l.settings, service: l.service, url: l.url, house: l.house}
	defer next.close()
	found, err := p.loginCredential(ctx, l, login)
	if err != nil {
		return nil, err
	}
	if err := p.speakAs(next, found); err != nil {
		return nil, err
	}
	p.warn("%s may not do this; going on with %s.", capital(used.name()), found.name())
	r, err := work(next)
	if turnedAway(err) {
		return nil, withNote(err, fmt.Sprintf("It was asked with %s, then with %s.", used.name(), found.name()))
	}
	return r, err
}

// sameAccount reports whether a login acts for an account that the key of a line
// acts for.
func (p *program) sameAccount(ctx context.Context, l *line, login config.Login) bool {
	account := firstOf(l.settings.AccountID, login.AccountID)
	memberships, _, err := l.client.Accounts.Memberships(ctx)
	return err == nil && account != "" &&
		slices.ContainsFunc(memberships, func(m api.AccountMembership) bool { return m.AccountID == account })
}

// leaveOut says how the login gets its turn where a key for the run is before it.
func leaveOut(used credential) string {
	if used.from.Source != config.FromEnvironment {
		return ""
	}
	return " and leave " + config.APIKeyVariable + " out, which is used before a login"
}

// withNote adds to what a refusal says.
func withNote(err error, more string) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok {
		return err
	}
	f := callFailure(e)
	f.Message += " " + widget.Clean(more)
	return f
}

// capital makes a sentence of words.
func capital(words string) string {
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}
