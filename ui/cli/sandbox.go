package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
)

const sandboxHelp = `Serves a Centrapay that takes no real money, for this machine only, until it is
interrupted. Its pay pages, where one acts as the customer, are at the url of each
payment request; "centrapos patron" acts from the command line. The control page lists
open payments and lets a trainer act. A till is pointed at the sandbox by the variables
that it prints.

--lan lets phones on the local network open the pay pages, so that a customer scans the
code with a real one; the url of payment requests then has this machine's network
address. Everybody on that network can then act as a customer, and use the API with the
keys that are printed here. The control page and the control calls stay with this
machine.

--fault makes something go wrong on purpose: ENDPOINT:KIND[=ARGUMENT][:WHEN], such as
create:drop-after:1 (the first create has its effect, but its answer is lost) or
void:status=503 (every void). Kinds: delay, hang, drop-before, drop-after, status,
html, redirect, empty, wrong-shape, truncated, cut, drip. When: 3, 3+, 2-4 or *,
counted from the start. Endpoints:
`

const sandboxHelpJSON = `
With --json the document, written as soon as it serves, has url, lanUrl (empty without
--lan), controlUrl, apiKey (a till's), configId, merchantId, merchantAccountId,
ownerApiKey (the account owner's), authIssuer and authClientId (for logins), patron and
faults.`

func (p *program) sandboxCommand() *cobra.Command {
	var addr, patron, lan string
	var faults []string
	cmd := &cobra.Command{
		Use:     "sandbox",
		Short:   "A Centrapay to try things with, which takes no real money",
		Long:    sandboxHelp + listed(sandbox.Endpoints()) + sandboxHelpJSON,
		Example: "  centrapos sandbox --addr 127.0.0.1:8080 --patron manual --fault create:drop-after:1",
		Args:    takes(0, 0, "no arguments"),
		RunE: p.runs(func(ctx context.Context, _ *cobra.Command, _ []string) (*result, error) {
			return p.serveSandbox(ctx, addr, lan, patron, faults)
		}),
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:0", "address to listen on, of this machine; port 0 takes a free one")
	cmd.Flags().StringVar(&patron, "patron", "auto", "customers: auto pays by itself after two seconds, manual waits for the pay page")
	cmd.Flags().StringVar(&lan, "lan", "", "lets phones on the network reach the pay pages; on this address of the machine, if one is given")
	cmd.Flags().Lookup("lan").NoOptDefVal = anyAddress
	cmd.Flags().StringArrayVar(&faults, "fault", nil, "something to go wrong; may be repeated")
	return cmd
}

// listed writes words as lines that fit a narrow terminal.
func listed(words []string) string {
	const width = 80
	var b strings.Builder
	column := 0
	for _, word := range words {
		if column == 0 || column+1+len(word) > width {
			b.WriteString("\n ")
			column = 1
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	return strings.TrimPrefix(b.String(), "\n") + "\n"
}

// anyAddress is --lan without an address.
const anyAddress = "auto"

func (p *program) serveSandbox(ctx context.Context, addr, lan, patron string, specs []string) (*result, error) {
	var customers sandbox.Patron
	switch patron {
	case "auto":
		customers = sandbox.Automatic(p.times.customer)
	case "manual":
		customers = sandbox.Manual
	default:
		return nil, usage(fmt.Sprintf("--patron is %q, and may be auto or manual", patron))
	}
	faults, err := faultsOf(specs)
	if err != nil {
		return nil, err
	}
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	options := []sandbox.Option{sandbox.WithPatron(customers), sandbox.WithFaults(faults...)}
	switch lan {
	case "":
	case anyAddress:
		options = append(options, sandbox.WithLAN(""))
	default:
		options = append(options, sandbox.WithLAN(lan))
	}
	server, err := sandbox.Listen(ctx, addr, options...)
	if err != nil {
		return nil, usage(err.Error())
	}
	p.describeSandbox(server, customers)
	if err := p.out.document(sandboxDocument(server, patron)); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	<-server.Done()
	if err := server.Close(); err != nil {
		return nil, fmt.Errorf("serve the sandbox: %w", err)
	}
	return &result{}, nil
}

func faultsOf(specs []string) ([]sandbox.Fault, error) {
	var faults []sandbox.Fault
	for _, spec := range specs {
		f, err := sandbox.ParseFault(spec)
		if err != nil {
			return nil, usage(err.Error())
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func (p *program) describeSandbox(server *sandbox.Server, customers sandbox.Patron) {
	p.say("The sandbox serves at %s, customers %s. No real money.", server.URL(), customers)
	if lan := server.LANURL(); lan != "" {
		p.say("Phones on this network reach the pay pages at %s/pay/…, and tills the API. So does everybody else on it.", lan)
	}
	p.say("The control page, for this machine only, is %s", server.ControlURL())
	for _, f := range server.Service().Faults() {
		p.say("Fault %s", f.Spec)
	}
	p.say("export CENTRAPOS_API_URL=%s", server.URL())
	p.say("export CENTRAPOS_API_KEY=%s", sandbox.DemoAPIKey)
	p.say("export CENTRAPOS_CONFIG_ID=%s", sandbox.DemoConfigID)
	p.say("export CENTRAPOS_MERCHANT_ID=%s", sandbox.DemoMerchantID)
	p.say("export CENTRAPOS_MERCHANT_ACCOUNT_ID=%s", sandbox.DemoMerchantAccountID)
	p.say("export CENTRAPOS_AUTH_ISSUER=%s", sandbox.IssuerURL(server.URL()))
	p.say("export CENTRAPOS_AUTH_CLIENT_ID=%s", sandbox.DemoClientID)
	p.say("The account owner's key is %s.", sandbox.DemoOwnerKey)
	p.say("Ctrl-C ends it.")
}

func sandboxDocument(server *sandbox.Server, patron string) *object {
	faults := []string{}
	for _, f := range server.Service().Faults() {
		faults = append(faults, f.Spec)
	}
	doc := &object{}
	doc.add("outcome", "serving")
	doc.add("url", server.URL())
	doc.add("lanUrl", server.LANURL())
	doc.add("controlUrl", server.ControlURL())
	doc.add("apiKey", sandbox.DemoAPIKey)
	doc.add("configId", sandbox.DemoConfigID)
	doc.add("merchantId", sandbox.DemoMerchantID)
	doc.add("merchantAccountId", sandbox.DemoMerchantAccountID)
	doc.add("ownerApiKey", sandbox.DemoOwnerKey)
	doc.add("authIssuer", sandbox.IssuerURL(server.URL()))
	doc.add("authClientId", sandbox.DemoClientID)
	doc.add("patron", patron)
	doc.add("faults", faults)
	return doc
}
