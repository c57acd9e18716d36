package sandbox

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash/fnv"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	embedded "centrapos/assets"
)

// watchEvery is how often an open page asks whether it is still true.
const watchEvery = time.Second

// sheet is what every page has.
type sheet struct {
	Title  string
	Nonce  string
	Style  template.CSS
	Script template.JS
	// Watch is how often the page looks for changes, in milliseconds, 0 for never;
	// Version tells by what it shows whether there are any.
	Watch   int64
	Version string
	// Problem is why what somebody pressed was not done.
	Problem string
}

// pages are the templates, parsed when somebody first opens a page.
type pages func() (*template.Template, error)

func newPages() pages {
	return sync.OnceValues(func() (*template.Template, error) {
		files, err := embedded.PageTemplates()
		if err != nil {
			return nil, err
		}
		return template.ParseFS(files, "*.html")
	})
}

// pageRoutes are the pages behind the QR codes, where whoever has the link may look
// and pay, as with the real ones; and the trainer's, for this machine only.
func (s *Service) pageRoutes(shapes pages) {
	s.mux.HandleFunc("GET /pay/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.showPayPage(w, r, shapes, shown{})
	})
	s.mux.HandleFunc("GET /pay/{id}/version", func(w http.ResponseWriter, r *http.Request) {
		view, err := s.payView(r.PathValue("id"), shown{query: r.URL.Query()})
		s.showVersion(w, view.Version, err)
	})
	s.mux.HandleFunc("POST /pay/{id}", func(w http.ResponseWriter, r *http.Request) {
		if s.origins.Check(r) != nil {
			s.refuse(w, forbidden())
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := s.pressed(r); err != nil {
			s.showPayPage(w, r, shapes, shown{problem: err, form: r.PostForm})
			return
		}
		http.Redirect(w, r, r.URL.EscapedPath()+s.dir.stay(r.URL.Query(), r.PostForm), http.StatusSeeOther)
	})
	s.connectRoutes(shapes)
	s.controlPageRoutes(shapes)
}

// shown is how somebody wants a page to be shown: what the address says, and what
// was wrong with a form that was sent.
type shown struct {
	query   url.Values
	problem error
	form    url.Values
}

func (s *Service) showPayPage(w http.ResponseWriter, r *http.Request, shapes pages, how shown) {
	how.query = r.URL.Query()
	view, err := s.payView(r.PathValue("id"), how)
	status := http.StatusOK
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		status = http.StatusNotFound
		view.Title = "Nothing to pay here"
	case err != nil:
		s.refuse(w, err)
		return
	}
	if how.problem != nil {
		status = http.StatusForbidden
		view.Problem = problemWords(how.problem)
		view.Title = "Not done: " + view.Title
	}
	s.show(w, status, shapes, "pay", &view.sheet, &view)
}

// show writes a page. Nothing in it comes from elsewhere, and nothing runs in it
// but its own script.
func (s *Service) show(w http.ResponseWriter, status int, shapes pages, name string, page *sheet, data any) {
	page.Nonce = rand.Text()
	page.Style = template.CSS(embedded.PageStyle())
	page.Script = template.JS(embedded.PageScript())
	var out bytes.Buffer
	shape, err := shapes()
	if err == nil {
		err = shape.ExecuteTemplate(&out, name, data)
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+page.Nonce+"'; script-src 'nonce-"+page.Nonce+
		"'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	// Not no-referrer: under that a browser hides the origin of our own forms, too.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// showVersion lets a page see cheaply whether it is still true.
func (s *Service) showVersion(w http.ResponseWriter, version string, err error) {
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	plain(w, http.StatusOK, "text/plain; charset=utf-8", version)
}

// versionOf tells views apart by what they show.
func versionOf(view any) (string, error) {
	text, err := json.Marshal(view)
	if err != nil {
		return "", err
	}
	sum := fnv.New128a()
	_, _ = sum.Write(text)
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// notice is a refusal in words for the person who pressed something.
type notice string

func (n notice) Error() string { return string(n) }

func problemWords(err error) string {
	var n notice
	if errors.As(err, &n) {
		return string(n)
	}
	return problemText(err)
}

func itoa(n int) string { return strconv.Itoa(n) }

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return itoa(n) + " " + unit + "s"
}
