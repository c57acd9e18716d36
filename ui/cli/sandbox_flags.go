package cli

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
)

// sandboxFlags are what the sandbox is asked for on the command line.
type sandboxFlags struct {
	addr, patron, lan string
	file, authority   string
	webhook           string
	notifyHosts       []string
	seed              uint64
	perMinute         int
	legacyOf2023      bool
	quirks            string
	faults            []string
}

const (
	// anyAddress is --lan without an address.
	anyAddress = "auto"
	// allQuirks is --quirks without numbers; listQuirks only says what there are.
	allQuirks, listQuirks = "all", "list"
)

func (f *sandboxFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "127.0.0.1:0", "address to listen on, of this machine; port 0 takes a free one")
	flags.StringVar(&f.patron, "patron", "auto", "customers: auto pays by itself after two seconds, manual waits for the pay page")
	flags.StringVar(&f.lan, "lan", "", "lets phones on the network reach the pay pages; on this address of the machine, if one is given")
	flags.Lookup("lan").NoOptDefVal = anyAddress
	flags.StringVar(&f.file, "file", "", "keeps everything in this file, for the next sandbox with it")
	flags.StringVar(&f.authority, "tls", "", "serves https, and writes the certificate to trust to this file")
	flags.StringVar(&f.webhook, "webhook", "", "posts signed notifications of payments and refunds to this URL")
	flags.StringSliceVar(&f.notifyHosts, "notify-hosts", nil, "hosts that a notifyUrl may lead to, beside this machine; '*' for any")
	flags.Uint64Var(&f.seed, "seed", 0, "number from which ids and faults by rate follow; a new one by default")
	flags.IntVar(&f.perMinute, "rate-limit", sandbox.DefaultCallsPerMinute, "calls a minute of one account; 0 for no limit")
	flags.BoolVar(&f.legacyOf2023, "legacy-2023", false, "legacy cancel and void answer with the statuses of 2023")
	flags.StringVar(&f.quirks, "quirks", "", "answers take the odd shapes of the documents: all, or those of these numbers; \"list\" lists them")
	flags.Lookup("quirks").NoOptDefVal = allQuirks
	flags.StringArrayVar(&f.faults, "fault", nil, "something to go wrong, ENDPOINT:KIND[=ARGUMENT][:WHEN] as above; may be repeated")
}

// check refuses an address or a file that the sandbox could not use, in words that
// its own errors would not have.
func (f *sandboxFlags) check() error {
	_, port, err := net.SplitHostPort(f.addr)
	number, portErr := strconv.ParseUint(port, 10, 16)
	if err != nil || portErr != nil && port != "" || number > 65535 {
		return usage(fmt.Sprintf("--addr is %q, and takes an address of this machine with a port of 0 to 65535, such as 127.0.0.1:8080", f.addr))
	}
	for flag, file := range map[string]string{"file": f.file, "tls": f.authority} {
		if info, err := os.Stat(file); file != "" && err == nil && info.IsDir() {
			return usage(fmt.Sprintf("--%s is %q, which is a folder; name a file in it", flag, file))
		}
	}
	return nil
}

// customers is how they behave.
func (f *sandboxFlags) customers(p *program) (sandbox.Patron, error) {
	switch f.patron {
	case "auto":
		return sandbox.Automatic(p.times.customer), nil
	case "manual":
		return sandbox.Manual, nil
	default:
		return sandbox.Manual, usage(fmt.Sprintf("--patron is %q, and may be auto or manual", f.patron))
	}
}

// options are those of the sandbox.
func (f *sandboxFlags) options(customers sandbox.Patron) ([]sandbox.Option, error) {
	faults, err := f.allFaults()
	if err != nil {
		return nil, err
	}
	options := []sandbox.Option{
		sandbox.WithPatron(customers), sandbox.WithFaults(faults...), sandbox.WithSeed(f.seed), sandbox.WithRateLimit(f.perMinute),
		sandbox.WithNotifyHosts(f.notifyHosts...),
	}
	switch f.lan {
	case "":
	case anyAddress:
		options = append(options, sandbox.WithLAN(""))
	default:
		options = append(options, sandbox.WithLAN(f.lan))
	}
	for _, o := range []struct {
		asked  bool
		option func() sandbox.Option
	}{
		{f.file != "", func() sandbox.Option { return sandbox.WithFile(f.file) }},
		{f.authority != "", sandbox.WithTLS},
		{f.webhook != "", func() sandbox.Option { return sandbox.WithWebhook(f.webhook) }},
		{f.legacyOf2023, sandbox.WithLegacyStatusesOf2023},
	} {
		if o.asked {
			options = append(options, o.option())
		}
	}
	return options, nil
}

// allFaults are those of --fault, and the one that --quirks is short for.
func (f *sandboxFlags) allFaults() ([]sandbox.Fault, error) {
	var faults []sandbox.Fault
	for _, spec := range f.faults {
		fault, err := sandbox.ParseFault(spec)
		if err != nil {
			return nil, usage(err.Error() + "; \"centrapos help sandbox\" lists all there are")
		}
		faults = append(faults, fault)
	}
	if f.quirks != "" {
		fault, err := sandbox.QuirksFault(strings.Split(f.quirks, ",")...)
		if err != nil {
			return nil, usage("--quirks: " + err.Error())
		}
		faults = append(faults, fault)
	}
	return faults, nil
}

// newSeed is a seed that nobody can guess, and that every reader of JSON can hold.
func newSeed() uint64 { return rand.Uint64N(1 << 53) }
