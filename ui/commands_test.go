package ui

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"centrapos/pos"
)

func TestFindingProducts(t *testing.T) {
	t.Parallel()
	list := pos.ProductList{
		{SKU: "TEA", Name: "Green tea", Unit: pos.UnitEach}, {SKU: "T2", Name: "Tea towel", Unit: pos.UnitEach}, {SKU: "X", Name: "Cup", Unit: pos.UnitEach},
	}
	w := work{ctx: context.Background(), catalogue: list}
	for text, c := range map[string]struct {
		exact bool
		names []string
	}{
		"tea": {true, []string{"Green tea", "Tea towel"}},
		"tow": {false, []string{"Tea towel"}},
		"x":   {true, []string{"Cup"}},
		"zzz": {false, nil},
	} {
		reply := w.find(7, testGrammar.parseEntry(text, false), 8)().(found)
		var names []string
		for _, p := range reply.products {
			names = append(names, p.Name)
		}
		if reply.id != 7 || reply.text != text || reply.exact != c.exact || len(names) != len(c.names) || reply.err != nil {
			t.Fatalf("%q found %+v, want %+v", text, reply, c)
		}
		for i, name := range names {
			if name != c.names[i] {
				t.Errorf("%q found %q, want %q", text, names, c.names)
			}
		}
	}
}

func TestListening(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		w := work{ctx: ctx}
		op := newFakeOp(&counting{}, tell(noon, cents(100)).state)

		time.AfterFunc(time.Second, func() { op.set(tell(noon, cents(200)).state) })
		if msg := w.listen(op)().(opChanged); msg.now.closed || !msg.now.state.Record.Amount().Equal(cents(200)) {
			t.Errorf("after a change: %+v", msg)
		}
		time.AfterFunc(time.Second, func() { close(op.closed) })
		if msg := w.listen(op)().(opChanged); !msg.now.closed {
			t.Errorf("after the end: %+v", msg)
		}
		op.closed = make(chan struct{})
		time.AfterFunc(time.Second, cancel)
		if msg := w.listen(op)(); msg != nil {
			t.Errorf("after the program's end: %+v", msg)
		}
	})
}
