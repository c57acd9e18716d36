package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"centrapos/api"
	"centrapos/api/auth"
)

// bankAccount is a bank account as the sandbox keeps it. Bank authorities are the
// same thing, seen in an older way. Source: Centrapay docs, bank accounts.
type bankAccount struct {
	// BankAccount is all that can be answered, its DirectDebitAuthority apart.
	api.BankAccount
	// WrongCodes is how many were tried.
	WrongCodes int `json:"wrongCodes,omitempty"`
	// Activities is how many there were.
	Activities int `json:"activities,omitempty"`
}

// settlementAccounts are the bank accounts to which merchants are settled, as their
// owners once added them.
func settlementAccounts(merchants []Merchant) []bankAccount {
	var all []bankAccount
	for _, m := range merchants {
		id := m.SettlementBankAccountID
		if id == "" || slices.ContainsFunc(all, func(b bankAccount) bool { return b.ID == id }) {
			continue
		}
		at := api.NewTimestamp(time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC))
		by := Key{AccountID: m.AccountID, Name: "Owner"}.crn()
		all = append(all, bankAccount{BankAccount: api.BankAccount{
			ID: id, AccountID: m.AccountID, BankAccountNumber: fmt.Sprintf("12-3456-%07d-00", len(all)+1), BankAccountName: m.Name,
			Status: api.BankAccountActive, Type: api.BankAccountCentrapay, Verified: true, Test: m.liveness() == api.LivenessTest,
			Approvals: []api.BankAccountApprovalSummary{{Type: api.ApprovalSettlement, Status: api.ApprovalApproved, UpdatedAt: at}},
			CreatedAt: at, CreatedBy: by, ModifiedAt: at, ModifiedBy: by,
		}})
	}
	return all
}

// keepAdmin replaces what is kept beside payment requests, and adds the bank
// accounts that are there from the start.
func (s *store) keepAdmin(a adminState) {
	var missing []bankAccount
	for _, b := range s.settledTo {
		if !slices.ContainsFunc(a.BankAccounts, func(kept bankAccount) bool { return kept.ID == b.ID }) {
			missing = append(missing, b)
		}
	}
	a.BankAccounts = append(missing, a.BankAccounts...)
	s.admin = a
}

// held tells whether a bank account counts: those that are archived do not.
func (b bankAccount) held() bool { return b.Status != api.BankAccountArchived }

// sameNumber compares bank account numbers however they are punctuated.
func (b bankAccount) sameNumber(number string) bool {
	return bareNumber(b.BankAccountNumber) == bareNumber(number)
}

func bareNumber(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, number)
}

// made is a bank account as the calls that make and change it answer it.
func (b bankAccount) made() api.BankAccount {
	out := b.BankAccount
	out.DirectDebitAuthority = nil
	return out
}

// seen is a bank account as it is read. The docs show the region only here.
func (b bankAccount) seen() api.BankAccount {
	out := b.made()
	out.BankRegion = "nz"
	return out
}

// asAuthority is a bank account as a bank authority, which has no type.
func (b bankAccount) asAuthority() api.BankAccount {
	out := b.made()
	out.Type = ""
	return out
}

// listedAuthority is a bank authority as the docs show it in a list.
func (b bankAccount) listedAuthority() api.BankAccount {
	out := b.asAuthority()
	out.CreatedBy, out.ModifiedBy, out.ModifiedAt = "", "", api.Timestamp{}
	return out
}

// archived is a bank account as archiving answers it.
func (b bankAccount) archived() api.BankAccount {
	out := b.listedAuthority()
	out.Approvals = nil
	out.Balance, out.AvailableBalance = BankBalance, BankBalance
	return out
}

// bankPlace finds a bank account that the key may do something to.
func (t *tx) bankPlace(id string, key Key, p auth.Permission) (int, error) {
	i := slices.IndexFunc(t.admin().BankAccounts, func(b bankAccount) bool { return b.ID == id })
	if i < 0 || !key.may(p, t.admin().BankAccounts[i].AccountID) {
		return 0, forbidden()
	}
	return i, nil
}

// bankOf is bankPlace for the id in the path of a call.
func (t *tx) bankOf(c *call, p auth.Permission) (*bankAccount, error) {
	i, err := t.bankPlace(c.http.PathValue("id"), c.key, p)
	if err != nil {
		return nil, err
	}
	if p == mayReadBankAccounts {
		return &t.admin().BankAccounts[i], nil
	}
	b := &t.changeAdmin().BankAccounts[i]
	return b, nil
}

// modify notes who changed a bank account.
func (b *bankAccount) modify(t *tx, key Key) {
	b.ModifiedAt, b.ModifiedBy = api.NewTimestamp(t.now), key.crn()
}

// summarize says where the approvals of one type stand.
func (b *bankAccount) summarize(a api.BankAccountApproval) {
	summary := api.BankAccountApprovalSummary{Type: a.Type, Status: a.Status, UpdatedAt: a.ModifiedAt}
	if a.Status == api.ApprovalCreated {
		summary.Status = api.ApprovalPending
	}
	b.Approvals = append(
		slices.DeleteFunc(slices.Clone(b.Approvals), func(s api.BankAccountApprovalSummary) bool { return s.Type == a.Type }),
		summary,
	)
}

func getBankAccount(t *tx, c *call) (any, error) {
	b, err := t.bankOf(c, mayReadBankAccounts)
	if err != nil {
		return nil, err
	}
	return b.seen(), nil
}

func getBankAuthority(t *tx, c *call) (any, error) {
	b, err := t.bankOf(c, mayReadBankAccounts)
	if err != nil {
		return nil, err
	}
	return b.asAuthority(), nil
}

func listBankAccounts(t *tx, c *call) (any, error) {
	return t.listBank(c.key, c.http.PathValue("account"), bankAccount.seen)
}

func listBankAuthorities(t *tx, c *call) (any, error) {
	return t.listBank(c.key, c.key.AccountID, bankAccount.listedAuthority)
}

// listBank is a bare array, newest first as in the docs' example.
func (t *tx) listBank(key Key, accountID string, form func(bankAccount) api.BankAccount) (any, error) {
	if !key.may(mayReadBankAccounts, accountID) {
		return nil, forbidden()
	}
	list := []api.BankAccount{}
	for _, b := range slices.Backward(t.admin().BankAccounts) {
		if b.AccountID == accountID {
			list = append(list, form(b))
		}
	}
	return list, nil
}

// listBankBalances are the balances of an account's bank accounts, newest first;
// those that are archived have none.
func listBankBalances(t *tx, c *call) (any, error) {
	accountID := c.http.PathValue("account")
	if !c.key.may(mayReadBankAccounts, accountID) {
		return nil, forbidden()
	}
	query := c.http.URL.Query()
	size, err := pageSize(query.Get("paginationLimit"))
	if err != nil {
		return nil, err
	}
	after, more := query.Get("pageKey"), false
	page := api.Page[api.BankAccountBalance]{Items: []api.BankAccountBalance{}}
	for _, b := range slices.Backward(t.admin().BankAccounts) {
		switch {
		case b.AccountID != accountID || !b.held():
		case after != "":
			if b.ID == after {
				after = ""
			}
		case len(page.Items) == size:
			more = true
		default:
			page.Items = append(page.Items, api.BankAccountBalance{
				BankAccountID: b.ID, BankAccountNumber: b.BankAccountNumber,
				Balance: BankBalance, AvailableBalance: BankBalance, Test: b.Test,
			})
		}
	}
	if after != "" {
		return nil, malformed("pageKey is not one that was given out")
	}
	if more {
		page.NextPageKey = page.Items[size-1].BankAccountID
	}
	return page, nil
}
