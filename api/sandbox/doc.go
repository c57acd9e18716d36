// Package sandbox is a Centrapay service in a box: an http.Handler that answers
// the documented endpoints with the documented states, clocks, error codes,
// permissions and odd shapes. It is no mock: it refuses what the real service
// refuses. It holds no money, and talks to nobody but the receivers of webhooks.
//
//	server, err := sandbox.Listen(ctx, "", sandbox.WithPatron(sandbox.Automatic(3*time.Second)))
//	client, err := api.New(server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
//
// [New] makes a [Service] without a listener, [Listen] serves one on a loopback
// address. Everything that time brings (expiry, an automatic customer, a Quick
// Pay charge, the end of a pre-auth) is found out when somebody looks, and is
// recorded at the moment it was due; so a sandbox has no timers and runs in
// virtual time. Where somebody waits for webhooks, the sandbox itself looks each
// second.
//
// # Nouns
//
// A [Merchant] takes payment by its configs and its API key; [Demo] is the one
// that is there by default. A [Customer] has a barcode and wallets; [Customers]
// are the built-in ones. [Patron] says whether customers pay by themselves. A
// [Fault] is something that goes wrong on purpose. A [Snapshot] is a payment
// request with its history. A [User] logs in, [DemoUsers] are the built-in ones;
// a [Subscription] says who hears of payments.
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
//   - A request that ended 90 days ago is forgotten, with its activities and its part of
//     settlements; what it took from wallets stays taken.
//   - A role is refused what the documented table refuses it; see package auth.
//   - No client keeps the others waiting: a header may take 5 seconds, a call 30, a
//     piece of an answer 30 to be read, and a connection is idle for 2 minutes at most. A
//     body has at most 1 MiB.
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
// Bank accounts, also below /api, are for account owners:
//
//	bank-create                  POST /bank-accounts
//	bank-authorize               POST /bank-accounts/{id}/direct-debit-authorities
//	bank-get                     GET  /bank-accounts/{id}
//	bank-verify                  POST /bank-accounts/{id}/verify
//	bank-list                    GET  /accounts/{account}/bank-accounts
//	bank-balances                GET  /accounts/{account}/bank-account-balances
//	bank-preferred-name          POST /bank-accounts/{id}/set-preferred-name
//	bank-archive                 POST /bank-accounts/{id}/archive
//	authority-create             POST /bank-authorities
//	authority-list               GET  /bank-authorities
//	authority-get                GET  /bank-authorities/{id}
//	authority-verify             POST /bank-authorities/{id}/verify
//	approval-create              POST /bank-account-approvals
//	approval-get                 GET  /bank-account-approvals/{id}
//	approval-list                GET  /bank-accounts/{id}/approvals
//	approval-accept              POST /bank-account-approvals/{id}/accept
//	approval-decline             POST /bank-account-approvals/{id}/decline
//	connection-intent-create     POST /bank-account-connection-intents
//	connection-intent-authorize  POST /bank-account-connection-intents/{id}/authorize
//
// The first generation is there in both its editions, below /api without a
// credential, and below /payments/api with one. Parameters may stand in a form or in
// the query, also of a GET:
//
//	legacy-create  POST /requests.create
//	legacy-info    GET  /requests.info        a poll, too
//	legacy-pay     POST /requests.pay
//	legacy-cancel  POST /requests.cancel
//	legacy-void    POST /requests.void        below /payments/api only
//	legacy-refund  POST /transactions.refund  below /payments/api only
//
// [Endpoints] lists all names.
//
// # Logins
//
// An OpenID issuer stands below [DemoAuthPath]; [IssuerURL] is its name. The client
// id is [DemoClientID], for programs that are sent back to this machine; others are
// added with WithLoginClients. PKCE by S256 is required.
//
//	login-discovery  GET  /.well-known/openid-configuration
//	login-page       GET  /authorize                  the page; u or login_hint names who is expected
//	                 POST /authorize                  its form: the same parameters, and user or cancel
//	login-token      POST /token                      a code or a refresh token; client secrets are not looked at
//	login-revoke     POST /revoke                     ends the login that any of its tokens belongs to
//	login-keys       GET  /.well-known/jwks.json
//	logout           GET  /logout                     leads back; the issuer remembers no browser
//	webhook-keys     GET  /api/.well-known/jwks.json  the keys of webhooks
//
// Who only wants tokens sends the form of the login page without the page, with user
// as an id, e-mail, phone number or handle of a [User], and finds the code in the
// redirect. An access token is the credential of calls for an hour, bare in
// Authorization: for the user's own account, or for an account of the user's that
// X-Centrapay-Account names. Refresh tokens can be used once, and a login ends after
// 60 days. With WithFile, keys and logins survive the process, whatever port the next
// one has.
//
// # Webhooks
//
// Who has subscribed, with WithWebhook or by a control call, is sent a notification
// of each payment and refund, with a signed token of five minutes in Authorization. A
// request of the first generation with a notifyUrl has a signed token sent there when
// it is paid, refunded, cancelled or expired; to this machine only unless
// WithNotifyHosts says otherwise. Webhooks are kept with what caused them, sent at
// once and, until a 2xx answers, four times more after 1, 2, 4 and 8 seconds; so they
// come at least once, in any order. Those that are under way when the sandbox ends are
// sent by the next one with the file. Tokens say when they were signed by the
// machine's clock, not by one that was moved.
//
// # Keys and roles
//
// [DemoAPIKey] is a till's (merchant-terminal), [DemoOwnerKey] an account owner's of the
// same account, [DemoPatronKey] one of the first customer's own account; WithKeys adds
// others, of any [Role]. What a role may do is the documented table, as package auth has
// it: a till cannot read merchants, an owner's key of another account reads nothing of
// this one. A key, or a user token, of the customer whom a request belongs to finds it by
// by-patron-code and answers its conditions.
//
// # What is forgotten, and when
//
//	a payment request        90 days after it ended, with its activities, its part of
//	                         settlements and its short code; an authorization that is
//	                         held has not ended
//	a patron code            a day after its end, 5 minutes after it was made
//	a code of a login        after a minute, or once it was used
//	a login                  after 60 days, or when it is revoked
//	a webhook                when it was taken, or after five attempts; the latest hundred
//	                         that ended are listed by the process that sent them
//	faults, counted minutes  with the process, also with WithFile
//
// The rest stays for as long as the process or, with WithFile, the file: connections,
// bank accounts, top-ups, spent tokens and money, the keys of the issuer, and how far the
// clock was moved.
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
//     the request is recorded. It is complete at once, and listed at once but for a lag.
//   - A refund of a pre-auth without a confirmationIdempotencyKey gives back of what is
//     held and not confirmed.
//   - A confirmation without a value draws the sum of its lines, which is not held
//     against a value. One of an expired request is REQUEST_EXPIRED.
//   - A release when all was confirmed is INVALID_AMOUNT; of a cancelled or an expired
//     request REQUEST_CANCELLED or REQUEST_EXPIRED; a second one PRE_AUTH_RELEASED.
//   - The customer of a request may answer its conditions with a key, as with the page:
//     of one that staff have to answer it is PATRON_NOT_AUTHORIZED.
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
//   - The table has no permission for some calls. Settlements are read with
//     merchants:read, configs with scanned-code:decode, requests are listed by reference
//     with payment-requests:read-by-shortcode, connections are authorized with
//     assets:spend, and made by any role. All accounts have the flags that permissions
//     need.
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
//   - An API key counts before a user token, and X-Centrapay-Account beside it for
//     nothing. An account of which the user is no member is Forbidden. "Bearer" before
//     a token is a 401.
//   - A bank account is verified by [BankVerificationCode], with three tries, of which
//     a malformed code is none; it is active then. An account has at most five with a
//     direct debit, and a number at most two holders; numbers are compared without
//     punctuation and are otherwise not looked at. What is archived counts for nothing
//     and can be neither authorized nor verified. Authorities of one number may be of
//     one account.
//   - The owner reviews approvals; a connection intent is completed by any code but
//     [BankCodePending], and no page is behind its authorizationUrl.
//   - In the first generation, without a credential, a call acts with the merchant's
//     own till. What is malformed is refused with the codes of 2020. An unknown request
//     is a 404 for info and pay. As first published, cancel has the statuses of 2023,
//     which WithLegacyStatusesOf2023 gives today's form, too. A void that gave money
//     back has the type voidRefund. Without an externalReference a refund is possible
//     while nothing has gone back. Several payments are one transaction, that of the
//     first; a pre-auth has none. Requests of either generation are seen by both.
//
// # Faults
//
// A spec is ENDPOINT:KIND[=ARGUMENT][:WHEN]. ENDPOINT is a name from the table
// above, or * for all of them. WHEN counts the calls of that endpoint from when the
// fault was added: 3 the third only, 3+ from the third on, 2-4 the second to the
// fourth, 20% a share of them, down to 0.01%, and * all (the default). Which calls a
// share strikes follows from WithSeed, the endpoint and the number of the call there:
// with one seed the same ones each time, whatever is called besides. A kind struck
// "before" leaves the call without effect, "after" gives it its effect first; most
// kinds have both forms (status-after, hang-before), the first named here being the
// default.
//
//	kind         forms           argument, default   what the caller meets
//	delay        before, after   duration, 5s        the true answer, late; the effect comes
//	                                                 even if the caller has gone
//	hang         before, after   duration, 1m        no answer until the caller gives up
//	drop         before, after   (say which)         the connection reset, no answer
//	status       before, after   status, 500         that status; 502, 503 and 504 in a gateway's
//	                                                 HTML; 429,30 and 503,30 with Retry-After
//	                                                 (429 alone: 1; 0 is none)
//	html         before, after   status, 200         a captive portal's page
//	redirect     before, after   status, 302         a redirect to a captive portal
//	empty        after, before                       200 without a body
//	wrong-shape  after, before                       200 with JSON that is something else
//	truncated    after                               the first half of the true body, as if whole
//	cut          after                               half of the body, then the connection breaks
//	drip         after           duration, 10s       the true answer in 20 pieces over that time
//	duplicate    after           first, second       one of two answers: the call was delivered
//	                                                 twice; by default the second, as from a
//	                                                 gateway that lost the first
//	quirks       after           numbers, all        the true answer in an odd shape
//	lag          after           duration, 10s       a history that does not list refunds younger
//	                                                 than that yet, voids' among them: the real
//	                                                 service completes refunds after its answer.
//	                                                 Of activities and merchant-activities only
//	skew         after           duration, 5m        the true answer, its Date wrong by that,
//	                                                 -90s for a clock that is slow; times in the
//	                                                 body are right
//
// Of several faults that strike one call all delays, quirks, skews (added), the longest
// lag and one duplicate count, and the first of the others. Faults strike before credentials and rate limits are looked
// at. A call that was delivered twice counts twice for the limit.
//
// connect:reset strikes new connections to a [Server], which have no endpoint yet. Over
// TLS (WithTLS) it breaks the handshake, so that nothing can have been sent; otherwise
// the connection is reset when its first call comes.
//
// # Quirks
//
// The documents contradict themselves, and the service has its history: amounts that
// are JSON numbers, timestamps without milliseconds, a missing remainingAmount, an
// Authorization with a capital. [Quirks] lists the odd shapes that answers can have, by
// the numbers of the project's list of oddities. *:quirks has all of them at once but
// those that are untrue, which tell of other money than there is and are had by their
// numbers only, as pay:quirks=B1. Two let calls pass that are otherwise refused or
// refused otherwise: F24 a payment without an idempotency key, H3 the legacy statuses
// of 2023.
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
//	GET    /sandbox/webhooks                                Webhooks
//	POST   /sandbox/webhooks                                SetWebhook; body Subscription
//	DELETE /sandbox/webhooks                                SetWebhook, to nobody
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
// # Pages
//
// GET /pay/{id} is the page behind the QR code: merchant, amount, lines, and what is
// left to pay. Whoever has the link may use it, as with the real one: they say which
// customer they are, choose a wallet, pay all or a part, use tokens, answer what is
// asked of them, or cancel. A request made with a scanned code is its customer's
// alone. A form that is sent twice pays once; one that was told of another sum than is
// left pays nothing. Afterwards the page says what became of the money, also when it is
// refunded later, and leads back to an online shop that gave redirect URLs.
//
// GET /connect/{id} is the page behind the code of a connection: the customer links one
// of their wallets to the shop, and is led to what it asks for by the connection, as
// soon as it does. What the real page has on it is not documented.
//
// GET /sandbox/ is the trainer's: open payments with their age, and buttons that do
// what the control calls do. It is for this machine only, as those are, also when
// WithLAN lets phones on the network in to the others.
//
// With WithTLS this machine is served over https, by a certificate that [Server.Authority]
// lets clients trust; the network is always served over http, since no phone would trust
// it.
//
// Each page is one document, with nothing from elsewhere, and shows changes as they
// happen, over a restart, too. Without scripts they do all that they do, but do not
// follow changes. Faults do not strike them. The login page looks like them and has no
// script; faults of login-page strike it.
package sandbox
