package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/ui/widget"
)

const activitiesHelp = `Lists what happened to the merchant's payment requests, newest first: requests,
payments, refunds, cancellations, confirmations, answers to conditions. With
--request it lists what happened to one of them. An activity that Centrapay gives no type
is listed as unknown (with --json, its type is "").

With --csv the list is written as comma-separated values with a header, amounts in
the currency's smallest unit, times in UTC. A text that a spreadsheet would take for
a formula has a ' before it; numbers have none.

With --json the document has "items", each as Centrapay has it, and
  outcome      listed
  more         whether there are older ones that the limit kept out, or may be
               because Centrapay repeated a page`

// activitiesShown is how many activities are listed unless told otherwise.
const activitiesShown = 20

type activitiesFlags struct {
	request string
	limit   int
	all     bool
	csv     bool
}

func (p *program) activitiesCommand() *cobra.Command {
	var flags activitiesFlags
	cmd := &cobra.Command{
		Use:     "activities",
		Short:   "What happened to the merchant's payment requests",
		Long:    activitiesHelp,
		Example: "  centrapos activities --limit 5\n  centrapos activities --all --csv > activities.csv\n  centrapos activities --request CP-C7F-ZS5",
		Args:    takes(0, 0, "no arguments"),
	}
	cmd.Flags().StringVar(&flags.request, "request", "", "only of the payment request with this ID or SHORTCODE")
	cmd.Flags().IntVar(&flags.limit, "limit", activitiesShown, "at most so many")
	cmd.Flags().BoolVar(&flags.all, "all", false, "all there are, through every page")
	cmd.Flags().BoolVar(&flags.csv, "csv", false, "as comma-separated values")
	return p.onService(cmd, forPayments, func(ctx context.Context, l *line, _ []string) (*result, error) {
		if err := flags.check(cmd, p.out.json); err != nil {
			return nil, err
		}
		activities, err := p.activitiesOf(ctx, l, flags.request)
		if err != nil {
			return nil, err
		}
		return p.listActivities(activities, flags)
	})
}

func (f activitiesFlags) check(cmd *cobra.Command, json bool) error {
	switch {
	case cmd.Flags().Changed("request") && strings.TrimSpace(f.request) == "":
		return usage("--request is empty; give an ID or SHORTCODE")
	case f.limit < 1:
		return usage("--limit must be at least 1; for everything there is --all")
	case f.all && cmd.Flags().Changed("limit"):
		return usage("--all and --limit contradict one another; give one of them")
	case f.csv && json:
		return usage("--csv and --json contradict one another; give one of them")
	}
	return nil
}

// activitiesOf are those of one payment request, or of the merchant.
func (p *program) activitiesOf(ctx context.Context, l *line, key string) (iter.Seq2[*api.PaymentActivity, error], error) {
	if key == "" {
		merchantID := l.merchantID()
		if merchantID == "" {
			return nil, l.settings.Need(config.KeyMerchantID)
		}
		return l.client.PaymentActivities.All(ctx, api.ListPaymentActivitiesParams{MerchantID: merchantID}), nil
	}
	id := key
	if isShortCode(key) {
		req, reply := find(ctx, l.payments, key)
		if reply.Answer != pos.AnswerDone {
			return nil, p.unread(key, reply)
		}
		id = req.ID
	}
	page, _, err := l.client.PaymentRequests.Activities(ctx, id)
	if err != nil {
		return nil, err
	}
	return func(yield func(*api.PaymentActivity, error) bool) {
		for i := range page.Items {
			if !yield(&page.Items[i], nil) {
				return
			}
		}
	}, nil
}

func (p *program) listActivities(activities iter.Seq2[*api.PaymentActivity, error], flags activitiesFlags) (*result, error) {
	items, more, incomplete := []*api.PaymentActivity{}, false, false
	for a, err := range activities {
		if errors.Is(err, api.ErrCursorRepeated) || errors.Is(err, api.ErrOnlyEmptyPages) {
			more, incomplete = true, true
			break
		}
		if err != nil {
			return nil, err
		}
		if more = !flags.all && len(items) == flags.limit; more {
			break
		}
		items = append(items, a)
	}
	if incomplete {
		p.warn("Centrapay repeated a page: the list may be incomplete.")
	}
	if more && !incomplete {
		defer p.warn("There are older ones; --limit or --all shows them.")
	}
	if flags.csv {
		_ = p.writeActivities(items) // what stdout does not take, the output knows
		return &result{}, nil
	}
	for _, a := range items {
		p.say("%s  %-18s %16s  %-16s %s", activityTime(a), widget.Clean(activityType(a)), moneyText(a.Value),
			widget.Clean(a.ShortCode), widget.Clean(activityDetail(a)))
	}
	if len(items) == 0 {
		p.say("Nothing has happened yet.")
	}
	doc := &object{}
	doc.add("items", items)
	doc.add("more", more)
	doc.add("outcome", "listed")
	return &result{document: doc}, nil
}

// activityType is what an activity records, as Centrapay names it.
func activityType(a *api.PaymentActivity) string { return firstOf(string(a.Type), "unknown") }

func activityTime(a *api.PaymentActivity) string {
	if !a.CreatedAt.Valid() {
		return strings.Repeat(" ", len(time.DateTime))
	}
	return clock(a.CreatedAt.Time())
}

// activityDetail is what tells one activity from another of its type.
func activityDetail(a *api.PaymentActivity) string {
	details := []string{string(a.AssetType), string(a.CancellationReason), a.ExternalPaymentRef, a.InvoiceRef}
	if a.IdempotencyKey != "" && a.Type.Is(api.ActivityConfirmation) {
		details = append(details, "key "+a.IdempotencyKey)
	}
	return strings.Join(slices.DeleteFunc(details, func(d string) bool { return d == "" }), "  ")
}

// moneyText is an amount of the service for people; its own text where it is no
// amount of a currency that is known, or no whole number of its smallest unit: a
// rounded amount would be another one.
func moneyText(m api.Monetary) string {
	if !m.Amount.IsSet() {
		return ""
	}
	if currency, err := pos.CurrencyOf(m.Currency); err == nil && m.Amount.Valid() && !tooLong(m.Amount.Decimal()) &&
		m.Amount.Decimal().IsInteger() {
		return pos.NewMoney(m.Amount.Decimal(), currency).Format()
	}
	return widget.Clean(m.Amount.String() + " " + m.Currency)
}

// activityColumns are the columns of the comma-separated form.
var activityColumns = []struct {
	name string
	of   func(*api.PaymentActivity) string
}{
	{"createdAt", func(a *api.PaymentActivity) string { return a.CreatedAt.String() }},
	{"type", activityType},
	{"amount", func(a *api.PaymentActivity) string { return a.Value.Amount.String() }},
	{"currency", func(a *api.PaymentActivity) string { return a.Value.Currency }},
	{"assetType", func(a *api.PaymentActivity) string { return string(a.AssetType) }},
	{"shortCode", func(a *api.PaymentActivity) string { return a.ShortCode }},
	{"paymentRequestId", func(a *api.PaymentActivity) string { return a.PaymentRequestID }},
	{"activityNumber", func(a *api.PaymentActivity) string { return a.ActivityNumber.String() }},
	{"merchantId", func(a *api.PaymentActivity) string { return a.MerchantID }},
	{"merchantName", func(a *api.PaymentActivity) string { return a.MerchantName }},
	{"createdBy", func(a *api.PaymentActivity) string { return a.CreatedBy.String() }},
	{"external", func(a *api.PaymentActivity) string { return yesOrNothing(bool(a.External)) }},
	{"cancellationReason", func(a *api.PaymentActivity) string { return string(a.CancellationReason) }},
	{"conditionId", func(a *api.PaymentActivity) string { return a.ConditionID.String() }},
	{"idempotencyKey", func(a *api.PaymentActivity) string { return a.IdempotencyKey }},
	{"confirmationIdempotencyKey", func(a *api.PaymentActivity) string { return a.ConfirmationIdempotencyKey }},
	{"invoiceRef", func(a *api.PaymentActivity) string { return a.InvoiceRef }},
	{"externalPaymentRef", func(a *api.PaymentActivity) string { return a.ExternalPaymentRef }},
}

func yesOrNothing(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func (p *program) writeActivities(items []*api.PaymentActivity) error {
	w := csv.NewWriter(p.out.words())
	row := make([]string, len(activityColumns))
	for i, c := range activityColumns {
		row[i] = c.name
	}
	if err := w.Write(row); err != nil {
		return err
	}
	for _, a := range items {
		for i, c := range activityColumns {
			row[i] = noFormula(c.of(a))
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
