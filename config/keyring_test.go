package config_test

import (
	"errors"
	"testing"

	"github.com/zalando/go-keyring"

	"centrapos/config"
)

// Not parallel: the library's stand-in is one for the whole process.
func TestSystemKeyring(t *testing.T) {
	keyring.MockInit()
	if err := keyring.Set("centrapos", "live", planted); err != nil {
		t.Fatal(err)
	}
	if key, err := config.SystemKeyring().Get("centrapos", "live"); err != nil || key != planted {
		t.Errorf("a key that is there: %v", err)
	}
	if _, err := config.SystemKeyring().Get("centrapos", "test"); !errors.Is(err, config.ErrNoSuchKey) {
		t.Errorf("a key that is not there: %v", err)
	}
	if err := config.SystemKeyring().Set("centrapos", "test", planted); err != nil {
		t.Fatal(err)
	}
	if key, err := config.SystemKeyring().Get("centrapos", "test"); err != nil || key != planted {
		t.Errorf("a key that was put there: %v", err)
	}
	if err := config.SystemKeyring().Delete("centrapos", "test"); err != nil {
		t.Errorf("taking it away: %v", err)
	}
	if err := config.SystemKeyring().Delete("centrapos", "test"); !errors.Is(err, config.ErrNoSuchKey) {
		t.Errorf("taking it away again: %v", err)
	}
	locked := errors.New("failed to unlock correct collection")
	keyring.MockInitWithError(locked)
	if _, err := config.SystemKeyring().Get("centrapos", "live"); !errors.Is(err, locked) || errors.Is(err, config.ErrNoSuchKey) {
		t.Errorf("a keyring that is locked: %v", err)
	}
}
