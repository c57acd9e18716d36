package sandbox

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// User is somebody who can log in. Source: Centrapay docs, auth, id token claims.
type User struct {
	// ID is the Centrapay user id, the sub of tokens.
	ID string
	// Email and Phone (E.123) are how a user is known; one of them may be "".
	Email string
	Phone string
	// GivenName and FamilyName are the user's, Username is the handle.
	GivenName  string
	FamilyName string
	Username   string
	// AccountID and AccountName are the user's own account, an individual one; the
	// user is its owner, and calls count for it.
	AccountID   string
	AccountName string
	// Memberships are the org accounts that the user may act for.
	Memberships []Membership
}

// Membership is what a user may do for an org account. Source: Centrapay docs,
// account memberships.
type Membership struct {
	AccountID   string
	AccountName string
	Role        Role
}

// LoginClient is a program that sends users to the login page. Programs of this
// machine, with a redirect to http://127.0.0.1, http://[::1] or http://localhost
// on any port, need not be listed.
type LoginClient struct {
	ID string
	// RedirectURIs are where codes may be sent besides, letter for letter.
	RedirectURIs []string
}

// DemoUsers returns the users that a sandbox has unless it is given others: the
// owner of the demonstration merchant's account, and a cashier of it.
func DemoUsers() []User { return usersOf([]Merchant{Demo()}) }

// usersOf are an owner and a cashier of each merchant's account.
func usersOf(merchants []Merchant) []User {
	owner := User{
		ID: "57142ecc-e5e4-456a-8312-1fad4fdef3c7", Email: "mere@sandbox.example", Phone: "+64215550101",
		GivenName: "Mere", FamilyName: "Ngata", Username: "mere",
		AccountID: "sandboxAccountMere", AccountName: "Mere Ngata",
	}
	cashier := User{
		ID: "7c0a034a-c36e-4645-b12b-57dec339ab47", Email: "jack@sandbox.example", Phone: "+64215550102",
		GivenName: "Jack", FamilyName: "Tamihana", Username: "jack",
		AccountID: "sandboxAccountJack", AccountName: "Jack Tamihana",
	}
	seen := map[string]bool{}
	for _, m := range merchants {
		if seen[m.AccountID] {
			continue
		}
		seen[m.AccountID] = true
		owner.Memberships = append(owner.Memberships, Membership{m.AccountID, m.AccountName, RoleAccountOwner})
		cashier.Memberships = append(cashier.Memberships, Membership{m.AccountID, m.AccountName, RoleCashier})
	}
	return []User{owner, cashier}
}

// WithUsers replaces the users who can log in; none is allowed.
func WithUsers(users ...User) Option {
	return func(s *settings) error {
		for i, u := range users {
			if err := u.validate(); err != nil {
				return err
			}
			if slices.ContainsFunc(users[:i], func(other User) bool { return other.ID == u.ID }) {
				return fmt.Errorf("user %q is given twice", u.ID)
			}
		}
		s.users = append([]User{}, users...)
		return nil
	}
}

func (u User) validate() error {
	if u.ID == "" || u.AccountID == "" || u.Email == "" && u.Phone == "" {
		return fmt.Errorf("user %q has no id, no account, or neither e-mail nor phone", u.ID)
	}
	for _, m := range u.Memberships {
		if m.AccountID == "" || !m.Role.known() {
			return fmt.Errorf("user %q: a membership of account %q with the role %q", u.ID, m.AccountID, m.Role)
		}
	}
	return nil
}

// WithLoginClients adds programs that may send users to the login page.
func WithLoginClients(clients ...LoginClient) Option {
	return func(s *settings) error {
		for _, c := range clients {
			if c.ID == "" {
				return errors.New("a login client has no id")
			}
			for _, uri := range c.RedirectURIs {
				if u, err := url.Parse(uri); err != nil || u.Scheme == "" || u.Fragment != "" {
					return fmt.Errorf("login client %q: redirect URI %q: want an absolute URI without a fragment", c.ID, uri)
				}
			}
		}
		s.loginClients = append(s.loginClients, clients...)
		return nil
	}
}

// user finds a user by id, e-mail, phone number or handle.
func (d *directory) user(known string) (User, bool) {
	known = strings.TrimSpace(known)
	i := slices.IndexFunc(d.users, func(u User) bool {
		return known != "" && (known == u.ID || strings.EqualFold(known, u.Email) || known == u.Phone || strings.EqualFold(known, u.Username))
	})
	if i < 0 {
		return User{}, false
	}
	return d.users[i], true
}

func (d *directory) loginClient(id string) (LoginClient, bool) {
	i := slices.IndexFunc(d.loginClients, func(c LoginClient) bool { return c.ID == id })
	if i < 0 {
		return LoginClient{}, false
	}
	return d.loginClients[i], true
}

// name is how a user is called on pages.
func (u User) name() string { return strings.TrimSpace(u.GivenName + " " + u.FamilyName) }

// key is what a user may do for an account: the own one when accountID is "".
func (u User) key(accountID string) (Key, bool) {
	k := Key{AccountID: u.AccountID, AccountName: u.AccountName, Role: RoleAccountOwner, user: u.ID, chargedTo: u.AccountID}
	if accountID == "" || accountID == u.AccountID {
		return k, true
	}
	for _, m := range u.Memberships {
		if m.AccountID == accountID {
			k.AccountID, k.AccountName, k.Role = m.AccountID, m.AccountName, m.Role
			return k, true
		}
	}
	return Key{}, false
}
