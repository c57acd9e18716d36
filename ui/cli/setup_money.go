package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"centrapos/api"
)

const (
	// moneyPatience is how long the opening of a till waits to learn which money its
	// merchant takes: a customer may be waiting with it.
	moneyPatience = 3 * time.Second
	// mostClockOff is how far this machine's clock may be from the service's before
	// it is said: receipts and the record carry its time.
	mostClockOff = 5 * time.Minute
)

// moneyKnown is what was learned of a merchant's money, so that not every sale asks
// again. It counts for as long as the profile says the same.
type moneyKnown struct {
	APIURL   string `json:"apiUrl"`
	ConfigID string `json:"configId"`
	Key      string `json:"key"` // its last characters
	Liveness string `json:"liveness"`
}

// rightMoney refuses to take payments where the profile is of real money and the
// merchant of test money, or the reverse. Where that cannot be learned the till opens:
// it must be able to sell whenever payments can be taken.
func (p *program) rightMoney(ctx context.Context, l *line) error {
	s := l.settings
	if l.house != nil || s.Liveness == "" || s.ConfigID == "" {
		return nil
	}
	now := moneyKnown{APIURL: s.APIURL, ConfigID: s.ConfigID, Key: l.credential.key.String()}
	path := filepath.Join(ledgerDir(s), "merchant.json")
	if known := readMoney(path); known != (moneyKnown{now.APIURL, now.ConfigID, now.Key, s.Liveness}) {
		var err error
		if now.Liveness, err = p.askMoney(ctx, l); err != nil {
			return nil //nolint:nilerr // it could not be learned, which the first payment will tell of
		}
		if now.Liveness != "" && now.Liveness != s.Liveness {
			return wrongMoney(s, now.Liveness)
		}
		now.keep(path)
	}
	return nil
}

// askMoney asks the service which money the config takes; "" where the credential may
// not read that.
func (p *program) askMoney(ctx context.Context, l *line) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, moneyPatience)
	defer cancel()
	c, meta, err := l.client.Merchants.Config(ctx, l.settings.ConfigID)
	p.warnOfClock(meta)
	switch {
	case err == nil:
		return string(c.Liveness()), nil
	case !turnedAway(err) || codeOf(err) == api.CodeUnauthorized:
		return "", err
	}
	if l.settings.MerchantID == "" || l.settings.MerchantAccountID == "" {
		return "", nil
	}
	for _, m := range merchantsOf(ctx, l.client, l.settings.MerchantAccountID) {
		if m.id == l.settings.MerchantID {
			return m.liveness, nil
		}
	}
	return "", nil
}

func readMoney(path string) moneyKnown {
	var known moneyKnown
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &known) != nil {
		return moneyKnown{}
	}
	return known
}

// keep notes what was learned. Where it cannot be noted it is asked again.
func (m moneyKnown) keep(path string) {
	if text, err := json.Marshal(m); err == nil && m.Liveness != "" {
		_ = os.WriteFile(path, text, 0o600)
	}
}

// clockOff is how far this machine's clock is ahead of the service's; zero where that
// is not known. The answer took some time on its way, half of it back.
func clockOff(meta api.Meta) time.Duration {
	if meta.ServerTime.IsZero() || meta.ReceivedAt.IsZero() {
		return 0
	}
	return meta.SentAt.Add(meta.ReceivedAt.Sub(meta.SentAt) / 2).Sub(meta.ServerTime).Round(time.Second)
}

func (p *program) warnOfClock(meta api.Meta) {
	if off := clockOff(meta); off.Abs() > mostClockOff {
		p.warn("The clock of this machine is %s: receipts and the record get the wrong time. %s", clockWord(off), clockFix)
	}
}

const clockFix = "Let it set itself: timedatectl set-ntp true, or the date settings of the system."

func clockWord(off time.Duration) string {
	switch {
	case off > time.Second:
		return off.String() + " ahead of Centrapay's"
	case off < -time.Second:
		return (-off).String() + " behind Centrapay's"
	}
	return "as Centrapay's"
}
