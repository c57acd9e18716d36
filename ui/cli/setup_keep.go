package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"centrapos/api"
	"centrapos/config"
	"centrapos/ui/widget"
)

// nameTill settles what this till and this machine are called.
func (i *installation) nameTill() error {
	if !i.guided {
		return nil
	}
	for _, q := range []struct {
		key    config.Key
		prompt string
		to     *string
	}{
		{config.KeyTerminalID, "Name of this till", &i.settings.TerminalID},
		{config.KeyDeviceID, "Serial number of this machine", &i.settings.DeviceID},
	} {
		text, err := i.lines.ask(q.prompt, *q.to, settingCheck(q.key))
		if err != nil {
			return err
		}
		*q.to = text
	}
	return nil
}

// keep stores the key, then writes the config file. Where the second fails the first is
// taken back, so that nothing is half done.
func (i *installation) keep(ctx context.Context) error {
	path := i.settings.PathToChange(i.env)
	if path == "" {
		return usage("there is no home folder for the config file; name one with --config. Nothing was changed")
	}
	keys := config.Keys{Places: i.places()}
	before, err := i.keepKey(ctx, keys)
	if err != nil {
		return err
	}
	i.changes = i.profileChanges(path)
	if err := config.ChangeFile(path, i.settings.Profile, i.changes...); err != nil {
		return errors.Join(err, i.takeBack(ctx, keys, before))
	}
	i.settings.ConfigFile = path
	return nil
}

// keepKey stores the key, and gives the one that was there.
func (i *installation) keepKey(ctx context.Context, keys config.Keys) (before config.Secret, err error) {
	if i.settings.CredentialStore == config.InSystemd {
		return config.Secret{}, i.givenBySystemd(ctx, keys)
	}
	before, err = keys.Current(ctx, i.settings)
	if err == nil {
		err = keys.Save(ctx, i.settings, i.key)
	}
	if err == nil || !i.guided || !errors.Is(err, config.ErrKeyringUnavailable) {
		return before, err
	}
	i.warn("%s", keyringSays(err))
	use, asked := i.lines.yes("Keep the key in a file that is encrypted with a passphrase instead?")
	if asked != nil {
		return before, asked
	}
	if !use {
		return before, err
	}
	i.settings.CredentialStore = config.InFile
	i.flags.store = config.InFile
	return i.keepKey(ctx, keys)
}

func keyringSays(err error) string {
	return "The system keyring cannot be used: " + keyringCause(err) + "."
}

// givenBySystemd makes sure that a later run will be given the key that was tried.
func (i *installation) givenBySystemd(ctx context.Context, keys config.Keys) error {
	kept, err := keys.Current(ctx, i.settings)
	if err != nil {
		return err
	}
	if kept.Reveal() != i.key.Reveal() {
		return keys.Save(ctx, i.settings, i.key) // says how it is changed
	}
	return nil
}

// takeBack puts the key back that was there before.
func (i *installation) takeBack(ctx context.Context, keys config.Keys, before config.Secret) error {
	switch {
	case i.settings.CredentialStore == config.InSystemd:
		return nil
	case before.IsZero():
		return keys.Forget(ctx, i.settings)
	}
	return keys.Save(ctx, i.settings, before)
}

// profileChanges is what the config file is to say. What is set already by flag or
// environment for one run is written too: it is what was tried.
func (i *installation) profileChanges(path string) []config.Change {
	s := i.settings
	changes := []config.Change{
		{Key: config.KeyConfigID, Value: s.ConfigID}, {Key: config.KeyMerchantID, Value: s.MerchantID},
		{Key: config.KeyMerchantAccountID, Value: s.MerchantAccountID}, {Key: config.KeyTerminalID, Value: s.TerminalID},
	}
	if s.MerchantName != "" {
		changes = append(changes, config.Change{Key: config.KeyMerchantName, Value: s.MerchantName})
	}
	if i.guided || s.Origin(config.KeyDeviceID).Source > config.FromHost {
		changes = append(changes, config.Change{Key: config.KeyDeviceID, Value: s.DeviceID})
	}
	if s.APIURL != config.DefaultAPIURL {
		changes = append(changes, config.Change{Key: config.KeyAPIURL, Value: s.APIURL})
	}
	if s.AllowPlainHTTP && s.Origin(config.KeyAllowPlainHTTP).Source == config.FromEnvironment {
		changes = append(changes, config.Change{Key: config.KeyAllowPlainHTTP, Value: "true"})
	}
	if i.flags.store != "" || s.Origin(config.KeyCredentialStore).Source == config.FromEnvironment {
		changes = append(changes, config.Change{Key: config.KeyCredentialStore, Value: s.CredentialStore})
	}
	if named := s.Profile == "live" || s.Profile == "test"; !named && i.liveness != "" && s.Liveness == "" {
		changes = append(changes, config.Change{Key: config.KeyLiveness, Value: i.liveness})
	}
	if !i.flags.keepProfile && !config.ChoosesProfile(path) {
		changes = append(changes, config.Change{Key: config.KeyProfile, Value: s.Profile})
	}
	return changes
}

// rotate swaps the key of the profile for the one that was tried.
func (i *installation) rotate(ctx context.Context) (*result, error) {
	i.liveness = configLiveness(ctx, i.line.client, i.settings.ConfigID)
	if err := i.rightLiveness(); err != nil {
		return nil, err
	}
	keys := config.Keys{Places: i.places()}
	before, err := keys.Current(ctx, i.settings)
	if err != nil {
		return nil, err
	}
	switch {
	case before.IsZero():
		return nil, usage("the profile " + i.settings.Profile + " has no key that could be rotated; run \"centrapos setup --profile " + i.settings.Profile + "\" without --rotate. Nothing was changed")
	case before.Reveal() == i.key.Reveal():
		return nil, usage("this is the key that the profile " + i.settings.Profile + " has already. Nothing was changed")
	}
	i.out.keep(before.Reveal())
	if err := i.sameAccounts(ctx, before); err != nil {
		return nil, err
	}
	if err := keys.Rotate(ctx, i.settings, i.key); err != nil {
		return nil, err
	}
	i.say("The profile %s has the new key %s. The old one, %s, counts again should the new one be refused before it has been taken once more.", i.settings.Profile, i.key, before)
	i.say("Disable the old key at Centrapay once the till works with the new one.")
	return i.told("rotated"), nil
}

// sameAccounts refuses a key of another account than the old one's, as far as the old
// one still can be asked: it may be disabled already.
func (i *installation) sameAccounts(ctx context.Context, before config.Secret) error {
	l := &line{settings: i.settings, service: i.settings.APIURL, url: i.settings.APIURL}
	defer l.close()
	if err := i.speakAs(l, keyCredential(before, config.Origin{Source: config.FromKeyring})); err != nil {
		return err
	}
	accounts, _, err := l.client.Accounts.Memberships(ctx)
	if err != nil || len(accounts) == 0 {
		return nil // the old key need not work any more
	}
	for _, old := range accounts {
		for _, now := range i.seen.accounts {
			if old.AccountID == now.AccountID {
				return nil
			}
		}
	}
	return &failure{exit: exitUsage, Code: codeAccount,
		Message: fmt.Sprintf("the new key acts for the account %s, the old one for %s. Nothing was changed. Set up another profile with it",
			widget.Clean(i.seen.accounts[0].AccountID), widget.Clean(accounts[0].AccountID))}
}

// wantsPayment tells whether a payment is to be tried: when it was asked for, and when
// somebody who is there says so; of test money only.
func (i *installation) wantsPayment() (bool, error) {
	if i.flags.testPayment || !i.guided || i.flags.rotate || i.liveness != config.LivenessTest {
		return i.flags.testPayment, nil
	}
	return i.lines.yes("Try a payment of 1 cent of test money now?")
}

// testPayment takes a payment of 1 cent with the profile, as "centrapos sale" does.
func (i *installation) testPayment(ctx context.Context, r *result) (*result, error) {
	if i.liveness != config.LivenessTest {
		return nil, &failure{exit: exitUsage, Code: codeLiveness,
			Message: "the profile " + i.settings.Profile + " is set up; no payment was tried, since that is done with test money only"}
	}
	i.say("A payment of 1 cent, of test money:")
	args := []string{"sale", "0.01", "--profile", i.settings.Profile, "--config", i.settings.ConfigFile, "--data-dir", i.settings.DataDir}
	if i.jsonFlag {
		args = append(args, "--json")
	}
	root := i.root() //nolint:contextcheck // cobra hands each command its context
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	paid := i.result
	if err != nil {
		return nil, err
	}
	if doc, ok := r.document.(*object); ok && paid != nil {
		doc.add("testPayment", paid.document)
		r.exit = paid.exit
	}
	return r, nil
}

// afterRotation settles a rotation: the new key is tried, and the old one forgotten once
// it was taken. Where it is refused the old one is used for this run, and it is said.
func (p *program) afterRotation(ctx context.Context, l *line, found credential) credential {
	if found.from.Source != config.FromKeyring {
		return found
	}
	keys := config.Keys{Places: p.places()}
	previous, err := keys.Previous(ctx, l.settings)
	if err != nil || previous.IsZero() || previous.Reveal() == found.key.Reveal() {
		return found
	}
	p.out.keep(previous.Reveal())
	switch taken, refused := p.takes(ctx, l, found.key); {
	case taken && l.settings.CredentialStore == config.InSystemd: // it gives both until it is told otherwise
		return found
	case taken:
		if err := keys.Settle(ctx, l.settings); err != nil {
			p.warn("The previous key could not be forgotten: %v", err)
		}
		return found
	case !refused:
		return found
	}
	if taken, _ := p.takes(ctx, l, previous); !taken {
		return found
	}
	p.warn("Centrapay refuses the new key %s; this run goes on with the previous one, %s. Run \"centrapos setup --profile %s --rotate\" with a key that works.",
		found.key, previous, l.settings.Profile)
	return keyCredential(previous, found.from)
}

// takes tells whether the service takes a key, and whether it definitely does not.
func (p *program) takes(ctx context.Context, l *line, key config.Secret) (taken, refused bool) {
	client, err := api.New(l.url, append(keyCredential(key, config.Origin{}).options, l.transport()...)...)
	if err != nil {
		return false, false
	}
	defer client.Close()
	_, _, err = client.Accounts.Memberships(ctx)
	return err == nil, turnedAway(err) && strings.EqualFold(string(codeOf(err)), string(api.CodeUnauthorized))
}

func codeOf(err error) api.Code {
	if e, ok := errors.AsType[*api.Error](err); ok {
		return e.Code
	}
	return ""
}
