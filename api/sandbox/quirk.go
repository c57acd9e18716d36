package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"slices"
	"strings"
)

// Quirk is an oddity of the service or its documents that answers have on demand:
// by a fault of the kind quirks, or WithQuirks. The sandbox's own answers have the
// shape that the documents settle on.
type Quirk struct {
	// Number is that of the project's list of oddities, as A1.
	Number string
	// About says what is odd, in a few words.
	About string
	// Untrue quirks tell of other money than there is. They are had by their number
	// only, not with the others: no till can be right about such answers.
	Untrue bool
}

// quirksAll stands for the numbers of all quirks that are not untrue.
const quirksAll = "all"

// Quirks returns the quirks that answers can have, by their numbers.
func Quirks() []Quirk {
	var all []Quirk
	for _, row := range quirkTable() {
		all = append(all, row.Quirk)
	}
	return all
}

func quirkNumbers() []string {
	var numbers []string
	for _, q := range Quirks() {
		numbers = append(numbers, q.Number)
	}
	return numbers
}

// WithQuirks gives all answers the quirks with these numbers, all that are not
// untrue when there are none. It is short for a fault: *:quirks=A1,E2.
func WithQuirks(numbers ...string) Option {
	return func(s *settings) error {
		f, err := QuirksFault(numbers...)
		s.faults = append(s.faults, f)
		return err
	}
}

// QuirksFault is the fault that gives all answers the quirks with these numbers,
// all that are not untrue when there are none. The error says which number there
// is not.
func QuirksFault(numbers ...string) (Fault, error) {
	spec := EndpointAny + ":" + kindQuirks
	if len(numbers) > 0 {
		spec += "=" + strings.Join(numbers, ",")
	}
	return ParseFault(spec)
}

// quirkRow is a quirk of the answers of some endpoints.
type quirkRow struct {
	Quirk
	// endpoints are names with spaces between them, "" for all; a name that ends in
	// - stands for those that begin so.
	endpoints string
	// spoil makes an answer odd; nil for a quirk of what the service takes.
	spoil func(*oddAnswer)
}

func (q quirkRow) concerns(endpoint string) bool {
	return q.endpoints == "" || slices.ContainsFunc(strings.Fields(q.endpoints), func(name string) bool {
		return name == endpoint || strings.HasSuffix(name, "-") && strings.HasPrefix(endpoint, name)
	})
}

// quirks are those of one answer, in the order of the table.
type quirks []quirkRow

// with adds the quirks that a fault names.
func (q quirks) with(numbers string) quirks {
	named := strings.Split(numbers, ",")
	var all quirks
	for _, row := range quirkTable() {
		if q.has(row.Number) || slices.Contains(named, row.Number) || numbers == quirksAll && !row.Untrue {
			all = append(all, row)
		}
	}
	return all
}

func (q quirks) has(number string) bool {
	return slices.ContainsFunc(q, func(row quirkRow) bool { return row.Number == number })
}

// quirksKey is under what a call's context holds its quirks, for those of what the
// service takes.
type quirksKey struct{}

func (q quirks) into(ctx context.Context) context.Context {
	if len(q) == 0 {
		return ctx
	}
	return context.WithValue(ctx, quirksKey{}, q)
}

// quirk tells whether a call is dealt with by a quirk.
func quirk(r *http.Request, number string) bool {
	q, _ := r.Context().Value(quirksKey{}).(quirks)
	return q.has(number)
}

// spoil makes an answer odd. What is not JSON stays as it is.
func (q quirks) spoil(endpoint string, r *http.Request, answer *recorder) {
	if len(q) == 0 {
		return
	}
	in := json.NewDecoder(bytes.NewReader(answer.body.Bytes()))
	in.UseNumber()
	odd := &oddAnswer{request: r, status: answer.status}
	if err := in.Decode(&odd.body); err != nil {
		return
	}
	for _, row := range q {
		if row.spoil != nil && row.concerns(endpoint) {
			row.spoil(odd)
		}
	}
	text, err := json.Marshal(odd.body)
	if err != nil {
		return // not reached: it was JSON
	}
	answer.status = odd.status
	answer.body.Reset()
	answer.body.Write(text)
}

// oddAnswer is an answer while it is made odd.
type oddAnswer struct {
	request *http.Request
	status  int
	// body is of what encoding/json makes: numbers are of the type json.Number.
	body any
}

// object is the whole body, nil when that is a list.
func (o *oddAnswer) object() jsonObject {
	whole, _ := o.body.(map[string]any)
	return whole
}

// refused tells whether the answer is an error of the service.
func (o *oddAnswer) refused() bool { return o.status >= http.StatusBadRequest }

// objects are all objects of the body, those inside others too.
func (o *oddAnswer) objects() iter.Seq[jsonObject] {
	return func(yield func(jsonObject) bool) { eachObject(o.body, yield) }
}

func eachObject(v any, yield func(jsonObject) bool) bool {
	switch v := v.(type) {
	case map[string]any:
		if !yield(v) {
			return false
		}
		for _, member := range v {
			if !eachObject(member, yield) {
				return false
			}
		}
	case []any:
		for _, item := range v {
			if !eachObject(item, yield) {
				return false
			}
		}
	}
	return true
}

// jsonObject is an object whose members can be changed.
type jsonObject map[string]any

// drop takes members out.
func (o jsonObject) drop(names ...string) {
	for _, name := range names {
		delete(o, name)
	}
}

// rename gives a member another name.
func (o jsonObject) rename(from, to string) {
	if v, ok := o[from]; ok {
		delete(o, from)
		o[to] = v
	}
}

// change replaces a text, when there is one.
func (o jsonObject) change(name string, by func(string) any) {
	if text, ok := o[name].(string); ok {
		o[name] = by(text)
	}
}

// member is an object inside, nil when there is none.
func (o jsonObject) member(name string) jsonObject {
	inside, _ := o[name].(map[string]any)
	return inside
}
