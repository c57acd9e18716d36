package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// field is one member of a JSON object.
type field struct {
	name  string
	value any
}

// object is the service's own JSON object with further fields behind its own. A
// field of ours with a name that the object has replaces it: a document never
// says one thing twice.
type object struct {
	own  json.RawMessage // the service's object; nil for none
	more []field
}

// add adds a field; one that was added before is replaced.
func (o *object) add(name string, value any) {
	o.more = slices.DeleteFunc(o.more, func(f field) bool { return f.name == name })
	o.more = append(o.more, field{name, value})
}

// MarshalJSON writes the members in order, the service's first.
func (o object) MarshalJSON() ([]byte, error) {
	members, err := membersOf(o.own)
	if err != nil {
		return nil, err
	}
	ours := map[string]bool{}
	for _, f := range o.more {
		ours[f.name] = true
	}
	var b bytes.Buffer
	b.WriteByte('{')
	write := func(f field) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(f.name)
		if err != nil {
			return err
		}
		value, err := json.Marshal(f.value)
		if err != nil {
			return fmt.Errorf("write %q: %w", f.name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
		return nil
	}
	for _, f := range members {
		if ours[f.name] {
			continue
		}
		if err := write(f); err != nil {
			return nil, err
		}
	}
	for _, f := range o.more {
		if err := write(f); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// membersOf reads an object's members in the order they stand in.
func membersOf(object json.RawMessage) ([]field, error) {
	if len(bytes.TrimSpace(object)) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(object))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, fmt.Errorf("the service's own object is none: %w", err)
	}
	var members []field
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		text, _ := name.(string)
		members = append(members, field{text, value})
	}
	return members, nil
}
