package widget

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/lipgloss"

	"centrapos/ui/theme"
)

// FooterData is what the bottom line offers.
type FooterData struct {
	// Keys stand from left to right, and are left out from the right when there is
	// no room; the one whose help key is "?" stays.
	Keys []key.Binding
	// Last are the keys that must not be missed, such as "F9 PAY": they stay when
	// Keys go. They stand at the right end, or after Keys when there is a Status.
	Last []key.Binding
	// Status stands at the right end, such as "● connected", in StatusStyle.
	Status      string
	StatusStyle lipgloss.Style
}

// Footer draws the bottom line: the keys that work here and only those, from the
// help texts of the enabled bindings. When there is not room for all, the blanks
// between them go first, then Keys from the right, then the status, then the labels.
func Footer(st *theme.Styles, width int, f FooterData) string {
	if width <= 0 {
		return ""
	}
	line := footer{keys: hints(f.Keys), last: hints(f.Last), status: Clean(f.Status), gap: 2}
	for line.width() > width {
		shorter, ok := line.shrink()
		if !ok {
			break
		}
		line = shorter
	}
	left, right := " "+line.group(st, line.keys), render(f.StatusStyle, line.status)
	switch {
	case len(line.last) == 0:
	case line.status == "":
		right = line.group(st, line.last)
	default:
		left += blanks(line.gap) + line.group(st, line.last)
	}
	if right != "" && line.width() < width {
		right += " "
	}
	return Between(width, left, right)
}

// footer is a bottom line in the making.
type footer struct {
	keys, last []keyHint
	status     string
	gap        int
}

// keyHint is one enabled binding as it is shown.
type keyHint struct{ key, label string }

func hints(bindings []key.Binding) []keyHint {
	var out []keyHint
	for _, b := range bindings {
		if help := b.Help(); b.Enabled() && help.Key != "" {
			out = append(out, keyHint{Clean(help.Key), Clean(help.Desc)})
		}
	}
	return out
}

// shrink returns the line with the least important thing left out, and false when
// nothing more can go.
func (f footer) shrink() (footer, bool) {
	if f.gap > 1 {
		f.gap = 1
		return f, true
	}
	for i, k := range slices.Backward(f.keys) {
		if k.key != "?" {
			f.keys = slices.Delete(slices.Clone(f.keys), i, i+1)
			return f, true
		}
	}
	if f.status != "" {
		f.status = ""
		return f, true
	}
	labelled := func(k keyHint) bool { return k.label != "" }
	if slices.ContainsFunc(f.keys, labelled) || slices.ContainsFunc(f.last, labelled) {
		f.keys, f.last = bare(f.keys), bare(f.last)
		return f, true
	}
	return f, false
}

func bare(keys []keyHint) []keyHint {
	out := make([]keyHint, len(keys))
	for i, k := range keys {
		out[i].key = k.key
	}
	return out
}

// width counts a blank at the left edge and one between the two ends.
func (f footer) width() int {
	total := 1 + f.groupWidth(f.keys)
	if len(f.last) > 0 {
		total += f.gap + f.groupWidth(f.last)
	}
	if f.status != "" {
		total += 2 + Width(f.status)
	}
	return total
}

func (f footer) groupWidth(keys []keyHint) int {
	total := max(len(keys)-1, 0) * f.gap
	for _, k := range keys {
		total += Width(k.key)
		if k.label != "" {
			total += 1 + Width(k.label)
		}
	}
	return total
}

func (f footer) group(st *theme.Styles, keys []keyHint) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = render(st.Key, k.key)
		if k.label != "" {
			parts[i] += " " + render(st.KeyLabel, k.label)
		}
	}
	return strings.Join(parts, blanks(f.gap))
}
