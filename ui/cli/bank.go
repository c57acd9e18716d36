package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/ui/widget"
)

const bankHelp = `Bank accounts move money into a Centrapay account and out of it. A top-up needs an
authority for direct debits, and its money is free once the bank account is
verified, by the four digits that stand beside a recent transaction of Centrapay on
the bank statement.

` + bankWho

// bankWho stands at the end of every help about bank accounts.
const bankWho = `The key of a till may do none of this: log in first ("centrapos login"), or give an
account owner's key in CENTRAPOS_API_KEY. A key that is given for the run and may not is
followed by the login for the same account, which is said.`

// What the bank commands are for, each for itself.
const (
	bankListHelp = `Lists the bank accounts of a Centrapay account: number, name, status, whether it is
verified, whether direct debits are authorized, and the ID that the other commands take.

With --json the document has "items", each a bank account as Centrapay has it, and
outcome, which is listed.`

	bankShowHelp = `Shows one bank account as Centrapay has it now.

With --json the document is the bank account, and outcome, which is found.`

	bankAddHelp = `Adds a bank account to a Centrapay account. NUMBER is a New Zealand bank account number,
with its hyphens or without. With --full-name, --phone and --email, all three, the person
authorizes direct debits in the same go; without them "bank authorize" does so later.

With --json the document is the bank account, and outcome, which is added. A bank
account that is there already is an "error" with the code DUPLICATE_BANK_ACCOUNT. When
the answer is lost outcome is unresolved and the exit code 5: look with "bank list"
before it is added again.`

	bankAuthorizeHelp = `Adds an authority for direct debits, by the person named, to a bank account that has
none, so that money can be taken from it for top-ups.

With --json the document is the bank account, and outcome, which is authorized. When the
answer is lost outcome is unresolved and the exit code 5: look with "bank show ID".`

	bankVerifyHelp = `Verifies a bank account by CODE, the four digits that stand beside a recent transaction
of Centrapay on the bank statement. Centrapay takes few wrong codes before it takes none
any more.

With --json the document is the bank account, and outcome: verified, or accepted when
the code was taken and the bank account is not verified yet. When the answer is lost
outcome is unresolved and the exit code 5: look with "bank show ID".`

	bankArchiveHelp = `Puts a bank account away, which then is used for nothing more. Only bank accounts of the
type quartz can be; "bank show ID --json" tells the type.

With --json the document is the bank account, and outcome, which is archived. When the
answer is lost outcome is unresolved and the exit code 5: look with "bank show ID".`
)

func (p *program) bankCommand() *cobra.Command {
	g := p.group("bank", "Bank accounts of the merchant",
		p.bankListCommand(), p.bankShowCommand(), p.bankAddCommand(), p.bankAuthorizeCommand(),
		p.bankVerifyCommand(), p.bankArchiveCommand(), p.bankAuthoritiesCommand())
	g.Long = bankHelp
	return g
}

// bankSubcommand is a command about bank accounts.
func (p *program) bankSubcommand(cmd *cobra.Command, help string, work func(context.Context, *line, []string) (*result, error)) *cobra.Command {
	cmd.Long = help + "\n\n" + bankWho
	return p.onService(cmd, forAccounts, work)
}

func (p *program) bankListCommand() *cobra.Command {
	var account string
	cmd := &cobra.Command{Use: "list", Short: "The bank accounts of an account", Args: takes(0, 0, "no arguments")}
	accountFlag(cmd, &account)
	return p.bankSubcommand(cmd, bankListHelp, func(ctx context.Context, l *line, _ []string) (*result, error) {
		accountID, err := l.accountID(ctx, account)
		if err != nil {
			return nil, err
		}
		list, _, err := l.client.BankAccounts.ListByAccount(ctx, accountID)
		if err != nil {
			return nil, err
		}
		return p.bankList(list), nil
	})
}

func (p *program) bankShowCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "show ID", Short: "One bank account", Args: takes(1, 1, "the ID of a bank account")}
	return p.bankSubcommand(cmd, bankShowHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		account, _, err := l.client.BankAccounts.Get(ctx, args[0])
		return p.bankResult(account, err, "found")
	})
}

func (p *program) bankAddCommand() *cobra.Command {
	var (
		body      api.CreateBankAccount
		kind      string
		authority debitAuthority
	)
	cmd := &cobra.Command{
		Use:   "add NUMBER",
		Short: "Add a bank account, with an authority for direct debits or without",
		Example: "  centrapos bank add 12-1234-1234567-123 --name 'Corner Dairy Ltd'\n" +
			"  centrapos bank add 12-1234-1234567-123 --name 'Corner Dairy Ltd' --full-name 'Mia Tāne' --phone +6421537663 --email mia@example.com",
		Args: takes(1, 1, "the NUMBER of a bank account"),
	}
	accountFlag(cmd, &body.AccountID)
	cmd.Flags().StringVar(&body.BankAccountName, "name", "", "name of the account at the bank (required)")
	cmd.Flags().StringVar(&kind, "type", "", "centrapay (default) or quartz")
	cmd.Flags().BoolVar(&body.Test, "test", false, "for testing, not for real money")
	authority.flags(cmd)
	return p.bankSubcommand(cmd, bankAddHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		body.BankAccountNumber, body.Type = args[0], api.BankAccountType(kind)
		var err error
		if body.DirectDebitAuthority, err = authority.given(false); err != nil {
			return nil, err
		}
		if body.BankAccountName == "" {
			return nil, usage("--name is missing: the name of the account at the bank")
		}
		if body.AccountID, err = l.accountID(ctx, body.AccountID); err != nil {
			return nil, err
		}
		account, _, err := l.client.BankAccounts.Create(ctx, body)
		return p.bankResult(account, lookWith(err, "centrapos bank list --account "+body.AccountID), "added")
	})
}

func (p *program) bankAuthorizeCommand() *cobra.Command {
	var authority debitAuthority
	cmd := &cobra.Command{
		Use:   "authorize ID",
		Short: "Add an authority for direct debits to a bank account",
		Args:  takes(1, 1, "the ID of a bank account"),
	}
	authority.flags(cmd)
	return p.bankSubcommand(cmd, bankAuthorizeHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		body, err := authority.given(true)
		if err != nil {
			return nil, err
		}
		account, _, err := l.client.BankAccounts.AddDirectDebitAuthority(ctx, args[0], *body)
		return p.bankResult(account, lookWith(err, "centrapos bank show "+args[0]), "authorized")
	})
}

func (p *program) bankVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify ID CODE",
		Short: "Verify a bank account by the four digits on its statement",
		Args:  takes(2, 2, "the ID of a bank account and a CODE"),
	}
	return p.bankSubcommand(cmd, bankVerifyHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		if _, _, err := l.client.BankAccounts.Verify(ctx, args[0], args[1]); err != nil {
			return nil, lookWith(err, "centrapos bank show "+args[0])
		}
		// The answer may say no more than the code that was sent.
		account, _, err := l.client.BankAccounts.Get(ctx, args[0])
		return p.verifiedBank(args[0], account, err)
	})
}

func (p *program) bankArchiveCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "archive ID",
		Short: "Put a bank account away (type quartz only)",
		Args:  takes(1, 1, "the ID of a bank account"),
	}
	return p.bankSubcommand(cmd, bankArchiveHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		account, _, err := l.client.BankAccounts.Archive(ctx, args[0])
		return p.bankResult(account, lookWith(err, "centrapos bank show "+args[0]), "archived")
	})
}

// debitAuthority are the flags of an authority for direct debits.
type debitAuthority struct{ phone, fullName, email string }

func (d *debitAuthority) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.fullName, "full-name", "", "first and last name of the person who authorizes direct debits")
	cmd.Flags().StringVar(&d.phone, "phone", "", "phone number of the person, such as +6421537663")
	cmd.Flags().StringVar(&d.email, "email", "", "e-mail address of the person")
}

// given is the authority that the flags make: all three together, or none where
// none is needed.
func (d *debitAuthority) given(needed bool) (*api.DirectDebitAuthority, error) {
	switch {
	case d.phone == "" && d.fullName == "" && d.email == "" && !needed:
		return nil, nil
	case d.phone == "" || d.fullName == "" || d.email == "":
		return nil, usage("an authority for direct debits needs --full-name, --phone and --email together")
	}
	phone := api.PhoneNumber(d.phone)
	if !phone.Valid() {
		return nil, usage("--phone is no phone number; write it with the country, such as +6421537663")
	}
	return &api.DirectDebitAuthority{PhoneNumber: phone, FullName: d.fullName, EmailAddress: d.email}, nil
}

func accountFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "account", "", "id of the Centrapay account (default the only one that the credential may act on)")
}

// accountID is the account that a command is about: the one given, the one in the
// settings, or the only one that the credential may act on.
func (l *line) accountID(ctx context.Context, given string) (string, error) {
	switch {
	case strings.TrimSpace(given) != "":
		return given, nil
	case l.settings.AccountID != "":
		return l.settings.AccountID, nil
	case l.credential.login != nil && l.credential.login.AccountID != "":
		return l.credential.login.AccountID, nil
	}
	memberships, _, err := l.client.Accounts.Memberships(ctx)
	if err != nil {
		return "", err
	}
	if len(memberships) == 1 {
		return memberships[0].AccountID, nil
	}
	var there []string
	for _, m := range memberships {
		there = append(there, widget.Clean(m.AccountID+" ("+m.AccountName+")"))
	}
	if len(there) == 0 {
		return "", usage("the credential names no account; give --account")
	}
	return "", usage("the credential may act on several accounts; give --account with one of " + strings.Join(there, ", "))
}

// bankResult is the end of a call that answers with a bank account.
func (p *program) bankResult(account *api.BankAccount, err error, outcome string) (*result, error) {
	if err != nil {
		return nil, err
	}
	doc, err := answered(account, outcome)
	if err != nil {
		return nil, err
	}
	p.moves = p.moves || outcome != "found" // it is on no record of ours
	p.bankLine(*account)
	return &result{document: doc}, nil
}

// verifiedBank is the end of a verification, whatever was answered to the code.
func (p *program) verifiedBank(id string, account *api.BankAccount, err error) (*result, error) {
	if err != nil { // the code was taken all the same
		p.warn("The bank account could not be read again: %v", err)
		account = &api.BankAccount{ID: id}
	}
	if account.Verified {
		return p.bankResult(account, nil, "verified")
	}
	p.say("The code was taken, and the bank account is not verified yet.")
	return p.bankResult(account, nil, "accepted")
}

func (p *program) bankList(list []api.BankAccount) *result {
	for _, account := range list {
		p.bankLine(account)
	}
	if len(list) == 0 {
		p.say("There is no bank account yet.")
	}
	doc := &object{}
	doc.add("items", list)
	doc.add("outcome", "listed")
	return &result{document: doc}
}

func (p *program) bankLine(account api.BankAccount) {
	state := "not verified"
	if account.Verified {
		state = "verified"
	}
	debit := "no direct debits"
	if account.DirectDebitAuthorized {
		debit = "direct debits authorized"
	}
	p.say("%-22s  %-24s  %-9s %-12s  %-24s  %s", widget.Clean(account.BankAccountNumber), widget.Clean(account.BankAccountName),
		widget.Clean(string(account.Status)), state, debit, widget.Clean(account.ID))
}
