package cli

import (
	"context"

	"github.com/spf13/cobra"

	"centrapos/api"
)

// What the commands about bank authorities are for, each for itself.
const (
	authoritiesListHelp = `Lists the bank authorities that the caller made: number, name, status, whether it is
verified, and the ID that the other commands take.

With --json the document has "items", each a bank authority as Centrapay has it, and
outcome, which is listed.`

	authoritiesShowHelp = `Shows one bank authority as Centrapay has it now.

With --json the document is the bank authority, and outcome, which is found.`

	authoritiesAddHelp = `Adds a bank account and an authority for direct debits in one go, in the deprecated
form. The person is named by --full-name, --phone and --email, all of which are needed.

With --json the document is the bank authority, and outcome, which is added. When the
answer is lost outcome is unresolved and the exit code 5: look with "bank authorities
list" before it is added again.`

	authoritiesVerifyHelp = `Verifies a bank authority by CODE, the four digits that stand beside a recent
transaction of Centrapay on the bank statement.

With --json the document is the bank authority, and outcome: verified, or accepted when
the code was taken and it is not verified yet. When the answer is lost outcome is
unresolved and the exit code 5: look with "bank authorities show ID".`
)

// bankAuthoritiesCommand is the deprecated form of bank, for accounts that were
// set up with it.
func (p *program) bankAuthoritiesCommand() *cobra.Command {
	g := p.group("authorities", "Bank authorities, the deprecated form of bank accounts",
		p.authoritiesListCommand(), p.authoritiesShowCommand(), p.authoritiesAddCommand(), p.authoritiesVerifyCommand())
	g.Long = "Bank authorities are bank accounts with an authority for direct debits, made in one go.\nCentrapay keeps them for those who use them; for new ones there is \"centrapos bank add\"."
	return g
}

func (p *program) authoritiesListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "The bank authorities of the caller", Args: takes(0, 0, "no arguments")}
	return p.bankSubcommand(cmd, authoritiesListHelp, func(ctx context.Context, l *line, _ []string) (*result, error) {
		list, _, err := l.client.BankAuthorities.List(ctx)
		if err != nil {
			return nil, err
		}
		return p.bankList(list), nil
	})
}

func (p *program) authoritiesShowCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "show ID", Short: "One bank authority", Args: takes(1, 1, "the ID of a bank authority")}
	return p.bankSubcommand(cmd, authoritiesShowHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		authority, _, err := l.client.BankAuthorities.Get(ctx, args[0])
		return p.bankResult(authority, err, "found")
	})
}

func (p *program) authoritiesAddCommand() *cobra.Command {
	var (
		body api.CreateBankAuthority
		by   debitAuthority
	)
	cmd := &cobra.Command{
		Use:     "add NUMBER",
		Short:   "Add a bank account with an authority for direct debits",
		Example: "  centrapos bank authorities add 12-1234-1234567-123 --name 'Corner Dairy Ltd' --full-name 'Mia Tāne' --phone +6421537663 --email mia@example.com",
		Args:    takes(1, 1, "the NUMBER of a bank account"),
	}
	accountFlag(cmd, &body.AccountID)
	cmd.Flags().StringVar(&body.BankAccountName, "name", "", "name of the account at the bank (required)")
	by.flags(cmd)
	return p.bankSubcommand(cmd, authoritiesAddHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		authority, err := by.given(true)
		if err != nil {
			return nil, err
		}
		if body.BankAccountName == "" {
			return nil, usage("--name is missing: the name of the account at the bank")
		}
		if body.AccountID, err = l.accountID(ctx, body.AccountID); err != nil {
			return nil, err
		}
		body.BankAccountNumber = args[0]
		body.FullName, body.PhoneNumber, body.EmailAddress = authority.FullName, authority.PhoneNumber, authority.EmailAddress
		made, _, err := l.client.BankAuthorities.Create(ctx, body)
		return p.bankResult(made, lookWith(err, "centrapos bank authorities list"), "added")
	})
}

func (p *program) authoritiesVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify ID CODE",
		Short: "Verify a bank authority by the four digits on the bank statement",
		Args:  takes(2, 2, "the ID of a bank authority and a CODE"),
	}
	return p.bankSubcommand(cmd, authoritiesVerifyHelp, func(ctx context.Context, l *line, args []string) (*result, error) {
		if _, _, err := l.client.BankAuthorities.Verify(ctx, args[0], args[1]); err != nil {
			return nil, lookWith(err, "centrapos bank authorities show "+args[0])
		}
		authority, _, err := l.client.BankAuthorities.Get(ctx, args[0])
		return p.verifiedBank(args[0], authority, err)
	})
}
