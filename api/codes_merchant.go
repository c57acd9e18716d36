package api

// Codes of decoding a scanned code. CodeInvalidMerchantConfig says there that
// the merchant config has no option that the code could pay with.
const (
	// CodeUnknownCode is a scanned code that is unknown or no longer active.
	CodeUnknownCode Code = "UNKNOWN_CODE"
	// CodeMerchantConfigNotFound is a merchant config that does not exist.
	CodeMerchantConfigNotFound Code = "MERCHANT_CONFIG_NOT_FOUND"
)

// Codes of creating and changing merchants and their configs, for callers of
// Client.Do; this package only reads them.
const (
	// CodeBankAccountMismatch is a settlement bank account of another account.
	CodeBankAccountMismatch Code = "BANK_ACCOUNT_MISMATCH"
	// CodeAccountRegionMismatch is a merchant's country that is not the region of
	// its account.
	CodeAccountRegionMismatch Code = "ACCOUNT_REGION_MISMATCH"
	// CodeInvalidWalletType is a wallet that is no settlement wallet.
	CodeInvalidWalletType Code = "INVALID_WALLET_TYPE"
	// CodeLivenessMismatch is something of test money for something of real money,
	// or the other way about: the assets of a merchant, the connection intent of a
	// bank account.
	CodeLivenessMismatch Code = "LIVENESS_MISMATCH"
	// CodeCollectionsInvalid is a token collection that is unknown or of an
	// unsupported type.
	CodeCollectionsInvalid Code = "COLLECTIONS_INVALID"
)
