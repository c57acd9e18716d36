package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"centrapos/api"
)

// CallKeysURL is where Centrapay publishes the keys that it signs its own calls
// with, such as webhooks. Source: Centrapay docs, webhooks.
const CallKeysURL = "https://auth.centrapay.com/api/.well-known/jwks.json"

// ErrNotGenuine is the cause when a call is not from Centrapay, not for this
// endpoint, not of now, or was changed on the way. Answer it with 401 and forget
// it.
var ErrNotGenuine = errors.New("the call is not genuine")

// maxToken is more than the token of any call takes.
const maxToken = 8 << 10

// VerifierConfig says whose calls to believe.
type VerifierConfig struct {
	// Audience is the base URL of this endpoint, as Centrapay was told it. A
	// trailing slash makes no difference.
	Audience string
	// KeysURL is where the keys are; "" is CallKeysURL. It must be https, or http on
	// this machine.
	KeysURL string
	// HTTPClient, Timeout and Leeway are as in Config.
	HTTPClient *http.Client
	Timeout    time.Duration
	Leeway     time.Duration
}

// Verifier verifies the calls that Centrapay makes: webhooks, and those to
// issuers of assets. It reads Centrapay's keys when it first needs them and keeps
// them as long as their answer allows. It is safe for concurrent use. Make it
// with NewVerifier.
type Verifier struct {
	audience string
	leeway   time.Duration
	keys     *keySet
	close    func()
}

// NewVerifier checks the config. It makes no request.
func NewVerifier(config VerifierConfig) (*Verifier, error) {
	if config.KeysURL == "" {
		config.KeysURL = CallKeysURL
	}
	defaults, err := Config{Timeout: config.Timeout, Leeway: config.Leeway, ClientID: "-"}.withDefaults()
	if u, parseErr := url.Parse(config.Audience); err == nil && (parseErr != nil || u.Host == "") {
		err = errors.New("the audience is not the base URL of this endpoint")
	}
	if err == nil {
		if err = checkEndpoint(config.KeysURL); err != nil {
			err = fmt.Errorf("the address of the keys %w", err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("make verifier of calls: %w", err)
	}
	hc, closeIdle := boundedClient(config.HTTPClient, defaults.Timeout)
	return &Verifier{
		audience: config.Audience, leeway: defaults.Leeway,
		keys: newKeySet(config.KeysURL, hc, defaults.Timeout), close: closeIdle,
	}, nil
}

// Close closes connections that are kept open for further requests, unless they
// belong to VerifierConfig.HTTPClient. The verifier stays usable.
func (v *Verifier) Close() { v.close() }

// Verify returns the notification that a webhook brought: token is its
// Authorization header, body all of its body as it was received. The error
// matches ErrNotGenuine when it is not to be believed, and ErrKeysUnavailable when
// that could not be found out: answer 503, and Centrapay sends it again. Calls
// come at least once and in any order, so tell repeats by the notification's ID.
// Source: Centrapay docs, webhooks, notifications.
func (v *Verifier) Verify(ctx context.Context, token string, body []byte) (*Notification, error) {
	if err := v.VerifyCall(ctx, token, body); err != nil {
		return nil, err
	}
	n := new(Notification)
	if err := json.Unmarshal(body, n); err != nil {
		return nil, fmt.Errorf("read notification: %w", err)
	}
	if n.ID == "" {
		return nil, errors.New("read notification: it has no id")
	}
	return n, nil
}

// VerifyCall verifies any call by its Authorization header and its body, which is
// empty for a call without one. Errors are as for Verify.
func (v *Verifier) VerifyCall(ctx context.Context, token string, body []byte) error {
	payload, err := v.payload(ctx, token)
	if err != nil {
		return err
	}
	var claims callClaims
	if err := json.Unmarshal(payload, &claims); err != nil {
		return notGenuine("its claims cannot be read")
	}
	return claims.check(v, time.Now(), body)
}

// payload returns what was signed, once the signature is checked. Only the one
// documented algorithm is let through: what a token says of its own signature is
// not to be relied on.
func (v *Verifier) payload(ctx context.Context, token string) ([]byte, error) {
	if len(token) > maxToken {
		return nil, notGenuine("its token is too long")
	}
	token = strings.TrimSpace(token)
	if scheme, rest, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(rest)
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		return nil, notGenuine("its token is not signed with ES256")
	}
	if signed.Signatures[0].Header.KeyID == "" {
		return nil, notGenuine("its token does not say which key signed it")
	}
	payload, err := v.keys.verify(ctx, signed)
	switch {
	case errors.Is(err, ErrKeysUnavailable):
		return nil, fmt.Errorf("verify call: %w", err)
	case err != nil:
		return nil, notGenuine(err.Error())
	}
	return payload, nil
}

func notGenuine(why string) error { return fmt.Errorf("verify call: %w: %s", ErrNotGenuine, why) }

// callClaims are what the token of a call says. Source: Centrapay docs, webhooks.
type callClaims struct {
	IssuedAt numericDate `json:"iat"`
	Expiry   numericDate `json:"exp"`
	Audience audience    `json:"aud"`
	BodyHash api.Text    `json:"request_body_sha256"`
}

func (c callClaims) check(v *Verifier, now time.Time, body []byte) error {
	expiry, issued := time.Time(c.Expiry), time.Time(c.IssuedAt)
	switch {
	case expiry.IsZero():
		return notGenuine("its token does not say when it ends")
	case now.After(expiry.Add(v.leeway)):
		return notGenuine("its token ended at " + expiry.UTC().Format(time.RFC3339))
	case issued.After(now.Add(v.leeway)):
		return notGenuine("its token is of the future; the clock of this machine may be wrong")
	case !slices.ContainsFunc(c.Audience, func(a string) bool { return sameIssuer(a, v.audience) }):
		return notGenuine("it is for another endpoint")
	case c.BodyHash == "" && len(body) == 0:
		return nil
	}
	claimed, err := hex.DecodeString(string(c.BodyHash))
	sum := sha256.Sum256(body)
	if err != nil || subtle.ConstantTimeCompare(claimed, sum[:]) != 1 {
		return notGenuine("its body is not the one that was signed")
	}
	return nil
}

// numericDate is a moment in seconds since 1970, which the documents write as a
// number and as a string. One that is none of these is the zero time.
type numericDate time.Time

// UnmarshalJSON reads either form.
func (d *numericDate) UnmarshalJSON(data []byte) error {
	const yearTenThousand = 253402300800
	*d = numericDate{}
	text := string(bytes.Trim(bytes.TrimSpace(data), `"`))
	// A float is exact for whole seconds, and parts of one do not matter.
	if at, err := strconv.ParseFloat(text, 64); err == nil && at > 0 && at < yearTenThousand {
		*d = numericDate(time.Unix(int64(math.Floor(at)), 0))
	}
	return nil
}

// audience is one name or several.
type audience []string

// UnmarshalJSON reads a string or an array of them.
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}
