package api

import (
	"encoding/json"
	"errors"
	"fmt"
)

// BankAccountVerification is the answer to a verification. The documents print
// two: the code that was sent, and the bank account; whichever did not come is
// absent. Neither says that the bank account is verified now: the one that the
// documents print is not. Read it again where that matters.
type BankAccountVerification struct {
	// VerificationCode repeats the code that was sent.
	VerificationCode Text
	// BankAccount is the bank account or bank authority, nil when the code came.
	BankAccount *BankAccount
}

// MarshalJSON writes the one of the two answers that came.
func (v BankAccountVerification) MarshalJSON() ([]byte, error) {
	if v.BankAccount != nil {
		return json.Marshal(v.BankAccount)
	}
	return json.Marshal(struct {
		VerificationCode Text `json:"verificationCode,omitempty"`
	}{v.VerificationCode})
}

// UnmarshalJSON reads either answer.
func (v *BankAccountVerification) UnmarshalJSON(data []byte) error {
	var echo struct {
		ID               string `json:"id"`
		VerificationCode Text   `json:"verificationCode"`
	}
	if err := json.Unmarshal(data, &echo); err != nil {
		return fmt.Errorf("decode verification: %w", err)
	}
	*v = BankAccountVerification{VerificationCode: echo.VerificationCode}
	if echo.ID == "" {
		return nil
	}
	v.VerificationCode, v.BankAccount = "", new(BankAccount)
	if err := json.Unmarshal(data, v.BankAccount); err != nil {
		return fmt.Errorf("decode verification: %w", err)
	}
	return nil
}

// verificationOf checks that an answer is one of the two, and not about another
// bank account.
func verificationOf(id string) func(*BankAccountVerification) error {
	return func(v *BankAccountVerification) error {
		switch {
		case v.BankAccount != nil:
			return bankAccountWith(id)(v.BankAccount)
		case v.VerificationCode == "":
			return errors.New("it has neither a verificationCode nor an id")
		}
		return nil
	}
}
