package catalogue

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/blevesearch/vellum"
	"github.com/blevesearch/vellum/levenshtein"
)

// A vocabulary is every word that stands in a name, with the number of names. It
// is a small automaton (of some bytes for each word), made after an import and kept
// in the file; a word that was misspelt is run against it.
type vocabulary struct {
	mu       sync.Mutex
	revision int64 // of the names that it was made from; 0 for none
	fst      *vellum.FST

	renewing sync.WaitGroup
	busy     bool
}

// The builders of automata that accept what is at most so many errors away. They
// are tables that depend on nothing, made once.
var (
	near = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(1, true)
	})
	farther = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(2, true)
	})
)

const (
	oneError   = 4  // letters that a word has at least for one error to be forgiven
	twoErrors  = 7  // and two
	candidates = 8  // words that a misspelt one may be taken for
	considered = 64 // words that are compared for it
)

// meant gives the terms of the index's query language that a word may mean: itself
// where names have it, or else the words nearest to it. The last word typed may be
// the beginning of one.
func (c *Catalogue) meant(ctx context.Context, word string, last bool) ([]string, error) {
	var there bool
	err := c.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM names WHERE names MATCH ?)", quoted(word)+"*").Scan(&there)
	if err != nil || there {
		return []string{quoted(word) + "*"}, err
	}
	length := utf8.RuneCountInString(word)
	if length < oneError {
		return nil, nil
	}
	fst, err := c.vocabulary(ctx)
	if err != nil || fst == nil {
		return nil, err
	}
	build, errors := near, uint8(1)
	if length >= twoErrors {
		build, errors = farther, 2
	}
	builder, err := build()
	if err != nil {
		return nil, err
	}
	dfa, err := builder.BuildDfa(word, errors)
	if err != nil {
		return nil, err
	}
	found, err := nearest(fst, dfa, last)
	terms := make([]string, 0, len(found))
	for _, f := range found {
		terms = append(terms, quoted(f))
	}
	return terms, err
}

// nearest lists the words that the automaton accepts, the nearest first, then those
// that most names have.
func nearest(fst *vellum.FST, dfa *levenshtein.DFA, beginning bool) ([]string, error) {
	var automaton vellum.Automaton = dfa
	if beginning {
		automaton = beginningOf{dfa}
	}
	type match struct {
		word     string
		distance uint8
		names    uint64
	}
	var found []match
	it, err := fst.Search(automaton, nil, nil)
	for err == nil && len(found) < considered {
		word, names := it.Current()
		found = append(found, match{string(word), distance(dfa, string(word), beginning), names})
		err = it.Next()
	}
	if err != nil && !errors.Is(err, vellum.ErrIteratorDone) {
		return nil, err
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(b.names, a.names), cmp.Compare(a.word, b.word))
	})
	words := make([]string, 0, candidates)
	for _, m := range found[:min(candidates, len(found))] {
		words = append(words, m.word)
	}
	return words, nil
}

// distance is how many errors lie between the automaton's word and another, or the
// beginning of it that is nearest.
func distance(dfa *levenshtein.DFA, word string, beginning bool) uint8 {
	best := uint8(255)
	for end := range word + " " {
		if !beginning && end < len(word) {
			continue
		}
		if ok, d := dfa.MatchAndDistance(word[:end]); ok {
			best = min(best, d)
		}
	}
	return best
}

// beginningOf accepts every word that begins with one which an automaton accepts.
type beginningOf struct{ dfa *levenshtein.DFA }

// begun is the state in which anything may follow.
const begun = -1

func (b beginningOf) Start() int               { return b.dfa.Start() }
func (b beginningOf) IsMatch(state int) bool   { return state == begun || b.dfa.IsMatch(state) }
func (b beginningOf) CanMatch(state int) bool  { return state == begun || b.dfa.CanMatch(state) }
func (b beginningOf) WillAlwaysMatch(int) bool { return false }
func (b beginningOf) Accept(state int, c byte) int {
	if state == begun || b.dfa.IsMatch(state) {
		return begun
	}
	return b.dfa.Accept(state, c)
}

// vocabulary gives the words, as the file has them, and nil while it has none. Words
// of products that were entered since are read in the background: nobody who
// searches waits for that.
func (c *Catalogue) vocabulary(ctx context.Context) (*vellum.FST, error) {
	var revision, made int64
	err := c.read.QueryRowContext(ctx, `SELECT coalesce((SELECT value FROM meta WHERE name = 'revision'), 0),
		coalesce((SELECT value FROM meta WHERE name = 'words-of'), 0)`).Scan(&revision, &made)
	if err != nil {
		return nil, err
	}
	if made < revision {
		c.renewWords(context.WithoutCancel(ctx))
	}
	c.words.mu.Lock()
	defer c.words.mu.Unlock()
	if made == 0 || c.words.revision == made {
		return c.words.fst, nil
	}
	var data []byte
	if err := c.read.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = 'words'").Scan(&data); err != nil {
		return nil, err
	}
	fst, err := vellum.Load(data)
	if err != nil {
		return nil, fmt.Errorf("the words of the catalogue: %w", err)
	}
	c.words.fst, c.words.revision = fst, made
	return fst, nil
}

func (c *Catalogue) renewWords(ctx context.Context) {
	c.words.mu.Lock()
	defer c.words.mu.Unlock()
	if c.words.busy {
		return
	}
	c.words.busy = true
	c.words.renewing.Go(func() {
		// Nothing hangs on it: the words of before serve until the next attempt.
		_ = c.RefreshWords(ctx)
		c.words.mu.Lock()
		defer c.words.mu.Unlock()
		c.words.busy = false
	})
}

// RefreshWords reads the words of all names again. An import does it by itself, and
// a search in the background when it needs to.
func (c *Catalogue) RefreshWords(ctx context.Context) error {
	tx, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("read the words of the catalogue: %w", err)
	}
	if err := errors.Join(makeWords(ctx, tx), ctx.Err()); err != nil {
		return errors.Join(fmt.Errorf("read the words of the catalogue: %w", err), tx.Rollback())
	}
	return tx.Commit()
}

// makeWords makes the vocabulary and keeps it with the names it was made from.
func makeWords(ctx context.Context, tx *sql.Tx) error {
	var out bytes.Buffer
	builder, err := vellum.New(&out, nil)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT term, doc FROM words ORDER BY term")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var word []byte
		var names uint64
		if err := errors.Join(rows.Scan(&word, &names), builder.Insert(word, names)); err != nil {
			return err
		}
	}
	if err := errors.Join(rows.Err(), rows.Close(), builder.Close()); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO meta (name, value)
		SELECT 'words', ? UNION ALL SELECT 'words-of', coalesce((SELECT value FROM meta WHERE name = 'revision'), 0)`, out.Bytes())
	return err
}

func (v *vocabulary) close() { v.renewing.Wait() }
