//go:build !unix

package ledger_test

import (
	"context"
	"errors"
)

// unprivilegedReader is a role of unix only, where a process can give up rights.
func unprivilegedReader(context.Context, []string) error {
	return errors.New("this system has no user without rights")
}
