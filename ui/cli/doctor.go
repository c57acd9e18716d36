package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"centrapos/config"
	"centrapos/ui/widget"
)

const doctorHelp = `Checks what the till needs, and says of each finding what to do: the config file, the
credential and where it is kept, the network, the clock, the merchant, this terminal, the
data folder, the record, the products and the printer. It takes no payment, changes no
setting and prints nothing.

Exit code 0 when nothing is wrong; else that of the first thing that is: 64 for what is
to be set up, 69 for what cannot be reached, 70 for a record that is damaged. A warning
is no fault. With --json the document has outcome (well or findings), profile, and
checks, each with name, result (ok, warning, failed or skipped), detail and fix.`

// verdict is how a check came out.
type verdict string

const (
	fine    verdict = "ok"
	warning verdict = "warning"
	failed  verdict = "failed"
	skipped verdict = "skipped"
)

// finding is one line of the doctor's table.
type finding struct {
	Name   string  `json:"name"`
	Result verdict `json:"result"`
	Detail string  `json:"detail"`
	Fix    string  `json:"fix"`

	exit int // of the run, when it failed
}

// doctorPatience is how long the doctor waits for the service, and for the printer.
const (
	doctorPatience  = 20 * time.Second
	printerPatience = 3 * time.Second
)

func (p *program) doctorCommand() *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "Check what the till needs, and say what to do", Long: doctorHelp, Args: takes(0, 0, "no arguments"),
		RunE: p.runs(func(ctx context.Context, cmd *cobra.Command, _ []string) (*result, error) {
			ctx, cancel := p.interrupts.bind(ctx)
			defer cancel()
			d := &doctor{program: p}
			d.examine(ctx, cmd)
			if p.interrupts.wasAsked() {
				return nil, errInterrupted
			}
			return d.tell(), nil
		})}
}

// doctor checks one profile.
type doctor struct {
	*program
	settings config.Settings
	findings []finding
}

func (d *doctor) note(f finding) { d.findings = append(d.findings, f) }

func (d *doctor) fine(name, detail string) { d.note(finding{Name: name, Result: fine, Detail: detail}) }

func (d *doctor) skip(detail string, names ...string) {
	for _, name := range names {
		d.note(finding{Name: name, Result: skipped, Detail: detail})
	}
}

// wrong notes what an error says, and what to do about it.
func (d *doctor) wrong(name string, err error, fix string) {
	f := failureOf(err)
	note := finding{Name: name, Result: failed, Detail: f.Error(), Fix: fix, exit: f.exit}
	var told *config.Error
	if errors.As(err, &told) {
		var whats, fixes []string
		for _, problem := range told.Problems {
			what := problem.What
			if problem.Where != "" {
				what = problem.Where + ": " + what
			}
			whats, fixes = append(whats, what), append(fixes, problem.Fix)
		}
		note.Detail, note.Fix = strings.Join(whats, "; "), strings.Join(fixes, " ")
	}
	d.note(note)
}

// examine makes all checks, those that need no settings even where there are none.
func (d *doctor) examine(ctx context.Context, cmd *cobra.Command) {
	settings, err := d.program.settings(cmd)
	if err != nil {
		d.wrong("config", err, "")
		d.skip("the settings have to be right first", "credential", "network", "clock", "merchant", "data", "record", "products", "printer")
		d.checkTerminal()
		return
	}
	d.settings = settings
	file := "no config file, so the training profile counts"
	if settings.ConfigFile != "" {
		file = settings.ConfigFile
	}
	d.fine("config", file+"; profile "+settings.Profile)
	d.checkService(ctx)
	d.checkTerminal()
	d.checkData()
	d.checkRecord(ctx)
	d.checkProducts(ctx)
	d.checkPrinter(ctx)
}

// tell gives the table.
func (d *doctor) tell() *result {
	r := &result{}
	for _, f := range d.findings {
		if f.Result == failed && r.exit == exitDone {
			r.exit = f.exit
		}
		d.say("%-8s %-11s %s", f.Result, f.Name, widget.Clean(f.Detail))
		if f.Fix != "" && f.Result != fine {
			d.say("%-8s %-11s → %s", "", "", widget.Clean(f.Fix))
		}
	}
	outcome := "well"
	if r.exit != exitDone {
		outcome = "findings"
	}
	doc := &object{}
	doc.add("outcome", outcome)
	doc.add("profile", d.settings.Profile)
	doc.add("checks", d.findings)
	r.document = doc
	return r
}
