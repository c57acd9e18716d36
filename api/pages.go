package api

import (
	"errors"
	"fmt"
	"iter"
)

// Page is one page of a listing. The cursor of the next page is called
// nextPageKey by most listings and pageKey by one; Next knows both. Source:
// Centrapay docs, pagination.
type Page[T any] struct {
	// Items is never nil in a page that a call returned.
	Items       []T    `json:"items"`
	NextPageKey string `json:"nextPageKey,omitempty"`
	PageKey     string `json:"pageKey,omitempty"`
}

// Next returns the cursor of the next page, "" on the last one.
func (p Page[T]) Next() string {
	if p.NextPageKey != "" {
		return p.NextPageKey
	}
	return p.PageKey
}

// ErrCursorRepeated ends an iterator over pages when a page names a cursor that
// was followed already, as the documents' own example does (quirk B15). All items
// up to it were given; whether there are further ones cannot be told, so that the
// list may be incomplete.
var ErrCursorRepeated = errors.New("the service repeated a page, so that the list may be incomplete")

// ErrOnlyEmptyPages ends an iterator over pages after 1,000 pages in a row without
// an item, each of which named a further one. The list may be incomplete.
var ErrOnlyEmptyPages = errors.New("the service goes on naming pages without items, so that the list may be incomplete")

// maxEmptyPages is how many pages in a row may be empty. Filters that are applied
// after paging make empty pages, but not that many.
const maxEmptyPages = 1000

// allPages goes through the pages that next returns, from the cursor first on. It
// ends with the last page or after an error.
func allPages[T any](first string, next func(pageKey string) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := map[string]bool{first: true}
		empty := 0
		for key := first; ; {
			page, err := next(key)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range page.Items {
				if !yield(&page.Items[i], nil) {
					return
				}
			}
			if empty++; len(page.Items) > 0 {
				empty = 0
			}
			switch key = page.Next(); {
			case key == "":
				return
			case seen[key]:
				yield(nil, ErrCursorRepeated)
				return
			case empty == maxEmptyPages:
				yield(nil, ErrOnlyEmptyPages)
				return
			}
			seen[key] = true
		}
	}
}

// wholePage checks that an answer is a page and each item what it should be. A
// page that lost its items must not pass for an empty one.
func wholePage[T any](item func(*T) error) func(*Page[T]) error {
	return func(p *Page[T]) error {
		if p.Items == nil {
			return errors.New("it has no items")
		}
		for i := range p.Items {
			if err := item(&p.Items[i]); err != nil {
				return fmt.Errorf("item %d: %w", i, err)
			}
		}
		return nil
	}
}
