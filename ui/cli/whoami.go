package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/ui/widget"
)

const whoamiHelp = `Tells who the credential is to Centrapay: the key of the till, or with --login the
login; which accounts it may act on, in what role, and what that role may do.

With --json the document has
  outcome      known
  credential   kind (api-key or login), from, and shown, the end of a key
  userId, name, accountId, accessExpiresAt   of a login
  accounts     as Centrapay lists them
  may          for each account: accountId, role, and tasks, each with task,
               permission, allowed and reason`

// tasks are what people do with this program, and the permission for it.
var tasks = []struct{ name, permission string }{
	{"take a payment", "payment-requests:create"},
	{"read a payment", "payment-requests:read"},
	{"find a payment by its short code", "payment-requests:read-by-shortcode"},
	{"void", "payment-requests:void"},
	{"refund", "payment-requests:refund"},
	{"confirm a pre-auth", "payment-requests:confirm"},
	{"release a pre-auth", "payment-requests:release"},
	{"answer conditions", "payment-conditions:approve"},
	{"list activities", "payment-activities:read"},
	{"look a scanned code up", "scanned-code:decode"},
	{"read merchants", "merchants:read"},
	{"read bank accounts", "bank-accounts:read"},
	{"add bank accounts", "bank-accounts:create"},
}

func (p *program) whoamiCommand() *cobra.Command {
	var login bool
	cmd := &cobra.Command{
		Use:   "whoami",
		Short: "Who the credential is, and what it may do",
		Long:  whoamiHelp,
		Args:  takes(0, 0, "no arguments"),
	}
	cmd.Flags().BoolVar(&login, "login", false, "of the login, not of the till's key")
	work := func(ctx context.Context, l *line, _ []string) (*result, error) { return p.whoami(ctx, l) }
	asTill := p.onService(&cobra.Command{}, forPayments, work).RunE
	asUser := p.onService(&cobra.Command{}, asPerson, work).RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if login {
			return notByItself(asUser(cmd, args))
		}
		return notByItself(asTill(cmd, args))
	}
	return cmd
}

// notByItself leaves out of a refusal the advice to run whoami: this is it.
func notByItself(err error) error {
	refused := turnedAway(err)
	f, ok := errors.AsType[*failure](err)
	if !ok || !refused {
		return err
	}
	f.Message = strings.ReplaceAll(f.Message, runAdvice(whoamiCommandLine), "")
	return f
}

func (p *program) whoami(ctx context.Context, l *line) (*result, error) {
	memberships, _, err := l.client.Accounts.Memberships(ctx)
	if err != nil {
		return nil, err
	}
	p.say("%s", widget.Clean(l.credential.name()))
	doc := &object{}
	doc.add("outcome", "known")
	doc.add("credential", credentialDocument(l.credential))
	if login := l.credential.login; login != nil {
		addLogin(doc, *login)
	}
	doc.add("accounts", append([]api.AccountMembership{}, memberships...))
	may := []*object{}
	for _, m := range memberships {
		p.say("Account %s", membershipText(m))
		may = append(may, p.mayDo(m))
	}
	doc.add("may", may)
	return &result{document: doc}, nil
}

func credentialDocument(c credential) *object {
	doc := &object{}
	if c.login != nil {
		doc.add("kind", "login")
		doc.add("from", "login")
		return doc
	}
	doc.add("kind", "api-key")
	doc.add("from", c.from.String())
	doc.add("shown", c.key.String())
	return doc
}

// mayDo tells what a role in an account may do, by the documented table.
func (p *program) mayDo(m api.AccountMembership) *object {
	type verdict struct {
		Task       string `json:"task"`
		Permission string `json:"permission"`
		Allowed    *bool  `json:"allowed"` // null where the documents do not tell
		Reason     string `json:"reason"`
	}
	verdicts := make([]verdict, 0, len(tasks))
	for _, task := range tasks {
		v := auth.May(m.Role, auth.Permission(task.permission), auth.Target{Flags: flagsOf(m)})
		told, word := verdict{Task: task.name, Permission: task.permission, Reason: v.Reason}, "?  "
		if !v.Unknown {
			told.Allowed, word = &v.Allowed, "no "
		}
		if v.Allowed {
			word = "yes"
		}
		verdicts = append(verdicts, told)
		if v.Allowed {
			p.say("  %s %s", word, task.name)
		} else {
			p.say("  %s %-34s %s", word, task.name, v.Reason)
		}
	}
	doc := &object{}
	doc.add("accountId", m.AccountID)
	doc.add("role", m.Role)
	doc.add("tasks", verdicts)
	return doc
}

// flagsOf are the account flags that a membership shows.
func flagsOf(m api.AccountMembership) auth.Flags {
	if m.AccountType == api.AccountIndividual {
		return auth.TrustedUser // taken as given: no call tells
	}
	return auth.Organisation | auth.TrustedUser
}
