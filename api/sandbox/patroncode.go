package sandbox

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"centrapos/api"
)

// patronCodeLife is how long a patron code can be scanned. Source: Centrapay docs,
// patron codes, examples.
const patronCodeLife = 5 * time.Minute

// patronCode is a code that a customer made, to be scanned by a till.
type patronCode struct {
	ID        string    `json:"id"`
	Barcode   string    `json:"barcode"`
	AccountID string    `json:"accountId"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
	// AssetID is the wallet that the code stands for, "" for all of the account's.
	AssetID    string            `json:"assetId,omitempty"`
	Scenario   string            `json:"scenario,omitempty"`
	Namespace  string            `json:"namespace,omitempty"`
	ExternalID string            `json:"externalId,omitempty"`
	Metadata   map[string]string `json:"metadata,omitempty"`
}

func (p patronCode) wire() api.PatronCode {
	metadata := api.Metadata(maps.Clone(p.Metadata))
	if metadata == nil {
		metadata = api.Metadata{}
	}
	return api.PatronCode{
		ID: p.ID, Barcode: api.Text(p.Barcode), AccountID: p.AccountID, AppName: "centrapay",
		CreatedAt: api.NewTimestamp(p.CreatedAt), ExpiresAt: api.NewTimestamp(p.ExpiresAt),
		AssetID: p.AssetID, TestScenarioName: api.TestScenario(p.Scenario), ExternalID: p.ExternalID, Metadata: metadata,
	}
}

// patronCodeBody is the body of a create call. The docs show none; the fields are
// those of the model that somebody has to choose.
type patronCodeBody struct {
	AssetID          string            `json:"assetId"`
	TestScenarioName string            `json:"testScenarioName"`
	Namespace        string            `json:"namespace"`
	ExternalID       string            `json:"externalId"`
	Metadata         map[string]string `json:"metadata"`
}

func handleCreatePatronCode(c *call) (any, error) {
	var body patronCodeBody
	if err := decodeOptional(c.http, &body); err != nil {
		return nil, err
	}
	if !c.key.may(mayCreatePatronCodes, c.key.AccountID) {
		return nil, forbidden()
	}
	var made patronCode
	err := c.svc.transact(func(t *tx) (err error) {
		made, err = t.createPatronCode(c.key.AccountID, body)
		return err
	})
	return made.wire(), err
}

// createPatronCode makes a code of an account.
func (t *tx) createPatronCode(accountID string, body patronCodeBody) (patronCode, error) {
	metadata, err := mergeMetadata(nil, body.Metadata)
	switch _, holder, known := t.svc.dir.wallet(body.AssetID); {
	case err != nil:
		return patronCode{}, err
	case body.AssetID != "" && (!known || holder.AccountID != accountID):
		return patronCode{}, forbidden()
	case body.TestScenarioName != "" && body.TestScenarioName != ScenarioPhotoID:
		return patronCode{}, malformed("testScenarioName must be %s", ScenarioPhotoID)
	case (body.ExternalID == "") != (body.Namespace == ""):
		return patronCode{}, malformed("externalId and namespace go together")
	}
	shop := t.changeShop()
	// A code that nobody can scan any more is forgotten after a day.
	shop.PatronCodes = slices.DeleteFunc(shop.PatronCodes, func(p patronCode) bool {
		return t.now.Sub(p.ExpiresAt) > 24*time.Hour
	})
	made := patronCode{
		ID: t.store.ids.requestID(), Barcode: t.mintBarcode(), AccountID: accountID,
		CreatedAt: t.now, ExpiresAt: t.now.Add(patronCodeLife),
		AssetID: body.AssetID, Scenario: body.TestScenarioName,
		Namespace: body.Namespace, ExternalID: body.ExternalID, Metadata: metadata,
	}
	shop.PatronCodes = append(shop.PatronCodes, made)
	return made, nil
}

// mintBarcode returns 16 digits that nobody shows: a Centrapay prefix, nine digits
// and a check digit.
func (t *tx) mintBarcode() string {
	for {
		const prefix = "999000"
		digits := prefix + t.store.ids.digits(9)
		values := make([]int, len(digits))
		for i, c := range digits {
			values[i] = int(c - '0')
		}
		barcode := digits + strconv.Itoa(luhnCheck(values, 10))
		_, taken := t.patronCode(func(p patronCode) bool { return p.Barcode == barcode })
		if _, builtIn := t.svc.dir.customerByBarcode(barcode); !taken && !builtIn {
			return barcode
		}
	}
}

// patronCode finds a code that was made and has not been forgotten.
func (t *tx) patronCode(is func(patronCode) bool) (patronCode, bool) {
	all := t.shop().PatronCodes
	i := slices.IndexFunc(all, is)
	if i < 0 {
		return patronCode{}, false
	}
	return all[i], true
}

// activeCode finds a code that can still be scanned: one that was made, or the
// code of a customer of the sandbox, which is always fresh.
func (t *tx) activeCode(barcode string) (patronCode, bool) {
	p, made := t.patronCode(func(p patronCode) bool { return p.Barcode == barcode })
	if made {
		return p, t.now.Before(p.ExpiresAt)
	}
	c, ok := t.svc.dir.customerByBarcode(barcode)
	if !ok || c.CodeExpired || c.PatronCodeID == "" {
		return patronCode{}, false
	}
	return patronCode{
		ID: c.PatronCodeID, Barcode: c.Barcode, AccountID: c.AccountID, AssetID: c.BoundWallet, Scenario: c.Scenario,
		CreatedAt: t.now, ExpiresAt: t.now.Add(patronCodeLife),
	}, true
}

// customerOf finds who presents a barcode; nobody for an empty one. The time is
// when the code can no longer be charged, zero for never.
func (t *tx) customerOf(barcode, barcodeType string) (Customer, time.Time, error) {
	p, made := t.patronCode(func(p patronCode) bool { return p.Barcode == barcode })
	switch {
	case !made:
		c, err := t.svc.dir.customerOf(barcode, barcodeType)
		return c, time.Time{}, err
	case !t.now.Before(p.ExpiresAt):
		return Customer{}, time.Time{}, denied(api.CodePatronCodeInvalid)
	}
	c, ok := t.svc.dir.customerByAccount(p.AccountID)
	if !ok {
		c = Customer{AccountID: p.AccountID}
	}
	c.Barcode, c.PatronCodeID, c.Scenario, c.BoundWallet, c.CodeExpired = p.Barcode, p.ID, p.Scenario, p.AssetID, false
	return c, p.ExpiresAt, nil
}

// handlePatronCode reads a code by its id: one's own only.
func handlePatronCode(c *call) (any, error) {
	id := c.http.PathValue("id")
	return c.patronCode(func(t *tx) (patronCode, error) {
		p, ok := t.patronCode(func(p patronCode) bool { return p.ID == id })
		if !ok || !c.key.may(mayReadPatronCodes, p.AccountID) {
			return patronCode{}, forbidden()
		}
		return p, nil
	})
}

// handlePatronCodeByBarcode reads a code that somebody shows. Whoever can see it
// may: the own account's alone would leave a till nothing to read.
func handlePatronCodeByBarcode(c *call) (any, error) {
	barcode := c.http.PathValue("barcode")
	if wrongCheckDigit(barcode) {
		return nil, malformed("%s", api.CodeChecksumFailed)
	}
	return c.patronCode(func(t *tx) (patronCode, error) {
		if !c.key.may(mayReadPatronCodes, c.key.AccountID) {
			return patronCode{}, forbidden()
		}
		p, ok := t.activeCode(barcode)
		if !ok {
			return patronCode{}, denied(api.CodePatronCodeInvalid)
		}
		return p, nil
	})
}

// handlePatronCodeByExternalID reads a code of one's own by the id that it carries
// elsewhere.
func handlePatronCodeByExternalID(c *call) (any, error) {
	namespace, id := c.http.PathValue("namespace"), c.http.PathValue("id")
	return c.patronCode(func(t *tx) (patronCode, error) {
		p, ok := t.patronCode(func(p patronCode) bool {
			return p.Namespace == namespace && p.ExternalID == id && c.key.may(mayReadPatronCodes, p.AccountID)
		})
		if !ok || !t.now.Before(p.ExpiresAt) {
			return patronCode{}, denied(api.CodePatronCodeInvalid)
		}
		return p, nil
	})
}

func (c *call) patronCode(find func(*tx) (patronCode, error)) (any, error) {
	var found patronCode
	err := c.svc.transact(func(t *tx) (err error) {
		found, err = find(t)
		return err
	})
	return found.wire(), err
}

// handlePatronCodeMetadata merges metadata into that of a code of one's own.
func handlePatronCodeMetadata(c *call) (any, error) {
	var body struct {
		Metadata map[string]string `json:"metadata"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if body.Metadata == nil {
		return nil, required("metadata")
	}
	var answer api.PatronCodeMetadata
	err := c.svc.transact(func(t *tx) error {
		shop := t.changeShop()
		i := slices.IndexFunc(shop.PatronCodes, func(p patronCode) bool { return p.ID == c.http.PathValue("id") })
		if i < 0 || !c.key.may(mayCreatePatronCodes, shop.PatronCodes[i].AccountID) {
			return denied(api.CodePatronCodeInvalid)
		}
		merged, err := mergeMetadata(shop.PatronCodes[i].Metadata, body.Metadata)
		if err != nil {
			return err
		}
		shop.PatronCodes[i].Metadata = merged
		answer = api.PatronCodeMetadata{
			PatronCodeID: shop.PatronCodes[i].ID, CreatedAt: api.NewTimestamp(t.now), CreatedBy: c.key.crn(), Metadata: merged,
		}
		return nil
	})
	return answer, err
}

var metadataKey = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// mergeMetadata is old with more: an empty text deletes its key. Source: Centrapay
// docs, patron codes, "Set Metadata".
func mergeMetadata(old, more map[string]string) (map[string]string, error) {
	merged := maps.Clone(old)
	if merged == nil {
		merged = map[string]string{}
	}
	for key, value := range more {
		switch {
		case !metadataKey.MatchString(key):
			return nil, malformed("metadata keys must be 1 to 64 letters, digits, - or _")
		case utf8.RuneCountInString(value) > api.MaxMetadataValue:
			return nil, malformed("metadata.%s must be at most %d characters", key, api.MaxMetadataValue)
		case value == "":
			delete(merged, key)
		default:
			merged[key] = value
		}
	}
	if len(merged) > api.MaxMetadataKeys {
		return nil, malformed("metadata must have at most %d keys", api.MaxMetadataKeys)
	}
	return merged, nil
}

// handleByPatronCode finds the newest request that is new and was made from a code
// of the caller; an empty object when there is none. Source: Centrapay docs,
// payment requests, "Get a Payment Request by Patron Code".
func handleByPatronCode(c *call) (any, error) {
	if !c.key.may(mayRead, c.key.AccountID) {
		return nil, forbidden()
	}
	var answer any = struct{}{}
	err := c.svc.transact(func(t *tx) error {
		for _, id := range slices.Backward(t.store.byPatron[c.key.AccountID]) {
			if r, ok := t.find(id); ok && r.Status == api.StatusNew {
				answer = c.svc.wire(r)
				return nil
			}
		}
		return nil
	})
	return answer, err
}

func patronCodeRoutes() []route {
	const codes, one = "/api/patron-codes", "/api/patron-codes/{id}"
	return []route{
		{name: EndpointPatronCodeCreate, method: http.MethodPost, path: codes, handle: handleCreatePatronCode},
		{name: EndpointPatronCode, method: http.MethodGet, path: one, handle: handlePatronCode},
		{name: EndpointPatronCodeBarcode, method: http.MethodGet, path: codes + "/barcode/{barcode}", handle: handlePatronCodeByBarcode},
		{name: EndpointPatronCodeExternalID, method: http.MethodGet, path: codes + "/{namespace}/external-id/{id}", handle: handlePatronCodeByExternalID},
		{name: EndpointPatronCodeMetadata, method: http.MethodPost, path: one + "/metadata", handle: handlePatronCodeMetadata},
		{name: EndpointByPatronCode, method: http.MethodGet, path: "/api/me/patron-code-payment-request", handle: handleByPatronCode},
	}
}
