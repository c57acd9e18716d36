package config

import "strconv"

// Source is the kind of place a value comes from. A greater one beats a smaller.
type Source int

const (
	// FromDefault: nobody said anything.
	FromDefault Source = iota
	// FromHost: the machine's own name.
	FromHost
	// FromTraining: built into the training profile, or the embedded sandbox's own.
	FromTraining
	// FromFile: the config file.
	FromFile
	// FromKeyring: the place where the profile keeps its credentials (the API key only).
	FromKeyring
	// FromEnvironment: an environment variable.
	FromEnvironment
	// FromFlag: a flag on the command line.
	FromFlag
)

// Origin says where a value comes from.
type Origin struct {
	Source Source
	Name   string // variable, flag with its dashes, or path of the file
	Line   int    // line in the file, counted from 1; 0 where there is none
}

// String is the place as one would point to it: "--api-url",
// "CENTRAPOS_API_URL", "/home/mia/.config/centrapos/config.toml:12".
func (o Origin) String() string {
	switch {
	case o.Source == FromDefault:
		return "default"
	case o.Source == FromHost:
		return "host name"
	case o.Source == FromTraining:
		return "training profile"
	case o.Line > 0:
		return o.Name + ":" + strconv.Itoa(o.Line)
	}
	return o.Name
}
