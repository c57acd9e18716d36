package legacy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// PublishedWebhookKey is the key that signs webhooks, an EC key on P-256, as a
// PEM block. It is also the key 20191127-07baec395 of the service's JWKS. Source:
// Centrapay docs, legacy payment requests, "Webhook public key".
const PublishedWebhookKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEt+vW2fE0mLLmdzJtYrz7J9q/yEXl
gmIjCXdv3VNvYfTsaBO5PJNiaD3l9lD8PzEQu31ePsOG81mDVuo40+dgLg==
-----END PUBLIC KEY-----
`

const (
	// MaxWebhook is the largest webhook that is read, in bytes.
	MaxWebhook = 64 << 10
	// ClockLeeway is how far the till's clock may be off when the life of a token
	// is checked.
	ClockLeeway = time.Minute
)

// Why a webhook is not believed. The texts are constant: nothing of what was
// received stands in them.
var (
	// ErrWebhookBody is a body that is too large, cannot be read or is not a JSON
	// object with a token.
	ErrWebhookBody = errors.New("the webhook is not a JSON object with a token, or is larger than 64 KiB")
	// ErrWebhookSignature is a token that no trusted key has signed with ES256.
	ErrWebhookSignature = errors.New("the webhook's token is not signed by a trusted key")
	// ErrWebhookTime is a signed token whose life has ended or not begun.
	ErrWebhookTime = errors.New("the webhook's token is not valid at this time")
	// ErrWebhookContent is a signed token that is no notification.
	ErrWebhookContent = errors.New("the webhook's token does not tell of a payment request")
)

// WebhookVerifier checks that webhooks come from Centrapay. It is safe for
// concurrent use. Make it with NewWebhookVerifier.
type WebhookVerifier struct{ keys []*ecdsa.PublicKey }

// NewWebhookVerifier returns a verifier that trusts keys and no others; without
// any it trusts PublishedWebhookKey. Give both while a key is being replaced. The
// error says so when a key is not an EC key on P-256.
func NewWebhookVerifier(keys ...*ecdsa.PublicKey) (*WebhookVerifier, error) {
	if len(keys) == 0 {
		published, err := ParseWebhookKey([]byte(PublishedWebhookKey))
		if err != nil {
			return nil, err
		}
		keys = []*ecdsa.PublicKey{published}
	}
	v := &WebhookVerifier{}
	for _, key := range keys {
		if err := checkKey(key); err != nil {
			return nil, fmt.Errorf("make webhook verifier: %w", err)
		}
		v.keys = append(v.keys, key)
	}
	return v, nil
}

// ParseWebhookKey reads a public key from a PEM block as Centrapay publishes it.
func ParseWebhookKey(block []byte) (*ecdsa.PublicKey, error) {
	decoded, _ := pem.Decode(block)
	if decoded == nil {
		return nil, errors.New("read webhook key: there is no PEM block")
	}
	parsed, err := x509.ParsePKIXPublicKey(decoded.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read webhook key: %w", err)
	}
	key, _ := parsed.(*ecdsa.PublicKey)
	if err := checkKey(key); err != nil {
		return nil, fmt.Errorf("read webhook key: %w", err)
	}
	return key, nil
}

func checkKey(key *ecdsa.PublicKey) error {
	if key == nil || key.Curve != elliptic.P256() || *key == (ecdsa.PublicKey{Curve: key.Curve}) {
		return errors.New("the key is not an EC key on P-256")
	}
	if _, err := key.ECDH(); err != nil {
		return errors.New("the key is not a point of its curve")
	}
	return nil
}

// Read reads the body of a webhook, {"token": "…"}, at most MaxWebhook bytes of
// it, and verifies its token.
func (v *WebhookVerifier) Read(body io.Reader) (*Notification, error) {
	data, err := io.ReadAll(io.LimitReader(body, MaxWebhook+1))
	if err != nil || len(data) > MaxWebhook {
		return nil, ErrWebhookBody
	}
	var wire struct {
		Token string `json:"token"`
	}
	if json.Unmarshal(data, &wire) != nil || wire.Token == "" {
		return nil, ErrWebhookBody
	}
	return v.Verify(wire.Token)
}

// Verify returns what a token tells when a trusted key has signed it with ES256
// and its life, where it says one, has not ended. Keys and algorithms that the
// token itself brings or asks for count for nothing. A token can be sent again by
// whoever has seen it: act on the notification's content once, or ask Info.
func (v *WebhookVerifier) Verify(token string) (*Notification, error) {
	if len(token) > MaxWebhook {
		return nil, ErrWebhookBody
	}
	payload, err := v.signed(token)
	if err != nil {
		return nil, err
	}
	var n Notification
	if json.Unmarshal(payload, &n) != nil || n.whole() != nil {
		return nil, ErrWebhookContent
	}
	if !n.validAt(time.Now()) {
		return nil, ErrWebhookTime
	}
	return &n, nil
}

// signed returns the payload that a trusted key has signed.
func (v *WebhookVerifier) signed(token string) ([]byte, error) {
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, ErrWebhookSignature
	}
	for _, key := range v.keys {
		if payload, err := parsed.Verify(key); err == nil {
			return payload, nil
		}
	}
	return nil, ErrWebhookSignature
}
