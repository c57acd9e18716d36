package auth

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// holder keeps tokens in a field that fmt can only read by reflection.
type holder struct {
	tokens Tokens
	secret Secret
}

func TestTokensAreNotPrinted(t *testing.T) {
	t.Parallel()
	const access, refresh, id = "the-access-token", "the-refresh-token", "the-id-token"
	tokens := Tokens{
		AccessToken: NewSecret(access), RefreshToken: NewSecret(refresh), IDToken: NewSecret(id),
		Expiry: time.Now(), Claims: Claims{Subject: "u1"},
	}
	issuer := newTestIssuer(t)
	provider := newTestProvider(t, issuer)
	source := provider.Source(tokens, SourceOptions{})
	var printed strings.Builder
	for _, value := range []any{
		tokens, &tokens, []Tokens{tokens}, map[string]Tokens{"x": tokens}, holder{tokens, tokens.AccessToken},
		&holder{tokens, tokens.AccessToken}, tokens.AccessToken, &tokens.AccessToken, source, StaticToken(tokens.AccessToken), provider, newVerifier(t, issuer),
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t", "%T", "%!", "%w", "%5.2f", "% x", "%U"} {
			fmt.Fprintf(&printed, verb+"\n", value)
		}
		logger := slog.New(slog.NewTextHandler(&printed, nil))
		logger.Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("json", "value", value)
		for _, encode := range []func(any) ([]byte, error){
			json.Marshal, xml.Marshal,
			func(v any) ([]byte, error) {
				var b bytes.Buffer
				err := gob.NewEncoder(&b).Encode(v)
				return b.Bytes(), err
			},
		} {
			out, err := encode(value)
			fmt.Fprintf(&printed, "%s %v\n", out, err)
		}
	}
	for _, secret := range []string{access, refresh, id} {
		for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret), fmt.Sprint([]byte(secret))} {
			if strings.Contains(printed.String(), form) {
				t.Errorf("%s is printed", form)
			}
		}
	}
	equal(t, "tokens", fmt.Sprint(Tokens{Claims: Claims{Subject: "u1", Email: "hana@example.com"}}), "tokens of user u1")
}

// Whoever logs a claim, or what holds one, does not log how to reach the person.
func TestClaimsShowNoMoreThanTheUser(t *testing.T) {
	t.Parallel()
	claims := Claims{Subject: "u1", Email: "hana@example.com", PhoneNumber: "+64211234567", GivenName: "Hana", FamilyName: "Walker"}
	var printed strings.Builder
	for _, value := range []any{
		claims, &claims, []Claims{claims}, map[string]Claims{"x": claims}, struct{ V any }{claims},
		Tokens{Claims: claims}, struct{ T Tokens }{Tokens{Claims: claims}}, []Tokens{{Claims: claims}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&printed, verb+"\n", value)
		}
		slog.New(slog.NewTextHandler(&printed, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("json", "value", value)
	}
	for _, personal := range []string{claims.Email, claims.PhoneNumber, claims.GivenName, claims.FamilyName} {
		if strings.Contains(printed.String(), personal) || strings.Contains(printed.String(), fmt.Sprintf("%x", personal)) {
			t.Errorf("%s is printed: %s", personal, printed.String())
		}
	}
	equal(t, "claims", fmt.Sprintf("%#v", claims), `auth.Claims{Subject: "u1"}`)
}

// What is exported is imported as it was.
func TestExport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.String()
		want := Tokens{
			AccessToken: NewSecret(text.Draw(rt, "access")), RefreshToken: NewSecret(text.Draw(rt, "refresh")),
			Expiry: time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "expiry"), 0).UTC(),
			Claims: Claims{Subject: text.Draw(rt, "sub"), Email: text.Draw(rt, "email"), EmailVerified: rapid.Bool().Draw(rt, "verified")},
		}
		data, err := want.Export()
		if err != nil {
			rt.Fatal(err)
		}
		got, err := ImportTokens(data)
		if err != nil {
			rt.Fatal(err)
		}
		if got.AccessToken.Reveal() != want.AccessToken.Reveal() || got.RefreshToken.Reveal() != want.RefreshToken.Reveal() ||
			!got.IDToken.IsZero() || !got.Expiry.Equal(want.Expiry) || got.Claims != want.Claims {
			rt.Fatalf("got %s, want %s", got, want)
		}
	})
	if _, err := ImportTokens([]byte(`{"accessToken":"half-of-a-tok`)); err == nil || strings.Contains(err.Error(), "tok\"") || strings.Contains(err.Error(), "half-of") {
		t.Errorf("got %v", err)
	}
}

func TestClaims(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Claims{
		`{"sub":"u1","email":"a@b.nz","email_verified":true}`:                {Subject: "u1", Email: "a@b.nz", EmailVerified: true},
		`{"sub":"u1","email_verified":"true","phone_number_verified":"1"}`:   {Subject: "u1", EmailVerified: true, PhoneNumberVerified: true},
		`{"sub":7,"phone_number":6421123,"phone_number_verified":"perhaps"}`: {Subject: "7", PhoneNumber: "6421123"},
		`{"sub":"u1","email":["a"],"given_name":{},"email_verified":[true]}`: {Subject: "u1"},
		`{"SUB":"u1","Email":"a@b.nz"}`:                                      {},
		`{"sub":null,"email_verified":null}`:                                 {},
		`{}`:                                                                 {},
	} {
		var got Claims
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		equal(t, text, got, want)
	}
	for _, text := range []string{`[]`, `"x"`, `7`} {
		if err := json.Unmarshal([]byte(text), new(Claims)); err == nil {
			t.Errorf("%s is read as claims", text)
		}
	}
}

func TestDisplayName(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Claims{
		"Hana Walker":      {Subject: "u1", GivenName: "Hana", FamilyName: "Walker", PreferredUsername: "hana", Email: "hana@example.com"},
		"Walker":           {Subject: "u1", FamilyName: " Walker "},
		"hana":             {Subject: "u1", PreferredUsername: "hana", Email: "hana@example.com"},
		"hana@example.com": {Subject: "u1", Email: "hana@example.com", PhoneNumber: "+64211234567"},
		"+64211234567":     {Subject: "u1", PhoneNumber: "+64211234567"},
		"user u1":          {Subject: "u1", GivenName: "\u200b\x1b"},
		"Eve[2J x":         {GivenName: "Eve\x1b[2J", FamilyName: "\r\n\tx"},
	} {
		equal(t, fmt.Sprintf("%#v", c), c.DisplayName(), want)
	}
}
