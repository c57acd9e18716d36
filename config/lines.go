package config

import (
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// joined is the name of a key with all the tables it stands in.
func joined(path []string) string { return strings.Join(path, "\x00") }

// lines finds the line on which each key of a TOML document stands, by joined
// path. The document has been decoded before, so it is well formed.
//
// The decoder tells the place of a mistake in the document, but not of a value
// that it took and we do not; its parser does.
func lines(document []byte) map[string]int {
	w := walker{lines: map[string]int{}}
	w.parser.Reset(document)
	var table []string
	for w.parser.NextExpression() {
		if e := w.parser.Expression(); e.Kind == unstable.KeyValue {
			w.keyValue(table, e)
		} else {
			table = w.key(nil, e)
		}
	}
	return w.lines
}

type walker struct {
	parser unstable.Parser
	lines  map[string]int
}

// key notes the line of a key and of every table on the way to it, unless that
// has been seen before, and returns its whole path.
func (w *walker) key(table []string, node *unstable.Node) []string {
	path := append([]string{}, table...)
	for parts := node.Key(); parts.Next(); {
		part := parts.Node()
		path = append(path, string(part.Data))
		if _, seen := w.lines[joined(path)]; !seen {
			w.lines[joined(path)] = w.parser.Shape(part.Raw).Start.Line
		}
	}
	return path
}

func (w *walker) keyValue(table []string, node *unstable.Node) {
	path := w.key(table, node)
	if node.Value().Kind != unstable.InlineTable {
		return
	}
	for inner := node.Value().Children(); inner.Next(); {
		w.keyValue(path, inner.Node())
	}
}
