package cli

import (
	"context"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/config"
)

// access is what a command needs to be let in for.
type access int

const (
	// forPayments takes money: the till's API key.
	forPayments access = iota
	// forAccounts looks after the merchant's own affairs, which the key of a till
	// may not: a key given for this run, else the login, else the key.
	forAccounts
)

// credential finds what the calls of a command are authenticated with, and says
// at once all that is missing beside it. In training the sandbox's own keys
// open everything; what the program outside has is not looked at.
func (p *program) credential(ctx context.Context, settings config.Settings, what access, needs []config.Key) (api.Option, error) {
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	own := sandbox.DemoAPIKey
	if what == forAccounts {
		own = sandbox.DemoAPIKey
	}
	lookup := config.Lookup{Env: p.env, Keyring: p.keyring, Sandbox: config.NewSecret(own)}
	key, _, err := lookup.APIKey(ctx, settings)
	if err := config.Join(settings.Need(needs...), err); err != nil {
		return nil, err
	}
	p.out.keep(key.Reveal())
	return api.WithAPIKey(key.Reveal()), nil
}
