package config

import (
	"path/filepath"
	"runtime"
	"strings"
)

// Where things are unless somebody says otherwise, as help says it.
const (
	configFileHelp = "$XDG_CONFIG_HOME/centrapos/config.toml"
	dataDirHelp    = "$XDG_DATA_HOME/centrapos"
)

// defaultConfigFile is the path of the config file when nobody names one, or
// empty where there is no home folder to look in.
func defaultConfigFile(env func(string) string, goos string) string {
	dir := baseDir(env, "XDG_CONFIG_HOME", goos, map[string][]string{
		"windows": {"AppData"},
		"darwin":  {"HOME", "Library", "Application Support"},
		"":        {"HOME", ".config"},
	})
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "centrapos", "config.toml")
}

// defaultDataDir is the folder of the ledger when nobody names one, or empty
// where there is no home folder to put it in.
func defaultDataDir(env func(string) string, goos string) string {
	dir := baseDir(env, "XDG_DATA_HOME", goos, map[string][]string{
		"windows": {"LocalAppData"},
		"darwin":  {"HOME", "Library", "Application Support"},
		"":        {"HOME", ".local", "share"},
	})
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "centrapos")
}

// baseDir follows the XDG base directory specification: the variable counts on
// every system when it holds an absolute path, and is ignored otherwise. The
// system's own place is a variable and what stands below it.
func baseDir(env func(string) string, xdg, goos string, own map[string][]string) string {
	if dir := env(xdg); filepath.IsAbs(dir) {
		return dir
	}
	place, ok := own[goos]
	if !ok {
		place = own[""]
	}
	home := env(place[0])
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(append([]string{home}, place[1:]...)...)
}

// absolute makes a path stand on its own: ~/ is the home folder, and what is
// relative starts at base, or where the program runs when base is empty.
func absolute(path, base string, env func(string) string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "~/"); ok && env("HOME") != "" {
		path = filepath.Join(env("HOME"), rest)
	}
	if !filepath.IsAbs(path) && base != "" {
		path = filepath.Join(base, path)
	}
	return filepath.Abs(path)
}

// hasModes tells whether a file's permissions mean anything here.
func hasModes() bool { return runtime.GOOS != "windows" }
