package theme

import "strings"

// Colour is one colour of a theme. The zero value is the terminal's own colour.
type Colour struct {
	// RGB is "#rrggbb"; terminals with 256 colours get the nearest of theirs.
	RGB string
	// ANSI is the number, "0" to "15", for terminals with 16 colours.
	ANSI string
}

// Fill is a ground with text on it, both set, so that they fit each other in any
// terminal.
type Fill struct{ Text, Ground Colour }

// Tokens are the colours of a theme by what they mean.
type Tokens struct {
	// Name is what the settings call the theme.
	Name string

	// Muted is for what may be overlooked: labels, hints, freshness.
	Muted Colour
	// Accent is for where the hands go: the prompt and the keys.
	Accent Colour
	// OK is for money that the service has confirmed.
	OK Colour
	// Warn is for what needs a look soon.
	Warn Colour
	// Danger is for what went wrong or cannot be taken back.
	Danger Colour
	// Waiting is for what is under way.
	Waiting Colour
	// Border is for rules, frames and the empty part of bars.
	Border Colour

	// Band is the training band.
	Band Fill
	// Selected is the chosen row of a list.
	Selected Fill
	// OKFill, WarnFill and DangerFill are for the one big word of a panel.
	OKFill, WarnFill, DangerFill Fill
}

// Dark is the theme for terminals with a dark ground, and the default.
func Dark() Tokens {
	black := Colour{"#000000", "0"}
	amber := Fill{black, Colour{"#ffb000", "11"}}
	return Tokens{
		Name:       "dark",
		Muted:      Colour{"#a8b0bd", "7"},
		Accent:     Colour{"#7cc4ff", "14"},
		OK:         Colour{"#5fd787", "10"},
		Warn:       Colour{"#ffb454", "11"},
		Danger:     Colour{"#ff8f8f", "9"},
		Waiting:    Colour{"#8fd3ff", "14"},
		Border:     Colour{"#78808f", "7"},
		Band:       amber,
		Selected:   Fill{Colour{"#ffffff", "0"}, Colour{"#274c77", "7"}},
		OKFill:     Fill{black, Colour{"#5fd787", "10"}},
		WarnFill:   amber,
		DangerFill: Fill{Colour{"#ffffff", "15"}, Colour{"#b3261e", "1"}},
	}
}

// Light is the theme for terminals with a light ground.
func Light() Tokens {
	black, white := Colour{"#000000", "0"}, Colour{"#ffffff", "15"}
	amber := Fill{black, Colour{"#ffb000", "11"}}
	return Tokens{
		Name:       "light",
		Muted:      Colour{"#515864", "0"},
		Accent:     Colour{"#0b5394", "4"},
		OK:         Colour{"#0f6b2f", "2"},
		Warn:       Colour{"#854d00", "5"},
		Danger:     Colour{"#b3261e", "1"},
		Waiting:    Colour{"#0b5394", "4"},
		Border:     Colour{"#767d89", "8"},
		Band:       amber,
		Selected:   Fill{white, Colour{"#274c77", "4"}},
		OKFill:     Fill{white, Colour{"#0f6b2f", "2"}},
		WarnFill:   amber,
		DangerFill: Fill{white, Colour{"#b3261e", "1"}},
	}
}

// HighContrast is for eyes and screens that need it: text in the terminal's own
// colours, and states as black and white or the strongest colours there are. It is
// readable on any ground.
func HighContrast() Tokens {
	black, white := Colour{"#000000", "0"}, Colour{"#ffffff", "15"}
	return Tokens{
		Name:       "high-contrast",
		Band:       Fill{black, Colour{"#ffff00", "11"}},
		Selected:   Fill{},
		OKFill:     Fill{black, Colour{"#00ff00", "10"}},
		WarnFill:   Fill{black, Colour{"#ffff00", "11"}},
		DangerFill: Fill{white, Colour{"#a00000", "1"}},
	}
}

// ColourBlind tells its states apart for those who see no red, no green or no blue:
// paid is blue, what needs a look is yellow, what went wrong is vermilion, and
// each is of another lightness. Text is in the terminal's own colours, so that it is
// readable on any ground.
func ColourBlind() Tokens {
	black, white := Colour{"#000000", "0"}, Colour{"#ffffff", "15"}
	yellow := Fill{black, Colour{"#f0e442", "11"}}
	return Tokens{
		Name:       "colour-blind",
		Band:       yellow,
		Selected:   Fill{},
		OKFill:     Fill{white, Colour{"#005a9c", "4"}},
		WarnFill:   yellow,
		DangerFill: Fill{black, Colour{"#d55e00", "9"}},
	}
}

// All gives the built-in themes, the default first.
func All() []Tokens { return []Tokens{Dark(), Light(), HighContrast(), ColourBlind()} }

// ByName returns the built-in theme of that name, and false when there is none.
func ByName(name string) (Tokens, bool) {
	for _, t := range All() {
		if t.Name == name {
			return t, true
		}
	}
	return Tokens{}, false
}

// ForTerminal returns the theme that suits the ground named by colorFGBG, the
// content of the environment variable COLORFGBG ("15;0" is white on black), which
// some terminals set. Without a usable answer it is Dark. The terminal itself is
// not asked: see package quickstart.
func ForTerminal(colorFGBG string) Tokens {
	if i := strings.LastIndexByte(colorFGBG, ';'); i >= 0 {
		if ground := colorFGBG[i+1:]; ground == "7" || ground == "15" {
			return Light()
		}
	}
	return Dark()
}
