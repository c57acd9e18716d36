// Package api is a Go client of the Centrapay API, by which merchants in New
// Zealand take payment from phones. It can be used without the rest of this
// module.
//
// # Making calls
//
// A [Client] holds one credential of one service. Its fields group the calls:
//
//	client, err := api.New(api.DefaultBaseURL, api.WithAPIKey(key))
//	request, meta, err := client.PaymentRequests.Create(ctx, api.CreatePaymentRequest{
//		ConfigID: "mc_5efbe2fb96c08357bb2b9242",
//		Value:    api.NewMonetary(1250, "NZD"), // $12.50
//	})
//
// The groups are those of the documents: [Client.PaymentRequests] and
// [Client.PaymentActivities]; [Client.ScannedCodes] and [Client.PatronCodes];
// [Client.Merchants] with their configs and settlements; [Client.Connections];
// [Client.Accounts], by which a credential is checked; [Client.BankAccounts] and
// their deprecated form, [Client.BankAuthorities]. [Client.Do] makes calls that no
// group has. The first generation's requests.* calls are in package legacy, the
// login of people and what roles may do in package auth, and a service to try all
// of it against in package sandbox.
//
// Every call returns what it asked for, a [Meta] that is filled in also when the
// call fails (when it was sent, what the service's clock said, how many attempts
// it took), and an error. A [CallOption] changes a single call: [Urgent] for the
// customer in front, [WithoutRetry] for callers with retry rules of their own.
//
// Listings come in pages with a cursor. List calls return one [Page]; All calls go
// through all of them, as an iterator that cannot loop when the service repeats a
// cursor:
//
//	for activity, err := range client.PaymentActivities.All(ctx, params) { … }
//
// # Credentials
//
// An API key ([WithAPIKey]) acts for one account. A person's access token
// ([WithUserToken]) acts for the person's own account, or with [WithAccount] for an
// organisation's; it goes bare into the Authorization header. A [TokenSource] is
// asked for it before every attempt. Summaries and the merchant search go out
// without a credential, and a client without one can make those.
//
// # A payment request
//
// A payment request is created with status new and shown as a QR code of its
// URL. The patron pays it, or cancels it, or its two minutes run out; the
// merchant polls it by [PaymentRequestsClient.Get] until its status is final,
// and can end it by [PaymentRequestsClient.Void], which also gives back what was
// paid. While it is new, payment conditions can arise that staff must accept or
// decline. All that happens is recorded as payment activities.
//
// A payment can be given back by [PaymentRequestsClient.Refund], whole or in parts,
// each under a reference of its own. A pre-auth only holds the money: it is drawn on
// by [PaymentRequestsClient.Confirm] and ended by [PaymentRequestsClient.Release].
//
// # Scanned codes
//
// [RecognizeBarcode] tells what a scan looks like without asking anybody: a patron
// code, one that was misread, a partner's card, something else. It advises and never
// refuses, since only the service can judge; [ScannedCodesClient.Decode] asks it.
//
// # Four outcomes
//
// Where money moves, "it failed" is not an answer. [OutcomeOf] sorts the error
// of a call into one of four:
//
//	Done     the service carried it out
//	Refused  the service understood and said no: a 4xx with a JSON message
//	NotSent  it cannot have had an effect: invalid, no connection, still waiting
//	         for its turn, or turned away with 429
//	Unknown  it may or may not have been carried out: no answer in time, a broken
//	         connection, 5xx, 408, a redirect, a body that is not the
//	         documented one, even with status 200
//
// A captive portal answers 200 or 403 with a login page; that is Unknown, never
// Done or Refused. Only Unknown needs to be resolved, by looking the thing up:
// for a create, which has no idempotency key, by its ExternalRef.
//
// Every failure is an *[Error] for errors.As, with the status, the service's
// message code as a typed [Code], and its reason for people. Calls that the
// service could only refuse are not sent; their cause is a [*ValidationError].
//
// # Attempts
//
// A call that reads is attempted again at once and then with growing delays. A
// call that changes something is attempted again only when nothing was sent, or
// when its body carries a key that the service remembers. Nothing is attempted
// again after the caller's context has ended, after a refusal, after a redirect,
// or when another attempt could not end better. When an earlier attempt may have
// been carried out, a later one that is not sent does not turn the call into NotSent,
// and a refusal that the earlier one may have led to, such as REQUEST_PAID, does not
// turn it into Refused. Calls go over HTTP/1.1: over HTTP/2, net/http would repeat
// them by itself.
//
// All calls of a credential share a [Limiter], since the service counts them by
// account: 200 a minute. Urgent calls are served first. When the service answers
// 429 with Retry-After, all calls wait, and a call whose deadline is nearer
// than that fails at once, by that same 429; without a deadline it waits a minute at
// most before another attempt. An attempt is bounded by [Timeouts], an answer by
// 1 MiB.
//
// # What is read
//
// The service's documents contradict themselves, and the service changes. So
// unknown fields and unknown enum values never fail a decode, missing fields do
// not either, and scalars are read in every form that was ever shown: see
// [BigNumber], [Timestamp], [CRN], [Location], [PhoneNumber], [Text], [Int] and [Bool].
// Ids are opaque; what their prefixes tell is advice ([ObjectID]). What a caller relies on is
// checked instead: an answer without the id, status or value that it must have
// is Unknown. Money is text or a decimal, never a float, and an absent number
// differs from zero.
//
// The models encode in the form in which the service writes them, so that a
// service can be built from them too.
//
// # Secrets
//
// The credential goes into its header and nowhere else: no verb of fmt, log line or
// error shows it, not even when the answer repeated it. Card numbers ([PAN]) and bank
// refresh tokens print masked. Redirects are never followed, and a credential goes in
// clear to this machine only, unless [WithPlainHTTP] says otherwise.
package api
