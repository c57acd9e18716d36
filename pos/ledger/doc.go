// Package ledger is the till's local record: what it set out to do with money
// and what came of it, kept in an embedded SQLite file so that neither a crash
// nor a loss of power forgets a payment. It implements pos.Ledger.
//
// # Nouns
//
// An entry is one fact (pos.Fact) of one operation, with the time it became
// known. It has a place in the whole ledger (seq) and one within its operation
// (n); both count 1, 2, 3 without gaps.
//
// An operation's line (Row) is what its entries amount to: pos.Summary of
// pos.Replay. It is a projection, written in the same transaction as the entries
// and worked out from nothing else.
//
// A basket (Baskets, which is pos.Drafts) is kept change for change: its entries stand
// in the same chain, with "basket:" and its id for their operation, so that what was
// taken off it, and by whom, is proved as payments are. It has a line of its own.
//
// The chain is the entries in order, each with the hash of the one before it.
// The head is its end.
//
// An owner is one open Ledger, so in practice one process. Every operation has
// one owner, the only one who may append to it: whoever opened it, or claimed it
// after its owner had ended.
//
// # Invariants
//
//   - What Append returned nil for survives kill -9 and loss of power; what it
//     returned an error for was not written at all.
//   - Entries are only ever added, at the end. Triggers in the file refuse
//     anything else.
//   - The chain does not fork: the transaction that extends it holds the write lock
//     from its beginning, and reads the end in it, unless SQLite says there that nobody
//     else has committed anything since this process wrote the end itself.
//   - A line never says more than the entries do. In particular an operation is
//     closed in the list only if its entries say so; what is not is found by
//     recovery.
//   - An operation never has two owners, and nobody takes one from an owner that
//     is running.
//   - A file that is not a ledger, or one of a later version, is not written to.
//
// # Files
//
//	ledger.db            entries and operations; mode 0600
//	ledger.db-wal, -shm  SQLite's write-ahead log and its index, while in use
//	ledger.lock          locked while the file is being made, brought up to date or replaced
//	owners/<id>.lock     locked for as long as that owner is running
//	making-*             a new record on its way into its place, for a moment
//
// The folder must be on a disk of this machine: file locks do not hold on most
// network file systems. To copy a ledger, use Backup while its tills run, or close
// them first and take the whole folder. Restore verifies a copy and puts it in the
// place of a ledger, which it keeps in replaced-<time> beside it. Tills hold ledger.lock
// shared until they are among the owners, so that none starts on a file that is on its
// way out.
//
// # Damage
//
// A new record is renamed into its place once it is whole and durable, so it is
// never empty: ErrDamaged, once tills have been among its owners (owners/ is there). Where
// it is missing then, it was lost: ErrGone, and none is made in its stead.
//
// Open checks the end of the chain and the guards, CheckAll everything behind a till
// that sells. Where something is wrong nothing new is begun (ErrDamaged); what has
// begun is brought to its end, and everything can still be read, copied and exported.
//
// # What the chain proves
//
// Verify finds every entry that was changed, removed, put in or moved after it
// was written, by whatever means, unless all hashes from there to the end were
// worked out anew. It finds entries cut off the end too, since each operation's
// line counts its entries and names the last. It finds lines that were changed,
// and guards that were removed.
//
// It does not prove who wrote something, nor that what was written was true. And
// there is no secret in the hashes: whoever may write to the file and knows this
// package can work out a whole new ledger that is consistent in itself. Against
// that only a head helps that was kept elsewhere, on a printed report for
// instance; given to Verify it proves that everything up to it is as it was.
//
// # Who runs
//
// An owner that ended is told from one that runs by its lock file, which the
// operating system unlocks however a process ends. Owner ids are random and never
// used again, so "has ended" stays true once it is. Lock files of owners that
// were killed are swept away by the next one that starts; owners.start says why
// that cannot hit one that is just starting.
//
// # Changes of the schema
//
// 00001 is the schema; 00002 came with refunds, confirmations and releases and
// keeps their own short codes; 00003 with a person's word and looks at sales that
// have ended; 00004 keeps baskets, and finds short codes however they are spelt;
// 00005 writes lines anew (rewriteLines).
//
// A migration once released is never edited. A change of pos.Replay or
// pos.Summary that alters what old entries amount to needs a migration that
// writes the lines anew (linesAnew), or Verify would take the difference for tampering. A new
// fact, or a new field of one, needs a migration too, be it an empty one: it is
// what makes older versions refuse the ledger rather than misread it.
package ledger
