package cli

import (
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api/legacy"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/ui/widget"
)

const legacyCreateHelp = `Makes a payment request of AMOUNT by requests.create, and shows it as a QR code for the
customer's app to scan. AMOUNT is in dollars and cents, such as 12.50 (in yen, which has no
cents, 1250), with neither a currency sign nor separators.

The QR code holds the address of the page where the request is paid. In the form of 2018
it holds "centrapay:" and that address in hexadecimal, which only Centrapay's app reads;
the address itself is then shown as Page. With --patron-code nothing is shown: the
customer's app shows a code, the till scans it, and the request goes to that customer.

It is not waited for: "legacy info ID" reads it, and "centrapos recover" ends it, voiding
what is not paid by then. With --wait it is watched like a sale.

The merchant is named by --config-id and --merchant-id, which are both needed, or by the
profile. --notify-url is an https or http address, or one that begins with / and is below
the merchant's own.

A request whose answer is lost cannot be looked up in this generation. One that was to
be shown as a code is made again, as nobody has seen the lost one; one for a
--patron-code is not, and a person has to ask Centrapay about it.

With --json the document is the payment request as Centrapay has it, and
  outcome      created, or with --wait as that of "centrapos sale"
  ledgerId     the request in the local record
  payPage      where its code leads, when that is a web page`

type legacyCreateFlags struct {
	ref, description, notifyURL, patronCode string
	expiry                                  int
	wait                                    bool
}

func (p *program) legacyCreateCommand(form *legacyForm) *cobra.Command {
	var f legacyCreateFlags
	cmd := &cobra.Command{
		Use:     "create AMOUNT",
		Short:   "Make a payment request (requests.create)",
		Long:    legacyCreateHelp,
		Example: "  centrapos legacy create 12.50 --ref request-1234 --description 'New bike'",
		Args:    takes(1, 1, "one AMOUNT"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
			for _, flag := range []string{"ref", "description", "notify-url", "patron-code"} {
				if given := cmd.Flags().Lookup(flag); given.Changed && strings.TrimSpace(given.Value.String()) == "" {
					return nil, usage("--" + flag + " is empty; give it a value or leave it out")
				}
			}
			return p.legacyCreate(ctx, cmd, form, f, args[0])
		}),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.ref, "ref", "", "your own reference of the request (default a fresh unique one)")
	flags.StringVar(&f.description, "description", "", "what the payment is for")
	flags.StringVar(&f.notifyURL, "notify-url", "", "where Centrapay tells of what becomes of the request, such as https://shop.example/paid")
	flags.StringVar(&f.patronCode, "patron-code", "", "the customer's scanned code, instead of showing a QR code")
	flags.IntVar(&f.expiry, "expiry", 0, "seconds the customer has to pay (default 120)")
	flags.BoolVar(&f.wait, "wait", false, "wait until it is known how the request ended")
	cmd.SetFlagErrorFunc(p.saleFlagError)
	return cmd
}

func (p *program) legacyCreate(ctx context.Context, cmd *cobra.Command, form *legacyForm, f legacyCreateFlags, amount string) (*result, error) {
	settings, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	sale, err := f.sale(form, settings, cmd.Flags().Changed("expiry"), amount)
	if err != nil {
		return nil, err
	}
	s, err := p.openLegacyTill(ctx, settings, form.form(), sandbox.Automatic(p.times.customer),
		centrapay.LegacySale{Description: f.description, NotifyURL: f.notifyURL}, config.KeyConfigID, config.KeyMerchantID)
	if err != nil {
		return nil, err
	}
	defer s.close(ctx)
	sale.Origin = s.origin()
	sale.Origin.MerchantAccountID = "" // by which lost requests are looked up, which this generation cannot do
	if f.wait {
		return p.watchSale(ctx, s, sale, answerDecline)
	}
	return p.leaveSale(ctx, s, sale, func(rec pos.Record, doc *object) {
		if page := payPage(rec.Request.URL); page != "" {
			doc.add("payPage", page)
			if page != rec.Request.URL {
				p.say("%-10s %s", "Page", widget.Clean(page))
			}
		}
		p.sayUnwatched("legacy info", rec)
	})
}

// sale is what the command line asks for, judged before anything is opened.
func (f legacyCreateFlags) sale(form *legacyForm, settings config.Settings, expiryGiven bool, amount string) (pos.Sale, error) {
	currency, err := pos.CurrencyOf(settings.Currency)
	if err != nil {
		return pos.Sale{}, err
	}
	if err := notifiable(f.notifyURL); err != nil {
		return pos.Sale{}, err
	}
	sale := pos.Sale{ExternalRef: strings.TrimSpace(f.ref), Barcode: strings.TrimSpace(f.patronCode), Expiry: settings.Expiry}
	if sale.Amount, err = payableIn(amount, currency); err != nil {
		return pos.Sale{}, err
	}
	if expiryGiven {
		sale.Expiry = secondsOf(f.expiry)
	}
	if form.first {
		switch {
		case sale.Barcode != "":
			return pos.Sale{}, form.lacks("patron codes", "; leave --patron-code out")
		case expiryGiven:
			return pos.Sale{}, form.lacks("expiry of your choice", "; leave --expiry out")
		}
		sale.Expiry = pos.DefaultExpiry
	}
	checked := sale
	checked.ExternalRef = firstOf(sale.ExternalRef, "minted when the sale begins")
	return sale, checked.Check()
}

// notifiable refuses an address that nothing could be told to.
func notifiable(address string) error {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return nil
	case strings.ContainsAny(address, " \t\r\n"):
	case err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(address, "/"),
		err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil:
		return nil
	}
	return usage("--notify-url is no address that Centrapay could tell: write it as https://shop.example/paid, or as /paid below the merchant's own")
}

// payPage is the web page that the code of a request leads to, "" for none.
func payPage(code string) string {
	read, err := legacy.ParseRequestCode(code)
	if err != nil {
		return ""
	}
	return read.URL
}
