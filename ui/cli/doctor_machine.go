package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/muesli/termenv"
	"golang.org/x/term"

	"centrapos/api"
	"centrapos/api/auth"
	"centrapos/config"
	"centrapos/pos/catalogue"
	"centrapos/pos/ledger"
)

// The least that the till's screens are made for, in characters.
const leastColumns, leastRows = 80, 24

// checkTerminal checks size and colours of the terminal in front.
func (d *doctor) checkTerminal() {
	file, ok := d.stdout.(*os.File)
	if !ok || !isTerminal(file) || !isTerminal(d.stdin) {
		d.skip("this is run without one; the till needs a terminal, \"centrapos sale\" does not", "terminal")
		return
	}
	columns, rows, err := term.GetSize(int(file.Fd()))
	if err != nil {
		d.note(finding{Name: "terminal", Result: warning, Detail: "it does not tell its size", Fix: "Use another terminal program."})
		return
	}
	colours := map[termenv.Profile]string{termenv.TrueColor: "16 million colours", termenv.ANSI256: "256 colours", termenv.ANSI: "16 colours", termenv.Ascii: "no colours"}
	profile := termenv.NewOutput(d.stdout, termenv.WithEnvironment(environment{d.env, d.noColor})).EnvColorProfile()
	note := finding{Name: "terminal", Result: fine, Detail: fmt.Sprintf("%s, %d columns by %d rows, %s", firstOf(d.env("TERM"), "unknown"), columns, rows, colours[profile])}
	if columns < leastColumns || rows < leastRows {
		note.Result, note.Fix = warning, fmt.Sprintf("Make the window %d by %d or larger, or the letters smaller: QR codes need the room.", leastColumns, leastRows)
	}
	d.note(note)
}

// checkData checks that the data folder can be written to, with some room.
func (d *doctor) checkData() {
	dir := d.settings.DataDir
	if err := d.settings.CreateDataDir(); err != nil {
		d.wrong("data", err, "")
		return
	}
	err := tryWriting(dir)
	switch info, statErr := os.Stat(dir); {
	case err != nil:
		d.note(finding{Name: "data", Result: failed, exit: exitUsage, Detail: dir + " cannot be written to (" + plainCause(err) + ")",
			Fix: "Make room on its disk, make it this user's own, or name another folder with --data-dir. No payment is begun that cannot be recorded."})
	case statErr == nil && info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/':
		d.note(finding{Name: "data", Result: warning, Detail: dir + " is open to other users of this machine", Fix: "chmod 700 " + dir})
	default:
		d.fine("data", dir)
	}
}

// roomNeeded is what the record wants to be sure of, in bytes: a day of sales.
const roomNeeded = 1 << 20

// tryWriting writes a file as large as what a day needs, and takes it away again.
func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, "doctor-*")
	if err != nil {
		return fmt.Errorf("try the data folder: %w", err)
	}
	_, err = f.Write(make([]byte, roomNeeded))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// checkRecord checks the whole record, and tells what is unfinished.
func (d *doctor) checkRecord(ctx context.Context) {
	r, err := d.readLedger(ctx, d.settings)
	switch {
	case err != nil:
		d.wrong("record", err, "Keep a copy of "+ledgerDir(d.settings)+".")
		return
	case r == nil:
		d.fine("record", "there is none yet in "+ledgerDir(d.settings))
		return
	}
	defer r.Close() //nolint:errcheck // it was only read
	report, err := r.Verify(ctx)
	if err != nil {
		d.wrong("record", err, "")
		return
	}
	if !report.Sound() {
		d.note(finding{Name: "record", Result: failed, exit: exitInternal, Detail: report.Problems[0].String(),
			Fix: "It was changed from outside or is damaged. Keep a copy of its folder; \"centrapos ledger verify\" lists all."})
		return
	}
	rows, err := r.List(ctx, ledger.Filter{OnlyUnfinished: true})
	note := finding{Name: "record", Result: fine, Detail: fmt.Sprintf("%s, sound", countOf(int(report.Operations), "payment"))}
	if err == nil && len(rows) > 0 {
		note.Result, note.Detail = warning, note.Detail+"; "+fmt.Sprint(len(rows))+" unfinished"
		note.Fix = "Run \"centrapos recover\", or open the till."
	}
	d.note(note)
}

func (d *doctor) checkProducts(ctx context.Context) {
	switch {
	case !catalogue.Exists(catalogDir(d.settings)) && d.settings.Profile == config.Training:
		d.fine("products", "those of the demonstration")
		return
	case !catalogue.Exists(catalogDir(d.settings)):
		d.skip("none yet; amounts can be typed, or products imported with \"centrapos catalog import FILE.csv\"", "products")
		return
	}
	c, err := openCatalogue(ctx, d.settings)
	if err != nil {
		d.wrong("products", err, "Choose the profile of their currency, or import them again.")
		return
	}
	defer c.Close() //nolint:errcheck // it was only read
	n, err := c.Count(ctx)
	if err != nil {
		d.wrong("products", err, "Import them again.")
		return
	}
	d.fine("products", countOf(n, "product"))
}

// checkPrinter looks whether the printer can be reached; it prints nothing.
func (d *doctor) checkPrinter(ctx context.Context) {
	s := d.settings
	if s.Printer == "" {
		d.skip("none; receipts can be shown and saved", "printer")
		return
	}
	if _, err := deviceOf(s); err != nil {
		d.wrong("printer", err, "")
		return
	}
	if _, err := printerOf(s); err != nil {
		d.wrong("printer", err, "")
		return
	}
	if err := reachPrinter(ctx, s.Printer); err != nil {
		d.note(finding{Name: "printer", Result: failed, exit: exitRefused, Detail: s.Printer + " cannot be reached (" + plainCause(err) + ")",
			Fix: "See that it is on, has paper and is plugged in; for a device file that this user may write to it. Sales go on without it."})
		return
	}
	d.fine("printer", s.Printer)
}

// reachPrinter opens the way to a printer and closes it again.
func reachPrinter(ctx context.Context, address string) error {
	host, isNetwork := strings.CutPrefix(address, "tcp://")
	if !isNetwork {
		return openDevice(address)
	}
	if _, _, err := net.SplitHostPort(host); err != nil {
		host = net.JoinHostPort(host, "9100")
	}
	dialer := net.Dialer{Timeout: printerPatience}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return fmt.Errorf("reach the printer: %w", err)
	}
	return conn.Close()
}

func openDevice(path string) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("open the printer: %w", err)
	}
	return f.Close()
}

// notAllowed lists the tasks of a till that a role may not do.
func (d *doctor) notAllowed(m api.AccountMembership) []string {
	var names []string
	for _, task := range tasks {
		v := auth.May(m.Role, auth.Permission(task.permission), auth.Target{Flags: flagsOf(m)})
		if !v.Unknown && !v.Allowed {
			names = append(names, task.name)
		}
	}
	return names
}
