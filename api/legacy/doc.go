// Package legacy is a client of the first generation of the Centrapay API, the
// requests.* calls of 2018, which the service still answers and calls
// deprecated. New programs use package api; this one is for merchants whose
// tills, ledgers or agreements still know requests by their old names.
//
// # Two forms
//
// The calls were published in two forms, and a [Client] speaks either:
//
//	client, err := api.New(api.DefaultBaseURL, api.WithAPIKey(key))
//	today := legacy.New(client)
//
//	client, err = api.New(legacy.FirstBaseURL)
//	first := legacy.New(client, legacy.AsFirstPublished())
//
//	                 first published (2018)       as documented today
//	path             /api/requests.*              /payments/api/requests.*
//	parameters       form body, also of a GET     query, also of a POST
//	authentication   none shown                   X-Api-Key
//	pay, parameter   paymentAuthorization         authorization
//	pay, answer      the request                  a receipt
//	void, refund     not there                    there
//
// A call or parameter that the chosen form does not have is not sent: it fails
// with CodeNotInForm. What is read is the same in both: every answer is taken in
// every shape that was ever shown.
//
// # A payment
//
// [Client.Create] makes a payment request with status new. Its
// [Request.ShowCode] is shown as a QR code; the merchant polls [Client.Info] until
// the status is final, and ends the request by [Client.Cancel], which a paid one
// refuses, or by [Client.Void], which gives the money back. [Client.Refund] gives
// back all or part of a payment by its transaction id. [Client.Pay] pays from the
// merchant's side, with what the customer's asset authorizes.
//
// # Outcomes
//
// Errors, outcomes, Meta, limiter and retries are those of package api: read its
// documentation first. What is particular here:
//
//	create   attempted again only when nothing was sent; cannot be looked up
//	info     attempted again, as it only reads
//	pay      attempted again only when nothing was sent; look it up by info
//	cancel   attempted again only when nothing was sent; look it up by info
//	void     attempted again only when nothing was sent; look it up by info
//	refund   with ExternalReference attempted again, as the service gives the
//	         same amount back no second time; without one not
//
// An answer with status 200 is not yet a success. Pay must answer a paid request
// or a receipt of success, Cancel a cancelled request, Void and Refund a success;
// everything else is Unknown. So is TRANSACTION_ALREADY_EXISTS, an error which
// the documents give the status 200: the transaction offered as payment was seen
// before, perhaps by a lost attempt of this very call, perhaps for another
// request. It is not Done, since nothing says that this request is paid, and not
// Refused, since it may be. Info tells.
//
// The service says what it refused by message codes; those of this generation
// alone are constants here. Old editions number them, and [ErrorCodes] has the
// table. An error that comes with its number as its message carries the name of
// the number as its Code.
//
// # What is read
//
// Amounts are [Number]: JSON numbers of any size and precision, kept exactly.
// Statuses and methods fold the spellings that contradict each other ("canceled"
// and "cancelled", "qr" and "qr_code"); other values are kept. Absent and unknown
// fields never fail a decode. Samples answer other amounts than were asked for,
// so the two are not compared.
//
// [ParseRequestCode] reads all forms of a QR code's content, [ReceiptText] the
// base64 receipts. [Request.PaymentRequest] says a request in the words of today's
// API.
//
// # Webhooks
//
// The service posts {"token": "<JWT>"} to a request's NotifyURL. A
// [WebhookVerifier] checks its ES256 signature against the published key, or keys
// that it is given, and its life, and returns the [Notification]. Delivery is not
// documented, and a token can be sent again by whoever saw it: a notification is
// a reason to ask Info.
package legacy
