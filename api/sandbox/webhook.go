package sandbox

// webhooks delivers what is posted.
type webhooks struct{}

// wake says that something was posted. It does not wait.
func (w *webhooks) wake() {}

// post puts the webhooks that a transaction causes with what it keeps, and tells
// whether there are any.
func (t *tx) post() bool { return false }

// Subscription is who hears of payments.
type Subscription struct{}

// parcel is one webhook on its way.
type parcel struct{}
