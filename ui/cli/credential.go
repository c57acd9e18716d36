package cli

import (
	"context"
	"errors"
	"fmt"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/api/sandbox"
	"centrapos/config"
)

// access is what a command needs to be let in for.
type access int

const (
	// forPayments takes money: with the till's API key, or without one the login.
	forPayments access = iota
	// forAccounts looks after the merchant's own affairs, which the key of a till
	// may not: with a key given for this run, else the login, else the key.
	forAccounts
	// asPerson is the login and nothing else.
	asPerson
)

// credential is what the calls of a command are authenticated with.
type credential struct {
	options []api.Option
	// close ends the renewal of a login's tokens.
	close func()
	// login is whose tokens they are; nil for a key.
	login *config.Login
	key   config.Secret
	from  config.Origin
}

// credentialFor finds the credential of a command, and says at once all that is
// missing beside it. In training the sandbox's own keys stand where the program
// outside has its own, which are not looked at.
func (p *program) credentialFor(ctx context.Context, l *line, what access, needs []config.Key) (credential, error) {
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	s := l.settings
	if what == asPerson {
		login, err := p.logins().Load(ctx, s)
		if err != nil {
			return credential{}, notLoggedIn(s, err)
		}
		return p.loginCredential(ctx, l, login)
	}
	own := sandbox.DemoAPIKey
	if what == forAccounts {
		own = sandbox.DemoOwnerKey
	}
	lookup := config.Lookup{Env: p.env, Keyring: p.keyring, Vault: p.vault, Sandbox: config.NewSecret(own)}
	key, from, noKey := lookup.APIKey(ctx, s)
	givenForThisRun := from.Source == config.FromEnvironment
	var missing *config.Error
	if what == forAccounts && !givenForThisRun || errors.As(noKey, &missing) && missing.Code() == config.CodeCredentialMissing {
		login, err := p.logins().Load(ctx, s)
		if err == nil {
			if err := s.Need(needs...); err != nil {
				return credential{}, err
			}
			return p.loginCredential(ctx, l, login)
		}
		if !errors.Is(err, config.ErrNoLogin) && noKey == nil {
			p.warn("Whether somebody is logged in could not be seen: %v", err)
		}
	}
	if err := config.Join(s.Need(needs...), noKey); err != nil {
		return credential{}, err
	}
	p.out.keep(key.Reveal())
	return p.afterRotation(ctx, l, keyCredential(key, from)), nil
}

// notLoggedIn is why there is no login to go by.
func notLoggedIn(s config.Settings, err error) error {
	if errors.Is(err, config.ErrNoLogin) {
		return &failure{exit: exitUsage, Code: codeLogin, cause: err,
			Message: "nobody is logged in with the profile " + s.Profile + "; run \"centrapos login\""}
	}
	if _, told := errors.AsType[*config.Error](err); told {
		return err
	}
	return &failure{exit: exitUsage, Code: string(config.CodeCredentialMissing), Reason: keyringCause(err), cause: err,
		Message: "the login could not be looked for in the system keyring; unlock it, or use an account owner's key in " + config.APIKeyVariable}
}

func (p *program) logins() config.Logins {
	return config.Logins{Keyring: p.keyring, Env: p.env, Vault: p.vault}
}

// loginCredential authenticates calls with the tokens of a login, which renew
// themselves and are kept again.
func (p *program) loginCredential(ctx context.Context, l *line, login config.Login) (credential, error) {
	// The renewal happens between two calls of any command, whose time it is not.
	keeping := context.WithoutCancel(ctx)
	provider, err := p.provider(l)
	if err != nil {
		return credential{}, err
	}
	p.keepSecret(login)
	source := provider.Source(tokensOf(login), auth.SourceOptions{
		OnRefresh: func(t auth.Tokens) error {
			renewed := loginOf(login, t)
			p.keepSecret(renewed)
			return p.logins().Save(keeping, l.settings, renewed)
		},
		// Another command of the same login may have renewed it meanwhile.
		Kept: func(ctx context.Context) (auth.Tokens, error) {
			now, err := p.logins().Load(ctx, l.settings)
			p.keepSecret(now)
			return tokensOf(now), err
		},
	})
	options := []api.Option{api.WithUserToken(source)}
	if account := l.settings.AccountID; account != "" {
		login.AccountID = account
	}
	if login.AccountID != "" {
		options = append(options, api.WithAccount(login.AccountID))
	}
	closing := func() {
		if err := source.Close(); err != nil {
			p.warn("The renewed login could not be kept (%v); log in again with \"centrapos login\".", err)
		}
		provider.Close()
	}
	return credential{options: options, close: closing, login: &login}, nil
}

// provider is where people log in: the sandbox itself in training.
func (p *program) provider(l *line) (*auth.Provider, error) {
	c := auth.Config{Issuer: l.settings.AuthIssuer, ClientID: l.settings.AuthClientID}
	if l.house != nil {
		c.Issuer, c.ClientID = sandbox.IssuerURL(l.house.server.URL()), sandbox.DemoClientID
	}
	if c.ClientID == "" {
		return nil, l.settings.Need(config.KeyAuthClientID)
	}
	provider, err := auth.NewProvider(c)
	if err != nil {
		return nil, usage(err.Error())
	}
	return provider, nil
}

// keepSecret makes the tokens of a login known to the filter of the output.
func (p *program) keepSecret(login config.Login) {
	p.out.keep(login.Access.Reveal())
	p.out.keep(login.Refresh.Reveal())
}

func tokensOf(login config.Login) auth.Tokens {
	return auth.Tokens{
		AccessToken: auth.NewSecret(login.Access.Reveal()), RefreshToken: auth.NewSecret(login.Refresh.Reveal()),
		Expiry: login.Expiry, Claims: auth.Claims{Subject: login.UserID},
	}
}

// loginOf is a login with new tokens.
func loginOf(login config.Login, t auth.Tokens) config.Login {
	login.Access, login.Refresh = config.NewSecret(t.AccessToken.Reveal()), config.NewSecret(t.RefreshToken.Reveal())
	login.Expiry = t.Expiry
	return login
}

// name says what a credential is, without showing it.
func (c credential) name() string {
	if c.login != nil {
		return loginName(*c.login)
	}
	return fmt.Sprintf("the API key %s (%s)", c.key, c.from)
}

// loginName says whose login it is.
func loginName(login config.Login) string {
	if login.Name != "" {
		return "the login of " + login.Name
	}
	return "the login of user " + login.UserID
}
