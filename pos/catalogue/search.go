package catalogue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"centrapos/pos"
)

// looked is how many products a search reads before it puts the best first.
// Their order in the index is the order in which they came into the catalogue.
const looked = 200

// Search finds products whose names have a word beginning with each of the words
// typed; see the package's documentation for the order and for typing errors.
func (c *Catalogue) Search(ctx context.Context, typed string, limit int) ([]pos.Product, error) {
	words := wordsOf(fold(typed))
	if len(words) == 0 || limit <= 0 {
		return nil, nil
	}
	found, err := c.search(ctx, fold(strings.TrimSpace(typed)), words, limit)
	if err == nil && len(found) == 0 {
		found, err = c.searchNear(ctx, words, limit)
	}
	if err != nil {
		return nil, fmt.Errorf("search the products: %w", err)
	}
	return found, nil
}

// search finds names that begin with what was typed, then names that have words
// which begin with the words.
func (c *Catalogue) search(ctx context.Context, typed string, words []string, limit int) ([]pos.Product, error) {
	first, err := c.products(ctx, "SELECT "+columns+" FROM products p WHERE p.folded >= ? AND p.folded < ? ORDER BY p.folded LIMIT ?",
		typed, typed+"\U0010ffff", limit)
	if err != nil || len(first) == limit {
		return first, err
	}
	terms := make([]string, 0, len(words))
	for _, w := range words {
		terms = append(terms, quoted(w)+"*")
	}
	others, err := c.matching(ctx, strings.Join(terms, " AND "))
	return merged(first, others, limit), err
}

// searchNear takes the words that no name has for typing errors.
func (c *Catalogue) searchNear(ctx context.Context, words []string, limit int) ([]pos.Product, error) {
	terms := make([]string, 0, len(words))
	for i, w := range words {
		meant, err := c.meant(ctx, w, i == len(words)-1)
		if err != nil || len(meant) == 0 {
			return nil, err
		}
		terms = append(terms, "("+strings.Join(meant, " OR ")+")")
	}
	found, err := c.matching(ctx, strings.Join(terms, " AND "))
	return merged(nil, found, limit), err
}

// matching gives products by an expression of the index, by their names.
func (c *Catalogue) matching(ctx context.Context, expression string) ([]pos.Product, error) {
	list, err := c.products(ctx, "SELECT "+columns+" FROM products p WHERE p.id IN (SELECT rowid FROM names WHERE names MATCH ? LIMIT ?)", expression, looked)
	slices.SortStableFunc(list, func(a, b pos.Product) int { return cmp.Compare(fold(a.Name), fold(b.Name)) })
	return list, err
}

// merged appends what is not there yet.
func merged(first, others []pos.Product, limit int) []pos.Product {
	for _, p := range others {
		if len(first) == limit {
			break
		}
		if !slices.ContainsFunc(first, func(f pos.Product) bool { return f.SKU == p.SKU }) {
			first = append(first, p)
		}
	}
	return first
}

// quoted is a word as a string of the index's query language. Words hold letters
// and digits only.
func quoted(word string) string { return `"` + word + `"` }
