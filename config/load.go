package config

import (
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
)

// Sources is where settings are looked for.
type Sources struct {
	// Flags holds the flags that stand on the command line, and no others; a
	// flag without a value is "true".
	Flags map[Key]string
	// Env looks up a variable of the environment, as os.Getenv does; nil is an
	// empty environment. An empty variable counts as one that is not set.
	Env func(string) string
	// Hostname is the machine's own name, which stands for the till's and the
	// machine's where nobody names them: Centrapay asks for both with every
	// payment request (checklist 104.1).
	Hostname string
	// NewProfile allows a profile, and a config file, that do not exist yet, for
	// those who are about to make them.
	NewProfile bool
}

// Load finds the settings for this run: for each one the flag, else the
// environment, else the profile in the config file, else the default. When
// anything is wrong it returns no settings and an *Error that lists it all.
func Load(src Sources) (Settings, error) {
	if src.Env == nil {
		src.Env = func(string) string { return "" }
	}
	l := loader{Sources: src, s: Settings{origins: map[Key]Origin{}}}
	l.readFile()
	l.chooseProfile()
	l.fill()
	if err := list(l.problems); err != nil {
		return Settings{}, err
	}
	return l.s, nil
}

type loader struct {
	Sources
	file     file
	s        Settings
	problems []Problem
}

// given is what a flag or else the environment says of a setting.
func (l *loader) given(f field) (value, bool) {
	if text, ok := l.Flags[f.Key]; ok {
		return value{text, Origin{Source: FromFlag, Name: "--" + string(f.Key)}}, true
	}
	if f.Env == "" || l.Env(f.Env) == "" {
		return value{}, false
	}
	v := value{l.Env(f.Env), Origin{Source: FromEnvironment, Name: f.Env}}
	if f.Key == KeyNoColor {
		v.text = "true" // whatever it holds, as the NO_COLOR convention has it
	}
	return v, true
}

// set takes a value over, or notes what is wrong with it.
func (l *loader) set(f field, v value) {
	if wrong := f.set(&l.s, v.text); wrong != nil {
		l.problems = append(l.problems, wrong.at(f.Key, v.origin))
		return
	}
	l.s.origins[f.Key] = v.origin
}

// readFile reads the config file that was named, or the usual one if it exists.
func (l *loader) readFile() {
	f, _ := fieldOf(KeyConfig)
	named, isNamed := l.given(f)
	if !isNamed {
		named = value{text: defaultConfigFile(l.Env, runtime.GOOS)}
		if named.text == "" {
			return
		}
	}
	path, err := absolute(named.text, "", l.Env)
	if wrong := setConfigFile(&Settings{}, named.text); wrong != nil {
		l.problems = append(l.problems, wrong.at(KeyConfig, named.origin))
		return
	}
	var found []Problem
	if err == nil {
		l.file, found, err = readFile(path)
	}
	switch {
	case err == nil:
		l.s.ConfigFile, l.s.origins[KeyConfig] = path, named.origin
		l.problems = append(l.problems, found...)
	case errors.Is(err, fs.ErrNotExist) && !isNamed:
		// Nothing is set up yet: training.
	case errors.Is(err, fs.ErrNotExist) && l.NewProfile:
		l.s.ConfigFile, l.s.origins[KeyConfig] = path, named.origin
	case errors.Is(err, fs.ErrNotExist):
		l.problems = append(l.problems, Problem{Code: CodeConfigMissing, Where: named.origin.String(), Err: err,
			What: "there is no config file " + path, Fix: "Name one that exists, or leave it out to use the training profile."})
	default:
		l.problems = append(l.problems, Problem{Code: CodeConfigInvalid, Where: path, Err: err,
			What: "the config file cannot be read (" + reason(err) + ")", Fix: "Make it a file that this user may read."})
	}
}

// reason is what the system said, without the path that stands before it.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// chooseProfile finds which profile counts, and that it exists.
func (l *loader) chooseProfile() {
	f, _ := fieldOf(KeyProfile)
	v, named := l.given(f)
	switch {
	case named:
	case l.file.profile != nil:
		v = *l.file.profile
	case l.file.names() == Training:
		v = value{text: Training}
	default:
		// Guessing could take real money in rehearsal, or rehearse with a customer.
		l.problems = append(l.problems, Problem{Code: CodeConfigMissing, Where: l.file.path,
			What: "no profile is chosen", Fix: `Write profile = "NAME" at the top of this file, or give --profile NAME or CENTRAPOS_PROFILE. There are: ` + l.file.names() + "."})
		return
	}
	before := len(l.problems)
	if l.set(f, v); len(l.problems) > before {
		return
	}
	if _, ok := l.file.profiles[v.text]; ok || v.text == Training || l.NewProfile {
		return
	}
	if len(l.problems) > 0 && l.file.profiles == nil {
		return // the file that would have had it could not be read; that is said
	}
	l.problems = append(l.problems, Problem{Code: CodeConfigMissing, Where: v.origin.String(),
		What: "there is no profile " + v.text, Fix: "Choose one of " + l.file.names() + ", or add [profiles." + v.text + "] to the config file" + inPath(l.file.path) + "."})
}

func inPath(path string) string {
	if path == "" {
		return ""
	}
	return " " + path
}

// fill sets everything but the file and the profile, field by field.
func (l *loader) fill() {
	profile := l.file.profiles[l.s.Profile]
	for _, f := range fields() {
		if f.Key == KeyProfile || f.Key == KeyConfig {
			continue
		}
		if v, ok := l.given(f); ok {
			l.set(f, v)
		} else if v, ok := profile[f.Key]; ok {
			l.set(f, v)
		} else if f.fallback != "" {
			l.set(f, value{text: f.fallback})
		}
	}
	l.s.Keymap = l.file.keymap
	l.liveness()
	l.service()
	l.issuer()
	l.hostNames()
	l.dataDir()
}

// service settles which service is used: the sandbox inside the program only
// where nothing names one.
func (l *loader) service() {
	_, named := l.s.origins[KeyAPIURL]
	switch {
	case named:
		if wrong := plainHTTP(l.s.APIURL); wrong != nil && !l.s.AllowPlainHTTP {
			l.problems = append(l.problems, wrong.at(KeyAPIURL, l.s.origins[KeyAPIURL]))
		}
	case l.s.Profile == Training:
		l.s.Embedded = true
		l.trainingNames()
	default:
		l.s.APIURL = DefaultAPIURL
	}
}

// liveness settles which money two profiles take by their names. Others have to say.
func (l *loader) liveness() {
	money := map[string]string{"live": LivenessMain, "test": LivenessTest}
	if l.s.Liveness == "" {
		l.s.Liveness = money[l.s.Profile]
	}
}

// issuer keeps a login from being sent in clear to another machine.
func (l *loader) issuer() {
	if wrong := plainHTTP(l.s.AuthIssuer); wrong != nil && !l.s.AllowPlainHTTP {
		l.problems = append(l.problems, wrong.at(KeyAuthIssuer, l.s.origins[KeyAuthIssuer]))
	}
}

// trainingNames gives the rehearsal a shop and a till, where nobody gave any.
func (l *loader) trainingNames() {
	for key, text := range map[Key]string{KeyMerchantName: "Centrapay Café", KeyTerminalID: "till-1"} {
		f, _ := fieldOf(key)
		if _, named := l.s.origins[key]; !named {
			l.set(f, value{text, Origin{Source: FromTraining}})
		}
	}
}

// hostNames names the till and the machine after the machine, where nobody did.
func (l *loader) hostNames() {
	if l.Hostname == "" {
		return
	}
	for _, key := range []Key{KeyTerminalID, KeyDeviceID} {
		f, _ := fieldOf(key)
		if _, named := l.s.origins[key]; !named {
			l.set(f, value{l.Hostname, Origin{Source: FromHost}})
		}
	}
}

// dataDir makes the data folder's path absolute: from the file it is relative
// to the file, from elsewhere to where the program was started.
func (l *loader) dataDir() {
	path, base := l.s.DataDir, ""
	switch origin := l.s.origins[KeyDataDir]; {
	case path == "" && origin == (Origin{}):
		path = defaultDataDir(l.Env, runtime.GOOS)
	case origin.Source == FromFile:
		base = filepath.Dir(l.file.path)
	}
	if path == "" {
		l.problems = append(l.problems, Problem{Code: CodeConfigMissing, What: "there is no home folder to keep the ledger in",
			Fix: "Name a folder with --data-dir or CENTRAPOS_DATA_DIR."})
		return
	}
	whole, err := absolute(path, base, l.Env)
	if err != nil {
		l.problems = append(l.problems, Problem{Code: CodeConfigInvalid, Where: l.s.origins[KeyDataDir].String(), Err: err,
			What: "the folder " + path + " cannot be found from here", Fix: "Write the whole path."})
		return
	}
	l.s.DataDir = whole
}
