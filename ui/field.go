package ui

import (
	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"centrapos/ui/widget"
)

// maxEntry is the most characters the entry line takes.
const maxEntry = 200

// field is a line of text being typed. Its editing is bubbles' text input; it is
// drawn by package widget.
type field struct{ input textinput.Model }

func newField() field {
	in := textinput.New()
	in.Cursor.SetMode(cursor.CursorStatic)
	in.CharLimit = maxEntry
	in.KeyMap = editKeys()
	in.Focus()
	return field{input: in}
}

// editKeys are the keys that edit a line. Pasting from the clipboard is left to
// the terminal: reading it would be I/O.
func editKeys() textinput.KeyMap {
	keys := textinput.DefaultKeyMap
	none := key.NewBinding(key.WithDisabled())
	keys.Paste, keys.AcceptSuggestion, keys.NextSuggestion, keys.PrevSuggestion = none, none, none, none
	keys.WordForward, keys.WordBackward, keys.DeleteWordForward = none, none, none
	keys.CharacterForward = key.NewBinding(key.WithKeys("right"))
	keys.CharacterBackward = key.NewBinding(key.WithKeys("left"))
	keys.DeleteWordBackward = key.NewBinding(key.WithKeys("ctrl+w"))
	keys.DeleteAfterCursor = key.NewBinding(key.WithKeys("ctrl+k"))
	keys.DeleteBeforeCursor = key.NewBinding(key.WithKeys("ctrl+u"))
	keys.DeleteCharacterBackward = key.NewBinding(key.WithKeys("backspace", "ctrl+h"))
	keys.DeleteCharacterForward = key.NewBinding(key.WithKeys("delete"))
	keys.LineStart = key.NewBinding(key.WithKeys("home"))
	keys.LineEnd = key.NewBinding(key.WithKeys("end"))
	return keys
}

// text is what has been typed.
func (f field) text() string { return f.input.Value() }

func (f field) isEmpty() bool { return f.input.Value() == "" }

// typed gives the field after a key.
func (f field) typed(msg tea.KeyMsg) field {
	f.input, _ = f.input.Update(msg)
	return f
}

// inserted gives the field with text where the cursor is.
func (f field) inserted(text string) field {
	return f.typed(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
}

// with gives the field holding text, the cursor at its end.
func (f field) with(text string) field {
	f.input.SetValue(text)
	f.input.CursorEnd()
	return f
}

// data is the field as the entry line draws it.
func (f field) data() widget.EntryData {
	return widget.EntryData{Text: f.input.Value(), Cursor: f.input.Position()}
}
