package catalogue

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ErrNoHeader: the file does not begin with a line that names its columns.
var ErrNoHeader = errors.New("the first line does not name the columns")

// encodingOf finds in what a file is written: by the mark it begins with, as UTF-8
// where all of it can be that, and else as Windows-1252, in which spreadsheets save
// CSV in New Zealand. It leaves the file at its beginning.
func encodingOf(f io.ReadSeeker) (as encoding.Encoding, name string, err error) {
	defer f.Seek(0, io.SeekStart) //nolint:errcheck // whoever reads next is told
	var start [3]byte
	n, err := io.ReadFull(f, start[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, "", err
	}
	switch {
	case n >= 2 && (start[0] == 0xff && start[1] == 0xfe || start[0] == 0xfe && start[1] == 0xff):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.ExpectBOM), "UTF-16", nil
	case n == 3 && string(start[:]) == "\xef\xbb\xbf":
		return textunicode.UTF8BOM, "UTF-8", nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	valid, err := isUTF8(f)
	if err != nil || valid {
		return encoding.Nop, "UTF-8", err
	}
	return charmap.Windows1252, "Windows-1252", nil
}

func isUTF8(r io.Reader) (bool, error) {
	buffer := make([]byte, 0, 1<<16)
	for {
		n, err := r.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		whole := len(buffer)
		if err == nil { // a character may go on in the next piece
			for tail := 1; tail < utf8.UTFMax && tail <= len(buffer); tail++ {
				if utf8.RuneStart(buffer[len(buffer)-tail]) {
					if !utf8.FullRune(buffer[len(buffer)-tail:]) {
						whole -= tail
					}
					break
				}
			}
		}
		if !utf8.Valid(buffer[:whole]) {
			return false, nil
		}
		buffer = append(buffer[:0], buffer[whole:]...)
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		}
	}
}

// table is a CSV file that is being read.
type table struct {
	rows    *csv.Reader
	header  []string
	comma   rune
	skipped int // lines ahead of the header
}

// openTable reads the header and finds out what stands between columns.
func openTable(in io.Reader, as encoding.Encoding) (*table, error) {
	text := bufio.NewReaderSize(transform.NewReader(in, as.NewDecoder()), 1<<16)
	t := &table{}
	first, err := text.Peek(1 << 12)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	line, _, _ := bytes.Cut(first, []byte("\n"))
	if rest, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "sep="); ok { // Excel's own remark
		_, _ = text.Discard(min(len(line)+1, len(first)))
		t.skipped, t.comma = 1, []rune(rest + ",")[0]
	} else {
		t.comma = separator(string(line))
	}
	t.rows = csv.NewReader(text)
	t.rows.Comma, t.rows.ReuseRecord, t.rows.FieldsPerRecord = t.comma, true, -1
	header, err := t.rows.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoHeader, err)
	}
	for _, name := range header {
		t.header = append(t.header, strings.TrimSpace(name))
	}
	return t, nil
}

// separator is what a header has most of.
func separator(header string) rune {
	best, most := ',', strings.Count(header, ",")
	for _, c := range []rune{';', '\t', '|'} {
		if n := strings.Count(header, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// next gives a row and the line it begins on, which is known for a bad one too. A
// row is valid until the next call.
func (t *table) next() (row []string, line int, err error) {
	row, err = t.rows.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		return nil, bad.StartLine + t.skipped, err
	case err != nil:
		return nil, 0, err
	}
	line, _ = t.rows.FieldPos(0)
	return row, line + t.skipped, nil
}

// spooled makes a file that can be read twice of a stream that cannot.
func spooled(in io.Reader, dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "import-*.csv")
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(f, in); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}
