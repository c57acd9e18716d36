// Package pagetest opens the sandbox's pages in a real browser. It has tests only,
// and they run where CENTRAPOS_BROWSER names a Chromium:
//
//	CENTRAPOS_BROWSER=chromium go test ./api/sandbox/pagetest
//
// .ci/run does that. CENTRAPOS_SHOTS names a folder that is to get screenshots.
package pagetest

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"centrapos/api"
	"centrapos/api/sandbox"
)

// browser is the context of the one browser in which each test has windows of its
// own.
var browser context.Context

func TestMain(m *testing.M) {
	program := os.Getenv("CENTRAPOS_BROWSER")
	if program == "" {
		fmt.Println("The pages were not opened in a browser: nobody asked for it. CENTRAPOS_BROWSER=chromium does.")
		return
	}
	flag.Parse()
	if asked := flag.Lookup("test.parallel"); asked.Value.String() == asked.DefValue {
		// Tests wait most of the time, for a page to see what has changed.
		if err := asked.Value.Set("5"); err != nil {
			panic(err)
		}
	}
	os.Exit(inBrowser(program, m.Run))
}

// inBrowser runs tests while a browser is open.
func inBrowser(program string, run func() int) int {
	profile, err := os.MkdirTemp("", "pagetest")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer func() {
		if err := os.RemoveAll(profile); err != nil {
			fmt.Println(err)
		}
	}()
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.WindowSize(375, 667),
	}
	for _, flag := range []string{
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions", "disable-default-apps",
		"disable-dev-shm-usage", "disable-breakpad", "disable-renderer-backgrounding", "disable-background-timer-throttling",
		"disable-backgrounding-occluded-windows", "metrics-recording-only",
	} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	flags = append(flags, chromedp.Flag("force-color-profile", "srgb"))
	all, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	defer stop()
	ctx, end := chromedp.NewContext(all)
	defer end()
	if err := chromedp.Do(ctx); err != nil {
		fmt.Printf("start %s: %v\n", program, err)
		return 1
	}
	browser = ctx
	return run()
}

// shop is a sandbox with somebody who takes payment.
type shop struct {
	testing.TB
	server *sandbox.Server
}

func openShop(t testing.TB, opts ...sandbox.Option) *shop {
	t.Helper()
	return openShopAt(t, "", opts...)
}

func openShopAt(t testing.TB, addr string, opts ...sandbox.Option) *shop {
	t.Helper()
	server, err := sandbox.Listen(t.Context(), addr, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &shop{TB: t, server: server}
}

// basket is what most tests pay for.
func basket() api.CreatePaymentRequest {
	return api.CreatePaymentRequest{
		ConfigID: sandbox.DemoConfigID, Value: api.NewMonetary(3440, "NZD"), ConditionsEnabled: true, ExpirySeconds: 900,
		LineItems: []api.LineItem{
			{Name: "Flat white", Qty: "2", Price: "1100"}, {Name: "Cheese scone", Qty: "1", Price: "540"},
			{Name: "Coffee grounds 250 g", Qty: "1", Price: "1800", Restricted: true},
		},
	}
}

// ask makes a payment request.
func (s *shop) ask(asked api.CreatePaymentRequest) *api.PaymentRequest {
	s.Helper()
	client, err := api.New(s.server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
	if err != nil {
		s.Fatal(err)
	}
	defer client.Close()
	made, _, err := client.PaymentRequests.Create(s.Context(), asked)
	if err != nil {
		s.Fatal(err)
	}
	return made
}

func (s *shop) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// void is what staff do.
func (s *shop) void(id string) {
	s.Helper()
	client, err := api.New(s.server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
	s.must(err)
	defer client.Close()
	_, _, err = client.PaymentRequests.Void(s.Context(), id)
	s.must(err)
}

func (s *shop) request(id string) sandbox.Snapshot {
	s.Helper()
	found, err := s.server.Service().Request(id)
	s.must(err)
	return found
}

// phone is a window of the browser as big as a small phone.
type phone struct {
	testing.TB
	ctx context.Context

	mu sync.Mutex
	// trouble is what the browser complained of; asked are the addresses that were
	// loaded.
	trouble []string
	asked   []string
	// also is how paths may begin beside those of the pages.
	also []string
}

// patience is how long a page may take to become what a test waits for.
const patience = 20 * time.Second

// take takes a phone in the hand: light, with scripts, and moving as the page likes.
func take(t testing.TB, features ...string) *phone {
	t.Helper()
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	p := &phone{TB: t, ctx: ctx}
	p.must(chromedp.Do(ctx)) // the window lives as long as the context of its first action
	p.do(chromedp.EmulateViewport(375, 667, chromedp.EmulateMobile, chromedp.EmulateTouch, sharp))
	p.prefer(features...)
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	p.must(err)
	p.must(chromedp.Listen(ctx, p.hear))
	t.Cleanup(p.check)
	return p
}

// sharp makes a phone's screen two pixels to the point.
func sharp(size *emulation.SetDeviceMetricsOverrideParams, _ *emulation.SetTouchEmulationEnabledParams) {
	size.DeviceScaleFactor = 2
}

// prefer sets what the page is told of the customer's wishes, as name and value.
func (p *phone) prefer(features ...string) {
	p.Helper()
	var wishes []*emulation.MediaFeature
	for i := 0; i+1 < len(features); i += 2 {
		wishes = append(wishes, &emulation.MediaFeature{Name: features[i], Value: features[i+1]})
	}
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: wishes})
	p.must(err)
}

// hear notes what happens in the window.
func (p *phone) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.asked = append(p.asked, e.Request.URL)
	case *runtime.EventExceptionThrown:
		p.trouble = append(p.trouble, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		// The answers 403 and 404 that tests provoke are no trouble of the page.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork || e.Entry.Source == log.EntrySourceSecurity {
			p.trouble = append(p.trouble, string(e.Entry.Source)+": "+e.Entry.Text)
		}
	}
}

// check wants nothing to have gone wrong that a customer does not see, and nothing
// to have been loaded from elsewhere.
func (p *phone) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, trouble := range p.trouble {
		p.Errorf("the browser complains: %s", trouble)
	}
	if len(p.asked) == 0 {
		p.Error("the window has loaded nothing, so what it loads was not looked at")
	}
	for _, address := range p.asked {
		u, err := url.Parse(address)
		ours := func(start string) bool { return strings.HasPrefix(u.Path, start) }
		if err != nil || !slices.ContainsFunc(append([]string{"/pay/", "/connect/", "/sandbox/"}, p.also...), ours) {
			p.Errorf("the page loads %s", address)
		}
	}
}

func (p *phone) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *phone) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	p.must(chromedp.Do(ctx, steps...))
}

// open follows a link, or a code that was scanned.
func (p *phone) open(address string) { p.Helper(); p.do(chromedp.Navigate(address)) }

// tap taps what a selector finds, with a finger.
func (p *phone) tap(selector string) {
	p.Helper()
	p.do(chromedp.Tap(chromedp.CSS(selector), chromedp.NodeVisible))
}

// press taps the button with a text, when it is there.
func (p *phone) press(text string) {
	p.Helper()
	p.waits(`!!button(%q)`, text)
	p.eval(`button(%q).scrollIntoView({block: "center"}), button(%q).setAttribute("data-pressed", "")`, text, text)
	p.tap("[data-pressed]")
}

// tools are what tests evaluate with.
const tools = `const button = (text) => [...document.querySelectorAll("button, a.button")].find((b) => b.textContent.trim() === text && b.checkVisibility());
const words = () => document.body.innerText.replace(/\s+/g, " ");`

func script(expression string, args ...any) string {
	return "(() => {" + tools + "return (" + fmt.Sprintf(expression, args...) + ");})()"
}

func (p *phone) eval(expression string, args ...any) {
	p.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](script(expression, args...)))
}

// read evaluates an expression.
func read[T any](p *phone, expression string, args ...any) T {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script(expression, args...)))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return value
}

// waits waits until an expression is true, also over pages that come and go.
func (p *phone) waits(expression string, args ...any) {
	p.Helper()
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script(expression, args...)))
		cancel()
		if err == nil && is {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	p.Fatalf("never true: "+expression+"\n%s", append(args, read[string](p, `document.body.innerText`))...)
}

// shows waits until all texts stand on the page, for everybody to see.
func (p *phone) shows(texts ...string) {
	p.Helper()
	for _, text := range texts {
		p.waits(`words().includes(%q)`, text)
	}
}

// said waits until a screen reader is told a text.
func (p *phone) said(text string) {
	p.Helper()
	p.waits(`document.querySelector("[role=status]").textContent.includes(%q)`, text)
}

// shoot keeps a picture for people to look at, if they want any.
func (p *phone) shoot(name string) {
	p.Helper()
	folder := os.Getenv("CENTRAPOS_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	p.must(err)
	p.must(os.MkdirAll(folder, 0o755))
	p.must(os.WriteFile(folder+"/"+name+".png", picture, 0o644))
}
