package api

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
)

// Empty pages happen, and each may name a further one; a service that never stops
// naming them must not keep a program for ever.
func TestEmptyPagesEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		empty, calls int
		end          error
	}{
		"a few":       {empty: 9, calls: 10},
		"without end": {empty: 1 << 30, calls: maxEmptyPages, end: ErrOnlyEmptyPages},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls, items, end := 0, 0, error(nil)
			all := allPages("", func(string) (*Page[int], error) {
				if calls++; calls > tt.empty {
					return &Page[int]{Items: []int{1}}, nil
				}
				return &Page[int]{Items: []int{}, NextPageKey: fmt.Sprint("k", calls)}, nil
			})
			for _, err := range all {
				if end = err; err == nil {
					items++
				}
			}
			if calls != tt.calls || !errors.Is(end, tt.end) || (items == 1) != (tt.end == nil) {
				t.Errorf("got %d calls, %d items, %v", calls, items, end)
			}
		})
	}
}

// Pages with items are never too many: only empty ones in a row are counted.
func TestManyPagesWithItemsAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	const pages = 3 * maxEmptyPages
	calls, items := 0, 0
	all := allPages("", func(string) (*Page[int], error) {
		calls++
		p := &Page[int]{Items: make([]int, calls%2)}
		if calls < pages {
			p.PageKey = fmt.Sprint("k", calls)
		}
		return p, nil
	})
	for _, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		items++
	}
	equal(t, "items", items, pages/2)
}

func TestNothingIsSentWhoseAnswerNobodyReads(t *testing.T) {
	t.Parallel()
	c := newService(t) // expects no request
	_, err := c.Do(t.Context(), Call{Method: http.MethodPost, Path: []string{"api", "x"}}, nil)
	if OutcomeOf(err) != NotSent {
		t.Errorf("got %v", err)
	}
}
