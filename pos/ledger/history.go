package ledger

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"centrapos/pos"
)

// Search says which operations History gives. The zero Search gives all.
type Search struct {
	// Text is contained in the reference, the payment request's id, a short code, the
	// amount as it is shown ("12.50") or the id here. Cases do not matter, nor do dashes,
	// spaces and the CP in front in short codes.
	Text     string
	Outcomes []pos.Outcome // only those with one of these outcomes, when any
	Kinds    []pos.Kind    // only those of one of these kinds, when any
	Amount   pos.Money     // only those of exactly this amount, when known
	From     time.Time     // only those opened at or after this time, when set
	Until    time.Time     // only those opened before this time, when set
	Service  string        // only those with this service, when set
	// After continues behind a page: its Next.
	After Cursor
	Limit int // rows of a page; 50 when not set, at most 500
}

// Cursor is a place in the history. What is opened meanwhile does not move it.
type Cursor int64

// Page is a part of the history.
type Page struct {
	Rows []pos.Summary // newest first
	Next Cursor        // where the next page begins; 0 when there is none
}

const (
	pageRows    = 50
	maxPageRows = 500
)

const (
	selectPage  = selectRows + " WHERE first_seq < ?" + newestFirst + " LIMIT ?"
	selectLines = selectRows + " WHERE first_seq IN (SELECT value FROM json_each(?))" + newestFirst
	// selectNews gives the lines that have changed behind a place in the chain, newest
	// change last, with the text that is searched.
	selectNews = `SELECT first_seq, last_seq, opened_at, outcome, kind, service, currency, amount,
		op || char(10) || external_ref || char(10) || request_id || char(10) || short_code || char(10) || activity_code
		FROM operations WHERE last_seq > ? ORDER BY last_seq`
)

// History gives a page of the operations that a search is for, in the reverse of the
// order in which they were opened: newest first.
//
// The first search of a Reader for more than a page of all reads every line once, some
// microseconds for each, and keeps what is searched in memory, some 200 bytes for each;
// from then on it reads what has changed. PrepareHistory does that ahead of it.
func (r *Reader) History(ctx context.Context, s Search) (Page, error) {
	page, err := r.page(ctx, s)
	return page, r.explain("search the payments", err)
}

// PrepareHistory reads what searches need, so that the first one has not to wait for it.
func (r *Reader) PrepareHistory(ctx context.Context) error {
	return r.explain("read the payments", r.searched.refresh(ctx, r))
}

func (r *Reader) page(ctx context.Context, s Search) (Page, error) {
	limit := min(s.Limit, maxPageRows)
	if limit <= 0 {
		limit = pageRows
	}
	before := int64(s.After)
	if before <= 0 {
		before = 1<<63 - 1
	}
	if s.all() {
		rows, err := r.projections(ctx, selectPage, before, limit+1)
		return pageOf(rows, limit), err
	}
	if err := r.searched.refresh(ctx, r); err != nil {
		return Page{}, err
	}
	found := r.searched.find(s, before, limit+1)
	if len(found) == 0 {
		return Page{}, nil
	}
	places, err := json.Marshal(found)
	if err != nil {
		return Page{}, err
	}
	rows, err := r.projections(ctx, selectLines, string(places))
	return pageOf(rows, limit), err
}

// all reports whether the search is for everything.
func (s Search) all() bool {
	return strings.TrimSpace(s.Text) == "" && len(s.Outcomes) == 0 && len(s.Kinds) == 0 && !s.Amount.IsKnown() &&
		s.From.IsZero() && s.Until.IsZero() && s.Service == ""
}

// pageOf makes a page of rows, of which one more than the limit says that there are more.
func pageOf(rows []projection, limit int) Page {
	var page Page
	for i, row := range rows {
		if i == limit {
			page.Next = Cursor(rows[i-1].firstSeq)
			break
		}
		page.Rows = append(page.Rows, row.Summary)
	}
	return page
}

// wanted reports whether a line is one that the search is for, but for its text.
func (s *Search) wanted(l *historyLine, from, until, amount string) bool {
	return (from == "" || l.openedAt >= from) && (until == "" || l.openedAt < until) &&
		(s.Service == "" || l.service == s.Service) &&
		(len(s.Outcomes) == 0 || slices.Contains(s.Outcomes, l.outcome)) &&
		(len(s.Kinds) == 0 || slices.Contains(s.Kinds, l.kind)) &&
		(amount == "" || l.amount == amount)
}

// needles are the texts of which a line has to contain one.
func (s *Search) needles() []string {
	text := strings.ToLower(strings.TrimSpace(strings.ReplaceAll(s.Text, "\n", " ")))
	if text == "" {
		return nil
	}
	needles := []string{text}
	if code := strings.ToLower(plainCode(text)); code != text && code != "" {
		needles = append(needles, code)
	}
	return needles
}

// searchText is what a line is found by: lower case, short codes once more without
// dashes, the amount as it is shown.
func searchText(fields string, amount pos.Money) string {
	fields = strings.ToLower(fields)
	codes := fields
	for range 3 { // behind the id, the reference and the request's id
		_, codes, _ = strings.Cut(codes, "\n")
	}
	if amount.IsKnown() {
		fields += "\n" + amount.String()
	}
	if plain := strings.ReplaceAll(codes, "-", ""); plain != codes {
		fields += "\n" + plain
	}
	return fields + "\n"
}
