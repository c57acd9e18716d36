package api

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// paymentQuirks are the tests about payment requests and activities, about
// errors, and about the scalars that they are made of.
var paymentQuirks = []map[string]func(*testing.T){
	numberQuirks, valueQuirks, nameQuirks, codeQuirks, timeQuirks, fieldQuirks, statusQuirks,
}

// TestQuirks has one test for each numbered oddity of the service and its
// documents that concerns the calls of this package. What a name does not
// explain, the test does.
func TestQuirks(t *testing.T) {
	t.Parallel()
	for _, group := range paymentQuirks {
		for number, test := range group {
			t.Run(number, func(t *testing.T) {
				t.Parallel()
				test(t)
			})
		}
	}
}

func read[T any](t *testing.T, wire string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(wire), &v); err != nil {
		t.Fatalf("%v in %s", err, wire)
	}
	return v
}

func readResponse[T any](t *testing.T, name string) T {
	t.Helper()
	return read[T](t, string(readFixture(t, name+".response.json")))
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// accepted calls Get against an answer and fails when it is not taken as one.
func accepted(t *testing.T, body string) *PaymentRequest {
	t.Helper()
	code := read[struct {
		ShortCode string `json:"shortCode"`
	}](t, body).ShortCode
	if code == "" {
		code = "CP-C7F-ZS5"
	}
	r, _, err := newClientOf(t, answering(200, body)).PaymentRequests.GetByShortCode(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// quirkPlaces says where each numbered oddity has its test; some concern several
// parts of the service.
var quirkPlaces = map[string]string{
	"payment": `A1 A2 A3 A4 A6 A8 A9 A10 A12 A13 A16
		B1 B2 B3 B4 B5 B6 B7 B8 B9 B10 B13 B14 B15 B17 B18
		C1 C3 C4 C5 C6 C7 C8 C12 C13 C14 C15 C16 C18 C19 C23 C24 C25
		D1 D2 D3 D4 D5 D6
		E1 E2 E3 E4 E5 E6 E7
		F1 F1a F2 F3 F4 F5 F6 F7 F8 F9 F10 F11 F17 F19 F22 F23 F24
		G2 G11 H1 H2 H5 H7 H8`,
	"merchant": `A8 A11 A12 A13 B16 B17 C12 C14 C16 C17 D5 D6 E4 F16 G1 G2 G3 G9 G10 G11 H1 K`,
	"bank":     `A5 A8 A11 A12 C12 C20 C22 D6 E2 F12 F18 F19 F20 F21 G1 H6 J8`,
	"legacy": `A3 A4 A7 A14 A15 B11 B12 C2 C9 C10 C11 C21 D7 E1 E3
		F13 F14 F15 G4 G5 G6 G7 H3 H4 I1 I2`,
}

// quirksOfDocuments are oddities that no service serves, with the reason.
var quirksOfDocuments = map[string]string{
	"G8":                           "payment links are not among the calls",
	"I3 I4 I5 I6 I7 I8 I9 I10 I11": "JSON that is printed broken, repaired in the fixtures",
	"I12 I13":                      "examples that are no fixtures: code that does not run, a hash of something else",
	"J1 J2 J3 J4 J5 J6 J7 J9":      "rows and headings that were lost when the first documents were extracted",
}

// lastQuirks are the last numbers of each letter.
var lastQuirks = map[string]int{"A": 16, "B": 18, "C": 25, "D": 7, "E": 7, "F": 24, "G": 11, "H": 8, "I": 13, "J": 9}

// TestEveryQuirkHasATest fails for a number without a test, and for a test whose
// number nobody expects at its place.
func TestEveryQuirkHasATest(t *testing.T) {
	t.Parallel()
	tested := map[string][]string{
		"payment": numbersOf(paymentQuirks...), "merchant": numbersOf(merchantQuirks), "bank": numbersOf(bankQuirks),
		"legacy": testedIn(t, "legacy"),
	}
	placed := map[string]bool{}
	for place, numbers := range quirkPlaces {
		want := strings.Fields(numbers)
		for _, number := range want {
			placed[number] = true
			if !slices.Contains(tested[place], number) {
				t.Errorf("%s has no test in %s", number, place)
			}
		}
		for _, number := range tested[place] {
			if !slices.Contains(want, number) {
				t.Errorf("%s has a test in %s, which the table does not name", number, place)
			}
		}
	}
	for numbers := range quirksOfDocuments {
		for _, number := range strings.Fields(numbers) {
			placed[number] = true
		}
	}
	all := []string{"F1a", "K"}
	for letter, last := range lastQuirks {
		for i := range last {
			all = append(all, fmt.Sprint(letter, i+1))
		}
	}
	for _, number := range all {
		if !placed[number] {
			t.Errorf("%s stands nowhere", number)
		}
	}
	if len(placed) != len(all) {
		t.Errorf("%d numbers are placed, there are %d", len(placed), len(all))
	}
}

func numbersOf(groups ...map[string]func(*testing.T)) []string {
	var numbers []string
	for _, group := range groups {
		for number := range group {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// testedIn returns the numbers that the tests of another package are keyed by.
func testedIn(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s: %v", dir, err)
	}
	var numbers []string
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?m)^\t"([A-K]\d*a?)": +func\(t \*testing\.T\)`).FindAllStringSubmatch(string(source), -1) {
			numbers = append(numbers, match[1])
		}
	}
	return numbers
}
