package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/ui/widget"
)

const loginHelp = `Logs a person in at Centrapay, in the browser, for what the key of a till may not do,
such as bank accounts. The login is kept in the system keyring and renews itself for
up to 60 days. Where no browser opens, the address of the login page can be copied
to one on this machine.

Centrapay gives out a client id for logins, with the addresses that they may return
to: CENTRAPOS_AUTH_CLIENT_ID, CENTRAPOS_AUTH_PORT, or auth-client-id and auth-port in
the profile. In training the login page is the sandbox's own, and needs nothing.

With --json the document has userId, name, accountId of the organisation that the
login acts for, accessExpiresAt, accounts, and outcome, which is "logged-in".`

// loginTimeout is how long a person may take to log in.
const loginTimeout = 5 * time.Minute

func (p *program) loginCommand() *cobra.Command {
	var phone, account string
	var noBrowser bool
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Log in at Centrapay as a person",
		Long:  loginHelp,
		Args:  takes(0, 0, "no arguments"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			opts := auth.LoginOptions{PhoneHint: phone, Timeout: timeout, Open: p.browser, Show: p.showLoginPage}
			if noBrowser {
				opts.Open = func(string) error { return nil }
			}
			return p.login(ctx, cmd, account, opts)
		}),
	}
	cmd.Flags().StringVar(&account, "account", "", "id of the organisation's account to act for (default the only one)")
	cmd.Flags().StringVar(&phone, "phone", "", "phone number to fill the login page with, such as +6421537663")
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, "only show the address of the login page")
	cmd.Flags().DurationVar(&timeout, "timeout", loginTimeout, "how long to wait for the login")
	return cmd
}

func (p *program) showLoginPage(address string) {
	p.warn("Log in with the browser on this machine:\n%s", address)
}

func (p *program) login(ctx context.Context, cmd *cobra.Command, account string, opts auth.LoginOptions) (*result, error) {
	if opts.Timeout <= 0 {
		return nil, usage("--timeout must be more than zero, such as 90s or 10m")
	}
	l, provider, err := p.reachIssuer(ctx, cmd)
	if err != nil {
		return nil, err
	}
	defer l.close()
	bound, cancel := p.interrupts.bind(ctx)
	defer cancel()
	if err := p.canKeepLogin(bound, l.settings); err != nil {
		return nil, err
	}
	if port := l.settings.AuthPort; port != 0 {
		opts.RedirectURL = fmt.Sprintf("http://127.0.0.1:%d/oidc-callback", port)
	}
	tokens, err := provider.Login(bound, opts)
	if err != nil {
		return nil, p.loginFailure(err)
	}
	login := loginOf(config.Login{
		Issuer: l.settings.AuthIssuer, ClientID: l.settings.AuthClientID,
		UserID: tokens.Claims.Subject, Name: tokens.Claims.DisplayName(), AccountID: firstOf(account, l.settings.AccountID),
	}, tokens)
	p.keepSecret(login)
	memberships, err := p.accountsOf(bound, l, &login)
	if err != nil {
		p.warn("Which accounts the login may act for could not be read: %v", err)
	}
	if err := p.logins().Save(ctx, l.settings, login); err != nil {
		return nil, notKept(err)
	}
	return p.loggedIn(login, memberships), nil
}

// reachIssuer finds the service and where people log in to it.
func (p *program) reachIssuer(ctx context.Context, cmd *cobra.Command) (*line, *auth.Provider, error) {
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, nil, err
	}
	l, err := p.reach(ctx, settings, sandbox.Manual)
	if err != nil {
		return nil, nil, err
	}
	provider, err := p.provider(l)
	if err != nil {
		l.close()
		return nil, nil, err
	}
	l.closers = append(l.closers, provider.Close)
	return l, provider, nil
}

// loginFailure is why nobody is logged in.
func (p *program) loginFailure(err error) error {
	switch {
	case p.interrupts.wasAsked():
		return errInterrupted
	case errors.Is(err, auth.ErrLoginRefused):
		return &failure{exit: exitRefused, Code: "LOGIN_REFUSED", Message: "the login was refused in the browser; nobody is logged in", cause: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &failure{exit: exitRefused, Code: "LOGIN_TIMEOUT", Retryable: true, cause: err,
			Message: "nobody came back from the browser in time, or the login page did not answer; nobody is logged in"}
	}
	return &failure{exit: exitRefused, Code: codeLoginFailed, Message: "the login failed; nobody is logged in", Reason: err.Error(), cause: err}
}

func notKept(err error) error {
	if _, told := errors.AsType[*config.Error](err); told {
		return err // it says itself what to do
	}
	return &failure{exit: exitUsage, Code: string(config.CodeCredentialMissing), cause: err, Reason: keyringCause(err),
		Message: "the login has nowhere to be kept, since the system keyring could not be used, and was dropped; " +
			"use an account owner's key in " + config.APIKeyVariable + " instead"}
}

// keyringCause is why the keyring could not be used.
func keyringCause(err error) string {
	text := plainCause(err)
	for _, missing := range []string{"dbus-launch", "org.freedesktop.secrets", "DBUS_SESSION_BUS_ADDRESS"} {
		if strings.Contains(text, missing) {
			return "no keyring service runs on this machine, or for this user [" + text + "]"
		}
	}
	return text
}

// canKeepLogin tries, before anybody is asked to log in, whether a login can be kept:
// something is put where it would lie, read again and taken away. A login that is
// there is left alone.
func (p *program) canKeepLogin(ctx context.Context, settings config.Settings) error {
	trial := settings
	if !trial.Embedded { // in training a file of the folder holds it, which is the program's own
		trial.Profile += ":trial"
	}
	err := p.tryKeeping(ctx, trial)
	switch {
	case err == nil:
		return nil
	case p.interrupts.wasAsked():
		return errInterrupted
	}
	if _, told := errors.AsType[*config.Error](err); told {
		return err // it says itself what to do
	}
	return &failure{exit: exitUsage, Code: string(config.CodeCredentialMissing), cause: err, Reason: keyringCause(err),
		Message: "a login would have nowhere to be kept, since the system keyring cannot be used, so nobody was asked to log in; " +
			"unlock the keyring, or use an account owner's key in " + config.APIKeyVariable + " instead"}
}

func (p *program) tryKeeping(ctx context.Context, trial config.Settings) error {
	if trial.Embedded {
		return trial.CreateDataDir()
	}
	kept := config.Login{Issuer: trial.AuthIssuer, ClientID: trial.AuthClientID, UserID: "trial",
		Access: config.NewSecret(rand.Text()), Refresh: config.NewSecret(rand.Text())}
	if err := p.logins().Save(ctx, trial, kept); err != nil {
		return err
	}
	got, err := p.logins().Load(ctx, trial)
	if err == nil && (got.Refresh.Reveal() != kept.Refresh.Reveal() || got.Access.Reveal() != kept.Access.Reveal()) {
		err = errors.New("it gave back something else than it was given")
	}
	return errors.Join(err, p.logins().Forget(ctx, trial))
}

// accountsOf lists the accounts that a new login may act for, and settles the one
// it acts for when nobody named it and there is one organisation.
func (p *program) accountsOf(ctx context.Context, l *line, login *config.Login) ([]api.AccountMembership, error) {
	client, err := api.New(l.url, append(l.transport(), api.WithUserToken(freshToken(login.Access)))...)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	memberships, _, err := client.Accounts.Memberships(ctx)
	if err != nil {
		return nil, err
	}
	var organisations []string
	for _, m := range memberships {
		if m.AccountType == api.AccountOrg {
			organisations = append(organisations, m.AccountID)
		}
	}
	if login.AccountID == "" && len(organisations) == 1 {
		login.AccountID = organisations[0]
	}
	return memberships, nil
}

// freshToken is a token that was given out a moment ago and needs no renewal.
type freshToken config.Secret

// Token implements api.TokenSource.
func (t freshToken) Token(context.Context) (string, error) { return config.Secret(t).Reveal(), nil }

func (p *program) loggedIn(login config.Login, memberships []api.AccountMembership) *result {
	p.say("Logged in as %s.", widget.Clean(firstOf(login.Name, login.UserID)))
	for _, m := range memberships {
		p.say("%s %s", mark(m.AccountID == login.AccountID), membershipText(m))
	}
	if login.AccountID == "" && len(memberships) > 1 {
		p.warn("It acts for the person's own account; \"centrapos login --account ID\" chooses another.")
	}
	doc := &object{}
	doc.add("outcome", "logged-in")
	addLogin(doc, login)
	doc.add("accounts", slices.Concat([]api.AccountMembership{}, memberships))
	return &result{document: doc}
}

// addLogin adds what may be shown of a login.
func addLogin(doc *object, login config.Login) {
	doc.add("userId", login.UserID)
	doc.add("name", login.Name)
	doc.add("accountId", login.AccountID)
	if !login.Expiry.IsZero() {
		doc.add("accessExpiresAt", login.Expiry.UTC())
	}
}

func mark(on bool) string {
	if on {
		return "*"
	}
	return " "
}

func membershipText(m api.AccountMembership) string {
	return widget.Clean(fmt.Sprintf("%s  %s  %s", m.AccountID, m.AccountName, m.Role))
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if strings.TrimSpace(text) != "" {
			return text
		}
	}
	return ""
}

const logoutHelp = `Ends the login: its tokens are made void at Centrapay and taken out of the keyring.

With --json the document has outcome, which is "logged-out", and revoked: whether
Centrapay has made the tokens void. Tokens that could not be made void are forgotten
all the same; those end by themselves.`

func (p *program) logoutCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "End the login",
		Long:  logoutHelp,
		Args:  takes(0, 0, "no arguments"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			return p.logout(ctx, cmd)
		}),
	}
}

func (p *program) logout(ctx context.Context, cmd *cobra.Command) (*result, error) {
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	login, err := p.logins().Load(ctx, settings)
	if err != nil {
		return nil, notLoggedIn(settings, err)
	}
	p.keepSecret(login)
	revoked := p.revoke(ctx, cmd, login)
	if err := p.logins().Forget(ctx, settings); err != nil {
		return nil, err
	}
	if revoked != nil {
		p.warn("Centrapay could not be told (%v); the tokens are forgotten here and end by themselves.", revoked)
	}
	p.say("Logged out.")
	doc := &object{}
	doc.add("outcome", "logged-out")
	doc.add("revoked", revoked == nil)
	return &result{document: doc}, nil
}

// revoke makes the tokens of a login void at the issuer.
func (p *program) revoke(ctx context.Context, cmd *cobra.Command, login config.Login) error {
	l, provider, err := p.reachIssuer(ctx, cmd)
	if err != nil {
		return err
	}
	defer l.close()
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	return provider.Revoke(ctx, tokensOf(login))
}
