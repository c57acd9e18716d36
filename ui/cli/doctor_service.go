package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/ui/widget"
)

// checkService checks the credential, the network, the clock and the merchant: what one
// or two calls that only read tell.
func (d *doctor) checkService(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, doctorPatience)
	defer cancel()
	l, err := d.reach(ctx, d.settings, sandbox.Manual)
	if err != nil {
		d.wrong("network", err, "Look at the data folder, where training keeps its payments.")
		d.skip("the sandbox could not be opened", "credential", "clock", "merchant")
		return
	}
	defer l.close()
	found, err := d.credentialFor(ctx, l, forPayments, nil)
	if err == nil {
		err = d.speakAs(l, found)
	}
	if err != nil {
		d.wrong("credential", err, `Run "centrapos setup --profile `+d.settings.Profile+`".`)
		d.checkUnknown(ctx, l)
		d.skip("needs a credential", "merchant")
		return
	}
	d.checkCredential(ctx, l)
}

// checkUnknown looks for the service without a credential.
func (d *doctor) checkUnknown(ctx context.Context, l *line) {
	// The call goes out without the key, which only stands for one here.
	client, err := api.New(l.url, append([]api.Option{api.WithAPIKey("none")}, l.transport()...)...)
	if err != nil {
		d.wrong("network", usage(err.Error()), "")
		d.skip("needs the network", "clock")
		return
	}
	defer client.Close()
	_, meta, err := client.Merchants.Search(ctx, api.SearchMerchantsParams{Name: "centrapos", PaginationLimit: 1})
	d.checkNetwork(l, meta, err)
}

// checkNetwork notes whether the service answered, and by its clock how this machine's is.
func (d *doctor) checkNetwork(l *line, meta api.Meta, err error) bool {
	if meta.Status == 0 && err != nil {
		d.note(finding{Name: "network", Result: failed, exit: exitRefused, Detail: "no answer from " + l.url + ": " + networkCause(err),
			Fix: "See that this machine is online, that the address is right, and that no proxy or firewall is between. Payments cannot be taken meanwhile."})
		d.skip("needs the network", "clock")
		return false
	}
	took := meta.ReceivedAt.Sub(meta.SentAt).Round(time.Millisecond)
	note := finding{Name: "network", Result: fine, Detail: fmt.Sprintf("%s answers in %v", l.url, took)}
	if took > 2*time.Second {
		note.Result, note.Fix = warning, "Payments will be slow: look at the connection."
	}
	d.note(note)
	d.checkClock(meta)
	return true
}

func networkCause(err error) string {
	if e, ok := errors.AsType[*api.Error](err); ok {
		return firstOf(e.Detail(), e.Error())
	}
	return plainCause(err)
}

func (d *doctor) checkClock(meta api.Meta) {
	off := clockOff(meta)
	switch {
	case meta.ServerTime.IsZero():
		d.skip("the service does not tell the time", "clock")
	case off.Abs() > mostClockOff:
		d.note(finding{Name: "clock", Result: failed, exit: exitUsage, Detail: "this machine's clock is " + clockWord(off) + ": receipts and the record get the wrong time, and logins may be refused", Fix: clockFix})
	case off.Abs() > time.Minute:
		d.note(finding{Name: "clock", Result: warning, Detail: "this machine's clock is " + clockWord(off), Fix: clockFix})
	default:
		d.fine("clock", clockWord(off))
	}
}

// checkCredential asks the service who the credential is, and what its role may do.
func (d *doctor) checkCredential(ctx context.Context, l *line) {
	accounts, meta, err := l.client.Accounts.Memberships(ctx)
	if unsentLogin(err) { // which is found out before anything is sent
		d.wrong("credential", err, d.credentialFix(l))
		d.checkUnknown(ctx, l)
		d.skip("needs a credential that is taken", "merchant")
		return
	}
	switch reached := d.checkNetwork(l, meta, err); {
	case !reached:
		d.skip("needs the network", "credential", "merchant")
		return
	case err != nil:
		d.note(finding{Name: "credential", Result: failed, exit: exitRefused, Detail: capital(l.credential.name()) + ": " + failureOf(err).Error(), Fix: d.credentialFix(l)})
		d.skip("needs a credential that is taken", "merchant")
		return
	default:
		d.checkRole(l, accounts)
	}
	d.checkMerchant(ctx, l)
}

// unsentLogin reports whether a call was not made since a login has ended.
func unsentLogin(err error) bool { return codeOf(err) == api.CodeLoginRequired }

func (d *doctor) credentialFix(l *line) string {
	switch {
	case l.credential.login != nil:
		return `Log in again: "centrapos login".`
	case l.credential.from.Source == config.FromEnvironment:
		return "Put the right key into " + config.APIKeyVariable + ", or take the variable away to use the key that is kept."
	}
	return `Give it a key that works: "centrapos setup --profile ` + d.settings.Profile + ` --rotate".`
}

// checkRole notes what a till needs and the role may not.
func (d *doctor) checkRole(l *line, accounts []api.AccountMembership) {
	if len(accounts) == 0 {
		d.note(finding{Name: "credential", Result: failed, exit: exitRefused, Detail: capital(l.credential.name()) + " may act for no account", Fix: "Ask Centrapay about it."})
		return
	}
	account := accounts[0]
	note := finding{Name: "credential", Result: fine, Detail: fmt.Sprintf("%s; account %s, %s", capital(l.credential.name()), firstOf(account.AccountName, account.AccountID), account.Role)}
	var lacking []string
	for _, task := range d.notAllowed(account) {
		switch task {
		case "take a payment", "read a payment", "void", "refund":
			lacking = append(lacking, task)
		}
	}
	if len(lacking) > 0 {
		note.Result, note.Fix = warning, "It may not "+strings.Join(lacking, ", ")+`: use a key of the role merchant-terminal. "centrapos whoami" lists all.`
	}
	d.note(note)
}

// checkMerchant checks that payments can be asked for, and of which money.
func (d *doctor) checkMerchant(ctx context.Context, l *line) {
	s := d.settings
	if s.Embedded {
		d.fine("merchant", "the sandbox inside the program: no real money")
		return
	}
	if err := s.Need(config.KeyConfigID); err != nil {
		d.wrong("merchant", err, "")
		return
	}
	c, _, err := l.client.Merchants.Config(ctx, s.ConfigID)
	live := ""
	switch {
	case err == nil:
		live = string(c.Liveness())
	case turnedAway(err):
		d.note(finding{Name: "merchant", Result: skipped, Detail: "this credential may not read the config " + s.ConfigID + ", or there is none"})
		return
	default:
		d.note(finding{Name: "merchant", Result: failed, exit: exitRefused, Detail: "the config " + s.ConfigID + ": " + networkCause(err), Fix: "Look at the config-id."})
		return
	}
	switch {
	case s.Liveness != "" && live != "" && live != s.Liveness:
		d.wrong("merchant", wrongMoney(s, live), "")
	case len(c.PaymentOptions) == 0:
		d.note(finding{Name: "merchant", Result: warning, Detail: "the config " + s.ConfigID + " takes nothing", Fix: "Ask Centrapay to set its payment options up."})
	default:
		d.fine("merchant", fmt.Sprintf("config %s%s; takes %s", widget.Clean(s.ConfigID), moneyWord(live), widget.Clean(assetsWord(*c))))
	}
}
