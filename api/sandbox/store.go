package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shopspring/decimal"

	"centrapos/api"
	"centrapos/api/auth"
)

// store holds all payment requests behind one lock, and in a file when it is
// given one. Work is done in transactions, which take hold whole or not at all.
type store struct {
	mu   sync.Mutex
	ids  *ids
	file *file

	requests map[string]*request
	// order is the ids of all requests, oldest first.
	order []string
	// byCode is the newest request of a short code, byRef all of an external
	// reference, oldest first.
	byCode map[string]string
	byRef  map[string][]string
	// spent is what was taken from each wallet and not given back.
	spent map[string]decimal.Decimal
	// byPatron is the requests of a customer's patron codes, by account, oldest
	// first; byConnection those of a connection.
	byPatron, byConnection map[string][]string
	// history is what happened to each merchant's requests.
	history map[string][]logEntry
	// unsettled are the requests to which time may yet do something.
	unsettled map[string]struct{}
	// admin and shop are never changed in place; see changeAdmin and changeShop.
	admin adminState
	shop  shopState
	// settledTo are the bank accounts that merchants have from the start.
	settledTo []bankAccount
	// ahead is that of shop, for those who only want to know the time.
	ahead atomic.Int64
	// forgotAt is when it was last looked for what ended long ago.
	forgotAt time.Time
}

func newStore(seed [32]byte) *store {
	s := &store{ids: newIDs(seed)}
	s.fill(nil)
	return s
}

// fill replaces all requests.
func (s *store) fill(all []*request) {
	s.requests = make(map[string]*request, len(all))
	s.order, s.byCode, s.byRef = nil, map[string]string{}, map[string][]string{}
	s.spent = map[string]decimal.Decimal{}
	maps.Copy(s.spent, s.shop.Forgotten)
	s.byPatron, s.byConnection = map[string][]string{}, map[string][]string{}
	s.history, s.unsettled = map[string][]logEntry{}, map[string]struct{}{}
	for _, r := range all {
		s.put(r)
	}
}

// put keeps a request, new or changed.
func (s *store) put(r *request) {
	old, known := s.requests[r.ID]
	if !known {
		r.order = len(s.order)
		s.order = append(s.order, r.ID)
		s.byCode[r.ShortCode] = r.ID
		if ref := r.Asked.ExternalRef; ref != "" {
			s.byRef[ref] = append(s.byRef[ref], r.ID)
		}
		if r.PatronCodeID != "" {
			s.byPatron[r.PatronAccountID] = append(s.byPatron[r.PatronAccountID], r.ID)
		}
		if id := r.Asked.ConnectionID; id != "" {
			s.byConnection[id] = append(s.byConnection[id], r.ID)
		}
		old = &request{}
	}
	s.spend(old.Payments, decimal.Decimal.Sub)
	s.spend(r.Payments, decimal.Decimal.Add)
	s.chronicle(r, len(old.Activities))
	if r.Status == api.StatusNew || r.PreAuthStatus == api.PreAuthAuthorized {
		s.unsettled[r.ID] = struct{}{}
	} else {
		delete(s.unsettled, r.ID)
	}
	s.requests[r.ID] = r
}

const (
	// keepEnded is how long requests that have ended are remembered: longer than they
	// can be refunded.
	keepEnded = 90 * 24 * time.Hour
	// forgetEvery is how often it is looked for them.
	forgetEvery = 24 * time.Hour
)

// forget drops the requests that ended long ago. What they took from wallets stays
// taken. With a file, the next version of that is without them.
func (s *store) forget(now time.Time) {
	s.forgotAt = now
	taken := maps.Clone(s.shop.Forgotten)
	if taken == nil {
		taken = map[string]decimal.Decimal{}
	}
	var rest []*request
	for _, id := range s.order {
		r := s.requests[id]
		if !r.Status.IsFinal() || r.PreAuthStatus == api.PreAuthAuthorized || now.Sub(r.UpdatedAt) <= keepEnded {
			rest = append(rest, r)
			continue
		}
		for _, p := range r.Payments {
			if kept := p.kept(); p.Asked.AssetID != "" && !kept.IsZero() {
				taken[p.Asked.AssetID] = taken[p.Asked.AssetID].Add(kept)
			}
		}
	}
	if len(rest) < len(s.order) {
		s.shop.Forgotten = taken
		s.fill(rest)
	}
}

// keepShop replaces what was made beside payment requests.
func (s *store) keepShop(shop shopState) {
	s.shop = shop
	s.ahead.Store(int64(shop.Ahead))
}

// spend counts what payments took and kept towards, or off, the wallets' totals.
func (s *store) spend(payments []payment, count func(total, amount decimal.Decimal) decimal.Decimal) {
	for _, p := range payments {
		s.spent[p.Asked.AssetID] = count(s.spent[p.Asked.AssetID], p.kept())
	}
}

// tx is one transaction: what it reads is settled up to its moment, what it
// changes is seen by others once it is committed.
type tx struct {
	svc     *Service
	store   *store
	now     time.Time
	changed map[string]*request
	// newAdmin is what takes the place of the store's, nil when that stays.
	newAdmin *adminState
	// newShop is the same of what merchants and customers made.
	newShop *shopState
}

// admin is what is kept beside payment requests, to be read.
func (t *tx) admin() *adminState {
	if t.newAdmin != nil {
		return t.newAdmin
	}
	return &t.store.admin
}

// changeAdmin is what is kept beside payment requests, to be changed: a copy that
// is kept with the transaction.
func (t *tx) changeAdmin() *adminState {
	if t.newAdmin == nil {
		changed := t.store.admin.clone()
		t.newAdmin = &changed
	}
	return t.newAdmin
}

// transact runs fn in a transaction; webhooks that it caused are then delivered by
// somebody else.
func (s *Service) transact(fn func(*tx) error) error {
	posted, err := s.commit(fn)
	if posted {
		s.webhooks.wake()
	}
	return err
}

// commit runs fn under the lock. What it changed is kept also when fn refuses,
// since time that passed and conditions that came up are true either way; it is
// not kept when it cannot be saved. The webhooks about it are kept with it: posted
// says whether there are any.
func (s *Service) commit(fn func(*tx) error) (posted bool, err error) {
	st := s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.file != nil {
		release, err := st.file.hold(st, s.now)
		if err != nil {
			return false, err
		}
		defer release()
	}
	t := &tx{svc: s, store: st, now: s.now(), changed: map[string]*request{}}
	if t.now.Sub(st.forgotAt) >= forgetEvery {
		st.forget(t.now)
	}
	outcome := fn(t)
	if len(t.changed) == 0 && t.newAdmin == nil && t.newShop == nil {
		return false, outcome
	}
	posted = t.post()
	if st.file != nil {
		if err := st.file.save(t); err != nil {
			return false, err
		}
	}
	for _, r := range t.inOrder() {
		st.put(r)
	}
	st.admin = *t.admin()
	st.keepShop(*t.shop())
	return posted, outcome
}

// inOrder is what changed, the known ones in their order and the new one last.
func (t *tx) inOrder() []*request {
	all := make([]*request, 0, len(t.changed))
	for _, r := range t.changed {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *request) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return all
}

// find returns a request as it is now, and whether there is one. Time that has
// passed since it was last looked at has taken effect on it.
func (t *tx) find(id string) (*request, bool) {
	if r, ok := t.changed[id]; ok {
		return r, true
	}
	kept, ok := t.store.requests[id]
	if !ok {
		return nil, false
	}
	r := kept.clone()
	if t.settle(r) {
		t.change(r)
	}
	return r, true
}

// change says that a request will be different after the transaction.
func (t *tx) change(r *request) { t.changed[r.ID] = r }

// open returns the request with an id if the key may do something to it.
func (t *tx) open(id string, key Key, p auth.Permission) (*request, error) {
	r, ok := t.find(id)
	if !ok || !key.may(p, r.MerchantAccountID, r.CreatedByAccount) {
		return nil, forbidden()
	}
	return r, nil
}

// available is what a wallet still holds; false for one that never runs dry.
func (t *tx) available(w Wallet) (decimal.Decimal, bool) {
	if w.Balance == nil {
		return decimal.Zero, false
	}
	return w.Balance.Add(t.shop().TopUps[w.ID]).Sub(t.spent(w.ID)), true
}

// spent is what was taken from a wallet and not given back.
func (t *tx) spent(walletID string) decimal.Decimal {
	spent := t.store.spent[walletID]
	for id, r := range t.changed {
		if old, ok := t.store.requests[id]; ok {
			spent = spent.Sub(old.keptFrom(walletID))
		}
		spent = spent.Add(r.keptFrom(walletID))
	}
	return spent
}

// mint returns an id and a short code that are not in use.
func (t *tx) mint() (id, code string) {
	for id == "" || t.store.requests[id] != nil {
		id = t.store.ids.requestID()
	}
	for code == "" || t.store.byCode[code] != "" {
		code = t.store.ids.shortCode()
	}
	return id, code
}

// listed are the requests of a merchant's account with an external reference,
// newest first, that the key may see.
func (t *tx) listed(ref, merchantAccountID string, key Key) []*request {
	var found []*request
	for _, id := range slices.Backward(t.store.byRef[ref]) {
		r, ok := t.find(id)
		if ok && r.MerchantAccountID == merchantAccountID && key.may(mayListByRef, r.MerchantAccountID, r.CreatedByAccount) {
			found = append(found, r)
		}
	}
	return found
}

// storageError is a transaction that could not be kept; nothing of it happened.
type storageError struct{ err error }

func (e *storageError) Error() string { return fmt.Sprintf("keep the sandbox's requests: %v", e.err) }
func (e *storageError) Unwrap() error { return e.err }

// activityPage is how activities are listed, newest first.
func (r *request) activityPage() api.Page[api.PaymentActivity] {
	items := slices.Clone(r.Activities)
	slices.Reverse(items)
	return api.Page[api.PaymentActivity]{Items: items}
}
