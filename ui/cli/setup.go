package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/ui/widget"
)

const setupHelp = `Sets a profile up: the key of the till is tried at Centrapay, then kept, and what the
profile says of the shop and of this till is written into the config file. Training needs
none of it: "centrapos --profile training" opens a till that takes no real money.

In a terminal it asks for what it needs; the key is not shown as it is typed. Without one
everything is given:

  centrapos setup --profile live --api-key-stdin --config-id … --merchant-id … <key.txt

The key is taken from stdin (--api-key-stdin) or from CENTRAPOS_API_KEY, never from the
command line. It is kept in the system keyring, or with --credential-store
  file      in credentials.age of the data folder, encrypted with a passphrase: typed in
            the terminal, or for services CENTRAPOS_PASSPHRASE, or a file descriptor
            that CENTRAPOS_PASSPHRASE_FD names
  systemd   nowhere by this program: it must be there as the credential
            centrapos-PROFILE of the service (LoadCredentialEncrypted=)
The choice is written down, and no other place is used in its stead.

With --rotate a profile that is set up is given a new key: it is tried, and swapped for
the old one, which counts again should the new one be refused before it has been taken
once more. --published-test-key uses the key of the test merchant that Centrapay's
documentation prints, for a profile of test money. --test-payment takes a payment of 1
cent at the end, of test money only.

With --json the document has outcome (set-up or rotated), profile, configFile,
credentialStore, key (its last characters), accountId, accountName, role, merchantId,
configId, terminalId, deviceId, liveness (main, test, or "" where it could not be seen),
chosen (the profile is the one in use from now on), and testPayment.`

// Codes of what keeps a profile from being set up.
const (
	// codeLiveness: real money where test money is meant, or the reverse.
	codeLiveness = "LIVENESS_MISMATCH"
	// codeAccount: a key of another account than the profile's.
	codeAccount = "ACCOUNT_MISMATCH"
)

type setupFlags struct {
	keyFromStdin, rotate, published, testPayment, keepProfile bool
	store, merchantName                                       string
}

func (p *program) setupCommand() *cobra.Command {
	var f setupFlags
	cmd := &cobra.Command{Use: "setup", Short: "Set a profile up: try and keep the key of the till", Long: setupHelp, Args: takes(0, 0, "no arguments"),
		Example: "  centrapos setup\n  centrapos setup --profile live --api-key-stdin --config-id mc_3LKQhvGUcADgqoEM3bh6pslE <key.txt\n  centrapos setup --profile live --rotate",
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			return p.setup(ctx, cmd, f)
		})}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.keyFromStdin, "api-key-stdin", false, "read the key from stdin")
	flags.BoolVar(&f.rotate, "rotate", false, "swap the key of a profile for a new one")
	flags.StringVar(&f.store, "credential-store", "", "where the key is kept: "+strings.Join(config.Stores(), ", ")+" (default what the profile says, else keyring)")
	flags.StringVar(&f.merchantName, "merchant-name", "", "the shop's name in the header and on receipts")
	flags.BoolVar(&f.published, "published-test-key", false, "use the key of the test merchant that Centrapay publishes")
	flags.BoolVar(&f.keepProfile, "no-default", false, "leave which profile is in use as it is")
	flags.BoolVar(&f.testPayment, "test-payment", false, "take a payment of 1 cent of test money at the end")
	return cmd
}

// installation is one setting up of a profile.
type installation struct {
	*program
	cmd      *cobra.Command
	flags    setupFlags
	settings config.Settings
	guided   bool // somebody is there to be asked
	lines    *prompts

	key      config.Secret
	from     config.Origin
	line     *line // made with the key
	seen     sights
	merchant choice
	config   choice
	changes  []config.Change
	liveness string
}

func (p *program) setup(ctx context.Context, cmd *cobra.Command, f setupFlags) (*result, error) {
	i := &installation{program: p, cmd: cmd, flags: f, lines: &prompts{p: p},
		guided: !p.out.json && !f.keyFromStdin && isTerminal(p.stdin) && isTerminal(p.stderr)}
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	r, err := i.run(ctx)
	if i.line != nil {
		i.line.close()
	}
	if p.interrupts.wasAsked() && err != nil {
		return nil, errInterrupted
	}
	if err != nil {
		return nil, err
	}
	if try, err := i.wantsPayment(); err != nil || !try {
		return r, err
	}
	return i.testPayment(context.WithoutCancel(ctx), r)
}

func (i *installation) run(ctx context.Context) (*result, error) {
	if err := i.chooseProfile(); err != nil {
		return nil, err
	}
	if err := i.tryKey(ctx); err != nil {
		return nil, err
	}
	if err := i.look(ctx); err != nil {
		return nil, err
	}
	if i.flags.rotate {
		return i.rotate(ctx)
	}
	if err := i.nameShop(ctx); err != nil {
		return nil, err
	}
	if err := i.rightLiveness(); err != nil {
		return nil, err
	}
	if err := i.nameTill(); err != nil {
		return nil, err
	}
	if err := i.keep(ctx); err != nil {
		return nil, err
	}
	return i.told("set-up"), nil
}

// chooseProfile finds which profile is set up, and its settings so far.
func (i *installation) chooseProfile() error {
	named := i.cmd.Flags().Changed("profile") || i.env("CENTRAPOS_PROFILE") != ""
	if !named && !i.flags.rotate {
		name := ""
		switch {
		case i.guided:
			i.say("This sets a profile up. It stays as it is until the key has been tried and all is known.")
			answer, err := i.lines.ask("Profile (live takes real money, test takes test money)", "live", nil)
			if err != nil {
				return err
			}
			name = answer
		case i.flags.published:
			name = config.LivenessTest
		default:
			return usage("say which profile is to be set up, such as --profile live or --profile test; nothing was changed")
		}
		if err := i.cmd.Flags().Set("profile", name); err != nil {
			return usage(err.Error())
		}
	}
	var err error
	if i.settings, err = i.load(i.cmd, !i.flags.rotate); err != nil {
		return err
	}
	if i.settings.Embedded || i.settings.Profile == config.Training {
		return usage("the profile training uses the sandbox inside the program and needs no set-up; choose another, such as --profile live or --profile test")
	}
	return i.chooseStore()
}

// chooseStore settles where the key will lie.
func (i *installation) chooseStore() error {
	if i.flags.store == "" {
		return nil
	}
	if !slices.Contains(config.Stores(), i.flags.store) {
		return usage("--credential-store is one of " + strings.Join(config.Stores(), ", "))
	}
	if i.flags.rotate && i.flags.store != i.settings.CredentialStore {
		return usage("--rotate leaves the key where it lies; leave --credential-store out, or set the profile up anew without --rotate")
	}
	i.settings.CredentialStore = i.flags.store
	return nil
}

// tryKey finds a key that Centrapay takes. Somebody who is there may try again.
func (i *installation) tryKey(ctx context.Context) error {
	for try := 1; ; try++ {
		err := i.readKey(ctx)
		if err == nil {
			err = i.tryIt(ctx)
		}
		again := i.guided && try < 3 && !i.interrupts.wasAsked() && (turnedAway(err) || notAKey(err))
		switch {
		case err == nil:
			return nil
		case again:
			i.warn("%s", refusedKey(err).Error())
		default:
			return refusedKey(err)
		}
	}
}

func notAKey(err error) bool {
	var wrong *config.Error
	return errors.As(err, &wrong) && wrong.Code() == config.CodeConfigInvalid
}

// refusedKey says of an error that nothing was kept.
func refusedKey(err error) error {
	if !turnedAway(err) {
		return err
	}
	e, _ := errors.AsType[*api.Error](err)
	return &failure{exit: exitRefused, Code: string(e.Code), Status: statusOf(e), Reason: widget.Clean(e.Detail()), cause: err,
		Message: "Centrapay does not take this key: it is wrong, disabled, or of another service than the profile's. Nothing was changed. Copy it again, from where Centrapay gave it out"}
}

// readKey gets the key from where it is given.
func (i *installation) readKey(ctx context.Context) error {
	text, where, err := i.givenKey(ctx)
	if err != nil {
		return err
	}
	i.out.keep(strings.TrimSpace(text))
	i.key, err = config.Usable(text, where)
	i.from = config.Origin{Source: config.FromKeyring, Name: where}
	return err
}

func (i *installation) givenKey(ctx context.Context) (text, where string, err error) {
	switch {
	case i.flags.published:
		if i.settings.Liveness == config.LivenessMain {
			return "", "", usage("the published key is of a test merchant; set up a profile of test money with it, such as --profile test")
		}
		return publishedTestKey, "the key that Centrapay publishes", nil
	case i.flags.keyFromStdin:
		text, err := readKeyLine(i.stdin)
		return text, "stdin", err
	case i.env(config.APIKeyVariable) != "":
		return i.env(config.APIKeyVariable), config.APIKeyVariable, nil
	case i.settings.CredentialStore == config.InSystemd:
		key, err := config.Keys{Places: i.places()}.Current(ctx, i.settings)
		if err == nil && key.IsZero() {
			err = usage("systemd has given no credential centrapos-" + i.settings.Profile + " to this run; name it in LoadCredentialEncrypted of the service")
		}
		return key.Reveal(), "systemd", err
	case !i.guided:
		return "", "", usage("there is no key: give it on stdin with --api-key-stdin, or in " + config.APIKeyVariable + "; nothing was changed")
	}
	return i.askKey()
}

// askKey asks for the key at the terminal.
func (i *installation) askKey() (text, where string, err error) {
	prompt := "API key (not shown): "
	if i.settings.Liveness == config.LivenessTest && !i.flags.rotate {
		prompt = "API key (not shown; nothing: that of the test merchant that Centrapay publishes): "
	}
	text, err = i.askSecret(prompt)
	if err == nil && strings.TrimSpace(text) == "" && i.settings.Liveness == config.LivenessTest && !i.flags.rotate {
		return publishedTestKey, "the key that Centrapay publishes", nil
	}
	return text, "the terminal", err
}

// largestKey is more than any key has, in bytes.
const largestKey = 4 << 10

// readKeyLine reads a key from stdin: all of it, so that a key with something behind it
// is seen to be none.
func readKeyLine(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, largestKey+1))
	switch {
	case err != nil:
		return "", usage("stdin cannot be read: " + err.Error())
	case len(text) > largestKey:
		return "", usage("what stands on stdin is too long for a key")
	}
	return string(text), nil
}

// tryIt makes a call that only reads with the key.
func (i *installation) tryIt(ctx context.Context) error {
	if i.line != nil {
		i.line.close()
	}
	l, err := i.reach(ctx, i.settings, sandbox.Manual)
	if err != nil {
		return err
	}
	i.line = l
	if err := i.speakAs(l, keyCredential(i.key, i.from)); err != nil {
		return err
	}
	i.seen.accounts, _, err = l.client.Accounts.Memberships(ctx)
	if err == nil && len(i.seen.accounts) == 0 {
		err = &failure{exit: exitRefused, Code: string(api.CodeForbidden),
			Message: "Centrapay takes this key, and it may act for no account; ask Centrapay about it. Nothing was changed"}
	}
	return err
}

// keyCredential is what a line speaks as with a key.
func keyCredential(key config.Secret, from config.Origin) credential {
	return credential{options: []api.Option{api.WithAPIKey(key.Reveal())}, close: func() {}, key: key, from: from}
}

// told says what was done.
func (i *installation) told(outcome string) *result {
	account := i.seen.accounts[0]
	s := i.settings
	doc := &object{}
	doc.add("outcome", outcome)
	doc.add("profile", s.Profile)
	doc.add("configFile", s.ConfigFile)
	doc.add("credentialStore", s.CredentialStore)
	doc.add("key", i.key.String())
	doc.add("accountId", account.AccountID)
	doc.add("accountName", account.AccountName)
	doc.add("role", account.Role)
	doc.add("merchantId", s.MerchantID)
	doc.add("configId", s.ConfigID)
	doc.add("terminalId", s.TerminalID)
	doc.add("deviceId", s.DeviceID)
	doc.add("liveness", i.liveness)
	doc.add("chosen", slices.ContainsFunc(i.changes, func(c config.Change) bool { return c.Key == config.KeyProfile }))
	if outcome == "set-up" {
		place := i.places().Store(s).Place("")
		i.say("The profile %s is set up: %s", s.Profile, s.ConfigFile)
		i.say("  key        %s, in: %s", i.key, place)
		i.say("  account    %s", membershipText(account))
		i.say("  merchant   %s  config %s%s", widget.Clean(firstOf(i.merchant.label(), s.MerchantID, "not told")), s.ConfigID, moneyWord(i.liveness))
		i.say("  till       %s, machine %s", s.TerminalID, s.DeviceID)
		i.say("\"centrapos doctor --profile %s\" checks all of it; \"centrapos --profile %[1]s\" opens the till.", s.Profile)
	}
	return &result{document: doc}
}

// moneyWord says which money, behind something else.
func moneyWord(liveness string) string {
	switch liveness {
	case config.LivenessMain:
		return ", real money"
	case config.LivenessTest:
		return ", test money"
	}
	return ""
}

// publishedTestKey is the key of a test merchant that Centrapay prints in its public
// documentation for everybody who wants to try payment requests (API, "Auth"). It is
// no secret, and moves no real money.
const publishedTestKey = "f32c5497297084e5354b47c40d5ccacb109ce483"

func noneSeen(what, flag string, seen []choice) error {
	message := what + " is not set: give it with --" + flag
	if len(seen) > 0 {
		var names []string
		for _, c := range seen {
			names = append(names, c.label())
		}
		message += "; the key sees " + widget.Clean(strings.Join(names, ", "))
	}
	return &failure{exit: exitUsage, Code: string(config.CodeConfigMissing), Message: fmt.Sprintf("%s. Nothing was changed", message)}
}
