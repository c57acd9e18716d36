package auth

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
)

// page is what the browser shows when it has come back.
type page struct{ title, text string }

var (
	pageLoggedIn = page{"Logged in", "You can close this page and go back to the program."}
	pageRefused  = page{"Not logged in", "The login was not completed. You can close this page and go back to the program."}
	pageFailed   = page{"The login failed", "Nobody was logged in by it. Close this page and go back to the program, which says why."}
	pageUsed     = page{"This login is over", "It was answered before; the program says what came of it. You can close this page."}
	pageForeign  = page{"The login failed", "This does not belong to the login that is under way, so nobody was logged in by it. Close this page, go back to the program and log in from there."}
)

// The script takes the code and state out of the address bar and the history, as
// the docs ask for. It needs no further request: nobody answers one by then.
const pageHTML = `<!doctype html>
<html lang="en-NZ">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<script nonce="{nonce}">history.replaceState(null, "", location.pathname)</script>
<style nonce="{nonce}">body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}
@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}</style>
<h1>{title}</h1>
<p>{text}</p>
</html>
`

// show sends a page that nothing can be loaded into, or framed by, and that is
// gone when the connection is.
func show(w http.ResponseWriter, status int, p page) {
	nonce := rand.Text()
	body := strings.NewReplacer("{title}", p.title, "{text}", p.text, "{nonce}", nonce).Replace(pageHTML)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Content-Security-Policy",
		"default-src 'none'; script-src 'nonce-"+nonce+"'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // a browser that went away has nobody to tell
}
