package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"centrapos/pos"
)

const (
	selectHead = `SELECT
		(SELECT max(seq) FROM entries),
		(SELECT hash FROM entries ORDER BY seq DESC LIMIT 1),
		(SELECT max(last_seq) FROM operations),
		(SELECT max(last_seq) FROM baskets)`
	selectStanding  = `SELECT owner, last_n FROM operations WHERE op = ?`
	selectHistory   = `SELECT name, at, body FROM entries WHERE op = ? ORDER BY n`
	insertEntry     = `INSERT INTO entries (seq, op, n, name, at, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	insertOperation = `INSERT INTO operations (` + projected + `, first_seq, owner, op)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	updateOperation = `UPDATE operations SET (` + projected + `) =
		(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE op = ?`
	selectOwnership = `SELECT owner, closed, doubtful FROM operations WHERE op = ?`
	updateOwner     = `UPDATE operations SET owner = ? WHERE op = ?`
)

// appending are the statements that the writer prepares.
func appending() []string {
	return []string{selectHead, selectStanding, selectHistory, insertEntry, insertOperation, updateOperation,
		selectOwnership, updateOwner, findActions, findSales,
		selectBasket, selectChanges, insertBasket, updateBasket, updateBasketOwner}
}

// Append makes entries of one operation durable, all or none, behind one another
// and behind everything else in the ledger. When it returns nil they survive the
// loss of power; when it returns an error none of them was written. The first
// entry of an operation must be its intent, pos.Opened, and makes this ledger its
// owner; from then on others are refused with ErrNotOwner.
//
// The projection that lists show is worked out here, from the facts as they are
// written, in the same transaction. The summary given is not relied on, but for
// its operation: a caller that writes facts in several appends may know more
// already than it has written, and a ledger that said so would lose a payment if
// the process ended in between.
func (l *Ledger) Append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	err := l.append(ctx, op, entries, summary)
	return l.explain(fmt.Sprintf("write down the payment %s", op), err)
}

func (l *Ledger) append(ctx context.Context, op pos.OpID, entries []pos.Entry, summary pos.Summary) error {
	if op == "" || summary.Op != op {
		return fault(ErrInvalid, "they are of the operation %q and their summary of %q", op, summary.Op)
	}
	if len(entries) == 0 {
		return nil
	}
	rows, err := encode(op, entries)
	if err != nil {
		return err
	}
	var kept remembrance
	return l.write(ctx, func(ctx context.Context, c change) (err error) {
		kept, err = l.put(ctx, c, op, rows)
		return err
	}, func() { l.recent.keep(string(op), kept) })
}

// put writes rows behind those that an operation has, and its line.
func (l *Ledger) put(ctx context.Context, c change, op pos.OpID, rows []*stored) (remembrance, error) {
	all, err := l.extend(ctx, c, rows)
	if err != nil {
		return remembrance{}, err
	}
	line, err := l.project(ctx, c, pos.Replay(all).Summary(op), rows)
	return remembrance{entries: all, line: line, version: c.known.version}, err
}

// extend puts the rows at the end of the chain and of their operation, and gives
// all entries that the operation has then.
func (l *Ledger) extend(ctx context.Context, c change, rows []*stored) ([]pos.Entry, error) {
	if err := c.lookAtEnd(ctx); err != nil {
		return nil, err
	}
	before, err := l.historyOf(ctx, c, rows[0].op)
	if err != nil {
		return nil, err
	}
	all := before
	for i, row := range rows {
		row.n = int64(len(before)+i) + 1
		_, opens := row.entry.Fact.(pos.Opened)
		if opens {
			if err := l.damage.refuse(); err != nil {
				return nil, err
			}
		}
		if opens != (row.n == 1) {
			return nil, fault(ErrInvalid, "fact %d of %s is %q; the first is the intent, and only the first", row.n, row.op, row.name)
		}
		all = append(all, row.entry)
	}
	return all, c.chain(ctx, rows)
}

// chain writes rows that have their places in their operation behind the end of the
// chain, which has been looked at. Inside the transaction nobody else can add a link,
// so the chain cannot fork.
func (c change) chain(ctx context.Context, rows []*stored) error {
	end := &c.known // write forgets it where this does not become durable
	for _, row := range rows {
		row.seq, row.prevHash = end.seq+1, end.hash
		row.hash = row.link()
		end.seq, end.hash = row.seq, row.hash
		err := c.exec(ctx, insertEntry, row.seq, row.op, row.n, row.name, row.at, row.body, row.prevHash, row.hash)
		if err != nil {
			return err
		}
	}
	return nil
}

// lookAtEnd makes the last link of the chain known. It is read only if somebody else
// has written since this process did.
func (c change) lookAtEnd(ctx context.Context) error {
	var version int64
	if err := c.queryRow(ctx, dataVersion).Scan(&version); err != nil {
		return err
	}
	if c.known.valid && c.known.version == version {
		return nil
	}
	var hash []byte
	var last, ofOperations, ofBaskets sql.NullInt64
	if err := c.queryRow(ctx, selectHead).Scan(&last, &hash, &ofOperations, &ofBaskets); err != nil {
		return err
	}
	if listed := max(ofOperations.Int64, ofBaskets.Int64); last.Int64 != listed {
		return fault(ErrDamaged, "the last entry is %d but the last one listed is %d", last.Int64, listed)
	}
	if !last.Valid {
		hash = genesis()
	}
	c.known = tip{valid: true, version: version, seq: last.Int64, hash: hash}
	return nil
}

// historyOf gives the operation's entries so far, none for a new one, and
// refuses an operation of another owner. Nobody else can have got one that this
// process wrote to when the record was of the same version as now.
func (l *Ledger) historyOf(ctx context.Context, c change, op string) ([]pos.Entry, error) {
	recent := l.recent.of(op)
	if len(recent.entries) > 0 && recent.version == c.known.version {
		return recent.entries, nil
	}
	var holder string
	var last int
	err := c.queryRow(ctx, selectStanding, op).Scan(&holder, &last)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case holder != l.self.id:
		return nil, ErrNotOwner
	}
	if len(recent.entries) == last {
		return recent.entries, nil
	}
	rows, err := c.query(ctx, selectHistory, op)
	if err != nil {
		return nil, err
	}
	entries, err := scanEntries(rows)
	if err == nil && len(entries) != last {
		err = fault(ErrDamaged, "%s has %d entries and should have %d", op, len(entries), last)
	}
	return entries, err
}

// project writes what all entries of the operation amount to into its line. Of a line
// that this process wrote itself it writes what has changed: SQLite would touch every
// index for a value that stays the same.
func (l *Ledger) project(ctx context.Context, c change, sum pos.Summary, added []*stored) (projection, error) {
	first, last := added[0], added[len(added)-1]
	line := projection{Summary: sum, lastSeq: last.seq, lastN: last.n, updatedAt: last.at}
	values := line.values()
	if first.n == 1 {
		return line, c.exec(ctx, insertOperation, append(values, first.seq, l.self.id, first.op)...)
	}
	recent := l.recent.of(first.op)
	if recent.line.lastN != first.n-1 {
		return line, c.exec(ctx, updateOperation, append(values, first.op)...)
	}
	var set []string
	var args []any
	for i, was := range recent.line.values() {
		if values[i] != was {
			set, args = append(set, projectedColumns[i]+" = ?"), append(args, values[i])
		}
	}
	return line, c.execAnew(ctx, "UPDATE operations SET "+strings.Join(set, ", ")+" WHERE op = ?", append(args, first.op)...)
}

// encode writes entries as rows, but for their places and links, and reads each
// back: what cannot be read back must not be written.
func encode(op pos.OpID, entries []pos.Entry) ([]*stored, error) {
	if strings.HasPrefix(string(op), basketMark) {
		return nil, fault(ErrInvalid, "%s is the name of a basket", op)
	}
	rows := make([]*stored, 0, len(entries))
	for _, e := range entries {
		if e.Fact == nil {
			return nil, fault(ErrInvalid, "an entry has no fact")
		}
		body, err := pos.EncodeFact(e.Fact)
		if err != nil {
			return nil, fault(ErrInvalid, "%w", err)
		}
		row := &stored{op: string(op), name: e.Fact.FactName(), at: timeText(e.At), body: string(body)}
		if row.entry, err = row.decode(); err != nil {
			return nil, fault(ErrInvalid, "%w", err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// decode reads the fact back.
func (s *stored) decode() (pos.Entry, error) {
	at, err := parseTime(s.at)
	if err != nil {
		return pos.Entry{}, err
	}
	fact, err := pos.DecodeFact(s.name, []byte(s.body))
	if err != nil {
		return pos.Entry{}, err
	}
	return pos.Entry{At: at, Fact: fact}, nil
}

// timeLayout is RFC 3339 in UTC with all nine decimals, so that texts sort as times do.
const timeLayout = "2006-01-02T15:04:05.000000000Z07:00"

func timeText(t time.Time) string { return t.UTC().Format(timeLayout) }

func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the time: %w", err)
	}
	return t.UTC(), nil
}
