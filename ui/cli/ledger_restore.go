package cli

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"centrapos/pos/ledger"
)

const ledgerRestoreHelp = `Puts a copy that "ledger backup" made, or the till itself each day, in the place of the
local record. The copy is checked first: one that is damaged is refused, and nothing is
changed. The record that was there is put aside, whole, in a folder that is named; no
till may be running on it.

What was paid after the copy was made is not in it. Centrapay has it still: look
with "centrapos activities".

With --json the document is that of "ledger verify" with outcome restored, and has
aside, the folder of the record that was there (empty for none), and missing, the number
of its facts that are not in the one that is there now (-1 where that cannot be told).`

func (p *program) ledgerRestoreCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "restore FOLDER",
		Short:   "Put a copy in the place of the record",
		Long:    ledgerRestoreHelp,
		Example: "  centrapos ledger restore /media/stick/till-1-2026-11-21",
		Args:    takes(1, 1, "one FOLDER"),
	}
	cmd.RunE = p.runs(func(ctx context.Context, cmd *cobra.Command, args []string) (*result, error) {
		settings, err := p.settings(cmd)
		if err != nil {
			return nil, err
		}
		from, err := filepath.Abs(args[0])
		if err != nil || args[0] == "" {
			return nil, usage("name the FOLDER of the copy")
		}
		ctx, cancel := p.interrupts.bind(ctx)
		defer cancel()
		done, err := ledger.Restore(ctx, from, ledgerDir(settings))
		switch {
		case errors.Is(err, ledger.ErrNoLedger), errors.Is(err, ledger.ErrInUse), errors.Is(err, ledger.ErrNotLedger):
			return nil, &failure{exit: exitUsage, Code: codeUsage, Message: err.Error(), cause: err}
		case err != nil:
			return nil, err
		}
		return p.restored(done), nil
	})
	return cmd
}

func (p *program) restored(done ledger.Restored) *result {
	r := p.checked(done.Report, "restored", "The record is now the copy, which is")
	if done.Aside != "" {
		p.say("What was there lies in %s.", done.Aside)
	}
	switch {
	case done.Missing > 0:
		p.warn("%s of it came after the copy: look with \"centrapos activities\" what was paid since.", countOf(int(done.Missing), "fact"))
	case done.Missing < 0:
		p.warn("It cannot be read, so nobody knows what came after the copy: look with \"centrapos activities\".")
	}
	if doc, ok := r.document.(*object); ok {
		doc.add("aside", done.Aside)
		doc.add("missing", done.Missing)
	}
	return r
}
