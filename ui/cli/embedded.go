package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"centrapos/api/sandbox"
	"centrapos/config"
	"centrapos/pos"
	"centrapos/ui"
)

// house is the training house: the sandbox inside the program, on a loopback
// address of its own. Each process that trains has one, and all on one data
// folder share its file: what one made, the others know, and none has to outlive
// another.
type house struct{ server *sandbox.Server }

var _ ui.Customer = (*house)(nil)

// houseFile is where the training house keeps its payment requests.
func houseFile(s config.Settings) string { return filepath.Join(ledgerDir(s), "sandbox.json") }

// openHouse opens the training house. Its customers behave as the patron says
// towards the requests that this process makes.
func (p *program) openHouse(ctx context.Context, s config.Settings, patron sandbox.Patron) (*house, error) {
	if err := s.CreateDataDir(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(ledgerDir(s), 0o700); err != nil {
		return nil, fmt.Errorf("make the training folder: %w", err)
	}
	server, err := sandbox.Listen(ctx, "", sandbox.WithFile(houseFile(s)), sandbox.WithPatron(patron))
	if older := (*sandbox.FileVersionError)(nil); errors.As(err, &older) && older.Older() {
		if err = p.setAside(older.Path); err == nil {
			server, err = sandbox.Listen(ctx, "", sandbox.WithFile(older.Path), sandbox.WithPatron(patron))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open the training sandbox: %w", err)
	}
	return &house{server}, nil
}

// setAside makes room for a new training file: what an earlier version of this
// program wrote is no reason not to train.
func (p *program) setAside(file string) error {
	moved, err := sandbox.SetAside(file)
	if moved != "" {
		p.warn("Training starts afresh: an earlier version of centrapos wrote its payments, which are now in %s.", moved)
	}
	return err
}

// close ends the house. What was answered is in its file.
func (h *house) close() { _ = h.server.Close() }

// origin is who asks for payment in training: the sandbox knows one merchant.
func (h *house) origin(o pos.Origin) pos.Origin {
	o.ConfigID, o.MerchantAccountID = sandbox.DemoConfigID, sandbox.DemoMerchantAccountID
	return o
}

// Pay implements ui.Customer.
func (h *house) Pay(_ context.Context, requestID string) error {
	return h.server.Service().Pay(requestID, sandbox.PayOptions{})
}

// Cancel implements ui.Customer.
func (h *house) Cancel(_ context.Context, requestID string) error {
	return h.server.Service().Cancel(requestID)
}

// RunOut implements ui.Customer.
func (h *house) RunOut(_ context.Context, requestID string) error {
	return h.server.Service().Expire(requestID)
}
