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

// allPages goes through the pages that next returns, from the cursor first on.
func allPages[T any](first string, next func(pageKey string) (*Page[T], error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := map[string]bool{first: true}
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
			key = page.Next()
			if key == "" || seen[key] {
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
