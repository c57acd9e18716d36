package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// PatronCodesClient makes the calls about patron codes, which a patron's app
// shows as a barcode. Source: Centrapay docs, patron codes.
type PatronCodesClient struct{ c *Client }

// TestScenario names a behaviour that is injected into payment requests made
// from a patron code. Source: Centrapay docs, patron codes, "Test Scenario Name".
type TestScenario string

// TestScenarioPhotoID gives the payment request a condition that the merchant
// has to answer: whether the photo id was checked.
const TestScenarioPhotoID TestScenario = "force-condition-check-photo-id"

// PatronCode is a code that stands for a patron for a few minutes, shown as a
// barcode where the patron cannot scan a QR code. Source: Centrapay docs,
// patron codes, "Patron Code".
type PatronCode struct {
	// ID is the patronCodeId of payment requests.
	ID string `json:"id"`
	// Barcode is what to show: 16 digits.
	Barcode Text `json:"barcode"`
	// CreatedAt is when the code was made.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	// ExpiresAt is five minutes after the creation in all examples.
	ExpiresAt Timestamp `json:"expiresAt,omitzero"`
	// AssetID is the asset that the code pays with, when it is bound to one.
	AssetID string `json:"assetId,omitempty"`
	// AppName is deprecated by the documents.
	AppName string `json:"appName,omitempty"`
	// AccountID is the account of who made the code.
	AccountID string `json:"accountId,omitempty"`
	// TestScenarioName makes it a test code, which only payment requests of test
	// money accept.
	TestScenarioName TestScenario `json:"testScenarioName,omitempty"`
	// ExternalID is the code's id in a namespace of an integrator.
	ExternalID string `json:"externalId,omitempty"`
	// Metadata are the texts that an integrator attached; see SetMetadata.
	Metadata Metadata `json:"metadata,omitzero"`
}

// PatronCodeMetadata records that metadata was set. Source: Centrapay docs,
// patron codes, "Set Metadata", example.
type PatronCodeMetadata struct {
	// PatronCodeID is the code that the metadata was set for.
	PatronCodeID string `json:"patronCodeId"`
	// CreatedAt and CreatedBy are when and by whom it was set.
	CreatedAt Timestamp `json:"createdAt,omitzero"`
	CreatedBy CRN       `json:"createdBy,omitempty"`
	// Metadata is what was set.
	Metadata Metadata `json:"metadata,omitzero"`
}

// Create makes a new patron code of the caller's account. No attribute is
// documented, so none is sent. It needs the permission patron-codes:create,
// which a merchant terminal does not have. It has no key: it is attempted again
// only when nothing was sent, and a code that was made unnoticed expires unused.
func (p *PatronCodesClient) Create(ctx context.Context, opts ...CallOption) (*PatronCode, Meta, error) {
	k, err := newCall(http.MethodPost, nil, "api", "patron-codes")
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, wholePatronCode, opts)
}

// Get returns the patron code with an id. An answer about another one is taken
// as no answer.
func (p *PatronCodesClient) Get(ctx context.Context, id string, opts ...CallOption) (*PatronCode, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "patron-codes", id)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, func(r *PatronCode) error {
		if r.ID != id && r.ID != "" {
			return fmt.Errorf("it is about patron code %q", clip(r.ID))
		}
		return wholePatronCode(r)
	}, opts)
}

// GetByBarcode returns the patron code that is shown as a barcode. Errors of the
// service: CHECKSUM_FAILED, which only it can judge, and PATRON_CODE_INVALID for
// a code that is unknown or has expired.
func (p *PatronCodesClient) GetByBarcode(ctx context.Context, barcode string, opts ...CallOption) (*PatronCode, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "patron-codes", "barcode", barcode)
	if err != nil {
		return nil, Meta{}, err
	}
	// Somebody may have scanned or typed a payment card.
	if pan, err := ParsePAN(barcode); err == nil && pan.Valid() && RecognizeBarcode(barcode).Kind != BarcodePatronCode {
		k.shown = "/api/patron-codes/barcode/" + pan.String()
	}
	return invoke(ctx, p.c, k, func(r *PatronCode) error {
		if r.Barcode != "" && !sameCode(barcode, string(r.Barcode)) {
			return fmt.Errorf("it is about barcode %q", clip(string(r.Barcode)))
		}
		return wholePatronCode(r)
	}, opts)
}

// GetByExternalID returns the patron code that carries an id in the namespace of
// an integrator. Errors of the service: PATRON_CODE_INVALID.
func (p *PatronCodesClient) GetByExternalID(ctx context.Context, namespace, externalID string, opts ...CallOption) (*PatronCode, Meta, error) {
	k, err := newCall(http.MethodGet, nil, "api", "patron-codes", namespace, "external-id", externalID)
	if err != nil {
		return nil, Meta{}, err
	}
	return invoke(ctx, p.c, k, func(r *PatronCode) error {
		if r.ExternalID != "" && r.ExternalID != externalID {
			return fmt.Errorf("it is about external id %q", clip(r.ExternalID))
		}
		return wholePatronCode(r)
	}, opts)
}

// SetMetadata merges metadata into that of a patron code; an empty text deletes
// its key. Metadata beyond the limits is not sent. It has no key: it is
// attempted again only when nothing was sent. Errors of the service:
// PATRON_CODE_INVALID.
func (p *PatronCodesClient) SetMetadata(ctx context.Context, id string, metadata Metadata, opts ...CallOption) (*PatronCodeMetadata, Meta, error) {
	body := struct {
		Metadata Metadata `json:"metadata"`
	}{metadata}
	k, err := newCall(http.MethodPost, body, "api", "patron-codes", id, "metadata")
	if err != nil {
		return nil, Meta{}, err
	}
	if invalid := metadata.validate(); invalid != nil {
		return nil, Meta{}, k.reject(invalid)
	}
	return invoke(ctx, p.c, k, func(r *PatronCodeMetadata) error {
		if r.PatronCodeID == "" {
			return errors.New("it has no patronCodeId")
		}
		return nil
	}, opts)
}

// wholePatronCode checks what a patron code is good for: its barcode.
func wholePatronCode(r *PatronCode) error {
	switch {
	case r.ID == "":
		return errors.New("it has no id")
	case r.Barcode == "":
		return errors.New("it has no barcode")
	}
	return nil
}
