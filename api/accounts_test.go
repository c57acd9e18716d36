package api

import (
	"net/http"
	"slices"
	"testing"
)

const membershipsJSON = `[
	{"accountName":"Centrapay Cafe","accountId":"Jaim1Cu1Q55uooxSens6yk","accountType":"org","role":"account-owner"},
	{"accountName":"Sam","accountId":"C4QnjXvj8At6SMsEN4LRi9","accountType":"individual","role":"anon-consumer","testAccount":true}
]`

// The documents show the same call with a key, as a user, and as a user who acts
// for an organisation.
func TestEveryPublishedRequestForMembershipsIsBuiltExactly(t *testing.T) {
	t.Parallel()
	credentials := map[string][]Option{
		"doc-auth-01-get-api-account-memberships": {WithAPIKey(testKey)},
		"doc-auth-02-get-api-account-memberships": {WithUserToken(always(testToken))},
		"doc-auth-03-get-api-account-memberships": {WithUserToken(always(testToken)), WithAccount("Jaim1Cu1Q55uooxSens6yk")},
	}
	for name, opts := range credentials {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := requestFixture(t, name)
			c := newUserClient(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				f.check(t, name, r)
				answering(200, membershipsJSON)(w, r)
			}), opts...)
			got, meta, err := c.Accounts.Memberships(t.Context())
			if err != nil || meta.Status != 200 {
				t.Fatal(meta, err)
			}
			want := []AccountMembership{
				{AccountID: "Jaim1Cu1Q55uooxSens6yk", AccountName: "Centrapay Cafe", AccountType: AccountOrg, Role: RoleAccountOwner},
				{AccountID: "C4QnjXvj8At6SMsEN4LRi9", AccountName: "Sam", AccountType: AccountIndividual, Role: "anon-consumer", TestAccount: true},
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestNoMembershipsIsAnAnswer(t *testing.T) {
	t.Parallel()
	got, _, err := newClientOf(t, answering(200, `[]`)).Accounts.Memberships(t.Context())
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}
