package ledger

import (
	"context"
	"database/sql"
	"slices"
	"sort"
	"strings"
	"sync"

	"centrapos/pos"
)

// historyIndex is what searches need of the operations' lines, in memory: SQLite would
// have to look at every line for a piece of a text. It is brought up to date before
// each search, by what has changed since.
type historyIndex struct {
	mu     sync.Mutex
	upTo   int64         // the last entry that is reflected
	lines  []historyLine // by firstSeq
	chunks []historyChunk
	same   map[string]string // texts that many lines share
}

// historyLine is what is searched of one operation.
type historyLine struct {
	firstSeq          int64
	openedAt, service string
	outcome           pos.Outcome
	kind              pos.Kind
	amount            string // as amountKey gives it
	text              string
}

// historyChunk is the texts of so many lines, one behind the other, so that all of them
// are searched at once; where each begins; not made while it has no starts.
type historyChunk struct {
	text   string
	starts []int
}

// chunkLines is how many lines a chunk has.
const chunkLines = 1024

// refresh brings the index up to date.
func (x *historyIndex) refresh(ctx context.Context, r *Reader) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	rows, err := r.db.QueryContext(ctx, selectNews, x.upTo)
	if err != nil {
		return err
	}
	defer rows.Close()
	if x.same == nil {
		x.same = map[string]string{}
	}
	var news []historyLine
	upTo := x.upTo
	for rows.Next() {
		line, err := x.scan(rows, &upTo)
		if err != nil {
			return err
		}
		news = append(news, line)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	x.add(news)
	x.upTo = upTo
	return nil
}

func (x *historyIndex) scan(rows *sql.Rows, upTo *int64) (historyLine, error) {
	var l historyLine
	var currency, amount, fields string
	err := rows.Scan(&l.firstSeq, upTo, &l.openedAt, &l.outcome, &l.kind, &l.service, &currency, &amount, &fields)
	if err != nil {
		return l, err
	}
	l.outcome, l.kind = pos.Outcome(x.once(string(l.outcome))), pos.Kind(x.once(string(l.kind)))
	l.service = x.once(l.service)
	money, err := moneyOf(currency, amount)
	if err != nil {
		money = pos.Money{} // such a line is found by what else it has; Verify says what is wrong
	}
	l.amount, l.text = x.once(amountKey(money)), searchText(fields, money)
	return l, nil
}

// amountKey is the same for the same amount; empty for one that is not known.
func amountKey(m pos.Money) string {
	currency, minor := minorText(m)
	return currency + minor
}

// once gives the one copy of a text that many lines share.
func (x *historyIndex) once(text string) string {
	if kept, there := x.same[text]; there {
		return kept
	}
	x.same[text] = text
	return text
}

// add puts lines in their places, or in place of what they were.
func (x *historyIndex) add(news []historyLine) {
	slices.SortFunc(news, func(a, b historyLine) int { return int(a.firstSeq - b.firstSeq) })
	for _, line := range news {
		at, there := sort.Find(len(x.lines), func(i int) int { return int(line.firstSeq - x.lines[i].firstSeq) })
		switch {
		case there:
			x.lines[at] = line
			x.spoil(at, at)
		case at == len(x.lines):
			x.lines = append(x.lines, line)
			x.spoil(at, at)
		default:
			x.lines = slices.Insert(x.lines, at, line)
			x.spoil(at, len(x.lines)-1)
		}
	}
}

// spoil has the chunks of some lines made anew when they are needed.
func (x *historyIndex) spoil(from, to int) {
	for c := from / chunkLines; c <= to/chunkLines; c++ {
		if c == len(x.chunks) {
			x.chunks = append(x.chunks, historyChunk{})
		}
		x.chunks[c] = historyChunk{}
	}
}

// chunk gives a chunk, made if need be.
func (x *historyIndex) chunk(c int) historyChunk {
	if x.chunks[c].starts != nil {
		return x.chunks[c]
	}
	var all strings.Builder
	var starts []int
	for _, line := range x.lines[c*chunkLines : min(len(x.lines), (c+1)*chunkLines)] {
		starts = append(starts, all.Len())
		all.WriteString(line.text)
	}
	x.chunks[c] = historyChunk{text: all.String(), starts: starts}
	return x.chunks[c]
}

// find gives the places of the lines that a search is for, newest first, at most limit,
// of those opened before a place.
func (x *historyIndex) find(s Search, before int64, limit int) []int64 {
	x.mu.Lock()
	defer x.mu.Unlock()
	var from, until string
	if !s.From.IsZero() {
		from = timeText(s.From)
	}
	if !s.Until.IsZero() {
		until = timeText(s.Until)
	}
	needles, amount := s.needles(), amountKey(s.Amount)
	end := sort.Search(len(x.lines), func(i int) bool { return x.lines[i].firstSeq >= before })
	var found []int64
	for c := (end - 1) / chunkLines; c >= 0 && end > 0; c-- {
		first := c * chunkLines
		last := min(end, first+chunkLines)
		var hits map[int]bool
		if needles != nil {
			if hits = x.chunk(c).hits(needles); len(hits) == 0 {
				continue
			}
		}
		for i := last - 1; i >= first; i-- {
			if (needles == nil || hits[i-first]) && s.wanted(&x.lines[i], from, until, amount) {
				if found = append(found, x.lines[i].firstSeq); len(found) == limit {
					return found
				}
			}
		}
	}
	return found
}

// hits gives the lines of a chunk that contain one of some texts.
func (c historyChunk) hits(needles []string) map[int]bool {
	hits := map[int]bool{}
	for _, needle := range needles {
		for at := 0; ; {
			next := strings.Index(c.text[at:], needle)
			if next < 0 {
				break
			}
			line := sort.SearchInts(c.starts, at+next+1) - 1
			hits[line] = true
			if line+1 == len(c.starts) {
				break
			}
			at = c.starts[line+1] // once is enough
		}
	}
	return hits
}
