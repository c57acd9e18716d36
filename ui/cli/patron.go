package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/pos"
	"centrapos/ui/widget"
)

const patronHelp = `Acts as the customer of a sandbox: the one inside the program, or one that
"centrapos sandbox" serves and --api-url names. Real customers use their phones.`

const patronActHelp = `
Without an ID or SHORTCODE the one payment request is meant that is open.

With --json the document is the payment request as it stands afterwards, with its
activities, and
  outcome      its status: new, paid, cancelled or expired`

// codeNoSandbox is a service whose customers are real.
const codeNoSandbox = "NOT_A_SANDBOX"

func (p *program) patronCommand() *cobra.Command {
	g := p.group("patron", "Act as the customer of a sandbox",
		p.patronListCommand(), p.patronPayCommand(),
		p.patronActCommand("cancel", "Cancel a payment request as the customer"),
		p.patronActCommand("expire", "Let the time of a payment request run out"),
		p.patronConditionCommand(true), p.patronConditionCommand(false), p.patronRaiseCommand())
	g.Long = patronHelp
	return g
}

func (p *program) patronListCommand() *cobra.Command {
	var open bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The payment requests of the sandbox, newest first",
		Long: patronHelp + `

With --json the document has "items", each a payment request with its activities,
and outcome, which is "listed".`,
		Args: takes(0, 0, "no arguments"),
	}
	cmd.Flags().BoolVar(&open, "open", false, "only those that can still be paid")
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, _ []string) (*result, error) {
		all, err := customersOf(l).list(ctx)
		if err != nil {
			return nil, err
		}
		items := []sandbox.Snapshot{}
		for _, r := range all {
			if open && r.Status.IsFinal() {
				continue
			}
			items = append(items, r)
			p.say("%s  %14s  %-10s  %s  %s", r.ShortCode, moneyText(r.Value), r.Status, r.ID, widget.Clean(r.ExternalRef))
		}
		doc := &object{}
		doc.add("items", items)
		doc.add("outcome", "listed")
		return &result{document: doc}, nil
	})
}

func (p *program) patronPayCommand() *cobra.Command {
	var wallet, mode string
	cmd := &cobra.Command{
		Use:     "pay [ID|SHORTCODE [AMOUNT]]",
		Short:   "Pay a payment request as the customer",
		Long:    patronHelp + "\n\nWithout an AMOUNT all that is left is paid." + patronActHelp,
		Example: "  centrapos patron pay\n  centrapos patron pay CP-C7F-ZS5 5.00",
		Args:    takes(0, 2, "an ID or SHORTCODE and an AMOUNT, both of which may be missing"),
	}
	cmd.Flags().StringVar(&wallet, "asset", "", "id of the wallet to pay with (default the first that fits)")
	cmd.Flags().StringVar(&mode, "mode", "", "partial-payment or multi-asset-payment (default the former, when there is an AMOUNT)")
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, args []string) (*result, error) {
		r, err := customersOf(l).find(ctx, args)
		if err != nil {
			return nil, err
		}
		o := sandbox.PayOptions{AssetID: wallet, Mode: api.PayMode(mode)}
		if len(args) == 2 {
			if o.Amount, err = patronAmount(args[1], r.Value.Currency); err != nil {
				return nil, err
			}
		}
		return p.patronActs(ctx, l, r.ID, "pay", o)
	})
}

// patronAmount reads an amount in whole units and gives it in smallest ones.
func patronAmount(text, currency string) (api.BigNumber, error) {
	c, err := pos.CurrencyOf(currency)
	if err != nil {
		return "", err
	}
	amount, err := pos.ParsePayable(text, c)
	if err != nil {
		return "", err
	}
	return api.NewBigNumber(amount.Minor()), nil
}

func (p *program) patronActCommand(act, short string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   act + " [ID|SHORTCODE]",
		Short: short,
		Long:  patronHelp + "\n" + patronActHelp,
		Args:  takes(0, 1, "an ID or SHORTCODE, which may be missing"),
	}
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, args []string) (*result, error) {
		r, err := customersOf(l).find(ctx, args)
		if err != nil {
			return nil, err
		}
		return p.patronActs(ctx, l, r.ID, act, nil)
	})
}

func (p *program) patronConditionCommand(accept bool) *cobra.Command {
	name, short := "decline", "Say no to a condition that awaits the customer"
	if accept {
		name, short = "accept", "Say yes to a condition that awaits the customer"
	}
	cmd := &cobra.Command{
		Use:   name + " ID|SHORTCODE CONDITION",
		Short: short,
		Long:  patronHelp + "\n" + patronActHelp,
		Args:  takes(2, 2, "an ID or SHORTCODE and the number of a CONDITION"),
	}
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, args []string) (*result, error) {
		r, err := customersOf(l).find(ctx, args)
		if err != nil {
			return nil, err
		}
		return p.patronActs(ctx, l, r.ID, "conditions", nil, args[1], name)
	})
}

func (p *program) patronRaiseCommand() *cobra.Command {
	var c sandbox.Condition
	cmd := &cobra.Command{
		Use:   "raise-condition [ID|SHORTCODE]",
		Short: "Put a condition to a payment request, such as a look at photo id",
		Long:  patronHelp + "\n" + patronActHelp,
		Args:  takes(0, 1, "an ID or SHORTCODE, which may be missing"),
	}
	cmd.Flags().StringVar(&c.Name, "name", "", "name of the condition (default "+sandbox.PhotoIDCheck+")")
	cmd.Flags().StringVar(&c.Message, "message", "", "what staff are told")
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, args []string) (*result, error) {
		r, err := customersOf(l).find(ctx, args)
		if err != nil {
			return nil, err
		}
		return p.patronActs(ctx, l, r.ID, "raise-condition", c)
	})
}

// patronActs does something to a payment request as its customer.
func (p *program) patronActs(ctx context.Context, l *line, id, act string, body any, more ...string) (*result, error) {
	after, err := customersOf(l).do(ctx, body, append([]string{id, act}, more...)...)
	if err != nil {
		return nil, lookWith(err, "centrapos patron list")
	}
	p.say("%s  %s  %s", after.ShortCode, moneyText(after.Value), after.Status)
	doc, err := answered(after, string(after.Status))
	if err != nil {
		return nil, err
	}
	return &result{document: doc}, nil
}

// customers are those of a sandbox, through its control calls.
type customers struct{ client *api.Client }

func customersOf(l *line) customers { return customers{l.client} }

func (c customers) list(ctx context.Context) ([]sandbox.Snapshot, error) {
	var page api.Page[sandbox.Snapshot]
	call := api.Call{Method: http.MethodGet, Path: []string{"sandbox", "requests"}, Anonymous: true}
	_, err := c.client.Do(ctx, call, func(body []byte) error { return json.Unmarshal(body, &page) })
	return page.Items, onlySandboxes(err)
}

// find gives the payment request with the id or short code that comes first, or
// without one the only one that is open.
func (c customers) find(ctx context.Context, args []string) (sandbox.Snapshot, error) {
	all, err := c.list(ctx)
	if err != nil {
		return sandbox.Snapshot{}, err
	}
	var found []sandbox.Snapshot
	for _, r := range all {
		if len(args) == 0 && !r.Status.IsFinal() || len(args) > 0 && (r.ID == args[0] || strings.EqualFold(r.ShortCode, args[0])) {
			found = append(found, r)
		}
	}
	switch {
	case len(found) == 1, len(found) > 1 && len(args) > 0: // the newest of a recycled short code
		return found[0], nil
	case len(args) > 0:
		return sandbox.Snapshot{}, usage(fmt.Sprintf("the sandbox has no payment request %q; \"centrapos patron list\" shows what it has", args[0]))
	case len(found) == 0:
		return sandbox.Snapshot{}, usage("no payment request of the sandbox is open; \"centrapos patron list\" shows what it has")
	}
	return sandbox.Snapshot{}, usage(fmt.Sprintf("%d payment requests are open; name one of them (\"centrapos patron list --open\")", len(found)))
}

func (c customers) do(ctx context.Context, body any, path ...string) (sandbox.Snapshot, error) {
	var after sandbox.Snapshot
	call := api.Call{Method: http.MethodPost, Path: append([]string{"sandbox", "requests"}, path...), JSON: body, Anonymous: true}
	_, err := c.client.Do(ctx, call, func(data []byte) error { return json.Unmarshal(data, &after) })
	return after, onlySandboxes(err)
}

// onlySandboxes says so where the service has no customers to act as.
func onlySandboxes(err error) error {
	e, ok := errors.AsType[*api.Error](err)
	if !ok || e.Code != api.CodeNotFound {
		return err
	}
	return &failure{exit: exitUsage, Code: codeNoSandbox, Status: statusOf(e), cause: err,
		Message: "this service is no sandbox, so its customers are real; act as a customer of \"centrapos sandbox\""}
}
