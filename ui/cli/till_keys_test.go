package cli

import (
	"strings"
	"testing"

	"centrapos/config"
)

func TestKeymapIsCheckedBeforeTheTillOpens(t *testing.T) {
	t.Parallel()
	at := func(line int) config.Origin {
		return config.Origin{Source: config.FromFile, Name: "config.toml", Line: line}
	}
	keys, err := keymapOf([]config.KeyChoice{{Command: "pay", Keys: []string{"f9", "ctrl+p"}, Origin: at(2)}, {Command: "hold", Origin: at(3)}})
	if err != nil || len(keys["pay"]) != 2 || len(keys) != 2 {
		t.Errorf("%v, %v", keys, err)
	}
	_, err = keymapOf([]config.KeyChoice{{Command: "pay", Keys: []string{"p"}, Origin: at(2)}, {Command: "dance", Origin: at(3)}})
	if err == nil || !strings.Contains(err.Error(), "2 problems") || !strings.Contains(err.Error(), "config.toml:2") || !strings.Contains(err.Error(), "config.toml:3") {
		t.Errorf("said: %v", err)
	}
}
