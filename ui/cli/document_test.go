package cli

import (
	"encoding/json"
	"testing"
)

func TestObjectKeepsTheServicesOwn(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		own, want string
		more      []field
	}{
		"ours behind theirs": {`{"id":"a","value":{"amount":"1250"}}`, `{"id":"a","value":{"amount":"1250"},"outcome":"paid"}`, []field{{"outcome", "paid"}}},
		"ours wins":          {`{"id":"a","outcome":"theirs","z":1}`, `{"id":"a","z":1,"outcome":"paid"}`, []field{{"outcome", "paid"}}},
		"none of theirs":     {``, `{"outcome":"paid"}`, []field{{"outcome", "paid"}}},
		"empty":              {`{}`, `{}`, nil},
		"exact numbers":      {`{"n":12345678901234567890.10}`, `{"n":12345678901234567890.10}`, nil},
	}
	for name, c := range cases {
		got, err := json.Marshal(object{own: json.RawMessage(c.own), more: c.more})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, %v; want %s", name, got, err, c.want)
		}
	}
	for _, broken := range []string{`[]`, `"text"`, `{"a":`, `{"a" 1}`} {
		if got, err := json.Marshal(object{own: json.RawMessage(broken)}); err == nil {
			t.Errorf("%s: got %s, want an error", broken, got)
		}
	}
}
