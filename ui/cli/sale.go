package cli

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
)

const saleHelp = `Take one payment of AMOUNT (dollars and cents, such as 12.50): makes the payment
request, shows its QR code, waits for the customer, and says how it ended.

With --item or --basket AMOUNT may be left out; beside it, the lines must add up
to it, which is checked before anything is sent.

A reference that you choose with --ref names one sale: while an earlier one with it
is not finished, and once one of the same amount was paid with it, no other is begun
(OUTCOME_UNKNOWN and REPEAT_REFERENCE). Where another payment is meant, add --again;
an unfinished sale has to be finished first all the same. Tills that share a
reference need terminal and device ids of their own, by which a payment whose answer
was lost is told from another till's.

With --json the document is the payment request as Centrapay has it, and
  outcome      paid, partially-paid, authorized, cancelled, expired, voided,
               unresolved, or with --no-wait created
  ledgerId     the sale in the local record
  returned     money that a void gave back to the customer, if any
An unresolved one has an "error" as well, with code OUTCOME_UNKNOWN: the customer
may have paid, so do not charge again; "centrapos recover" finds out.

Ctrl-C voids the request first; a second one leaves that to "centrapos recover".
With --no-wait nobody watches the request: "centrapos status" reads it, and
"centrapos recover" ends it, voiding what is not paid by then.`

// saleFlags are the flags of the sale command.
type saleFlags struct {
	items            []string
	basket           string
	ref              string
	again            bool
	barcode          string
	expiry           int
	partial          bool
	basketAmount     string
	preAuth          bool
	patronNotPresent bool
	onCondition      string
	noWait           bool
}

func (p *program) saleCommand() *cobra.Command {
	var f saleFlags
	cmd := &cobra.Command{
		Use:   "sale [AMOUNT]",
		Short: "Take one payment",
		Long:  saleHelp,
		Example: `  centrapos sale 12.50
  centrapos sale --item 'Flat white;2;5.50;FW-1' --item 'Scone;1;6.00'
  centrapos sale 20.00 --partial --basket-amount 34.40 --json`,
		Args: takes(0, 1, "one AMOUNT"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			return p.sale(ctx, cmd, f, args)
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&f.items, "item", nil, "a line: 'NAME;QTY;EACH' or 'NAME;QTY;EACH;SKU'; may be repeated")
	flags.StringVar(&f.basket, "basket", "", `file with the lines, {"lineItems":[…]} with the API's fields; - reads stdin`)
	flags.StringVar(&f.ref, "ref", "", "your own reference of the sale (default a fresh unique one)")
	flags.BoolVar(&f.again, "again", false, "with --ref: the same was paid with this reference before, and another payment is meant")
	flags.StringVar(&f.barcode, "barcode", "", "the customer's scanned code, instead of showing a QR code")
	flags.IntVar(&f.expiry, "expiry", 0, "seconds the customer has to pay (default 120)")
	flags.BoolVar(&f.partial, "partial", false, "the customer may pay a part; needs --basket-amount")
	flags.StringVar(&f.basketAmount, "basket-amount", "", "the whole basket, when AMOUNT is Centrapay's part of it")
	flags.BoolVar(&f.preAuth, "pre-auth", false, "only hold the money")
	flags.BoolVar(&f.patronNotPresent, "patron-not-present", false, "the customer is not here")
	flags.StringVar(&f.onCondition, "on-condition", "", "answer conditions: ask, accept or decline (default ask on a terminal, else decline)")
	flags.BoolVar(&f.noWait, "no-wait", false, "only make the payment request")
	cmd.SetFlagErrorFunc(p.saleFlagError)
	return cmd
}

// negative is how the flags' error shows an amount below zero, which they take
// for flags.
var negative = regexp.MustCompile(`^unknown shorthand flag: '[0-9.]' in (-[0-9.]\S*)$`)

func (p *program) saleFlagError(cmd *cobra.Command, err error) error {
	if m := negative.FindStringSubmatch(err.Error()); m != nil {
		if _, wrong := payableIn(m[1], p.tillCurrency(cmd)); wrong != nil {
			return wrong
		}
	}
	return p.flagError(cmd, err)
}

// tillCurrency is the currency that the settings name, as far as they can be read.
func (p *program) tillCurrency(cmd *cobra.Command) pos.Currency {
	if settings, err := p.settings(cmd); err == nil {
		if currency, err := pos.CurrencyOf(settings.Currency); err == nil {
			return currency
		}
	}
	return pos.Currency{Code: "NZD", Decimals: 2}
}

// sale takes one payment.
func (p *program) sale(ctx context.Context, cmd *cobra.Command, f saleFlags, args []string) (*result, error) {
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	given := func(flag string) bool { return cmd.Flags().Changed(flag) }
	sale, err := p.saleOf(f, given, args, settings)
	if err != nil {
		return nil, err
	}
	answer, err := p.conditionMode(f.onCondition)
	if err != nil {
		return nil, err
	}
	s, err := p.openTill(ctx, settings, sandbox.Automatic(p.times.customer), config.KeyConfigID)
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	if err := p.rightMoney(ctx, s.line); err != nil {
		return nil, err
	}
	sale.Origin = s.origin()
	if f.noWait {
		return p.leaveSale(ctx, s, sale, func(rec pos.Record, _ *object) { p.sayUnwatched("status", rec) })
	}
	return p.watchSale(ctx, s, sale, answer)
}

// saleOf is the sale that the command line asks for. It is judged as a whole
// before anything is opened, but for who asks, which the settings say.
func (p *program) saleOf(f saleFlags, given func(string) bool, args []string, settings config.Settings) (pos.Sale, error) {
	currency, err := pos.CurrencyOf(settings.Currency)
	if err != nil {
		return pos.Sale{}, err
	}
	sale := pos.Sale{
		ExternalRef: strings.TrimSpace(f.ref), Barcode: strings.TrimSpace(f.barcode), Partial: f.partial,
		PreAuth: f.preAuth, PatronNotPresent: f.patronNotPresent, Expiry: settings.Expiry, Again: f.again,
	}
	if sale.Lines, err = p.linesOf(f, currency); err != nil {
		return pos.Sale{}, err
	}
	if sale.Amount, err = amountOf(args, sale.Lines, currency); err != nil {
		return pos.Sale{}, err
	}
	if given("basket-amount") {
		if sale.Basket, err = payableIn(f.basketAmount, currency); err != nil {
			return pos.Sale{}, fmt.Errorf("--basket-amount: %w", err)
		}
	}
	if given("expiry") {
		sale.Expiry = secondsOf(f.expiry)
	}
	for flag, value := range map[string]string{"ref": sale.ExternalRef, "barcode": sale.Barcode} {
		if given(flag) && value == "" {
			return pos.Sale{}, usage("--" + flag + " is empty; give it a value or leave it out")
		}
	}
	if f.again && sale.ExternalRef == "" {
		return pos.Sale{}, usage("--again is about a reference that was used before; it goes with --ref")
	}
	checked := sale
	if checked.ExternalRef == "" {
		checked.ExternalRef = "minted when the sale begins"
	}
	return sale, inCurrency(checked.Check(), currency)
}

// secondsOf is a number of seconds from the command line. It is bounded first: a
// number that is too large would not stay one as a duration.
func secondsOf(n int) time.Duration {
	return time.Duration(min(max(n, 0), int(2*pos.MaxExpiry/time.Second))) * time.Second
}

// amountOf is the amount given, or what the lines add up to.
func amountOf(args []string, lines []pos.LineItem, currency pos.Currency) (pos.Money, error) {
	switch {
	case len(args) == 1:
		return payableIn(args[0], currency)
	case len(lines) == 0:
		return pos.Money{}, usage("the sale needs an AMOUNT, --item or --basket; for example: centrapos sale 12.50")
	}
	return pos.SumOfLines(lines, currency), nil
}

// linesOf reads the lines that the flags give.
func (p *program) linesOf(f saleFlags, currency pos.Currency) ([]pos.LineItem, error) {
	var lines []pos.LineItem
	for _, text := range f.items {
		line, err := parseItem(text, currency)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if f.basket == "" {
		return lines, nil
	}
	if f.basket == "-" {
		more, err := readBasket(p.stdin)
		return append(lines, more...), err
	}
	file, err := os.Open(f.basket)
	if err != nil {
		return nil, usage("the basket file " + f.basket + " cannot be read: " + plainCause(err))
	}
	defer func() { _ = file.Close() }()
	more, err := readBasket(file)
	return append(lines, more...), err
}

// conditionMode is how payment conditions are answered.
func (p *program) conditionMode(flag string) (answerMode, error) {
	switch answerMode(flag) {
	case answerAsk, answerAccept, answerDecline:
		return answerMode(flag), nil
	case "":
		if isTerminal(p.stdin) && isTerminal(p.stderr) {
			return answerAsk, nil
		}
		return answerDecline, nil
	}
	return "", usage(fmt.Sprintf("--on-condition is %q, and may be ask, accept or decline", flag))
}
