package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
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

--fault makes something go wrong on purpose; --quirks is short for --fault '*:quirks'.

`

const sandboxHelpJSON = `
With --json the document, written as soon as it serves, has url, lanUrl (empty without
--lan), controlUrl, apiKey (a till's), configId, merchantId, merchantAccountId,
ownerApiKey (the account owner's), authIssuer and authClientId (for logins), patron,
seed, faults, and file, authorityFile and webhook (empty without their flags).`

func (p *program) sandboxCommand() *cobra.Command {
	var flags sandboxFlags
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "A Centrapay to try things with, which takes no real money",
		Long:  sandboxHelp + faultWords() + sandboxHelpJSON,
		Example: "  centrapos sandbox --addr 127.0.0.1:8080 --patron manual --fault create:drop-after:1\n" +
			"  centrapos sandbox --file demo.json --fault '*:status=503:5%' --seed 7 --quirks=A8,E1,F1",
		Args: takes(0, 0, "no arguments"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			if flags.quirks == listQuirks {
				return p.listQuirks(), nil
			}
			if !cmd.Flags().Changed("seed") {
				flags.seed = newSeed()
			}
			return p.serveSandbox(ctx, flags)
		}),
	}
	flags.add(cmd)
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

func (p *program) serveSandbox(ctx context.Context, flags sandboxFlags) (*result, error) {
	if err := flags.check(); err != nil {
		return nil, err
	}
	customers, err := flags.customers(p)
	if err != nil {
		return nil, err
	}
	options, err := flags.options(customers)
	if err != nil {
		return nil, err
	}
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	server, err := sandbox.Listen(ctx, flags.addr, options...)
	if err != nil {
		return nil, usage(err.Error())
	}
	if flags.authority != "" {
		if err := os.WriteFile(flags.authority, server.Authority(), 0o644); err != nil {
			return nil, errors.Join(usage(fmt.Sprintf("--tls: %s cannot be written: %s", flags.authority, plainCause(err))), server.Close())
		}
	}
	p.describeSandbox(server, customers, flags)
	if err := p.out.document(sandboxDocument(server, flags)); err != nil {
		return nil, errors.Join(err, server.Close())
	}
	<-server.Done()
	if err := server.Close(); err != nil {
		return nil, fmt.Errorf("serve the sandbox: %w", err)
	}
	return &result{}, nil
}

func (p *program) describeSandbox(server *sandbox.Server, customers sandbox.Patron, flags sandboxFlags) {
	p.say("The sandbox serves at %s, customers %s. No real money.", server.URL(), customers)
	if lan := server.LANURL(); lan != "" {
		p.say("Phones on this network reach the pay pages at %s/pay/…, and tills the API. So does everybody else on it.", lan)
	}
	p.say("The control page, for this machine only, is %s", server.ControlURL())
	if flags.file != "" {
		p.say("Everything is kept in %s", flags.file)
	}
	if flags.webhook != "" {
		p.say("Payments and refunds are told to %s", flags.webhook)
	}
	for _, f := range server.Service().Faults() {
		p.say("Fault %s", f.Spec)
	}
	p.say("Seed %d", flags.seed)
	p.say("export CENTRAPOS_API_URL=%s", server.URL())
	p.say("export CENTRAPOS_API_KEY=%s", sandbox.DemoAPIKey)
	p.say("export CENTRAPOS_CONFIG_ID=%s", sandbox.DemoConfigID)
	p.say("export CENTRAPOS_MERCHANT_ID=%s", sandbox.DemoMerchantID)
	p.say("export CENTRAPOS_MERCHANT_ACCOUNT_ID=%s", sandbox.DemoMerchantAccountID)
	p.say("export CENTRAPOS_AUTH_ISSUER=%s", sandbox.IssuerURL(server.URL()))
	p.say("export CENTRAPOS_AUTH_CLIENT_ID=%s", sandbox.DemoClientID)
	if flags.authority != "" {
		p.say("export SSL_CERT_FILE=%s", flags.authority)
	}
	p.say("The account owner's key is %s.", sandbox.DemoOwnerKey)
	p.say("Ctrl-C ends it.")
}

func sandboxDocument(server *sandbox.Server, flags sandboxFlags) *object {
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
	doc.add("patron", flags.patron)
	doc.add("seed", flags.seed)
	doc.add("faults", faults)
	doc.add("file", flags.file)
	doc.add("authorityFile", flags.authority)
	doc.add("webhook", flags.webhook)
	return doc
}

// listQuirks says what --quirks can be given.
func (p *program) listQuirks() *result {
	type row struct {
		Number string `json:"number"`
		About  string `json:"about"`
		// InAll says that --quirks without numbers has it.
		InAll bool `json:"inAll"`
	}
	rows := []row{}
	for _, q := range sandbox.Quirks() {
		rows = append(rows, row{q.Number, q.About, !q.Untrue})
		alone := ""
		if q.Untrue {
			alone = " (by its number only: it makes money untrue)"
		}
		p.say("%-4s %s%s", q.Number, q.About, alone)
	}
	doc := &object{}
	doc.add("outcome", "listed")
	doc.add("items", rows)
	return &result{document: doc}
}
