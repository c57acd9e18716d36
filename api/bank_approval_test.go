package api

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const testRefreshToken = "y04Njk3LTRjNmZkYjBhMzRiZSIsIm5vbmNlIjoiOTg3MTJjMGNkZmFiNWZjNzMwM2MxMzNl"

func TestARefreshTokenGoesNowhere(t *testing.T) {
	t.Parallel()
	approval := readResponse[BankAccountApproval](t, "bank-account-approvals-get")
	equal(t, "token", approval.RefreshToken.Reveal(), testRefreshToken)
	type private struct {
		approval BankAccountApproval
		token    RefreshToken
	}
	things := map[string]any{
		"token": approval.RefreshToken, "pointer": &approval.RefreshToken, "approval": approval, "approval's pointer": &approval,
		"page":    Page[BankAccountApproval]{Items: []BankAccountApproval{approval}},
		"private": private{approval, approval.RefreshToken},
		"map":     map[string]RefreshToken{"a": approval.RefreshToken},
	}
	hidden := func(what, text string) {
		for _, form := range []string{testRefreshToken[:20], hex.EncodeToString([]byte(testRefreshToken[:20]))} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(form)) {
				t.Errorf("%s shows the token: %s", what, text)
			}
		}
	}
	var out bytes.Buffer
	loggers := []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))}
	for what, thing := range things {
		for _, verb := range append([]string{"%p"}, verbs...) {
			hidden(what+" as "+verb, fmt.Sprintf(verb, thing))
		}
		for _, logger := range loggers {
			logger.Info("it", "thing", thing)
		}
		if data, err := json.Marshal(thing); err == nil {
			hidden(what+" as JSON", string(data))
		}
		if data, err := xml.Marshal(thing); err == nil {
			hidden(what+" as XML", string(data))
		}
	}
	hidden("log", out.String())
	// An approval that was written and read again has no token.
	again := read[BankAccountApproval](t, string(mustMarshal(t, approval)))
	equal(t, "written and read", again.RefreshToken.IsZero(), true)
	equal(t, "consent", again.ConsentID, approval.ConsentID)
}

func TestRefreshTokenThatIsAbsentOrNoText(t *testing.T) {
	t.Parallel()
	for _, wire := range []string{`{}`, `{"refreshToken":null}`, `{"refreshToken":""}`} {
		a := read[BankAccountApproval](t, wire)
		equal(t, wire, a.RefreshToken.IsZero(), true)
		equal(t, wire, a.RefreshToken.Reveal(), "")
		equal(t, wire, string(mustMarshal(t, a)), `{"id":"","status":""}`)
	}
	err := json.Unmarshal([]byte(`{"refreshToken":["`+testRefreshToken+`"]}`), new(BankAccountApproval))
	if err == nil || strings.Contains(err.Error(), testRefreshToken[:10]) {
		t.Errorf("got %v", err)
	}
}

func FuzzBankAccount(f *testing.F) {
	fuzzModel(f, wholeBankAccount, "bank-accounts-create", "bank-accounts-archive", "seed-bank-authorities-verify-second-response")
}

func FuzzBankAccountVerification(f *testing.F) {
	fuzzModel(f, verificationOf(bankID), "bank-accounts-verify", "seed-bank-authorities-verify-second-response")
}
