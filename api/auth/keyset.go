package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"
)

// ErrKeysUnavailable is the cause when a signature could not be checked because
// the keys could not be read: it may be genuine. A caller that asks again later
// gets an answer.
var ErrKeysUnavailable = errors.New("the keys to check the signature with could not be read")

// signingAlgorithms are all that a key set may verify: signatures by private
// keys. What a given token may be signed by is narrowed down further.
var signingAlgorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// rotationPause is the least time between two readings of the keys for the sake
// of a key that is not among them: keys rotate without notice, but whoever sends
// us rubbish must not make us read them each time.
const rotationPause = 10 * time.Second

const opKeys = "read the issuer's keys"

// keySet holds an issuer's public keys for as long as the issuer's answer may be
// cached. It implements oidc.KeySet. It is safe for concurrent use.
type keySet struct {
	address string
	http    *http.Client
	timeout time.Duration

	reading    singleflight.Group
	mu         sync.Mutex
	keys       []jose.JSONWebKey
	triedAt    time.Time // when the keys were last asked for; zero when never
	readAt     time.Time // when they were last read
	freshUntil time.Time
}

func newKeySet(address string, hc *http.Client, timeout time.Duration) *keySet {
	return &keySet{address: address, http: hc, timeout: timeout}
}

// VerifySignature checks the signature of a token in its compact form and
// returns the token's payload. The algorithm is the caller's to check first.
func (k *keySet) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	signed, err := jose.ParseSignedCompact(token, signingAlgorithms)
	if err != nil {
		return nil, errors.New("it is no signed token")
	}
	return k.verify(ctx, signed)
}

func (k *keySet) verify(ctx context.Context, signed *jose.JSONWebSignature) ([]byte, error) {
	header := signed.Signatures[0].Header
	looked := time.Now()
	keys, fresh, mayRead := k.cached(looked)
	matching := matchingKeys(keys, header)
	if !fresh || len(matching) == 0 && mayRead {
		keys, err := together(ctx, &k.reading, k.timeout, func(ctx context.Context) ([]jose.JSONWebKey, error) {
			return k.read(ctx, looked)
		})
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrKeysUnavailable, err)
		}
		matching = matchingKeys(keys, header)
	}
	for _, key := range matching {
		if payload, err := signed.Verify(key); err == nil {
			return payload, nil
		}
	}
	if len(matching) == 0 {
		return nil, errors.New("it is signed with a key that the issuer does not have")
	}
	return nil, errors.New("its signature is wrong")
}

// cached returns the keys as last read, whether they may still be used, and
// whether they may be read again for a key that is missing.
func (k *keySet) cached(now time.Time) (keys []jose.JSONWebKey, fresh, mayRead bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys, now.Before(k.freshUntil), now.Sub(k.triedAt) >= rotationPause
}

// read reads the keys, unless somebody has since the caller looked.
func (k *keySet) read(ctx context.Context, looked time.Time) ([]jose.JSONWebKey, error) {
	k.mu.Lock()
	if !k.readAt.Before(looked) {
		defer k.mu.Unlock()
		return k.keys, nil
	}
	k.triedAt = time.Now()
	k.mu.Unlock()
	body, header, err := read(ctx, k.http, opKeys, k.address)
	if err != nil {
		return nil, err
	}
	keys, err := parseKeys(body)
	if err != nil {
		return nil, &Error{Op: opKeys, Err: err}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.keys, k.readAt = keys, time.Now()
	k.freshUntil = k.readAt.Add(cacheable(header))
	return keys, nil
}

// parseKeys reads a JSON Web Key Set. Keys of an unknown kind are passed over,
// as RFC 7517, section 5 asks for.
func parseKeys(data []byte) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(data, &set); err != nil || set.Keys == nil {
		return nil, errors.New("the answer is no key set")
	}
	keys := make([]jose.JSONWebKey, 0, len(set.Keys))
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) != nil || !key.Valid() || !key.IsPublic() {
			continue
		}
		if key.Use == "" || key.Use == "sig" {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// matchingKeys are the keys that a signature can be by. A token that names no
// key may be by any.
func matchingKeys(keys []jose.JSONWebKey, header jose.Header) []jose.JSONWebKey {
	var matching []jose.JSONWebKey
	for _, key := range keys {
		if (header.KeyID == "" || key.KeyID == header.KeyID) && (key.Algorithm == "" || key.Algorithm == header.Algorithm) {
			matching = append(matching, key)
		}
	}
	return matching
}
