package api

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
)

// testPAN is a number that card schemes publish for tests.
const testPAN = "4111111111111111"

func TestPANIsReadInAnyGroupingAndChecked(t *testing.T) {
	t.Parallel()
	for _, text := range []string{testPAN, "4111 1111 1111 1111", " 4111-1111-1111-1111\n", "4111\u00a01111\u00a01111\u00a01111"} {
		p, err := ParsePAN(text)
		if err != nil || p.Reveal() != testPAN || !p.Valid() || p.IsZero() || p.LastFour() != "1111" || p.String() != "**** 1111" {
			t.Errorf("%q: got %s, %v", text, p, err)
		}
	}
	valid := []string{"378282246310005", "6011000990139424", "5555555555554444", "000000000000", "6759649826438453", "4917610000000000003"}
	for _, text := range valid {
		if p, err := ParsePAN(text); err != nil || p.Reveal() != text {
			t.Errorf("%q: got %s, %v", text, p, err)
		}
	}
	invalid := []string{"", " ", "4111111111111112", "4111111111111", "00000000000", "41111111111111110000", "4111x11111111111", "４１１１１１１１１１１１１１１１", "**** 1111"}
	for _, text := range invalid {
		if p, err := ParsePAN(text); err == nil || !p.IsZero() {
			t.Errorf("%q was parsed", text)
		} else if strings.ContainsAny(strings.Replace(err.Error(), "12 to 19", "", 1), "0123456789") {
			t.Errorf("the error repeats the number: %v", err)
		}
	}
}

func TestPANKeepsWhatItCannotJudge(t *testing.T) {
	t.Parallel()
	tests := []struct{ wire, number, printed string }{
		{`"4111111111111111"`, testPAN, "**** 1111"},
		{`4111111111111111`, testPAN, "**** 1111"},
		{`"4111111111111112"`, "4111111111111112", "**** 1112"}, // misread, but a number of a card's length
		{`"1234"`, "1234", "****"},
		{`"411111******1111"`, "411111******1111", "****"},
		{`""`, "", ""},
		{`null`, "", ""},
	}
	for _, tt := range tests {
		p := read[PAN](t, tt.wire)
		if p.Reveal() != tt.number || p.String() != tt.printed || p.Valid() != (tt.number == testPAN) || p.IsZero() != (tt.number == "") {
			t.Errorf("%s: got %s, valid %v", tt.wire, p, p.Valid())
		}
	}
	for _, wire := range []string{`{"n":4111111111111111}`, `["4111111111111111"]`, `true`} {
		err := json.Unmarshal([]byte(wire), new(PAN))
		if err == nil || strings.Contains(err.Error(), "4111") {
			t.Errorf("%s: got %v", wire, err)
		}
	}
	var fromText PAN // as other encodings do
	if err := fromText.UnmarshalText([]byte("4111-1111-1111-1111")); err != nil || fromText.Reveal() != testPAN {
		t.Errorf("got %s, %v", fromText, err)
	}
	a, b := read[PAN](t, `"4111 1111 1111 1111"`), read[PAN](t, `4111111111111111`)
	if !a.Equal(b) || a.Equal(PAN{}) || !(PAN{}).Equal(PAN{}) {
		t.Error("card numbers are not compared by their digits")
	}
}

// cardHolder stands for whatever has a card number, in the open or not.
type cardHolder struct {
	Card    PAN
	Pointer *PAN
	Cards   []PAN
	ByName  map[string]PAN
	private PAN
}

func holderOf(p PAN) cardHolder { return cardHolder{p, &p, []PAN{p}, map[string]PAN{"a": p}, p} }

func TestNothingThatIsPrintedShowsACardNumber(t *testing.T) {
	t.Parallel()
	p, err := ParsePAN(testPAN)
	if err != nil {
		t.Fatal(err)
	}
	things := map[string]any{
		"number": p, "pointer": &p, "holder": holderOf(p), "holder's pointer": new(holderOf(p)), "list": []PAN{p},
		"wrapped": fmt.Errorf("pay with %v: %w", p, errors.New("no")),
	}
	var out bytes.Buffer
	loggers := []*slog.Logger{slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))}
	for what, thing := range things {
		for _, verb := range append([]string{"%p", "%t", "%U", "%30s", "%+q"}, verbs...) {
			noCard(t, what+" as "+verb, fmt.Sprintf(verb, thing))
		}
		for _, logger := range loggers {
			logger.Info("it", "thing", thing, slog.Group("in", "side", thing))
		}
		if data, err := json.Marshal(thing); err == nil {
			noCard(t, what+" as JSON", string(data))
		}
		if data, err := xml.Marshal(thing); err == nil {
			noCard(t, what+" as XML", string(data))
		}
	}
	noCard(t, "log", out.String())
	if !strings.Contains(out.String(), "**** 1111") {
		t.Errorf("the log does not say which card: %s", out.String())
	}
	equal(t, "JSON", string(mustMarshal(t, p)), `"**** 1111"`)
	equal(t, "absent", string(mustMarshal(t, struct {
		Card PAN `json:"card,omitzero"`
	}{})), `{}`)
}

func mustMarshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// noCard fails when a text shows more of the number than its last four digits.
func noCard(t *testing.T, what, text string) {
	t.Helper()
	for _, form := range []string{testPAN[:12], testPAN[4:], hex.EncodeToString([]byte(testPAN[:12]))} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows the number: %s", what, text)
		}
	}
}

var printedPAN = regexp.MustCompile(`^(|\*{4}|\*{4} \d{4})$`)

// Whatever is read, no more than four digits come out, and those only of a
// number that has many more.
func FuzzPAN(f *testing.F) {
	for _, s := range []string{testPAN, "4111 1111 1111 1111", "1234", "378282246310005", "", "%!v(PANIC=", "**** 1111", "-", "٤١١١"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var p PAN
		if err := json.Unmarshal(quoted, &p); err != nil {
			t.Fatalf("%q failed the decode: %v", text, err)
		}
		shown := p.String()
		if !printedPAN.MatchString(shown) {
			t.Fatalf("%q prints as %q", text, shown)
		}
		if last := p.LastFour(); last != "" && (len(p.Reveal()) < 12 || !strings.HasSuffix(p.Reveal(), last)) {
			t.Fatalf("%q ends in %q", text, last)
		}
		for _, verb := range verbs {
			if got := fmt.Sprintf(verb, p); got != shown {
				t.Fatalf("%q as %s is %q", text, verb, got)
			}
		}
		equal(t, "logged", p.LogValue().String(), shown)
		equal(t, "encoded", string(mustMarshal(t, p)), `"`+shown+`"`)
		parsed, err := ParsePAN(text)
		if p.Valid() && (err != nil || !parsed.Equal(p)) {
			t.Fatalf("%q is valid and was not parsed: %v", text, err)
		}
		// In a field that nobody can print by its methods.
		if inside := fmt.Sprintf("%+v %#v", holderOf(p), holderOf(p)); len(p.Reveal()) >= 12 && strings.Contains(inside, p.Reveal()) {
			t.Fatalf("%q shows inside %s", text, inside)
		}
	})
}
