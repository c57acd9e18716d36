package assets

import (
	_ "embed" // for the pages' style and script
	"io/fs"
)

//go:embed patron/style.css
var pageStyle string

//go:embed patron/live.js
var pageScript string

// PageTemplates returns the sandbox's web pages as templates of html/template, as
// *.html at its top: "pay" is the customer's page, "connect" that on which a customer
// links a wallet to a shop, "control" the trainer's, "login" that of logins; the other
// definitions are parts of these. Each wants a Title, the Nonce of its
// Content-Security-Policy and the Style; those that follow changes also the Script, and
// Watch, which is above zero where it is to run.
func PageTemplates() (fs.FS, error) { return fs.Sub(FS, "patron") }

// PageStyle returns the style sheet of those pages. It names nothing outside of
// itself.
func PageStyle() string { return pageStyle }

// PageScript returns the script that keeps those pages true while they are open.
// It asks nobody but the server that the page came from.
func PageScript() string { return pageScript }
