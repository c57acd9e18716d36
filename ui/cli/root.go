package cli

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/config"
)

const rootHelp = `Centrapos is a till for shops that take payment through Centrapay.

Without a command it opens the till, which needs a terminal. The commands do the
same for scripts, other point of sale systems and support. While nothing is set
up the training profile is used, which takes no real money.`

const exitHelp = `
Exit codes:
  0    done; sale: paid, or authorized
  2    sale: cancelled
  3    sale: expired
  4    sale: voided, since its status could not be determined
  5    outcome not known yet, recorded as unfinished: run "centrapos recover"
  6    sale: paid in part
  64   usage, bad input or missing configuration; nothing was sent
  69   the service refused, or could not be reached before anything was sent
  70   internal error; or the result could not be written to stdout, which is
       done all the same and stands on stderr
  130  interrupted; an open request was voided first
`

// root is the whole command line.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:     "centrapos",
		Short:   "Take payment through Centrapay",
		Long:    rootHelp,
		Version: version(),
		// As near as a slip of the finger.
		SuggestionsMinimumDistance: 2,

		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          p.noSuchCommand,
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			return p.openScreens(ctx, cmd)
		}),
	}
	root.SetVersionTemplate("centrapos {{.Version}}\n")
	root.SetOut(p.out.words())
	root.SetErr(p.out.asides())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return p.flagError(cmd, err) })
	p.globalFlags(root)
	root.AddCommand(p.saleCommand(), p.statusCommand(), p.refundCommand(), p.voidCommand(), p.confirmCommand(),
		p.releaseCommand(), p.recoverCommand(), p.settleCommand(),
		p.conditionCommand(), p.activitiesCommand(), p.ledgerCommand(), p.receiptCommand(), p.catalogCommand(),
		p.bankCommand(), p.legacyCommand(), p.setupCommand(), p.doctorCommand(), p.loginCommand(), p.logoutCommand(), p.whoamiCommand(), p.patronCommand(), p.sandboxCommand())
	root.SetHelpCommand(p.helpCommand(root))
	root.SetUsageTemplate(root.UsageTemplate() + "{{if not .HasParent}}" + environmentHelp() + exitHelp + "{{end}}")
	root.InitDefaultCompletionCmd()
	if completion, _, err := root.Find([]string{"completion"}); err == nil {
		p.onlyHolds(completion)
	}
	return root
}

// globalFlags are the flags that every command takes. Their names and help are
// the settings' own.
func (p *program) globalFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.BoolVar(&p.jsonFlag, "json", false, "exactly one JSON document on stdout; words go to stderr")
	for _, s := range config.All() {
		switch {
		case s.Flag == "":
		case s.Bool:
			flags.Bool(s.Flag, false, s.Usage)
		default:
			flags.String(s.Flag, "", s.Usage)
		}
	}
	flags.SortFlags = false
}

// settings finds the settings for this run.
func (p *program) settings(cmd *cobra.Command) (config.Settings, error) { return p.load(cmd, false) }

// load finds the settings for this run; of a profile that need not exist yet, for those
// who are about to make it.
func (p *program) load(cmd *cobra.Command, newProfile bool) (config.Settings, error) {
	given := map[config.Key]string{}
	for _, s := range config.All() {
		if flag := cmd.Flags().Lookup(s.Flag); flag != nil && flag.Changed {
			given[s.Key] = flag.Value.String()
		}
	}
	host, _ := os.Hostname() // a machine without a name lends none
	settings, err := config.Load(config.Sources{Flags: given, Env: p.env, Hostname: host, NewProfile: newProfile})
	p.noColor = settings.NoColor
	return settings, err
}

// environmentHelp lists the variables that stand for flags.
func environmentHelp() string {
	var b strings.Builder
	b.WriteString("\nEnvironment:\n")
	line := func(name, usage string) { fmt.Fprintf(&b, "  %-30s %s\n", name, usage) }
	line(config.APIKeyVariable, "API key for this run; there is no flag for it")
	line(config.PassphraseVariable, "passphrase of the credential file, where nobody is there to type it")
	line(config.PassphraseFDVariable, "number of an open file descriptor to read it from")
	for _, s := range config.All() {
		if s.Env == "" {
			continue
		}
		usage := s.Usage
		if s.Flag != "" {
			usage = "as --" + s.Flag
		}
		line(s.Env, usage)
	}
	return b.String()
}

// noSuchCommand refuses what is no command, and says which one may be meant.
func (p *program) noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("there is no command %q", cmd.CommandPath()+" "+args[0])
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		message += fmt.Sprintf("; did you mean %q?", cmd.CommandPath()+" "+like[0])
	}
	return usage(message + "; \"centrapos help\" lists what there is")
}

// flagError is what is wrong with the flags.
func (p *program) flagError(cmd *cobra.Command, err error) error {
	return usage(plainFlags(err) + "; run \"" + cmd.CommandPath() + " --help\" for what there is")
}

// takes refuses another number of arguments than a command needs.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		return usage(fmt.Sprintf("%s takes %s, and was given %s; run \"%[1]s --help\"",
			cmd.CommandPath(), what, argumentsOf(len(args))))
	}
}

func argumentsOf(n int) string {
	switch n {
	case 0:
		return "none"
	case 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", n)
}

// group is a command that only holds others.
func (p *program) group(use, short string, commands ...*cobra.Command) *cobra.Command {
	g := &cobra.Command{Use: use, Short: short, SuggestionsMinimumDistance: 2}
	g.AddCommand(commands...)
	p.onlyHolds(g)
	return g
}

// onlyHolds makes a command say which of its commands it needs.
func (p *program) onlyHolds(g *cobra.Command) {
	g.Args = p.noSuchCommand
	g.RunE = func(cmd *cobra.Command, _ []string) error {
		var names []string
		for _, c := range cmd.Commands() {
			names = append(names, c.Name())
		}
		return usage(cmd.CommandPath() + " needs one of: " + strings.Join(names, ", "))
	}
}

// helpCommand is "help [COMMAND]…".
func (p *program) helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "What there is, or what a command does",
		RunE: func(_ *cobra.Command, args []string) error {
			p.out.json = p.jsonFlag
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usage(fmt.Sprintf("there is no help on %q", strings.Join(args, " ")))
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// version says what was built.
func version() string {
	if r := release(); r != "development" {
		return r + ", " + runtime.Version()
	}
	return "development version, " + runtime.Version()
}

// release is the version of the program, in one word.
func release() string {
	built, ok := debug.ReadBuildInfo()
	if !ok || built.Main.Version == "" || built.Main.Version == "(devel)" {
		return "development"
	}
	return built.Main.Version
}
