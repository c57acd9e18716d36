package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// FileVersionError is a file of WithFile that another version of this package wrote.
// It is as it was; SetAside makes room for a new one.
type FileVersionError struct {
	Path string
	// Version is the file's, Want that which this package reads.
	Version, Want int
}

// Error says what to do about the file.
func (e *FileVersionError) Error() string {
	age := "a later"
	if e.Older() {
		age = "an older"
	}
	return fmt.Sprintf("the sandbox file %s is of %s version (%d, and this program reads %d): move it away to start with an empty sandbox",
		e.Path, age, e.Version, e.Want)
}

// Older tells a file of an earlier version from one of a later.
func (e *FileVersionError) Older() bool { return e.Version < e.Want }

// errNoSandboxFile is a first line that does not say what the file is.
var errNoSandboxFile = errors.New("its first line names no version")

// versionIn is the version in the first line of a file.
func versionIn(line []byte) (int, error) {
	var header struct {
		Sandbox int `json:"centrapaySandbox"`
	}
	if err := json.Unmarshal(line, &header); err != nil {
		return 0, err
	}
	if header.Sandbox <= 0 {
		return 0, errNoSandboxFile
	}
	return header.Sandbox, nil
}

// SetAside renames a file of WithFile that an older version of this package wrote, so
// that the next sandbox begins a new one in its place, and returns its new name: the
// old one with ".old-" and the version behind it, and a number where that is taken.
// Any other file, and none, stays, and the name is "". Of several processes that do
// this at the same time, one does it.
func SetAside(path string) (movedTo string, err error) {
	f := newFile(path)
	if err := f.take(); err != nil {
		return "", fmt.Errorf("set the sandbox file aside: lock %s: %w", f.lock.Path(), err)
	}
	defer func() { _ = f.lock.Unlock() }()
	version, err := f.version()
	if err != nil || version == 0 || version >= fileVersion {
		return "", err
	}
	name := fmt.Sprintf("%s.old-%d", path, version)
	movedTo = name
	for n := 2; ; n++ {
		if _, err := os.Lstat(movedTo); errors.Is(err, fs.ErrNotExist) {
			break
		}
		movedTo = fmt.Sprintf("%s-%d", name, n)
	}
	if err := os.Rename(path, movedTo); err != nil {
		return "", fmt.Errorf("set the sandbox file aside: %w", err)
	}
	return movedTo, nil
}

// version is that of the file, 0 for something else and for none.
func (f *file) version() (int, error) {
	in, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("set the sandbox file aside: %w", err)
	}
	defer func() { _ = in.Close() }()
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	if !lines.Scan() {
		return 0, nil
	}
	version, _ := versionIn(lines.Bytes()) // 0 for what is something else
	return version, nil
}
