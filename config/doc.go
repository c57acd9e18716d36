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
// environment for one run, else in the system keyring under the profile's name.
//
// A Login is what a person's login at the issuer left: tokens that renew
// themselves for weeks. Logins keeps one for each profile, in the keyring too.
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
//   - ChangeFile replaces a config file whole or not at all, keeps its comments, and
//     never writes one that Load would refuse.
//   - Nothing here is changed after Load; nothing is read behind its back, since
//     flags, environment and keyring are handed in.
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
