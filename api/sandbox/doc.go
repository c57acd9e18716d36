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
// A [Merchant] takes payment by its configs and its API key; [Demo] is the one
// that is there by default. A [Customer] has a barcode and wallets; [Customers]
// are the built-in ones. [Patron] says whether customers pay by themselves. A
// [Fault] is something that goes wrong on purpose. A [Snapshot] is a payment
// request with its history.
//
// # Invariants
//
//   - A request leaves a final state only as paid → cancelled, by a void.
//   - Of what was paid, every cent is either kept or was given back, and it is
//     kept only by a request that is paid, or that is new and paid in part. Of an
//     authorization, every cent is held, confirmed or given back.
//   - A pay or confirm call repeated with its idempotency key, and a refund repeated
//     with its reference and amount, are answered as the first and have no second
//     effect.
//   - What was answered was kept before: with WithFile, on disk. What could not be
//     kept did not happen.
//
// # Endpoints
//
// The name is that of faults and observers. These are below /api/payment-requests:
//
//	create        POST /
//	get           GET  /{id}                   the one that counts as a poll
//	short-code    GET  /short-code/{code}      also the code of an activity
//	external-ref  GET  /external-ref/{ref}     newest first, own account only
//	summary       GET  /{id}/summary           without a credential
//	activities    GET  /{id}/activities
//	pay           POST /{id}/pay
//	refund        POST /{id}/refund
//	confirm       POST /{id}/confirm
//	release       POST /{id}/release
//	void          POST /{id}/void
//	accept        POST /{id}/conditions/{condition}/accept
//	decline       POST /{id}/conditions/{condition}/decline
//
// And these are below /api:
//
//	merchant-activities      GET  /payment-activities       25 on a page, newest first
//	by-patron-code           GET  /me/patron-code-payment-request
//	by-connection            GET  /connections/{id}/latest-payment-request
//	patron-code-create       POST /patron-codes
//	patron-code              GET  /patron-codes/{id}
//	patron-code-barcode      GET  /patron-codes/barcode/{barcode}
//	patron-code-external-id  GET  /patron-codes/{namespace}/external-id/{id}
//	patron-code-metadata     POST /patron-codes/{id}/metadata
//	connection-create        POST /connections
//	connection-authorize     POST /connections/{id}/authorize
//	connection-summary       GET  /connections/{id}/summary  without a credential
//	decode                   POST /decode
//	merchant                 GET  /merchants/{id}
//	merchants                GET  /merchants                 of the caller's account
//	account-merchants        GET  /accounts/{account}/merchants
//	merchant-search          GET  /merchants/search          without a credential
//	config                   GET  /merchant-configs/{config}, /merchants/{id}/configs/{config}
//	configs                  GET  /merchants/{id}/configs
//	settlements              GET  /merchants/{id}/settlements
//	memberships              GET  /account-memberships
//
// [Endpoints] lists all names.
//
// # Where the documents are silent
//
//   - A void of a cancelled request is refused: ALREADY_REFUNDED when money went
//     back, otherwise REQUEST_CANCELLED. A void of a paid one leaves it cancelled,
//     with CANCELLED_BY_MERCHANT. A void of a new one that is paid in part answers
//     the refund. After a refund, also one in part, it is ALREADY_REFUNDED; but
//     REPEAT_REFERENCE when that refund went by the id of the request, by which the
//     refund of a void goes here.
//   - A refund is possible for a month after the payment or the confirmation. Of what
//     went back whole it is ALREADY_REFUNDED, of more than is left INVALID_AMOUNT, and
//     NOT_PAID of a request that is new, cancelled or expired and gave nothing back.
//     Another currency is a 400. Several payments give back in their order. Lines may
//     sum to the value before or after their discounts. Without an invoiceRef that of
//     the request is recorded. It is complete at once.
//   - A refund of a pre-auth without a confirmationIdempotencyKey gives back of what is
//     held and not confirmed.
//   - A confirmation without a value draws the sum of its lines, which is not held
//     against a value. One of an expired request is REQUEST_EXPIRED.
//   - A release when all was confirmed is INVALID_AMOUNT; of a cancelled or an expired
//     request REQUEST_CANCELLED or REQUEST_EXPIRED; a second one PRE_AUTH_RELEASED.
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
//   - A patron code can be made with assetId, testScenarioName, metadata, and namespace
//     with externalId; the documented call has no body. With assetId it stands for that
//     wallet alone. The codes of the built-in customers are always fresh, and have no
//     metadata to set. Read by its barcode, it is shown to every role that may read
//     codes; by its id or an external id, to its own account.
//   - A connection stays with the wallet that authorized it first; it can be read by
//     the account of that wallet. Its payment requests show its status.
//   - A code of a customer is decoded as "Centrapay", a card by its provider; a card
//     that is expired or inactive is UNKNOWN_CODE.
//   - Merchants and settlements are read with merchants:read, configs by any role of
//     the account, and connections are made by any role.
//   - A settlement is of a day in UTC, confirmed a day after its end: payments and
//     confirmations less refunds, without outside tenders. It can be negative.
//   - A token buys one line, or the lines named, for all they cost; it is INACTIVE_ASSET
//     once spent and ASSET_REDEMPTION_DENIED when it can buy none of them. It is given
//     back whole.
//   - A merchant is shown as active once it has a payment request.
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
//	GET    /sandbox/requests                                Requests
//	GET    /sandbox/requests/{id}                           Request
//	POST   /sandbox/requests/{id}/pay                       Pay; body PayOptions
//	POST   /sandbox/requests/{id}/cancel                    Cancel
//	POST   /sandbox/requests/{id}/expire                    Expire
//	POST   /sandbox/requests/{id}/raise-condition           RaiseCondition; body Condition
//	POST   /sandbox/requests/{id}/conditions/{c}/accept     AnswerCondition
//	POST   /sandbox/requests/{id}/conditions/{c}/decline    AnswerCondition
//	POST   /sandbox/connections/{id}/authorize              AuthorizeConnection; body {"walletId": "…"}
//	GET    /sandbox/wallets                                 Wallets
//	POST   /sandbox/wallets/{id}/top-up                     TopUp; body {"amount": "1000"}
//	GET    /sandbox/clock                                   Clock
//	POST   /sandbox/clock                                   Advance; body {"advance": "25h"}
//	GET    /sandbox/faults                                  Faults
//	POST   /sandbox/faults                                  AddFault; body {"spec": "create:drop-after:1"}
//	DELETE /sandbox/faults                                  ClearFaults
//
// Lists are {"items": […]}. Refusals have the envelope and the codes of the API. A
// customer of another process lists, pays and cancels with three of them:
//
//	GET  /sandbox/requests               {"items": [{"id": …, "status": "new", …, "activities": […]}]}
//	POST /sandbox/requests/{id}/pay      {"amount": "1000", "assetId": "…", "mode": "multi-asset-payment"}
//	POST /sandbox/requests/{id}/cancel
//
// Pay takes all of its body's fields as optional: by default all that remains is paid
// from the customer's first wallet that fits. An asset is named by a wallet of
// GET /sandbox/wallets.
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
