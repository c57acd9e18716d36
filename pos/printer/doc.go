// Package printer gets what is to be printed to a receipt printer: over the network
// or through a device file. Nobody who sells waits for it.
//
// # Nouns
//
// A Device takes one job after the other. A Queue holds jobs until their device has
// taken them, and tells whoever asks what became of each. A job that cannot be
// printed is tried again, until it is older than the queue's limit: a receipt that
// comes out of the printer an hour later is of no use to anybody, and would be taken
// for that of the sale in front. It stays on the list as given up, and can be tried
// again by hand.
//
// # What always holds
//
//   - Adding a job never waits and never fails.
//   - Jobs are printed one at a time, in the order they were added.
//   - Each job begins with what resets the printer, so a job that broke off half-way
//     does not spoil the next. It is printed whole again, never from the middle.
//   - What a printer says back is not listened to: many say nonsense.
package printer
