package auth

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"centrapos/api"
	"centrapos/api/legacy"
)

// symbols are the flags as the documents draw them.
var symbols = map[string]Flags{"👤": TrustedUser, "🧀": AssetIssuer, "🗄": Organisation, "🪙": CollectionManager}

// TestTableOfTheSheet compares the table with the sheet of both editions, cell by
// cell.
func TestTableOfTheSheet(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]Scope{"": ScopeNone, "✅": ScopeOwn, "✅✸": ScopeEvery, "n/a": ScopeUnlisted}
	rows := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		rows++
		columns := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		p := Permission(strings.Trim(columns[0], "`"))
		var needs Flags
		for _, symbol := range strings.Fields(columns[1]) {
			needs |= symbols[symbol]
		}
		for edition, cellsOf := range map[Edition][]string{Founding: columns[2:6], Current: columns[6:11]} {
			for i, r := range edition.Roles() {
				want, known := cells[cellsOf[i]]
				if !known {
					t.Fatalf("%s: cell %q", p, cellsOf[i])
				}
				if got := edition.Scope(r, p); got != want {
					t.Errorf("%s of %s in %s: got %v, want %v", p, r, edition, got, want)
				}
			}
			if cellsOf[0] != "n/a" {
				equal(t, string(p)+" needs", edition.Needs(p), needs)
			}
		}
	}
	equal(t, "rows", rows, len(permissionTable))
}

// foundingMarks reads a row of the founding document's text: the permission, its
// flags, and the marks in their order.
func foundingMarks(line string) (p Permission, needs Flags, marks []Scope) {
	fields := strings.Fields(line)
	star := false
	for _, field := range fields[1:] {
		switch {
		case symbols[field] != 0:
			needs |= symbols[field]
		case field == "✸":
			star = true
		case field == "✅" && star:
			marks, star = append(marks, ScopeEvery), false
		case field == "✅":
			marks = append(marks, ScopeOwn)
		}
	}
	return Permission(fields[0]), needs, marks
}

// TestTableOfTheFoundingDocument compares the founding edition with the text of
// the document itself (quirk J7): it lost the marks of the external asset provider
// and one row without marks, and has a row twice. What is left says which
// permissions there are, their flags and stars, and how many roles have them.
func TestTableOfTheFoundingDocument(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/founding-permissions.txt")
	if err != nil {
		t.Fatal(err)
	}
	var seen []Permission
	for line := range strings.Lines(string(text)) {
		if !strings.Contains(strings.SplitN(line, " ", 2)[0], ":") {
			continue
		}
		p, needs, marks := foundingMarks(line)
		seen = append(seen, p)
		equal(t, string(p)+" needs", Founding.Needs(p), needs)
		var want []Scope
		for _, r := range Founding.Roles() {
			if scope := Founding.Scope(r, p); scope > ScopeNone && r != ExternalAssetProvider {
				want = append(want, scope)
			}
		}
		if !slices.Equal(marks, want) {
			t.Errorf("%s: the document shows %v, the table has %v", p, marks, want)
		}
	}
	equal(t, "rows of the document", len(seen), 43)
	slices.Sort(seen)
	seen = slices.Compact(seen)
	equal(t, "permissions of the document", len(seen), 42)
	missing := slices.DeleteFunc(Founding.Permissions(), func(p Permission) bool { return slices.Contains(seen, p) })
	if !slices.Equal(missing, []Permission{"integration-requests:configure"}) {
		t.Errorf("the document lacks %v", missing)
	}
}

func TestCountsOfPermissions(t *testing.T) {
	t.Parallel()
	equal(t, "current", len(Current.Permissions()), 63)
	equal(t, "founding", len(Founding.Permissions()), 43)
	if !slices.IsSorted(Current.Permissions()) {
		t.Error("the permissions are not in order")
	}
	onlyFounding := slices.DeleteFunc(Founding.Permissions(), func(p Permission) bool { return slices.Contains(Current.Permissions(), p) })
	equal(t, "gone", len(onlyFounding), 6) // top-ups, and wallets by another name
	for _, p := range Founding.Permissions() {
		equal(t, "a cashier of the founding edition has "+string(p), Founding.Scope(Cashier, p) > ScopeNone, false)
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	org := Target{Flags: Organisation}
	for _, tt := range []struct {
		edition Edition
		role    Role
		p       Permission
		targets []Target
		want    Verdict
	}{
		// What a till with a merchant terminal's key may and may not.
		{Current, MerchantTerminal, "payment-requests:create", []Target{{OtherAccount: true, Flags: Organisation}}, Verdict{Allowed: true, Reason: "A merchant terminal has payment-requests:create for what belongs to any account."}},
		{Current, MerchantTerminal, "payment-requests:refund", []Target{org}, Verdict{Allowed: true, Reason: "A merchant terminal has payment-requests:refund for what belongs to its own account."}},
		{Current, MerchantTerminal, "payment-requests:refund", nil, Verdict{Allowed: true, Reason: "A merchant terminal has payment-requests:refund for what belongs to its own account; it needs the account that owns the resource to be of type org."}},
		{Current, MerchantTerminal, "payment-requests:refund", []Target{{OtherAccount: true, Flags: Organisation}}, Verdict{Reason: "A merchant terminal has payment-requests:refund for what belongs to its own account, and this belongs to another."}},
		{Current, MerchantTerminal, "payment-requests:refund", []Target{{FlagsKnown: true}}, Verdict{Reason: "The permission payment-requests:refund needs the account that owns the resource to be of type org."}},
		{Current, MerchantTerminal, "payment-requests:refund", []Target{{Flags: TrustedUser}}, Verdict{Reason: "The permission payment-requests:refund needs the account that owns the resource to be of type org."}},
		// Flags that nobody looked up are not flags that are not there.
		{Current, MerchantTerminal, "payment-requests:refund", []Target{{}}, Verdict{Unknown: true, Reason: "The permission payment-requests:refund needs the account that owns the resource to be of type org, and the flags of the account are not known; only the service can tell."}},
		{Current, MerchantTerminal, "payment-requests:refund", []Target{{OtherAccount: true}}, Verdict{Reason: "A merchant terminal has payment-requests:refund for what belongs to its own account, and this belongs to another."}},
		{Current, MerchantTerminal, "merchants:read", []Target{org}, Verdict{Reason: "A merchant terminal does not have merchants:read; an account owner and a cashier do."}},
		{Current, MerchantTerminal, "bank-accounts:read", nil, Verdict{Reason: "A merchant terminal does not have bank-accounts:read; an account owner does."}},
		{Current, MerchantTerminal, "assets:read", nil, Verdict{Reason: "A merchant terminal does not have assets:read; an account owner and an external asset provider do."}},
		{Current, AccountOwner, "integration-requests:configure", nil, Verdict{Reason: "An account owner does not have integration-requests:configure, nor does any other role."}},
		// What changed between the editions.
		{Founding, MerchantTerminal, "payment-requests:create", []Target{{OtherAccount: true, Flags: Organisation}}, Verdict{Reason: "A merchant terminal has payment-requests:create for what belongs to its own account, and this belongs to another."}},
		{Founding, AccountOwner, "payment-requests:refund", []Target{org}, Verdict{Reason: "An account owner does not have payment-requests:refund; a merchant terminal does."}},
		{Founding, MerchantTerminal, "payment-activities:read", nil, Verdict{Reason: "A merchant terminal does not have payment-activities:read; an account owner does."}},
		{Current, MerchantTerminal, "payment-activities:read", nil, Verdict{Allowed: true, Reason: "A merchant terminal has payment-activities:read for what belongs to its own account."}},
		{Founding, Cashier, "payment-requests:read", nil, Verdict{Unknown: true, Reason: "The founding documents do not describe a cashier; only the service can tell."}},
		{Founding, AccountOwner, "payment-requests:confirm", nil, Verdict{Unknown: true, Reason: "The founding documents do not know payment-requests:confirm, which is in another edition of them; only the service can tell."}},
		{Current, AccountOwner, "wallets:read", nil, Verdict{Unknown: true, Reason: "The documents do not know wallets:read, which is in another edition of them; only the service can tell."}},
		{Current, AccountOwner, "tea:make", nil, Verdict{Unknown: true, Reason: "The documents do not know tea:make; only the service can tell."}},
		{Current, "owner\x1b[2J", "payment-requests:read", nil, Verdict{Unknown: true, Reason: "The documents do not describe the role owner[2J; only the service can tell."}},
		// Any one of several flags is enough.
		{Current, AccountOwner, "asset-transfers:create", []Target{{Flags: AssetIssuer}}, Verdict{Allowed: true, Reason: "An account owner has asset-transfers:create for what belongs to its own account."}},
		{Current, AccountOwner, "asset-transfers:create", []Target{{Flags: TrustedUser}}, Verdict{Allowed: true, Reason: "An account owner has asset-transfers:create for what belongs to its own account."}},
		{Current, AccountOwner, "asset-transfers:create", []Target{{Flags: Organisation | CollectionManager}}, Verdict{Reason: "The permission asset-transfers:create needs a user trusted for a verified New Zealand phone number, or the account that owns the resource to have an external-asset-issuer subscription."}},
		// All of several targets have to be allowed.
		{Current, Cashier, "payment-requests:void", []Target{org, {OtherAccount: true, Flags: Organisation}}, Verdict{Reason: "A cashier has payment-requests:void for what belongs to its own account, and this belongs to another."}},
		{Current, AnonymousConsumer, "payment-requests:pay", []Target{{OtherAccount: true, Flags: Organisation}}, Verdict{Allowed: true, Reason: "An anonymous consumer has payment-requests:pay for what belongs to any account."}},
	} {
		got := tt.edition.May(tt.role, tt.p, tt.targets...)
		equal(t, string(tt.role)+" "+string(tt.p), got, tt.want)
		if tt.edition == Current {
			equal(t, "the function May", May(tt.role, tt.p, tt.targets...), got)
		}
	}
}

// The withdrawn cancel of payment requests keeps its permission (quirk C25); no
// call but the first generation's needs it.
func TestPermissionOfAWithdrawnEndpoint(t *testing.T) {
	t.Parallel()
	equal(t, "may cancel", May(MerchantTerminal, "payment-requests:cancel").Allowed, true)
	for _, e := range Endpoints() {
		if e.Permission == "payment-requests:cancel" {
			equal(t, "call", e.Call, "legacy.Cancel")
		}
	}
}

func TestMayCall(t *testing.T) {
	t.Parallel()
	for call, want := range map[string]Verdict{
		"Merchants.Get":                    {Reason: "A merchant terminal does not have merchants:read; an account owner and a cashier do."},
		"ScannedCodes.Decode":              {Allowed: true, Reason: "A merchant terminal has scanned-code:decode for what belongs to its own account."},
		"PaymentRequests.Summary":          {Allowed: true, Reason: "PaymentRequests.Summary needs no credential."},
		"Merchants.Settlements":            {Unknown: true, Reason: "The documents name no permission for settlements; only the service can tell."},
		"PaymentRequests.GetByConnection":  {Unknown: true, Reason: "Only the account that authorized the connection may, whatever its role; only the service can tell."},
		"PaymentRequests.Teleport":         {Unknown: true, Reason: "This client has no call PaymentRequests.Teleport; only the service can tell."},
		"BankAccounts.ListByAccount":       {Reason: "A merchant terminal does not have bank-accounts:read; an account owner does."},
		"PaymentRequests.DeclineCondition": {Allowed: true, Reason: "A merchant terminal has payment-conditions:approve for what belongs to its own account."},
	} {
		equal(t, call, MayCall(MerchantTerminal, call), want)
	}
}

// Every call of the client has a row, and every row is a call.
func TestEveryCallHasItsPermission(t *testing.T) {
	t.Parallel()
	var calls []string
	client := reflect.TypeFor[api.Client]()
	for i := range client.NumField() {
		field := client.Field(i)
		if !field.IsExported() {
			continue
		}
		for m := range field.Type.NumMethod() {
			calls = append(calls, field.Name+"."+field.Type.Method(m).Name)
		}
	}
	first := reflect.TypeFor[*legacy.Client]()
	for m := range first.NumMethod() {
		calls = append(calls, "legacy."+first.Method(m).Name)
	}
	for _, call := range calls {
		if _, known := EndpointOf(call); !known {
			t.Errorf("%s has no row in endpoint.go: say what it needs", call)
		}
	}
	for _, e := range Endpoints() {
		if !slices.Contains(calls, e.Call) {
			t.Errorf("%s of endpoint.go is no call", e.Call)
		}
		if e.Permission != "" && Current.Scope(AccountOwner, e.Permission) == ScopeUnlisted {
			t.Errorf("%s needs %s, which is no permission", e.Call, e.Permission)
		}
		if told := e.Permission != "" || e.Public || e.Note != ""; !told || e.Public && e.Permission != "" {
			t.Errorf("%s: say what it needs, or why that is not known", e.Call)
		}
	}
}
