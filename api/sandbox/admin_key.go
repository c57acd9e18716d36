package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keyUse is what a key signs.
type keyUse string

const (
	// signsLogins is the key of id tokens and access tokens.
	signsLogins keyUse = "login"
	// signsWebhooks is the key of both kinds of webhooks, as the docs have it.
	signsWebhooks keyUse = "webhook"
)

// key is the private key of a use. It is made when it is first needed and kept
// from then on.
func (t *tx) key(use keyUse) (jose.JSONWebKey, error) {
	if k, ok := t.admin().Keys[use]; ok {
		return k, nil
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("make the %s key: %w", use, err)
	}
	k := jose.JSONWebKey{
		Key: private, KeyID: t.now.Format("20060102") + "-" + rand.Text()[:10],
		Algorithm: string(jose.ES256), Use: "sig",
	}
	state := t.changeAdmin()
	if state.Keys == nil {
		state.Keys = map[keyUse]jose.JSONWebKey{}
	}
	state.Keys[use] = k
	return k, nil
}

// signed is a JWT with the claims, of a media type such as "JWT".
func signed(k jose.JSONWebKey, kind jose.ContentType, claims any) (string, error) {
	options := (&jose.SignerOptions{}).WithType(kind)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: k}, options)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	token, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return token.CompactSerialize()
}

// publicPEM is the public half of a key as the docs print theirs.
func publicPEM(k jose.JSONWebKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.Public().Key)
	if err != nil {
		return "", fmt.Errorf("encode the webhook key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// keySetAge is how long others may keep a key set.
const keySetAge = 5 * time.Minute

// serveKeySet publishes the public half of a key.
func (s *Service) serveKeySet(use keyUse) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		var set jose.JSONWebKeySet
		err := s.transact(func(t *tx) error {
			k, err := t.key(use)
			set.Keys = []jose.JSONWebKey{k.Public()}
			return err
		})
		if err != nil {
			s.refuse(w, err)
			return
		}
		replyPublic(w, set, keySetAge)
	}
}

// replyPublic answers with what everybody may read, pages of other origins too,
// and may keep for a time.
func replyPublic(w http.ResponseWriter, body any, age time.Duration) {
	text, err := json.Marshal(body)
	if err != nil {
		reply(w, http.StatusInternalServerError, nil)
		return
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(age.Seconds())))
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(text)
}
