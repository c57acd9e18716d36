// Package sandbox is a Centrapay service in a box: an http.Handler that answers
// the documented endpoints with the documented states, clocks, error codes,
// permissions and odd shapes. It is no mock: it refuses what the real service
// refuses. It holds no money and talks to nobody.
//
//	server, err := sandbox.Listen(ctx, "", sandbox.WithPatron(sandbox.Automatic(3*time.Second)))
//	client, err := api.New(server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
//
// [New] makes a [Service] without a listener, [Listen] serves one on a loopback
// address. Everything that time brings (expiry, an automatic customer, a Quick
// Pay charge, the end of a pre-auth) is found out when somebody looks, and is
// recorded at the moment it was due; so a sandbox has no timers and runs in
// virtual time.
//
// # Nouns
//
// A [Merchant] takes payment by its one config and its API key; [Demo] is the one
// that is there by default. A [Customer] has a barcode and wallets; [Customers]
// are the built-in ones. [Patron] says whether customers pay by themselves. A
// [Fault] is something that goes wrong on purpose. A [Snapshot] is a payment
// request with its history.
//
// # Invariants
//
//   - A request leaves a final state only as paid → cancelled, by a void.
//   - Of what was paid, every cent is either kept or was given back, and it is
//     kept only by a request that is paid, or that is new and paid in part.
//   - A pay call repeated with its idempotency key has no second effect.
//   - What was answered was kept before: with WithFile, on disk. What could not be
//     kept did not happen.
//
// # Endpoints
//
// All are below /api/payment-requests. The name is that of faults and observers.
//
//	create        POST /
//	get           GET  /{id}                   the one that counts as a poll
//	short-code    GET  /short-code/{code}      also the code of an activity
//	external-ref  GET  /external-ref/{ref}     newest first, own account only
//	summary       GET  /{id}/summary           without a credential
//	activities    GET  /{id}/activities
//	pay           POST /{id}/pay
//	void          POST /{id}/void
//	accept        POST /{id}/conditions/{condition}/accept
//	decline       POST /{id}/conditions/{condition}/decline
//
// # Where the documents are silent
//
//   - A void of a cancelled request is refused: ALREADY_REFUNDED when money went
//     back, otherwise REQUEST_CANCELLED. A void of a paid one leaves it cancelled,
//     with CANCELLED_BY_MERCHANT. A void of a new one that is paid in part answers
//     the refund.
//   - A condition without conditionsEnabled cancels with PAYMENT_DECLINED. A pay
//     call while a condition is open is refused with PAYMENT_DECLINED. A condition
//     that was answered says CONDITION_ALREADY_SET before the request's own state.
//   - An expired or an inactive card, and a wallet that is disabled, cancel a Quick
//     Pay with INACTIVE_ASSET; any other refusal of a wallet with PAYMENT_DECLINED.
//     The charge is done on the poll after the first, or after a second.
//   - remainingAmount is the value less what was paid; 0 once a pre-auth is
//     authorized. paidBy is absent from a pre-auth.
//   - Less than the remaining amount without a mode, or in part where that is not
//     allowed, is INSUFFICIENT_ASSET_VALUE; more is a 400.
//   - A pay key used again for something else is IDEMPOTENT_OPERATION_FAILED.
//   - Credentials are API keys in X-Api-Key, of merchant terminals and account
//     owners; user tokens in Authorization are not known.
//   - An outside tender (external.test, external.main) needs no assetId and is
//     never among the payment options. Any valid key may spend the wallets.
//   - transactionId and authorization are refused with ASSET_REDEMPTION_DENIED:
//     no third party is there to honour them.
//   - Pre-auths can be made with centrapay.nzd (held three months) and
//     farmlands.nzd (31 days).
//   - Rate limits count in a minute that begins with an account's first call;
//     refused calls do not count, and calls without a credential have no limit.
//   - Short codes and the suffixes of activities end in a check character of this
//     package's own; short codes are looked up in any case.
//   - A body that is too large, not JSON, or of another content type is a 400. A
//     wrong method is a 404, as the status page says.
//
// # Faults
//
// A spec is ENDPOINT:KIND[=ARGUMENT][:WHEN]. ENDPOINT is a name from the table
// above or *. WHEN counts the calls of that endpoint from when the fault was
// added: 3 the third only, 3+ from the third on, 2-4 the second to the fourth, *
// all (the default). A kind struck "before" leaves the call without effect,
// "after" gives it its effect first; most kinds have both forms (status-after,
// hang-before), the first named here being the default.
//
//	kind         forms           argument, default   what the caller meets
//	delay        before, after   duration, 5s        the true answer, late; the effect comes
//	                                                 even if the caller has gone
//	hang         before, after   duration, 1m        no answer until the caller gives up
//	drop         before, after   (say which)         the connection reset, no answer
//	status       before, after   status, 500         that status; 502, 503 and 504 in a gateway's
//	                                                 HTML; 429,30 and 503,30 with Retry-After
//	                                                 (429 alone: 1)
//	html         before, after   status, 200         a captive portal's page
//	redirect     before, after   status, 302         a redirect to a captive portal
//	empty        after, before                       200 without a body
//	wrong-shape  after, before                       200 with JSON that is something else
//	truncated    after                               the first half of the true body, as if whole
//	cut          after                               half of the body, then the connection breaks
//	drip         after           duration, 10s       the true answer in 20 pieces over that time
//
// Of several faults that strike one call all delays count, and the first of the
// others. Faults strike before credentials and rate limits are looked at.
//
// # Control calls
//
// The methods of Service by which one acts as the customer are also there over
// HTTP, for other processes of this machine; nobody else is let in. Bodies are
// JSON and can be left out.
//
//	GET    /sandbox/requests                                   Requests
//	GET    /sandbox/requests/{id}                              Request
//	POST   /sandbox/requests/{id}/pay                          Pay; body PayOptions
//	POST   /sandbox/requests/{id}/cancel                       Cancel
//	POST   /sandbox/requests/{id}/expire                       Expire
//	POST   /sandbox/requests/{id}/raise-condition              RaiseCondition; body Condition
//	POST   /sandbox/requests/{id}/conditions/{c}/accept        AnswerCondition
//	POST   /sandbox/requests/{id}/conditions/{c}/decline       AnswerCondition
//	GET    /sandbox/faults                                     Faults
//	POST   /sandbox/faults                                     AddFault; body {"spec": "create:drop-after:1"}
//	DELETE /sandbox/faults                                     ClearFaults
//
// Those about one request answer with its Snapshot.
//
// # Pay pages
//
// GET /pay/{id} is the page behind the QR code: merchant, amount and lines, with
// buttons to pay and to cancel. Whoever has the link may use it, as with the real
// one. The page is one document without anything from elsewhere; it shows changes
// as they happen.
package sandbox
