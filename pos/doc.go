// Package pos is what a till does: baskets and sums, and the life of a money
// operation from its intent to its definite end. It does no I/O of its own, has
// no screens and speaks no HTTP.
//
// # Nouns
//
// A Basket is what a customer is buying; a Sale is what the customer is asked
// to pay for it, and how. A Refund, a Confirm and a Release are actions on a
// payment request that was paid or authorized before. An Operation is one sale,
// one void or one action being carried out. A Request is a payment request at
// Centrapay, as the service last described it; an Activity is an entry of its
// history, and the service's answer to an action. A Fact is something that became
// true of an operation and must survive; an operation's Record is its facts
// applied in order, and the Ledger keeps them. A Till runs operations against one
// service (Payments) and one ledger.
//
// # The rules
//
// Step is the whole of the payment rules, as a pure function of a State and an
// Event. The Operation performs the effects it asks for. These hold at every
// step, and the package's simulation holds them against thousands of histories:
//
//  1. Intent before action. Nothing that can move money leaves before the fact
//     that says so is durable: a Write effect stands in front of every Create,
//     Void, Decide, SendRefund, SendConfirm and SendRelease.
//  2. Every call ends in one of four answers: done, refused, unknown or not
//     sent. Only unknown needs recovery. The zero Reply is unknown.
//  3. Create has no idempotency key. After a lost answer the till looks the
//     sale's reference up, adopts one live request and voids the others. Where
//     that is not possible a QR request is made again, since nobody can have
//     seen the code of the lost one; a barcode request never is, since it
//     reaches the customer by itself.
//  4. Paid is what the service says. While a void may have taken effect unseen,
//     not even that is the last word: the void is asked again until its answer
//     is definite, since it may have given the money back.
//  5. A request is read each second while the customer is there. Readings that
//     fail leave it alive. At the deadline, 5 to 10 s after it expires by the
//     service's clock, or when somebody stops it, it is voided.
//  6. An outcome, once known, never changes, but for one: what was given up turns
//     out to be paid (OutcomePaidLate). An operation is closed only when nothing is
//     left that somebody could still pay: strays are voided, lost creates accounted
//     for. A sale that ended while money could still move is looked at again, at
//     times that are bounded (Record.Doubtful, NextLook); what is found unpaid is
//     voided, what is found paid is told (Till.NextLate) and not given back by
//     itself, unless an unanswered void may do that at any moment.
//  7. A refund and a confirmation have a name at the service, its external
//     reference or its idempotency key. It is minted once, and what got no answer
//     is sent again under it, the same in every part, until it is answered: also by
//     recovery, where it may have left, once the history does not tell already. What
//     certainly never left is not sent by recovery, nor is a void: money does not go
//     back days later without a person. A release has no name: the request tells what
//     became of it.
//  8. "Refused" and "not made" say that nothing moved. After a sending whose
//     answer was lost, a refusal of the next does not say that. An entry of the history
//     under the action's own name says that it was done; nothing that a history lacks,
//     nor any comparison of two clocks, says that it was not. So the operation stays
//     open, the till goes on looking, and a person has to ask (State.NeedsPerson).
//  9. What only a person can find out (State.NeedsPerson) is settled by a person's
//     word and marked as such for good; nothing else is (Till.Settle), and for that the
//     till looks and never sends. A sale is replaced by another only once nobody can
//     pay it any more (Till.Replace).
//  10. One operation at a time is decided on for each payment request, by all there is of
//     it in the ledger (Ledger.Open). Beside one that may still have worked, only what
//     certainly fits is begun.
//  11. A request that asks for something else than was asked for is shown to nobody.
//  12. Replay of an operation's facts gives its Record back. What a process knows
//     besides (Live) can be lost without losing money.
//
// How much can still be refunded or confirmed is worked out from the history too
// (LeftToRefund, LeftToConfirm), and is not known where its parts disagree.
//
// # Baskets
//
// A Basket is its changes applied in order, as an operation is its facts; Drafts keeps
// them, one for one, and never forgets any, so a basket survives a crash line for line
// and TraceOf tells who took what off. A change that is refused is an InputError and
// changes nothing. These hold of every basket:
//
//   - Its line items add up to its total exactly, by themselves: a line is rounded once,
//     after its quantity; its discount once, for the line; a discount of the whole basket
//     once, and is then split over the tax rates to the cent (Allocate). No line exists to
//     make up for rounding. Where only a part is asked for, and a partial request is not
//     wanted, one line says what is paid otherwise (SaleOf).
//   - It never comes to less than nothing, nor by any change to less than was paid of it.
//   - What an asset bought stays as it is until that is given back (PartPaid.Locked), and
//     nothing changes while it is not known whether the customer has paid (StagePaying).
//   - Only what changes hands in cash is rounded to the coin (CashRounding).
//   - What comes back of a sale is priced so that all of it comes to what was paid for it,
//     and never to more (Returns).
//
// # Money and time
//
// Amounts are decimals in the currency's smallest unit; see Money. Times are by
// the till's clock unless a name says otherwise; Skew turns the service's clock
// into the till's. The package reads the clock through the time package, so that
// testing/synctest runs it in virtual time, and draws random numbers only
// through IDs.
package pos
