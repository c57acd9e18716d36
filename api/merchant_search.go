package api

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
)

// SearchMerchantsParams choose what Search returns. All are optional. Source:
// Centrapay docs, merchants, "Search Merchants".
type SearchMerchantsParams struct {
	// Lat and Lng are the point to search around, in degrees; both or none.
	Lat, Lng BigNumber
	// DistanceKM is how far from the point to search, in kilometres.
	DistanceKM BigNumber
	// AssetType finds merchants that take it, liveness included.
	AssetType AssetType
	// ProductID narrows AssetType: for centrapay.token it is a collection id.
	ProductID string
	// Name is the name of the merchant.
	Name string
	// AccountID is the account that owns the merchant.
	AccountID string
	// CategoryCode is four digits.
	CategoryCode string
	// Test and HasLoyaltyProgram choose when they are not nil.
	Test, HasLoyaltyProgram *bool
	// PageKey is the cursor of an earlier page, "" for the first.
	PageKey string
	// PaginationLimit is the most items of a page, 0 for the service's choice.
	PaginationLimit int
}

// FoundMerchant is a merchant as a search returns it. Source: Centrapay docs,
// merchants, "Merchant Search Result"; the account, the category and the loyalty
// programs stand in the example only.
type FoundMerchant struct {
	// ID is the merchantId of other calls.
	ID string `json:"id"`
	// Name is what patrons read.
	Name string `json:"name"`
	// AccountID is the account that owns the merchant.
	AccountID string `json:"accountId,omitempty"`
	// AcceptedAssets are what the merchant can be paid with.
	AcceptedAssets []AcceptedAsset `json:"acceptedAssets,omitzero"`
	// Location is where patrons find it; nil when not told.
	Location *Location `json:"location,omitempty"`
	// CategoryCode is four digits.
	CategoryCode Text `json:"categoryCode,omitempty"`
	// LoyaltyPrograms are those that the merchant takes part in.
	LoyaltyPrograms []LoyaltyProgram `json:"loyaltyPrograms,omitzero"`
}

// AcceptedAsset is an asset type that a merchant takes.
type AcceptedAsset struct {
	// AssetType has its liveness as its ending.
	AssetType AssetType `json:"assetType"`
	// Products are given for tokens: the collections that are taken.
	Products []AcceptedProduct `json:"products,omitzero"`
}

// AcceptedProduct is one product of an asset type that a merchant takes.
type AcceptedProduct struct {
	// ID is the id of the product, for tokens of the collection.
	ID string `json:"id"`
}

// LoyaltyProgram is a program of a merchant.
type LoyaltyProgram struct {
	// ID is the id of the program.
	ID string `json:"id"`
	// IsMember says whether the caller takes part in it.
	IsMember Bool `json:"isMember"`
}

// MerchantSearchPage is one page of what a search found.
type MerchantSearchPage struct {
	Page[FoundMerchant]
	// TotalItems counts what was found on all pages, 0 when it is not told.
	TotalItems Int `json:"totalItems,omitempty"`
}

func (p SearchMerchantsParams) validate() *ValidationError {
	switch {
	case p.Lat.IsSet() != p.Lng.IsSet():
		return invalid("origin", CodeInvalidRequest, "latitude and longitude go together")
	case p.Lat.IsSet() && !(p.Lat.Valid() && p.Lng.Valid()):
		// Not more: the documents' own example is no point on the globe.
		return invalid("origin", CodeInvalidRequest, "it is not two numbers")
	case p.DistanceKM.IsSet() && !(p.DistanceKM.Valid() && p.DistanceKM.Decimal().IsPositive()):
		return invalid("distance", CodeInvalidRequest, "it is not a number above zero")
	case p.ProductID != "" && p.AssetType == "":
		return invalid("asset", CodeInvalidRequest, "a product id needs its asset type")
	case strings.Contains(string(p.AssetType), ","):
		return invalid("asset", CodeInvalidRequest, "an asset type has no comma")
	case p.PaginationLimit < 0:
		return invalid("paginationLimit", CodeInvalidRequest, "it is negative")
	}
	return nil
}

func (p SearchMerchantsParams) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if p.Lat.IsSet() {
		set("origin", string(p.Lat+","+p.Lng))
	}
	set("distance", string(p.DistanceKM))
	set("asset", string(p.AssetType))
	if p.ProductID != "" {
		set("asset", string(p.AssetType)+","+p.ProductID)
	}
	set("name", p.Name)
	set("accountId", p.AccountID)
	set("categoryCode", p.CategoryCode)
	if p.Test != nil {
		set("test", strconv.FormatBool(*p.Test))
	}
	if p.HasLoyaltyProgram != nil {
		set("hasLoyaltyProgram", strconv.FormatBool(*p.HasLoyaltyProgram))
	}
	set("pageKey", p.PageKey)
	if p.PaginationLimit > 0 {
		set("paginationLimit", strconv.Itoa(p.PaginationLimit))
	}
	return q
}

func foundMerchant(r *FoundMerchant) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case r.Name == "":
		return errors.New("it has no name")
	}
	return nil
}
