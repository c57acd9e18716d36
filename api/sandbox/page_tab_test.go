package sandbox_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// element is a part of a page as a browser reads it.
type element struct {
	name  string
	attrs map[string]string
	// text is what stands in it, also deeper, for people who cannot see it.
	text     string
	children []*element
}

// unread is what is no HTML to be read: styles, and scripts.
var unread = regexp.MustCompile(`(?s)<(style|script)[^>]*>.*?</(style|script)>`)

// parsePage reads a page. What does not close is an error: our own templates have
// no excuse.
func parsePage(t testing.TB, page string) *element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(unread.ReplaceAllString(page, "")))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	root := &element{}
	open := []*element{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, page)
		}
		top := open[len(open)-1]
		say := func(text string) {
			if slices.ContainsFunc(open, func(e *element) bool { return e.attrs["aria-hidden"] == "true" }) {
				return
			}
			for _, e := range open {
				e.text += text
			}
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			top.children = append(top.children, e)
			say(" ")
			open = append(open, e)
		case xml.EndElement:
			if top.name != token.Name.Local {
				t.Fatalf("</%s> closes <%s> in\n%s", token.Name.Local, top.name, page)
			}
			open = open[:len(open)-1]
			say(" ")
		case xml.CharData:
			say(string(token))
		}
	}
	if len(open) != 1 {
		t.Fatalf("<%s> is not closed", open[len(open)-1].name)
	}
	return root
}

// all are the elements below that are as the function says, as they stand.
func (e *element) all(is func(*element) bool) []*element {
	var found []*element
	for _, c := range e.children {
		if is(c) {
			found = append(found, c)
		}
		found = append(found, c.all(is)...)
	}
	return found
}

func (e *element) named(names ...string) []*element {
	return e.all(func(c *element) bool { return slices.Contains(names, c.name) })
}

func (e *element) byID(id string) *element {
	found := e.all(func(c *element) bool { return c.attrs["id"] == id })
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// words is the text of an element, with single spaces.
func (e *element) words() string {
	if e == nil {
		return ""
	}
	return strings.Join(strings.Fields(e.text), " ")
}

func (e *element) has(attr string) bool { _, ok := e.attrs[attr]; return ok }

// tab is a browser without scripts that shows a page of the sandbox.
type tab struct {
	*rig
	at     *url.URL
	status int
	header http.Header
	body   string
	page   *element
}

// open loads a page as somebody does who follows a link to it.
func (r *rig) open(path string) *tab {
	r.Helper()
	at, err := url.Parse("http://127.0.0.1:4000" + path)
	if err != nil {
		r.Fatal(err)
	}
	tb := &tab{rig: r, at: at}
	tb.load(http.MethodGet, at, nil)
	return tb
}

func (tb *tab) load(method string, target *url.URL, form url.Values) {
	tb.Helper()
	asked := *target
	asked.Fragment = "" // a browser keeps it to itself
	req := httptest.NewRequestWithContext(tb.Context(), method, asked.String(), strings.NewReader(form.Encode()))
	req.RemoteAddr = "127.0.0.1:40000"
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Origin", "http://"+target.Host)
	}
	w := tb.send(req)
	if w.Code == http.StatusSeeOther {
		next, err := target.Parse(w.Header().Get("Location"))
		if err != nil || next.Host != target.Host {
			tb.Fatalf("redirected to %q", w.Header().Get("Location"))
		}
		tb.load(http.MethodGet, next, nil)
		return
	}
	tb.at, tb.status, tb.header, tb.body = target, w.Code, w.Header(), w.Body.String()
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		tb.Fatalf("%s %s: %d %s", method, target, w.Code, tb.body)
	}
	tb.page = parsePage(tb, tb.body)
}

// follow goes where the link with an id leads.
func (tb *tab) follow(id string) {
	tb.Helper()
	link := tb.page.byID(id)
	if link == nil {
		tb.Fatalf("no link %s in\n%s", id, tb.body)
	}
	next, err := tb.at.Parse(link.attrs["href"])
	if err != nil {
		tb.Fatal(err)
	}
	tb.load(http.MethodGet, next, nil)
}

// button finds a button by its text, in the form that contains all of the words.
func (tb *tab) button(text string, within ...string) (form, button *element) {
	for _, f := range tb.page.named("form") {
		if slices.ContainsFunc(within, func(w string) bool { return !strings.Contains(f.words(), w) }) {
			continue
		}
		for _, b := range f.named("button") {
			if b.words() == text {
				return f, b
			}
		}
	}
	return nil, nil
}

// fields are what a browser sends of a form that somebody has not touched.
func fields(form *element) url.Values {
	values := url.Values{}
	for _, e := range form.named("input", "select") {
		name := e.attrs["name"]
		switch {
		case e.name == "select":
			if options := e.named("option"); len(options) > 0 {
				values.Set(name, options[0].attrs["value"])
			}
		case e.attrs["type"] == "radio" && !e.has("checked"):
		default:
			values.Set(name, e.attrs["value"])
		}
	}
	return values
}

// press fills in fields, as name and value, and presses a button.
func (tb *tab) press(text string, filled ...string) {
	tb.Helper()
	form, button := tb.button(text)
	if button == nil {
		tb.Fatalf("no button %q in\n%s", text, tb.body)
	}
	tb.submit(form, button, filled...)
}

func (tb *tab) submit(form, button *element, filled ...string) {
	tb.Helper()
	values := fields(form)
	for i := 0; i+1 < len(filled); i += 2 {
		if _, there := values[filled[i]]; !there {
			tb.Fatalf("the form has no field %s: %v", filled[i], values)
		}
		values.Set(filled[i], filled[i+1])
	}
	values.Set(button.attrs["name"], button.attrs["value"])
	target, err := tb.at.Parse(form.attrs["action"])
	if err != nil {
		tb.Fatal(err)
	}
	if form.attrs["action"] == "" {
		target = tb.at
	}
	tb.load(http.MethodPost, target, values)
}

// shows wants texts to stand on the page.
func (tb *tab) shows(status int, texts ...string) {
	tb.Helper()
	if tb.status != status {
		tb.Errorf("%s answered %d, want %d", tb.at, tb.status, status)
	}
	words := tb.page.words()
	for _, text := range texts {
		if !strings.Contains(words, text) {
			tb.Errorf("%s does not show %q:\n%s", tb.at, text, words)
		}
	}
}

// hides wants texts not to stand on the page.
func (tb *tab) hides(texts ...string) {
	tb.Helper()
	words := tb.page.words()
	for _, text := range texts {
		if strings.Contains(words, text) {
			tb.Errorf("%s shows %q:\n%s", tb.at, text, words)
		}
	}
}

func wantOnPage(t testing.TB, w *httptest.ResponseRecorder, status int, parts ...string) {
	t.Helper()
	if w.Code != status || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("page answered %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	for _, part := range parts {
		if !strings.Contains(w.Body.String(), part) {
			t.Errorf("the page does not show %q:\n%s", part, w.Body)
		}
	}
}
