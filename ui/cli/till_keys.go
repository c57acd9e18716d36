package cli

import (
	"centrapos/config"
	"centrapos/ui"
)

// keymapOf is the keys that the shop has chosen, checked against the commands that
// the till has. The error lists all that is wrong, with the lines of the config file.
func keymapOf(choices []config.KeyChoice) (map[string][]string, error) {
	keys := map[string][]string{}
	var wrong config.Error
	for _, choice := range choices {
		if problem, remedy := ui.CheckKeys(choice.Command, choice.Keys); problem != "" {
			wrong.Problems = append(wrong.Problems, choice.Problem(problem, remedy))
			continue
		}
		keys[choice.Command] = choice.Keys
	}
	if len(wrong.Problems) > 0 {
		return nil, &wrong
	}
	return keys, nil
}
