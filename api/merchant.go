package api

import "errors"

// OnboardingStatus is where a merchant stands on its way into the service.
// Source: Centrapay docs, merchants, "Onboarding Statuses".
type OnboardingStatus string

// The documented onboarding statuses.
const (
	// OnboardingApplied means registered, to be activated.
	OnboardingApplied OnboardingStatus = "applied"
	// OnboardingProvisioning means being activated.
	OnboardingProvisioning OnboardingStatus = "provisioning"
	// OnboardingActive means that a payment request was created successfully.
	OnboardingActive OnboardingStatus = "active"
	// OnboardingDeactivated means that the merchant left the service.
	OnboardingDeactivated OnboardingStatus = "deactivated"
	// OnboardingOnHold means paused.
	OnboardingOnHold OnboardingStatus = "on-hold"
)

// OnboardingReason is why a merchant was deactivated or put on hold. Source:
// Centrapay docs, merchants, "Onboarding Status Reasons".
type OnboardingReason string

// The documented reasons.
const (
	ReasonDuplicate             OnboardingReason = "duplicate"
	ReasonDataQualityIssues     OnboardingReason = "data-quality-issues"
	ReasonNoResponse            OnboardingReason = "no-response"
	ReasonChangeOfOwnership     OnboardingReason = "change-of-ownership"
	ReasonCentrapayDiscontinued OnboardingReason = "centrapay-discontinued"
	ReasonSeasonalClosure       OnboardingReason = "seasonal-business-closure"
	ReasonIncompatibleTerminal  OnboardingReason = "incompatible-terminal"
)

// MerchantType tells shops from online shops.
type MerchantType string

// The documented types of merchant.
const (
	// MerchantPhysical is a place that patrons can go to.
	MerchantPhysical MerchantType = "physical"
	// MerchantECommerce is online only, and not shown in the store finder.
	MerchantECommerce MerchantType = "e-commerce"
)

// Merchant is who asks for payment: one site of a business. Its configs say how
// it can be paid. Source: Centrapay docs, merchants, "Merchant".
type Merchant struct {
	// ID is the merchantId of other calls.
	ID string `json:"id"`
	// AccountID is the account that owns the merchant; payment requests are
	// looked up by it.
	AccountID string `json:"accountId,omitempty"`
	// Name is what patrons read on the pay page.
	Name string `json:"name"`
	// Country is an ISO 3166 alpha-2 code, such as NZ.
	Country string `json:"country,omitempty"`
	// Test merchants take test money only.
	Test Bool `json:"test"`
	// Type is physical or e-commerce; it decides whether the store finder shows
	// the merchant.
	Type MerchantType `json:"type,omitempty"`
	// Location is where patrons find it; nil when not told.
	Location *Location `json:"location,omitempty"`
	// SettlementConfig is where the takings go; nil means that nothing is settled.
	SettlementConfig *SettlementConfig `json:"settlementConfig,omitempty"`
	// OnboardingStatus becomes active with the first payment request that is
	// created successfully.
	OnboardingStatus OnboardingStatus `json:"onboardingStatus,omitempty"`
	// OnboardingStatusReason is given for merchants deactivated or on hold.
	OnboardingStatusReason OnboardingReason `json:"onboardingStatusReason,omitempty"`
	// CategoryCode is four digits, assigned by Centrapay.
	CategoryCode Text `json:"categoryCode,omitempty"`
	// Metadata are the texts that an integrator attached.
	Metadata Metadata `json:"metadata,omitzero"`
	// CreatedAt, CreatedBy, UpdatedAt and UpdatedBy are when and by whom the
	// merchant was made and last changed.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
	UpdatedAt Timestamp `json:"updatedAt,omitzero"`
	UpdatedBy CRN       `json:"updatedBy,omitempty"`
}

// SettlementConfig says where the takings of a merchant go. Without one there
// are no settlements. Source: Centrapay docs, merchants, "Settlement Config".
type SettlementConfig struct {
	// BankAccountID is the ID of a BankAccount.
	BankAccountID string `json:"bankAccountId,omitempty"`
}

// MerchantActivity records a change to a merchant: its metadata or its
// onboarding status was set. This package does not make these calls; it is for
// callers of Client.Do. Source: Centrapay docs, merchants, examples of "Set
// Metadata" and "Set Merchant Onboarding Status".
type MerchantActivity struct {
	// Type is absent when metadata was set.
	Type string `json:"type,omitempty"`
	// MerchantID is another than the one in the path in both examples.
	MerchantID string `json:"merchantId"`
	// OnboardingStatus and its reason are given when the status was set.
	OnboardingStatus       OnboardingStatus `json:"onboardingStatus,omitempty"`
	OnboardingStatusReason OnboardingReason `json:"onboardingStatusReason,omitempty"`
	// Metadata is given when it was set.
	Metadata Metadata `json:"metadata,omitzero"`
	// CreatedAt and CreatedBy are when and by whom it was done.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
	// ActivityNumber counts inside the merchant.
	ActivityNumber BigNumber `json:"activityNumber,omitempty"`
}

// wholeMerchant checks what a reader of merchants shows and asks further with.
func wholeMerchant(r *Merchant) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case r.Name == "":
		return errors.New("it has no name")
	}
	return nil
}
