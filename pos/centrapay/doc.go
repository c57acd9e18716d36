// Package centrapay lets the payment rules of pos speak to the Centrapay API: it
// is pos.Payments on an *api.Client, and nothing but translation. It speaks both
// generations of the API.
//
// # Nouns
//
// Payments is the adapter, and LegacyPayments that of the first generation,
// requests.*, in a LegacyForm. A call's outcome (api.Outcome) becomes an answer
// (pos.Answer); a payment request, an activity, an amount on the wire becomes a
// pos.Request, a pos.Activity or pos.Reversal, a pos.Money.
//
// # What always holds
//
//   - Each call is attempted once. Repeating is for the payment rules, which know
//     what a repeat may do; the rate limit of the client still applies.
//   - Calls that a customer waits for are urgent under the rate limit; looks back at
//     sales that have ended are not.
//   - Every call ends in a Reply. It tells the clocks also when the call failed.
//   - An answer whose money cannot be read - no number, or a currency the till
//     does not know the decimals of - is no answer: unknown, and never a zero.
//   - An answer that says another amount than was asked for is passed on as it is:
//     the rules record and flag it. One to a create that is for another amount,
//     currency or merchant, or whose amount cannot be read, names what was made, so
//     that the rules can void it (pos.Request.Differs).
//   - What a void does not say it gave back is not taken for nothing
//     (pos.Reversal.Unsure).
//   - Half a list, of requests or of activities, is no answer: what is missing may
//     be what was looked for.
//   - No reply holds a credential.
//
// answers.md defines what done, refused, unknown and not sent mean for every call and
// every message code; a test holds it complete.
package centrapay
