package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
)

// shopState is what merchants and customers made beside payment requests. It is
// written to the file of WithFile as JSON. What its slices and maps hold is
// replaced, never changed in place, so that a clone of them is enough.
type shopState struct {
	// Ahead is how far the clock was moved forward.
	Ahead time.Duration `json:"ahead,omitempty"`
	// TopUps is what was put into wallets, by their ids.
	TopUps map[string]decimal.Decimal `json:"topUps,omitempty"`
	// Forgotten is what requests that are no longer known took from wallets and did not
	// give back, by the ids of the wallets.
	Forgotten map[string]decimal.Decimal `json:"forgotten,omitempty"`
	// PatronCodes are those that customers made, oldest first.
	PatronCodes []patronCode `json:"patronCodes,omitempty"`
	// Connections are those that were made or authorized, oldest first.
	Connections []connection `json:"connections,omitempty"`
}

// clone is a copy that can be changed while the original stays as it is.
func (s shopState) clone() shopState {
	s.TopUps = maps.Clone(s.TopUps)
	s.PatronCodes = slices.Clone(s.PatronCodes)
	s.Connections = slices.Clone(s.Connections)
	return s
}

// shop is what was made beside payment requests, to be read.
func (t *tx) shop() *shopState {
	if t.newShop != nil {
		return t.newShop
	}
	return &t.store.shop
}

// changeShop is the same to be changed: a copy that is kept with the transaction.
func (t *tx) changeShop() *shopState {
	if t.newShop == nil {
		changed := t.store.shop.clone()
		t.newShop = &changed
	}
	return t.newShop
}

// WalletState is a customer's wallet and what it holds now.
type WalletState struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	AssetType api.AssetType `json:"assetType"`
	// Customer and AccountID are whose it is.
	Customer  string `json:"customer"`
	AccountID string `json:"accountId"`
	// Balance is in smallest units, absent from a wallet that never runs dry.
	Balance api.BigNumber `json:"balance,omitempty"`
	// CollectionID is given for tokens, Spent says that one was used.
	CollectionID string `json:"collectionId,omitempty"`
	Spent        bool   `json:"spent,omitempty"`
}

// Wallets lists all wallets of all customers. It fails only when the file of
// WithFile cannot be read or written.
func (s *Service) Wallets() ([]WalletState, error) {
	var all []WalletState
	err := s.transact(func(t *tx) error {
		for _, c := range s.dir.customers {
			for _, w := range c.Wallets {
				all = append(all, t.walletState(w, c))
			}
		}
		return nil
	})
	return all, err
}

func (t *tx) walletState(w Wallet, holder Customer) WalletState {
	state := WalletState{
		ID: w.ID, Name: w.name(), AssetType: w.AssetType, Customer: holder.Name, AccountID: holder.AccountID,
		CollectionID: w.CollectionID, Spent: w.CollectionID != "" && t.spent(w.ID).IsPositive(),
	}
	if left, limited := t.available(w); limited {
		state.Balance = api.NewBigNumber(left)
	}
	return state
}

// TopUp puts money into a wallet that can run dry, amount in smallest units. An
// unknown wallet, one that never runs dry and an amount that is not a whole number
// above zero are refused with a *Refusal.
func (s *Service) TopUp(walletID string, amount api.BigNumber) (WalletState, error) {
	var state WalletState
	err := s.transact(func(t *tx) error {
		w, holder, ok := s.dir.wallet(walletID)
		switch {
		case !ok:
			return forbidden()
		case w.Balance == nil:
			return malformed("wallet %s never runs dry", clip(walletID))
		}
		if err := validateAmount("amount", amount); err != nil {
			return err
		}
		shop := t.changeShop()
		if shop.TopUps == nil {
			shop.TopUps = map[string]decimal.Decimal{}
		}
		shop.TopUps[walletID] = shop.TopUps[walletID].Add(amount.Decimal())
		state = t.walletState(w, holder)
		return nil
	})
	return state, err
}

func (s *Service) listWallets() (any, error) {
	all, err := s.Wallets()
	return api.Page[WalletState]{Items: all}, err
}

func (s *Service) topUp(r *http.Request) (any, error) {
	var body struct {
		Amount api.BigNumber `json:"amount"`
	}
	if err := decodeBody(r, &body); err != nil {
		return nil, err
	}
	return s.TopUp(r.PathValue("wallet"), body.Amount)
}
