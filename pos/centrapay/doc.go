// Package centrapay lets the payment rules of pos speak to the Centrapay API: it
// is pos.Payments on an *api.Client, and nothing but translation.
//
// # Nouns
//
// Payments is the adapter. A call's outcome (api.Outcome) becomes an answer
// (pos.Answer); a payment request, an activity, an amount on the wire becomes a
// pos.Request, a pos.Reversal, a pos.Money.
//
// # What always holds
//
//   - Each call is attempted once. Repeating is for the payment rules, which know
//     what a repeat may do; the rate limit of the client still applies.
//   - Calls that a customer waits for are urgent under the rate limit.
//   - Every call ends in a Reply. It tells the clocks also when the call failed.
//   - An answer whose money cannot be read - no number, or a currency the till
//     does not know the decimals of - is no answer: unknown, and never a zero.
//   - No reply holds a credential.
package centrapay
