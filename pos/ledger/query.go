package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"

	"centrapos/pos"
)

// Row is an operation's line in lists.
type Row struct {
	pos.Summary
	UpdatedAt time.Time // when its newest fact became known
	Facts     int       // how many facts it has
	Owner     string    // the id of the process it is in the hands of
	// OwnerAlive reports whether that process is running. An operation that is
	// not closed and whose owner is not alive waits for recovery.
	OwnerAlive bool
}

// Filter says which operations to list. The zero Filter lists all.
type Filter struct {
	Limit          int       // at most so many; 0 for no limit
	OnlyUnfinished bool      // only those that are not closed
	Since          time.Time // only those opened at or after this time, when set
	Until          time.Time // only those opened before this time, when set
	Service        string    // only those with this service, when set
}

// List gives operations in the reverse of the order in which they were opened:
// newest first.
func (r *Reader) List(ctx context.Context, f Filter) ([]Row, error) {
	where, args := f.conditions()
	query := selectRows + where + newestFirst
	if f.Limit > 0 {
		query += " LIMIT ?"
		args = append(args, f.Limit)
	}
	return r.rows(ctx, "list payments", query, args...)
}

// Unfinished gives the operations that are not closed, newest first: they are
// under way, or wait for recovery.
func (r *Reader) Unfinished(ctx context.Context) ([]Row, error) {
	return r.List(ctx, Filter{OnlyUnfinished: true})
}

func (f Filter) conditions() (string, []any) {
	var all []string
	var args []any
	add := func(condition string, arg ...any) {
		all = append(all, condition)
		args = append(args, arg...)
	}
	if f.OnlyUnfinished {
		add("closed = 0")
	}
	if !f.Since.IsZero() {
		add("opened_at >= ?", timeText(f.Since))
	}
	if !f.Until.IsZero() {
		add("opened_at < ?", timeText(f.Until))
	}
	if f.Service != "" {
		add("service = ?", f.Service)
	}
	if len(all) == 0 {
		return "", nil
	}
	return " WHERE " + strings.Join(all, " AND "), args
}

// minPrefix is how much of an operation's id names it.
const minPrefix = 6

// Find gives the operations that a key names, newest first: the one with this
// id; else those with this payment request id, short code, external reference or
// confirmation key, also of further requests made for the same sale, and the refund
// with this short code of its own; else those whose id begins with it, if it has at
// least 6 characters. Cases do not matter in short codes and references, nor do dashes,
// spaces and the CP in front in short codes: CP-X4V-6N, x4v6n and X4V 6N are one.
// Several rows mean that the key is not unique, as with a payment and its refunds;
// none that nothing matches.
func (r *Reader) Find(ctx context.Context, key string) ([]Row, error) {
	key = strings.TrimSpace(key)
	if key == "" {
		return nil, nil
	}
	code := plainCode(key)
	for _, query := range []string{findByOp, findByKey, findByPrefix} {
		args := []any{key}
		switch query {
		case findByKey:
			args = append(args, code, codePrefix+code)
		case findByPrefix:
			if len(key) < minPrefix {
				return nil, nil
			}
			args = append(args, key+"\U0010ffff")
		}
		rows, err := r.rows(ctx, "find the payment", query, args...)
		if err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, nil
}

// codePrefix begins every short code; people leave it out.
const codePrefix = "CP"

// plainCode is a short code without what people spell in several ways.
func plainCode(code string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
}

// SaleOf gives the sale that stands on a payment request; empty when none does.
func (r *Reader) SaleOf(ctx context.Context, requestID string) (pos.OpID, error) {
	var op pos.OpID
	err := r.db.QueryRowContext(ctx, selectSaleOf, requestID).Scan(&op)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return op, r.explain("find the sale of a payment request", err)
}

// ActionsOn lists the operations on a payment request but for sales, at any service
// of the family, oldest first.
func (r *Reader) ActionsOn(ctx context.Context, service, requestID string) ([]pos.OpID, error) {
	const attempt = "find earlier operations on a payment request"
	rows, err := r.db.QueryContext(ctx, findActions, requestID, pos.ServiceFamily(service))
	if err != nil {
		return nil, r.explain(attempt, err)
	}
	ops, err := scanOps(rows)
	return ops, r.explain(attempt, err)
}

// SalesBy lists the sales that carry a reference, at any service of the family, oldest
// first.
func (r *Reader) SalesBy(ctx context.Context, service, externalRef string) ([]pos.OpID, error) {
	const attempt = "find earlier sales with a reference"
	rows, err := r.db.QueryContext(ctx, findSales, externalRef, pos.ServiceFamily(service))
	if err != nil {
		return nil, r.explain(attempt, err)
	}
	ops, err := scanOps(rows)
	return ops, r.explain(attempt, err)
}

// scanOps reads rows of operations' ids, and closes them.
func scanOps(rows *sql.Rows) ([]pos.OpID, error) {
	defer rows.Close()
	var ops []pos.OpID
	for rows.Next() {
		var op pos.OpID
		if err := rows.Scan(&op); err != nil {
			return nil, err
		}
		ops = append(ops, op)
	}
	return ops, rows.Err()
}

// Entries gives an operation's entries in order; none for an unknown operation.
func (r *Reader) Entries(ctx context.Context, op pos.OpID) ([]pos.Entry, error) {
	attempt := fmt.Sprintf("read the payment %s", op)
	rows, err := r.db.QueryContext(ctx, selectHistory, string(op))
	if err != nil {
		return nil, r.explain(attempt, err)
	}
	entries, err := scanEntries(rows)
	return entries, r.explain(attempt, err)
}

// Head gives the end of the chain as it is now.
func (r *Reader) Head(ctx context.Context) (Head, error) {
	var seq int64
	var hash []byte
	err := r.db.QueryRowContext(ctx, "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1").Scan(&seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return headOf(0, genesis()), nil
	}
	return headOf(seq, hash), r.explain("read the end of the till's record", err)
}

// scanEntries reads rows of name, at and body, and closes them.
func scanEntries(rows *sql.Rows) ([]pos.Entry, error) {
	defer rows.Close()
	var entries []pos.Entry
	for rows.Next() {
		var s stored
		if err := rows.Scan(&s.name, &s.at, &s.body); err != nil {
			return nil, err
		}
		entry, err := s.decode()
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry)
	}
	return entries, rows.Err()
}

const (
	// projected are the columns of the operations table that every append writes
	// anew, in the order of projection.values.
	projected = `kind, service, external_ref, request_id, short_code, activity_code, currency, amount, status, outcome,
		opened_at, closed, by_hand, doubtful, last_seq, last_n, updated_at`
	selectRows  = "SELECT " + projected + ", first_seq, op, owner FROM operations"
	newestFirst = " ORDER BY first_seq DESC"

	findByOp  = selectRows + " WHERE op = ?"
	findByKey = selectRows + ` WHERE op IN (
		SELECT op FROM operations WHERE request_id = ?1 AND request_id <> ''
		UNION SELECT op FROM operations WHERE replace(upper(short_code), '-', '') IN (?2, ?3) AND short_code <> ''
		UNION SELECT op FROM operations WHERE replace(upper(activity_code), '-', '') IN (?2, ?3) AND activity_code <> ''
		UNION SELECT op FROM operations WHERE external_ref = ?1 COLLATE NOCASE
		UNION SELECT op FROM entries WHERE name = 'stray-found' AND json_extract(body, '$.request.id') = ?1
		UNION SELECT op FROM entries WHERE name = 'stray-found' AND replace(upper(json_extract(body, '$.request.shortCode')), '-', '') IN (?2, ?3))` + newestFirst
	findActions = `SELECT op FROM operations WHERE request_id = ?1 AND request_id <> '' AND kind <> 'sale'
		AND (service = ?2 OR substr(service, 1, length(?2) + 1) = ?2 || '#') ORDER BY first_seq`
	findSales = `SELECT op FROM operations WHERE external_ref = ?1 COLLATE NOCASE AND external_ref = ?1 AND kind = 'sale'
		AND (service = ?2 OR substr(service, 1, length(?2) + 1) = ?2 || '#') ORDER BY first_seq`
	selectSaleOf = "SELECT op FROM operations WHERE request_id = ? AND request_id <> '' AND kind = 'sale' LIMIT 1"
	findByPrefix = selectRows + " WHERE op >= ? AND op < ?" + newestFirst
)

// projectedColumns are those of projected, one by one.
var projectedColumns = strings.FieldsFunc(projected, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })

// projection is one row of the operations table.
type projection struct {
	pos.Summary
	lastSeq, lastN int64
	updatedAt      string
	firstSeq       int64
	owner          string
}

func (p projection) values() []any {
	currency, amount := "", ""
	if p.Amount.IsKnown() {
		currency, amount = p.Amount.Currency().Code, p.Amount.Minor().String()
	}
	return []any{
		string(p.Kind), p.Service, p.ExternalRef, p.RequestID, p.ShortCode, p.ActivityCode, currency, amount, string(p.Status), string(p.Outcome),
		timeText(p.OpenedAt), p.Closed, p.ByHand, p.Doubtful, p.lastSeq, p.lastN, p.updatedAt,
	}
}

// scan reads a row as selectRows gives it.
func (p *projection) scan(row interface{ Scan(...any) error }) error {
	var currency, amount, openedAt string
	err := row.Scan(&p.Kind, &p.Service, &p.ExternalRef, &p.RequestID, &p.ShortCode, &p.ActivityCode, &currency, &amount, &p.Status, &p.Outcome,
		&openedAt, &p.Closed, &p.ByHand, &p.Doubtful, &p.lastSeq, &p.lastN, &p.updatedAt, &p.firstSeq, &p.Op, &p.owner)
	if err != nil {
		return err
	}
	if p.OpenedAt, err = parseTime(openedAt); err != nil {
		return err
	}
	p.Amount, err = moneyOf(currency, amount)
	return err
}

func moneyOf(code, amount string) (pos.Money, error) {
	if code == "" && amount == "" {
		return pos.Money{}, nil
	}
	currency, err := pos.CurrencyOf(code)
	if err != nil {
		return pos.Money{}, err
	}
	minor, err := decimal.NewFromString(amount)
	if err != nil {
		return pos.Money{}, fmt.Errorf("read the amount: %w", err)
	}
	return pos.NewMoney(minor, currency), nil
}

func (r *Reader) rows(ctx context.Context, attempt, query string, args ...any) ([]Row, error) {
	found, err := r.projections(ctx, query, args...)
	if err != nil {
		return nil, r.explain(attempt, err)
	}
	alive := map[string]bool{}
	list := make([]Row, 0, len(found))
	for _, p := range found {
		if _, asked := alive[p.owner]; !asked {
			alive[p.owner] = r.owners.alive(p.owner)
		}
		updated, err := parseTime(p.updatedAt)
		if err != nil {
			return nil, r.explain(attempt, err)
		}
		list = append(list, Row{
			Summary: p.Summary, UpdatedAt: updated, Facts: int(p.lastN),
			Owner: p.owner, OwnerAlive: alive[p.owner],
		})
	}
	return list, nil
}

func (r *Reader) projections(ctx context.Context, query string, args ...any) ([]projection, error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []projection
	for rows.Next() {
		var p projection
		if err := p.scan(rows); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}
