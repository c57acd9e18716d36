package auth

import (
	"slices"
	"strings"
)

// Permission is something that a role may do, such as payment-requests:refund.
type Permission string

// Scope is whose resources a role may use a permission on.
type Scope uint8

// The scopes. The zero value is a permission that an edition does not have.
const (
	ScopeUnlisted Scope = iota
	// ScopeNone is a permission that the role does not have.
	ScopeNone
	// ScopeOwn covers the resources of the account that the role is held in.
	ScopeOwn
	// ScopeEvery covers the resources of every account: a star in the docs.
	ScopeEvery
)

// Edition is a state of the documented table. The zero value is Current.
type Edition int

// The editions.
const (
	// Current is the public documentation of August 2026.
	Current Edition = iota
	// Founding is the document that this package was founded on, of early 2022.
	Founding
)

// String names the edition in a sentence.
func (e Edition) String() string {
	if e == Founding {
		return "the founding documents"
	}
	return "the documents"
}

func (e Edition) other() Edition {
	if e == Founding {
		return Current
	}
	return Founding
}

func (e Edition) scopes(row permissionRow) scopes {
	if e == Founding {
		return row.founding
	}
	return row.current
}

func rowOf(p Permission) (permissionRow, bool) {
	i := slices.IndexFunc(permissionTable[:], func(row permissionRow) bool { return row.name == p })
	if i < 0 {
		return permissionRow{}, false
	}
	return permissionTable[i], true
}

// Permissions returns the permissions of the edition, by name.
func (e Edition) Permissions() []Permission {
	var all []Permission
	for _, row := range permissionTable {
		if e.scopes(row)[0] != ScopeUnlisted {
			all = append(all, row.name)
		}
	}
	return all
}

// Roles returns the roles of the edition, in the order of its columns.
func (e Edition) Roles() []Role {
	roles := roleOrder[:]
	if e == Founding {
		roles = roles[:len(roles)-1] // cashiers came in October 2022
	}
	return slices.Clone(roles)
}

// Scope tells whose resources a role may use a permission on.
func (e Edition) Scope(r Role, p Permission) Scope {
	row, _ := rowOf(p)
	i := slices.Index(e.Roles(), r)
	if i < 0 {
		if e.scopes(row)[0] == ScopeUnlisted {
			return ScopeUnlisted
		}
		return ScopeNone
	}
	return e.scopes(row)[i]
}

// Needs tells the flags of which a permission needs one, none for most.
func (e Edition) Needs(p Permission) Flags {
	row, _ := rowOf(p)
	if e.scopes(row)[0] == ScopeUnlisted {
		return 0
	}
	return row.needs
}

// Target is what a permission is to be used on, as far as the caller knows it.
type Target struct {
	// OtherAccount says that the resource belongs to another account than the one
	// that the role is held in.
	OtherAccount bool
	// Flags are held by the accounts concerned: TrustedUser by the caller's own,
	// the others by the one that owns the resource. When there are none, FlagsKnown
	// tells accounts without flags from accounts that nobody looked at.
	Flags Flags
	// FlagsKnown says that the accounts have no flag beside Flags. Without it, and
	// without any Flags, a permission that needs one is Unknown. Flags that are given
	// are taken as all there are.
	FlagsKnown bool
}

// Verdict is the answer to "may this role do that", with the reason in a
// sentence, both when it may and when not.
type Verdict struct {
	// Allowed says that the documented table allows it.
	Allowed bool
	// Unknown says that the documents do not tell, so that only the service can.
	// Allowed is false then.
	Unknown bool
	// Reason says why or why not, in a sentence to show.
	Reason string
}

// May tells whether a role may use a permission, by the documented table as it
// is now, and why or why not. Without a target it answers for the account's own
// resources and takes needed flags as given; the reason names them. With targets
// the role must be allowed all of them. It is advice, to explain a refusal or to
// leave out what would be refused: the service decides.
func May(r Role, p Permission, targets ...Target) Verdict { return Current.May(r, p, targets...) }

// May is the function May for an edition.
func (e Edition) May(r Role, p Permission, targets ...Target) Verdict {
	scope := e.Scope(r, p)
	switch {
	case scope == ScopeUnlisted:
		return unknown(e.unlisted(p))
	case !slices.Contains(e.Roles(), r):
		return unknown(e.String() + " do not describe " + nameOf(r))
	case scope == ScopeNone:
		return no(nameOf(r) + " does not have " + string(p) + e.holders(p))
	}
	for _, target := range targets {
		if v := e.mayOn(r, p, scope, target); !v.Allowed {
			return v
		}
	}
	reason := nameOf(r) + " has " + string(p) + whose(scope)
	if needs := e.Needs(p); needs != 0 && len(targets) == 0 {
		reason += "; it needs " + needs.String()
	}
	return Verdict{Allowed: true, Reason: sentence(reason)}
}

func (e Edition) mayOn(r Role, p Permission, scope Scope, target Target) Verdict {
	needs := e.Needs(p)
	switch {
	case target.OtherAccount && scope != ScopeEvery:
		return no(nameOf(r) + " has " + string(p) + whose(scope) + ", and this belongs to another")
	case needs != 0 && target.Flags == 0 && !target.FlagsKnown:
		return unknown("the permission " + string(p) + " needs " + needs.String() + ", and the flags of the account are not known")
	case needs != 0 && !target.Flags.Has(needs):
		return no("the permission " + string(p) + " needs " + needs.String())
	}
	return Verdict{Allowed: true}
}

func no(reason string) Verdict { return Verdict{Reason: sentence(reason)} }

func unknown(reason string) Verdict {
	return Verdict{Unknown: true, Reason: sentence(reason + "; only the service can tell")}
}

func whose(s Scope) string {
	if s == ScopeEvery {
		return " for what belongs to any account"
	}
	return " for what belongs to its own account"
}

func (e Edition) unlisted(p Permission) string {
	reason := e.String() + " do not know " + oneLine(string(p))
	if row, known := rowOf(p); known && e.other().scopes(row)[0] != ScopeUnlisted {
		return reason + ", which is in another edition of them"
	}
	return reason
}

// holders names the roles that have a permission.
func (e Edition) holders(p Permission) string {
	var names []string
	for _, r := range e.Roles() {
		if e.Scope(r, p) >= ScopeOwn {
			names = append(names, nameOf(r))
		}
	}
	switch len(names) {
	case 0:
		return ", nor does any other role"
	case 1:
		return "; " + names[0] + " does"
	}
	return "; " + strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1] + " do"
}

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
