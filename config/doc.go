// Package config finds out how one run of the program is to behave: its
// settings, the profile they come from, and the credentials that go with it.
//
// # Nouns
//
// A setting is one value with a Key. It is looked for in this order, each
// setting by itself: flag, environment, profile, default. Settings holds them
// all and remembers of each its Origin.
//
// A profile is a named group of settings in the config file, one for each
// service or shop the till works with. The profile training is built in: where
// nothing names a service, it uses the sandbox inside the program
// (Settings.Embedded). It is the profile in use while no config file has any;
// after that the file, or whoever starts the program, says which. Nothing is
// guessed, since one profile takes real money and another does not.
//
// A Secret is a credential that does not print. Credentials finds it: in the
// environment for one run, else in the Store that the profile has chosen: the system
// keyring, a file encrypted with a passphrase, or what systemd gives to a service.
//
// A Login is what a person's login at the issuer left: tokens that renew
// themselves for weeks. Logins keeps one for each profile, in its Store too.
//
// A Problem is one thing that is wrong, with where it stands and what to do. All
// problems are listed at once, in one Error, before anything is sent.
//
// # What always holds
//
//   - No API key stands in the config file, in Settings, in an error or on a
//     command line. What stands where a setting should be is not repeated in an
//     error either, since it may be a key in the wrong place.
//   - An API key goes over http:// to this machine only, unless that is allowed
//     in so many words.
//   - A file that everybody may change is refused: it says where the key is sent.
//   - The data folder is made for its owner alone.
//   - Credentials lie where the profile says, and nowhere else: a Store that cannot be
//     used is an error, and never the reason to use another.
//   - A new key replaces one that works only once it was taken itself, and the old one
//     counts again until the new one was taken in a later run (Keys.Rotate).
//   - ChangeFile replaces a config file whole or not at all, keeps its comments, and
//     never writes one that Load would refuse.
//   - Nothing here is changed after Load; nothing is read behind its back, since
//     flags, environment and keyring are handed in.
//
// # Threats
//
// Who may read what on a shared machine. The config file holds no credential; it is
// made for its owner alone (0600), and one that everybody may change is refused, since
// it says where the key is sent. The data folder is its owner's (0700). The keyring
// gives its secrets to every program of the same user while it is unlocked: where tills
// are shared, each shop has a user of its own, or the key lies in the encrypted file.
// That file (credentials.age, 0600) is encrypted by age with a key that scrypt derives
// from the passphrase (work factor 2^16, about 64 MB and 0.2 s for a guess): it is worth
// what the passphrase is worth. What systemd gives can be read by the service's user and
// root only. An environment variable can be read by every process of the user: it is for
// one run, and for build machines. Root can read all of it, always.
//
// What a stolen till gives away. Switched off, with its disk encrypted: nothing. With
// the disk readable: the record (amounts, references, short codes, asset types, no card
// or bank details), products, the config file with its ids; the key only with the login
// password of the user (keyring) or the passphrase (file), or to whoever boots it with
// its TPM (encrypted systemd credentials). Switched on and unlocked: everything the till
// may do, until the key is disabled at Centrapay, which is what to do first. A till's
// key (merchant-terminal) takes payments and refunds them to whoever paid; it reads no
// bank account and moves no money elsewhere. A login does more and ends by itself: log
// out on a machine that several use.
//
// What is logged. No credential and no passphrase: a Secret prints its last four
// characters at most, the command line's output filters those that it has read, and the
// record is never given one. There is no flag for a key, since a command line can be
// read by every user of the machine. Passphrases and keys are typed without echo, so
// that no screenshot and no scrollback has them.
//
// Core dumps and swap. Credentials are in the memory of the program while it runs, as
// long as the run. Go writes no core dump unless GOTRACEBACK=crash is set; what the
// system does with one, and with swap, is the system's: encrypt swap, and do not set
// that variable on a till.
//
// # The config file
//
// It is TOML, at --config, CENTRAPOS_CONFIG or $XDG_CONFIG_HOME/centrapos/config.toml
// (%AppData% on Windows, ~/Library/Application Support on macOS). A key that
// means nothing is an error. Everything that a profile may hold:
//
//	# The profile in use unless --profile or CENTRAPOS_PROFILE says otherwise.
//	profile = "live"
//
//	[profiles.live]
//	api-url = "https://service.centrapay.com"  # this is the default
//	config-id = "mc_3LKQhvGUcADgqoEM3bh6pslE"  # who is asking for payment
//	merchant-id = "5efbe17d96c083633e2b9241"
//	merchant-account-id = "BtCjTpNwFcbuJQUP1c4qXp"
//	merchant-name = "Corner Dairy"             # in the header and on receipts
//	terminal-id = "till-1"                     # name of this till (the host's name)
//	device-id = "SN-20417"                     # serial of the machine (the host's name)
//	operator = "Mia"                           # who is at the till
//	currency = "NZD"
//	gst-rate = 15                              # per cent; "12.5" in quotes
//	expiry-seconds = 120                       # time a customer has to pay
//	data-dir = "~/till"                        # ledger; relative to this file
//	no-color = false
//	auth-issuer = "https://auth.centrapay.com/" # where people log in; this is the default
//	auth-client-id = "7mapl0nqonkgl5vfeb3cf86miu" # of this program, for logins
//	auth-port = 8477                           # to which a login returns (any)
//	account-id = "Jaim1Cu1Q55uooxSens6yk"      # organisation a login acts for
//	theme = "dark"                             # light, high-contrast, colour-blind
//	bell = true                                # ring when a payment has arrived
//	scan-gap-milliseconds = 60                 # longest pause within a scan
//	gst-number = "123-456-789"                 # on receipts
//	receipt-header = ["12 Queen Street", "09 555 0100"]
//	receipt-footer = ["Ka kite anō!"]
//	printer = "tcp://192.168.1.50"             # or a device: "/dev/usb/lp0"
//	printer-width = 48                         # characters on a line
//	printer-code-pages = ["Windows-1252", "Windows-1257"]
//	printer-cutter = true
//	printer-qr = true
//	cash-drawer = false                        # one is plugged into the printer
//	credential-store = "keyring"               # where the key is kept: file, systemd
//	liveness = "main"                          # real money; a test merchant is refused
//
//	[profiles.rehearsal]
//	api-url = "http://till-server:8080"
//	allow-plain-http = true                    # the key may go in clear there
//	config-id = "mc_rehearsal"
//
//	[profiles.training]                        # built in; may be adjusted
//	merchant-name = "Corner Dairy"
//
//	[keymap]                                   # of the till, in all profiles alike
//	pay = ["f9", "ctrl+p"]                     # a command, and the keys that call it
//	hold = "f5"
package config
