package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/creachadair/tomledit"
	"github.com/creachadair/tomledit/parser"
	"github.com/creachadair/tomledit/transform"
)

// Change is one setting that is to stand in the config file.
type Change struct {
	Key Key
	// KeyProfile is the profile that the file chooses for all runs.
	// Value is the setting as text, as Settings.Value gives it. Empty takes the
	// setting out of the file, so that its default counts again.
	Value string
}

// ChangeFile writes settings of one profile into a config file. What the file says
// besides stays, its comments too; the file is made, for its owner alone, where
// there is none. It is replaced at once: whoever reads it, and whatever goes wrong,
// there is the file of before or the whole new one.
//
// The error is an *Error, and the file is as it was: for a value that the setting
// cannot have, a file with mistakes in it (they have to be put right first, by
// hand), a file that somebody else changed meanwhile, and one that cannot be
// written (CONFIG_INVALID).
func ChangeFile(path, profile string, changes ...Change) error {
	if f := setProfile(&Settings{}, profile); f != nil {
		return list([]Problem{f.at(KeyProfile, Origin{})})
	}
	if err := checkChanges(changes); err != nil {
		return err
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // a file that lies elsewhere is changed there, and the link stays
	}
	before, err := readText(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannotWrite(path, err)
	}
	if _, problems := readDocument(path, before); len(problems) > 0 {
		return list(problems)
	}
	after, err := edited(before, profile, changes)
	if err != nil {
		return cannotWrite(path, err)
	}
	if _, problems := readDocument(path, after); len(problems) > 0 {
		return list([]Problem{{Code: CodeConfigInvalid, Where: path,
			What: "the profile " + profile + " is written in a form that this program cannot change",
			Fix:  "Write it under a line of its own, [profiles." + profile + "], or change the file by hand."}})
	}
	if now, err := readText(path); !bytes.Equal(now, before) || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return list([]Problem{{Code: CodeConfigInvalid, Where: path, Err: err,
			What: "somebody changed this file at the same moment", Fix: "Nothing was written. Do it again."}})
	}
	return cannotWrite(path, replaceFile(path, after))
}

// checkChanges makes sure that the file will be one that can be read.
func checkChanges(changes []Change) error {
	var problems []Problem
	for _, c := range changes {
		f, ok := fieldOf(c.Key)
		switch {
		case c.Key == KeyProfile:
			if wrong := setProfile(&Settings{}, c.Value); wrong != nil {
				problems = append(problems, wrong.at(c.Key, Origin{}))
			}
		case !ok || f.kind == notInFile:
			problems = append(problems, Problem{Code: CodeConfigInvalid, What: "there is no setting " + strconv.Quote(string(c.Key)), Fix: "It does not stand in the config file."})
		case c.Value != "":
			if wrong := f.set(&Settings{}, c.Value); wrong != nil {
				problems = append(problems, wrong.at(c.Key, Origin{}))
			}
		}
	}
	return list(problems)
}

// edited is a config file's text with the changes in it.
func edited(text []byte, profile string, changes []Change) ([]byte, error) {
	document, err := tomledit.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if err := edit(document, profile, c); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := tomledit.Format(&out, document); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func edit(document *tomledit.Document, profile string, c Change) error {
	name := []string{"profiles", profile, string(c.Key)}
	if c.Key == KeyProfile {
		name = name[2:] // it stands at the top of the file
	}
	there := document.First(name...)
	if c.Value == "" {
		if there != nil {
			there.Remove()
		}
		return nil
	}
	f, _ := fieldOf(c.Key)
	value, err := parser.ParseValue(written(f.kind, c.Value))
	if err != nil {
		return err
	}
	if there != nil && there.IsMapping() {
		value.Trailer = there.Value.Trailer // the remark behind it
		there.Value = value
		return nil
	}
	if c.Key == KeyProfile {
		if document.Global == nil {
			document.Global = &tomledit.Section{}
		}
		transform.InsertMapping(document.Global, &parser.KeyValue{Name: parser.Key(name), Value: value}, true)
		return nil
	}
	table := document.First(name[:2]...)
	if table == nil || !table.IsSection() {
		section := &tomledit.Section{Heading: &parser.Heading{Name: parser.Key(name[:2])}}
		document.Sections = append(document.Sections, section)
		table = &tomledit.Entry{Section: section}
	}
	transform.InsertMapping(table.Section, &parser.KeyValue{Name: parser.Key{string(c.Key)}, Value: value}, true)
	return nil
}

// written is a value as TOML.
func written(k kind, text string) string {
	if k == someTexts {
		var lines []string
		for _, line := range strings.Split(text, "\n") {
			lines = append(lines, quoted(line))
		}
		return "[" + strings.Join(lines, ", ") + "]"
	}
	bare := k == aBool || k == aWholeNumber || k == aNumber && !strings.Contains(text, ".")
	if bare {
		return text
	}
	return quoted(text)
}

// quoted is a TOML basic string. Values are printable (checkLine), so that only
// its two special characters need escaping.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// cannotWrite is the problem with a file that the system does not let us write.
func cannotWrite(path string, err error) error {
	if err == nil {
		return nil
	}
	return list([]Problem{{Code: CodeConfigInvalid, Where: path, Err: err,
		What: "the config file cannot be written (" + reason(err) + ")",
		Fix:  "It is as it was. Make it a file in a folder that this user may write to, on a disk with room."}})
}

// replaceFile writes a file so that there is the old one or the new one at any
// moment, for its owner alone unless the old one was for others too.
func replaceFile(path string, text []byte) error {
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	return replace(path, text, mode)
}

// replacePrivate is replaceFile for what is always its owner's alone.
func replacePrivate(path string, text []byte) error { return replace(path, text, 0o600) }

func replace(path string, text []byte, mode fs.FileMode) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	next, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = next.Write(text)
	if err == nil && hasModes() {
		err = next.Chmod(mode)
	}
	if err == nil {
		err = next.Sync() // or a loss of power may leave an empty file under the name
	}
	if err = errors.Join(err, next.Close()); err == nil {
		err = os.Rename(next.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	return nil
}

// PathToChange is the config file that settings are to be written into: the one
// they were read from, or the usual one. It is empty where there is no home folder.
func (s Settings) PathToChange(env func(string) string) string {
	if s.ConfigFile != "" {
		return s.ConfigFile
	}
	return defaultConfigFile(env, runtime.GOOS)
}

// CheckValue tells what is wrong with a text as the value of a setting, before it is
// written with ChangeFile; the error is an *Error, and nil where nothing is.
func CheckValue(key Key, text string) error {
	return checkChanges([]Change{{Key: key, Value: text}})
}

// ChoosesProfile tells whether the config file at a path says which profile is in use.
// One that cannot be read does not.
func ChoosesProfile(path string) bool {
	f, _, err := readFile(path)
	return err == nil && f.profile != nil
}
