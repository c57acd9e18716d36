package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// largestFile is more than anybody writes by hand, in bytes.
const largestFile = 1 << 20

// value is a setting as it was found: text, and where it stood.
type value struct {
	text   string
	origin Origin
}

// file is a config file that has been read.
type file struct {
	path     string
	profile  *value                   // which profile to use, if it says
	profiles map[string]map[Key]value // nil while there is no file
	keymap   []KeyChoice              // sorted by line
}

// names lists the profiles of the file and the one that is built in, sorted.
func (f file) names() string {
	names := []string{Training}
	for name := range f.profiles {
		if name != Training {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// readFile reads a config file and lists all that is wrong with it. Its
// error is the system's, when the file cannot be had at all.
func readFile(path string) (file, []Problem, error) {
	text, err := readText(path)
	if err != nil {
		return file{}, nil, err
	}
	var found []Problem
	if p := writableByAll(path); p != nil {
		found = append(found, *p)
	}
	f, inText := readDocument(path, text)
	return f, append(found, inText...), nil
}

// readDocument reads the text of a config file and lists all that is wrong with it.
func readDocument(path string, text []byte) (file, []Problem) {
	f := file{path: path, profiles: map[string]map[Key]value{}}
	var document map[string]any
	if err := toml.Unmarshal(text, &document); err != nil {
		return file{path: path}, []Problem{syntax(path, err)}
	}
	r := reader{file: &f, lines: lines(text)}
	r.document(document)
	slices.SortFunc(r.found, func(a, b placed) int { return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.What, b.What)) })
	var found []Problem
	for _, p := range r.found {
		found = append(found, p.Problem)
	}
	return f, found
}

// readText reads the whole file, within reason, and drops a byte order mark.
func readText(path string) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // read only: closing cannot lose anything
	text, err := io.ReadAll(io.LimitReader(in, largestFile+1))
	if err == nil && len(text) > largestFile {
		err = fmt.Errorf("read %s: larger than %d bytes", path, largestFile)
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), err
}

// writableByAll: whoever can change the service's address is sent the API key.
func writableByAll(path string) *Problem {
	info, err := os.Stat(path)
	if err != nil || !hasModes() || !info.Mode().IsRegular() || info.Mode().Perm()&0o002 == 0 {
		return nil
	}
	return &Problem{
		Code: CodeConfigInvalid, Where: path,
		What: "everybody on this machine may change this file, and so where the API key is sent",
		Fix:  "Take that away: chmod o-w " + filepath.Base(path),
	}
}

// syntax is the problem with a file that is no TOML. The parser stops at the
// first mistake; its picture of the lines is left out, since a key pasted into
// the wrong file would be in it.
func syntax(path string, err error) Problem {
	where := Origin{Source: FromFile, Name: path}
	var at *toml.DecodeError
	column := 0
	if errors.As(err, &at) {
		where.Line, column = at.Position()
	}
	what := "this is not TOML"
	if column > 0 {
		what += " at column " + strconv.Itoa(column)
	}
	return Problem{Code: CodeConfigInvalid, Where: where.String(), What: what + " (" + strings.TrimPrefix(err.Error(), "toml: ") + ")",
		Fix: `Texts stand in quotes: config-id = "mc_…"; a profile begins with [profiles.live].`}
}

// placed is a problem and the line it is sorted by.
type placed struct {
	Problem
	line int
}

// reader goes through a decoded document and notes values and problems.
type reader struct {
	file  *file
	lines map[string]int
	found []placed
}

func (r *reader) origin(path ...string) Origin {
	return Origin{Source: FromFile, Name: r.file.path, Line: r.lines[joined(path)]}
}

func (r *reader) problem(where Origin, what, fix string) {
	r.found = append(r.found, placed{Problem{Code: CodeConfigInvalid, Where: where.String(), What: what, Fix: fix}, where.Line})
}

// document reads the top of the file: which profile, the profiles, and the keys.
func (r *reader) document(document map[string]any) {
	for name, v := range document {
		where := r.origin(name)
		switch name {
		case "profile":
			if text, ok := v.(string); !ok {
				r.problem(where, "profile is not a text", `Write it in quotes: profile = "live".`)
			} else if f := setProfile(&Settings{}, text); f != nil {
				r.problem(where, "profile "+f.what, f.fix)
			} else {
				r.file.profile = &value{text, where}
			}
		case "profiles":
			tables, ok := v.(map[string]any)
			if !ok {
				r.problem(where, "profiles is not a table", "Begin each profile with a line such as [profiles.live].")
			}
			for profile, table := range tables {
				r.profile(profile, table)
			}
		case "keymap":
			r.keymap(where, v)
		default:
			r.unknown(where, name, "Settings stand in a profile, under a line such as [profiles.live].")
		}
	}
}

// keymap reads the [keymap] table: a command's name, and its key or keys.
func (r *reader) keymap(where Origin, v any) {
	table, ok := v.(map[string]any)
	if !ok {
		r.problem(where, "keymap is not a table", "Begin it with the line [keymap].")
		return
	}
	for command, v := range table {
		where := r.origin("keymap", command)
		keys, ok := texts(v)
		if !ok {
			r.problem(where, "the keys of "+strconv.Quote(command)+" are not texts", `Write a key as "f9", several as ["f9", "ctrl+p"].`)
			continue
		}
		r.file.keymap = append(r.file.keymap, KeyChoice{Command: command, Keys: keys, Origin: where})
	}
	slices.SortFunc(r.file.keymap, func(a, b KeyChoice) int { return cmp.Compare(a.Origin.Line, b.Origin.Line) })
}

// texts is a text, or a list of texts.
func texts(v any) ([]string, bool) {
	if one, ok := v.(string); ok {
		return []string{one}, true
	}
	list, ok := v.([]any)
	out := make([]string, 0, len(list))
	for _, v := range list {
		one, isText := v.(string)
		out, ok = append(out, one), ok && isText
	}
	return out, ok
}

// profile reads one [profiles.NAME] table.
func (r *reader) profile(name string, v any) {
	where := r.origin("profiles", name)
	if f := setProfile(&Settings{}, name); f != nil {
		r.problem(where, "the profile's name "+f.what, f.fix)
	}
	values := map[Key]value{}
	r.file.profiles[name] = values
	table, ok := v.(map[string]any)
	if !ok {
		r.problem(where, "this profile is not a table", "Begin a profile with a line such as [profiles.live].")
		return
	}
	for key, v := range table {
		where := r.origin("profiles", name, key)
		f, ok := fieldOf(Key(key))
		if !ok || f.kind == notInFile {
			r.unknown(where, key, "")
			continue
		}
		text, wrong := asText(f.kind, v)
		if wrong == nil {
			wrong = f.set(&Settings{}, text)
		}
		if wrong != nil {
			r.found = append(r.found, placed{wrong.at(f.Key, where), where.Line})
			continue
		}
		values[f.Key] = value{text, where}
	}
}

// unknown notes a key that means nothing, with what it may have been meant to be.
// Its value is not repeated: it may be a credential.
func (r *reader) unknown(where Origin, key, fix string) {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(s))
	}
	var known []string
	for _, f := range fields() {
		if f.kind == notInFile {
			continue
		}
		known = append(known, string(f.Key))
		if fix == "" && plain(string(f.Key)) == plain(key) {
			fix = "It is written " + string(f.Key) + "."
		}
	}
	if plain(key) == "apikey" {
		fix = "An API key never stands in this file: put it into " + APIKeyVariable + " or the system keyring, and take it out here."
	}
	if fix == "" {
		fix = "A profile may hold " + strings.Join(known, ", ") + "."
	}
	r.problem(where, fmt.Sprintf("there is no setting %q", key), fix)
}

// asText turns a TOML value into text, if it is of the kind that the setting wants.
func asText(want kind, v any) (string, *fault) {
	if want == someTexts {
		lines, ok := texts(v)
		if !ok || slices.ContainsFunc(lines, func(line string) bool { return strings.Contains(line, "\n") }) {
			return "", &fault{"is not a list of texts", `Write it as ["first line", "second line"].`}
		}
		return strings.Join(lines, "\n"), nil
	}
	switch v := v.(type) {
	case string:
		if want == aString || want == aNumber {
			return v, nil
		}
	case int64:
		if want == aWholeNumber || want == aNumber {
			return strconv.FormatInt(v, 10), nil
		}
	case bool:
		if want == aBool {
			return strconv.FormatBool(v), nil
		}
	}
	switch want {
	case aWholeNumber:
		return "", &fault{"is not a whole number", "Write the number without quotes."}
	case aNumber:
		return "", &fault{"is neither a whole number nor a text", `Write it as 15, or in quotes as "12.5".`}
	case aBool:
		return "", &fault{"is neither true nor false", "Write true or false, without quotes."}
	default:
		return "", &fault{"is not a text", "Put the value in quotes."}
	}
}
