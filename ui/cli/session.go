package cli

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"centrapos/api"
	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/pos/centrapay"
	"centrapos/pos/ledger"
)

// trainingService is the name under which the ledger keeps what was done with
// the sandbox inside the program, whose address changes. Other services go by
// their base URL.
const trainingService = "training"

// line is the connection to a service.
type line struct {
	settings config.Settings
	service  string // as the ledger names it
	url      string // of the service; that of the house in training
	client   *api.Client
	payments pos.Payments
	house    *house // the training house; nil but in training
	closers  []func()

	credential credential
}

// connect makes the connection to the service that the settings name, once it is
// sure that all it needs is there: the settings named, and a key. The customers
// are those of the training house.
func (p *program) connect(ctx context.Context, settings config.Settings, customers sandbox.Patron, needs ...config.Key) (*line, error) {
	return p.connectFor(ctx, forPayments, settings, customers, needs...)
}

// connectFor is connect for commands that need another credential than a till's.
func (p *program) connectFor(ctx context.Context, what access, settings config.Settings, customers sandbox.Patron, needs ...config.Key) (*line, error) {
	l, err := p.reach(ctx, settings, customers)
	if err != nil {
		return nil, err
	}
	if err := p.authenticate(ctx, l, what, needs); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// reach finds the service that the settings name; the one in training is opened.
func (p *program) reach(ctx context.Context, settings config.Settings, customers sandbox.Patron) (*line, error) {
	l := &line{settings: settings, service: settings.APIURL, url: settings.APIURL}
	if !settings.Embedded {
		return l, nil
	}
	var err error
	if l.house, err = p.openHouse(ctx, settings, customers); err != nil {
		return nil, err
	}
	l.closers = append(l.closers, l.house.close)
	l.service, l.url = trainingService, l.house.server.URL()
	return l, nil
}

// authenticate makes the client of a line with the credential that a command needs.
func (p *program) authenticate(ctx context.Context, l *line, what access, needs []config.Key) error {
	found, err := p.credentialFor(ctx, l, what, needs)
	if err != nil {
		return err
	}
	return p.speakAs(l, found)
}

// speakAs makes the client of a line with a credential.
func (p *program) speakAs(l *line, found credential) error {
	l.credential = found
	l.closers = append(l.closers, found.close)
	client, err := api.New(l.url, append(found.options, l.transport()...)...)
	if err != nil {
		return usage(err.Error())
	}
	l.closers = append(l.closers, client.Close)
	l.client, l.payments = client, guard{centrapay.New(client)}
	return nil
}

// transport is how the calls of a line are made.
func (l *line) transport() []api.Option {
	options := []api.Option{api.WithUserAgent("centrapos/" + release())}
	if l.settings.AllowPlainHTTP {
		options = append(options, api.WithPlainHTTP())
	}
	return options
}

// close ends the connection, in the reverse of the order it was made in.
func (l *line) close() {
	for i := len(l.closers) - 1; i >= 0; i-- {
		l.closers[i]()
	}
	l.closers = nil
}

// training reports whether no real money is taken, for the words on screen.
func (l *line) training() bool { return l.house != nil }

// merchantID names the merchant whose affairs are meant; "" where nobody did.
func (l *line) merchantID() string {
	if l.house != nil {
		return sandbox.DemoMerchantID
	}
	return l.settings.MerchantID
}

// origin says who asks for payment.
func (l *line) origin() pos.Origin {
	s := l.settings
	o := pos.Origin{
		ConfigID: s.ConfigID, MerchantAccountID: s.MerchantAccountID,
		TerminalID: s.TerminalID, DeviceID: s.DeviceID, OperatorID: s.Operator,
	}
	if l.house != nil {
		return l.house.origin(o)
	}
	return o
}

// session is what a command that moves money works with: a till on a line and
// a ledger.
type session struct {
	*line
	ledger *ledger.Ledger
	record *leavable
	till   *pos.Till
	// older are tills that finish what was begun over the first generation of the API.
	older []*pos.Till
}

// openTill opens the ledger and the till on it.
func (p *program) openTill(ctx context.Context, settings config.Settings, customers sandbox.Patron, needs ...config.Key) (*session, error) {
	l, err := p.connect(ctx, settings, customers, needs...)
	if err != nil {
		return nil, err
	}
	book, err := p.openLedger(ctx, settings)
	if err != nil {
		l.close()
		return nil, err
	}
	p.moves = true
	record := &leavable{Ledger: book}
	s := &session{line: l, ledger: book, record: record}
	s.till = pos.NewTill(l.payments, record, pos.RandomIDs{}, l.service)
	return s, nil
}

func (p *program) openLedger(ctx context.Context, settings config.Settings) (*ledger.Ledger, error) {
	if err := settings.CreateDataDir(); err != nil {
		return nil, err
	}
	ctx, cancel := p.interrupts.bind(ctx)
	defer cancel()
	return ledger.Open(ctx, ledgerInUse(ctx, settings))
}

// readLedger opens the ledger for reading; nil when there is none yet.
func (p *program) readLedger(ctx context.Context, settings config.Settings) (*ledger.Reader, error) {
	r, err := ledger.OpenReadOnly(ctx, ledgerInUse(ctx, settings))
	if errors.Is(err, ledger.ErrNoLedger) {
		return nil, nil
	}
	return r, err
}

// ledgerDir is the folder of a ledger: that of the profile or, where a flag or the
// environment names another service for this run, one for the two. Rehearsals and
// real money never share a ledger, nor do two services.
func ledgerDir(s config.Settings) string {
	origin := s.Origin(config.KeyAPIURL).Source
	named := origin == config.FromEnvironment || origin == config.FromFlag
	switch {
	case s.Embedded || !named && s.Profile != config.Training:
		return profileDir(s)
	case s.Profile == config.Training:
		return filepath.Join(s.DataDir, "@"+fileName(s.APIURL))
	}
	return filepath.Join(s.DataDir, s.Profile+"@"+fileName(s.APIURL))
}

func profileDir(s config.Settings) string { return filepath.Join(s.DataDir, s.Profile) }

// notInFileNames are runs of what a base URL has and not every system takes in names.
var notInFileNames = regexp.MustCompile(`[^a-z0-9.]+`)

// fileName makes a name of a folder of a base URL. What two URLs might have in common
// by that is told apart by what is left of the whole.
func fileName(url string) string {
	scheme, rest, _ := strings.Cut(strings.ToLower(url), "://")
	name := strings.Trim(notInFileNames.ReplaceAllString(rest, "-"), "-.")
	if scheme == "https" && name == rest {
		return name
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(url))
	return fmt.Sprintf("%s-%08x", name, sum.Sum32())
}

// ledgerInUse is the folder of the ledger to open. What an earlier version has begun
// in the profile's own folder goes on there, so that nothing unfinished is lost sight of.
func ledgerInUse(ctx context.Context, s config.Settings) string {
	dir := ledgerDir(s)
	if _, err := os.Stat(filepath.Join(dir, "ledger.db")); err == nil || dir == profileDir(s) {
		return dir
	}
	earlier, err := ledger.OpenReadOnly(ctx, profileDir(s))
	if err != nil {
		return dir
	}
	defer earlier.Close() //nolint:errcheck // it was only read
	for _, service := range append(legacyNames(s.APIURL), s.APIURL) {
		if rows, err := earlier.List(ctx, ledger.Filter{Limit: 1, Service: service}); err == nil && len(rows) > 0 {
			return profileDir(s)
		}
	}
	return dir
}

// legacyNames are the names that the ledger has for a service's first generation.
func legacyNames(service string) []string {
	var names []string
	for _, form := range legacyForms() {
		names = append(names, legacyService(service, form))
	}
	return names
}

// close gives up what the till is still doing, which the ledger keeps for
// recovery, and closes everything. Commands call it once nothing is left that
// waiting would help.
func (s *session) close(ctx context.Context) {
	s.leave(ctx)
	_ = s.ledger.Close() // whatever it says, what was appended is durable
	s.line.close()
}

// leave ends the till without ending its operations: they stay in the ledger as
// they are. Drain asks every operation to stop, but from here on nothing is
// written, and what is not written is not sent.
func (s *session) leave(ctx context.Context) {
	s.record.leave()
	now, cancel := context.WithCancel(ctx)
	cancel()
	s.till.Drain(now)
	for _, till := range s.older {
		till.Drain(now)
	}
}
