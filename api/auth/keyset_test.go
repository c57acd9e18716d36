package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	jose "github.com/go-jose/go-jose/v4"
)

func TestHowLongKeysAreKept(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	for name, tt := range map[string]struct {
		headers map[string]string
		want    time.Duration
	}{
		"nothing said":         {nil, 15 * time.Minute},
		"as long as it says":   {map[string]string{"Cache-Control": "public, max-age=3600"}, time.Hour},
		"of which some passed": {map[string]string{"Cache-Control": "max-age=3600", "Age": "600"}, 50 * time.Minute},
		"all passed":           {map[string]string{"Cache-Control": "max-age=60", "Age": "600"}, 10 * time.Second},
		"not at all":           {map[string]string{"Cache-Control": "no-store"}, 10 * time.Second},
		"never unasked":        {map[string]string{"Cache-Control": "max-age=3600, No-Cache"}, 10 * time.Second},
		"zero":                 {map[string]string{"Cache-Control": "max-age=0"}, 10 * time.Second},
		"a year":               {map[string]string{"Cache-Control": "max-age=31536000, immutable"}, 24 * time.Hour},
		"quoted":               {map[string]string{"Cache-Control": `max-age="120"`}, 2 * time.Minute},
		"negative":             {map[string]string{"Cache-Control": "max-age=-1"}, 10 * time.Second},
		"too large":            {map[string]string{"Cache-Control": "max-age=99999999999999999999"}, 10 * time.Second},
		"until":                {map[string]string{"Expires": now.Add(time.Hour).Format(http.TimeFormat), "Date": now.Format(http.TimeFormat)}, time.Hour},
		"until then":           {map[string]string{"Expires": "0"}, 10 * time.Second},
		"max-age before until": {map[string]string{"Cache-Control": "max-age=60", "Expires": "0"}, time.Minute},
		"rubbish":              {map[string]string{"Cache-Control": ";;=,=x,max-age"}, 10 * time.Second},
	} {
		h := http.Header{}
		for key, value := range tt.headers {
			h.Set(key, value)
		}
		equal(t, name, cacheable(h), tt.want)
	}
}

// keysOf returns a key set of the issuer, and a function that has it verify a
// token signed with a key.
func keysOf(t *testing.T, i *testIssuer) (*keySet, func(jose.JSONWebKey) error) {
	t.Helper()
	hc, _ := boundedClient(&http.Client{Transport: direct{i}}, 10*time.Second)
	keys := newKeySet(issuerURL+"/keys", hc, 10*time.Second)
	return keys, func(key jose.JSONWebKey) error {
		token, err := sign(key, []byte(`{}`))
		if err != nil {
			t.Error(err)
		}
		_, err = keys.VerifySignature(t.Context(), token)
		return err
	}
}

func TestKeysAreReadAgainWhenTheyMustBe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		i.cache = "max-age=600"
		_, verify := keysOf(t, i)
		first := i.keys[0]
		for range 3 {
			if err := verify(first); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, "readings while fresh", i.count("/keys"), 1)
		time.Sleep(600 * time.Second)
		if err := verify(first); err != nil {
			t.Fatal(err)
		}
		equal(t, "readings after that", i.count("/keys"), 2)
	})
}

func TestKeysRotateWithoutNotice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		i.cache = "max-age=600"
		_, verify := keysOf(t, i)
		old := i.keys[0]
		if err := verify(old); err != nil {
			t.Fatal(err)
		}
		i.rotate(t, "key-2")
		time.Sleep(rotationPause)
		if err := verify(i.keys[0]); err != nil {
			t.Errorf("the new key: %v", err)
		}
		if err := verify(old); err == nil {
			t.Error("the old key is still taken")
		}
		equal(t, "readings", i.count("/keys"), 2)

		// Rubbish does not make us read the keys each time.
		stranger := newKey(t, "key-9")
		for range 100 {
			if err := verify(stranger); err == nil || errors.Is(err, ErrKeysUnavailable) {
				t.Fatalf("a stranger's key: %v", err)
			}
			time.Sleep(time.Second)
		}
		equal(t, "readings in 100 s of rubbish", i.count("/keys"), 2+9)
	})
}

func TestKeysThatCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		i.cache = "no-store"
		_, verify := keysOf(t, i)
		if err := verify(i.keys[0]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		for name, fault := range map[string]http.HandlerFunc{
			"hung": hanging, "500": answering(500, "text/html", "<html>"), "page": answering(200, "text/html", "<html>"),
			"no set": answering(200, "application/json", `{"keys":null}`), "other set": answering(200, "application/json", `{"keys":{}}`),
		} {
			i.setFault("/keys", fault)
			if err := verify(i.keys[0]); !errors.Is(err, ErrKeysUnavailable) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		i.setFault("/keys", nil)
		if err := verify(i.keys[0]); err != nil {
			t.Errorf("when they can be read again: %v", err)
		}
	})
}

func TestManyReadKeysOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := newTestIssuer(t)
		_, verify := keysOf(t, i)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if err := verify(i.keys[0]); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		equal(t, "readings", i.count("/keys"), 1)
	})
}

func TestKeysOfOtherKindsArePassedOver(t *testing.T) {
	t.Parallel()
	good := newKey(t, "good")
	public, err := json.Marshal(good.Public())
	if err != nil {
		t.Fatal(err)
	}
	private, err := json.Marshal(good)
	if err != nil {
		t.Fatal(err)
	}
	encryption := good.Public()
	encryption.Use = "enc"
	other, err := json.Marshal(encryption)
	if err != nil {
		t.Fatal(err)
	}
	set := `{"keys":[{"kty":"OKP","crv":"X448","x":"AA"},{"kty":"oct","k":"c2VjcmV0"},{"kty":"EC"},7,` +
		string(private) + "," + string(other) + "," + string(public) + `]}`
	keys, err := parseKeys([]byte(set))
	if err != nil || len(keys) != 1 || keys[0].KeyID != "good" || !keys[0].IsPublic() {
		t.Errorf("got %v, %v", keys, err)
	}
}
