package sandbox

import (
	"slices"
	"strconv"
	"strings"

	"centrapos/api"
)

// The docs leave open how large a page of a listing is and how large it can be.
const (
	defaultPageSize = 25
	maxPageSize     = 100
)

// handleExternalRef lists the requests of one merchant's account that carry an
// external reference, newest first.
func handleExternalRef(c *call) (any, error) {
	query := c.http.URL.Query()
	account := query.Get("merchantAccountId")
	if account == "" {
		return nil, required("merchantAccountId")
	}
	size, err := pageSize(query.Get("paginationLimit"))
	if err != nil {
		return nil, err
	}
	after, err := parsePageKey(query.Get("pageKey"))
	if err != nil {
		return nil, err
	}
	if !c.svc.dir.knowsAccount(account) {
		return nil, forbidden()
	}
	page := api.Page[api.PaymentRequest]{Items: []api.PaymentRequest{}}
	err = c.svc.transact(func(t *tx) error {
		all := t.listed(c.http.PathValue("ref"), account, c.key)
		if after != "" {
			i := slices.IndexFunc(all, func(r *request) bool { return r.ID == after })
			if i < 0 {
				return malformed("pageKey is not one that was given out")
			}
			all = all[i+1:]
		}
		if len(all) > size {
			all = all[:size]
			page.PageKey = pageKey(all[size-1])
		}
		for _, r := range all {
			page.Items = append(page.Items, c.svc.abridged(r))
		}
		return nil
	})
	return page, err
}

func pageSize(text string) (int, error) {
	if text == "" {
		return defaultPageSize, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPageSize {
		return 0, malformed("paginationLimit must be between 1 and %d", maxPageSize)
	}
	return n, nil
}

// pageKeyPrefix makes cursors that have to be URL-encoded, as the documented ones.
const pageKeyPrefix = "PaymentRequest#"

// pageKey is the cursor behind a request.
func pageKey(last *request) string {
	return pageKeyPrefix + last.ID + "|" + api.NewTimestamp(last.CreatedAt).String()
}

// parsePageKey returns the id behind which a page begins, "" for the first page.
func parsePageKey(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	rest, ok := strings.CutPrefix(text, pageKeyPrefix)
	id, _, whole := strings.Cut(rest, "|")
	if !ok || !whole || id == "" {
		return "", malformed("pageKey is not one that was given out")
	}
	return id, nil
}
