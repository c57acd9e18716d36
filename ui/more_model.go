package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
	"centrapos/ui/theme"
	"centrapos/ui/widget"
)

// This file is the part of the root model that is behind the menu: which screens
// there are, how they are come to and left.

// extraPlaces are the screens behind the menu.
var extraPlaces = []place{onMore, onHistory, onStory, onRefund, onSettings, onTender, onHeld}

// extras are the screens behind the menu, and what they know.
type extras struct {
	more     moreScreen
	history  historyScreen
	story    storyScreen
	refund   refundScreen
	settings settingsScreen
	tender   tenderScreen
	aside    heldScreen // sales that were put aside

	came   []place // where staff came from, the latest last
	swap   swap
	lates  []late // money that came late and that nobody has dealt with
	themes themes
	prefs  Preferences
	saveID int
}

// themes are the colours to choose from.
type themes struct {
	names []string
	of    func(name string) *theme.Styles
}

func newExtras(l *look, c Config) extras {
	return extras{
		more: newMore(l), history: newHistory(l), story: newStory(l), refund: newRefund(l), settings: newSettings(l), tender: newTender(l), aside: newHeld(l),
		prefs: c.Preferences, themes: themes{names: c.Themes, of: c.StylesOf},
	}
}

// at gives the screen at a place.
func (e extras) at(p place) screen {
	switch p {
	case onHistory:
		return e.history
	case onStory:
		return e.story
	case onRefund:
		return e.refund
	case onSettings:
		return e.settings
	case onTender:
		return e.tender
	case onHeld:
		return e.aside
	default:
		return e.more
	}
}

// with puts a screen back where it belongs.
func (e extras) with(s screen) extras {
	switch s := s.(type) {
	case moreScreen:
		e.more = s
	case historyScreen:
		e.history = s
	case storyScreen:
		e.story = s
	case refundScreen:
		e.refund = s
	case settingsScreen:
		e.settings = s
	case tenderScreen:
		e.tender = s
	case heldScreen:
		e.aside = s
	}
	return e
}

// What a screen may do besides.
type (
	// choosing is a screen with a list; chosen gives it with another line chosen.
	choosing interface{ chosen(by int) screen }
	// noting is a screen with a place for notes.
	noting interface {
		noted(t tone, text string) (screen, tea.Cmd)
	}
	// typing is a screen with a line to type into.
	typing interface{ takesText() bool }
	// amounting is a screen on which an amount is typed, without a line for it.
	amounting interface{ takesAmount() bool }
	// scanning is a screen that takes scans as its own.
	scanning interface{ takesScan() bool }
)

func (m model) takesText() bool {
	t, is := m.front().(typing)
	return is && t.takesText()
}

// takesAmount reports whether digits are an amount here.
func (m model) takesAmount() bool {
	a, is := m.front().(amounting)
	return is && a.takesAmount() && !m.prompt.open()
}

func (m model) takesScan() bool {
	s, is := m.front().(scanning)
	return is && m.place != onResult && s.takesScan()
}

// The actions of these screens.
type (
	openPlace   struct{ to place }
	goBack      struct{}
	seek        struct{} // look for what stands in the line
	clearSeek   struct{}
	openStory   struct{} // of what is chosen in the history
	updateStory struct{} // read it again
	refundThis  struct { // a payment request by its id; all of it when asked
		key string
		all bool
	}
	refundFound   struct{} // what the refund screen's line or list says
	refundAgain   struct{} // back to finding
	chooseReturn  struct{ what returnKey }
	askReturn     struct{}
	sendReturn    struct{}
	leaveReturn   struct{}
	raiseLates    struct{}
	handedOver    struct{ requestID string }
	refundLate    struct{ requestID string }
	lateLater     struct{}
	setTheme      struct{ name string }
	changeSetting struct{ by int }
	payAgain      struct{} // the same once more
	recreate      struct{} // a fresh request in place of the one in front
	payBarcode    struct{ code string }
	payAbsent     struct{ code string } // by a customer who is not here
)

func (openPlace) isAction()     {}
func (goBack) isAction()        {}
func (seek) isAction()          {}
func (clearSeek) isAction()     {}
func (openStory) isAction()     {}
func (updateStory) isAction()   {}
func (refundThis) isAction()    {}
func (refundFound) isAction()   {}
func (refundAgain) isAction()   {}
func (chooseReturn) isAction()  {}
func (askReturn) isAction()     {}
func (sendReturn) isAction()    {}
func (leaveReturn) isAction()   {}
func (raiseLates) isAction()    {}
func (handedOver) isAction()    {}
func (refundLate) isAction()    {}
func (lateLater) isAction()     {}
func (setTheme) isAction()      {}
func (changeSetting) isAction() {}
func (payAgain) isAction()      {}
func (recreate) isAction()      {}
func (payAbsent) isAction()     {}
func (payBarcode) isAction()    {}

// actExtra carries out what belongs to these screens, and to late payments; false
// when it is none of theirs.
func (m model) actExtra(a action) (model, tea.Cmd, bool) {
	var cmd tea.Cmd
	switch a := a.(type) {
	case openPlace:
		if a.to == onTender {
			m, cmd = m.openTender()
			break
		}
		m, cmd = m.open(a.to)
	case goBack:
		m, cmd = m.back()
	case seek, clearSeek, openStory, updateStory, setTheme, changeSetting:
		m, cmd = m.actLists(a)
	case refundThis, refundFound, refundAgain, chooseReturn, askReturn, sendReturn, leaveReturn:
		m, cmd = m.actRefund(a)
	case raiseLates, handedOver, refundLate, lateLater:
		m, cmd = m.actLate(a)
	case printReceipt:
		m, cmd = m.print(a)
	case closePrompt:
		m.prompt = prompt{}
		m = m.prompted()
	case payAgain, recreate, payBarcode, payAbsent:
		m, cmd = m.actAgain(a)
	case askTender, takeTender, askReturnOf, handBack, finishSale, openSplit, splitPay:
		m, cmd = m.actTender(a)
	case recall:
		if m.place != onHeld {
			return m, nil, false
		}
		m, cmd = m.recallHeld(a)
	default:
		return m, nil, false
	}
	return m, cmd, true
}

func (m model) actLists(a action) (model, tea.Cmd) {
	switch a := a.(type) {
	case seek:
		return m.seek()
	case clearSeek:
		m.history.line, m.refund.line, m.aside.line = newField(), newField(), newField()
		return m.seek()
	case openStory:
		chosen, there := m.history.current()
		if !there {
			return m, nil
		}
		m.story = m.story.of(chosen, m.now.Location())
		m, _ = m.open(onStory)
		return m.readStory()
	case updateStory:
		return m.readStory()
	case setTheme:
		return m.setTheme(a.name)
	case changeSetting:
		return m.changeSetting(a.by)
	}
	return m, nil
}

// seek looks for what stands in the line in front.
func (m model) seek() (model, tea.Cmd) {
	switch m.place {
	case onRefund:
		return m.listRefunds()
	case onHeld:
		return m, nil
	default:
		return m.searchHistory()
	}
}

// open brings a screen behind the menu to the front.
func (m model) open(to place) (model, tea.Cmd) {
	m = m.settled()
	if m.place != to {
		m.came = append(m.came[:len(m.came):len(m.came)], m.place)
	}
	m.place, m.prompt, m.help, m.line = to, prompt{}, help{}, commandLine{}
	m = m.resized(to)
	switch to {
	case onHistory:
		return m.searchHistory()
	case onRefund:
		m.refund = m.refund.restarted()
		return m.listRefunds()
	case onSettings:
		m.settings = m.settings.of(m.prefs, m.themes.names)
	case onHeld:
		return m.listHeld()
	default:
	}
	return m.refreshed(), nil
}

// back goes to where staff came from. What is not a screen of lists is not gone
// back to: a payment that has ended is over.
func (m model) back() (model, tea.Cmd) {
	for len(m.came) > 0 {
		last := m.came[len(m.came)-1]
		m.came = m.came[:len(m.came)-1]
		if last == onMore || last == onTender || last == onHistory || last == onStory || last == onUnfinished {
			m.place, m.prompt, m.help, m.line = last, prompt{}, help{}, commandLine{}
			m = m.resized(last).refreshed()
			if last == onStory {
				return m.readStory()
			}
			if last == onTender {
				m.tender = m.tender.of(m.sale.basket)
			}
			return m, nil
		}
	}
	return m.backToSale()
}

// browsing reports whether staff only look at lists, so that news may come to the front.
func (m model) browsing() bool {
	switch m.place {
	case onSale, onUnfinished, onMore, onHistory, onStory, onSettings, onHeld:
		return true
	default:
		return false
	}
}

// toPlace gives a message to the screen at a place, wherever staff are.
func (m model) toPlace(p place, msg tea.Msg) (tea.Model, tea.Cmd) {
	s, a, cmd := m.at(p).Update(msg)
	return m.with(s).follow(a, cmd)
}

// extraReply takes what commands report to these screens.
func (m model) extraReply(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case cameLate:
		return m.cameLate(msg)
	case recordsFound:
		return m.recordsFound(msg)
	case looked:
		return m.looked(msg)
	case preferencesSaved:
		return m.preferencesSaved(msg)
	case receiptPrinted:
		return m.receiptPrinted(msg)
	}
	return m, nil
}

// extraMoney is the state of the money on these screens; empty where there is none.
func (m model) extraMoney() string {
	if m.place == onRefund {
		return m.refund.inWords()
	}
	return ""
}

// overPrompt lays the prompt over the screen in front: on a payment beside its code,
// and everywhere else under the first lines.
func (m model) overPrompt(body string) string {
	st := m.look.styles
	if m.place == onPay {
		at := m.pay.wordsColumn()
		return widget.Overlay(body, m.prompt.draw(st, m.width-at), at, promptLine)
	}
	const widest, headroom = 64, 5
	width := min(widest, m.width-8)
	panel := m.prompt.draw(st, width)
	high := strings.Count(panel, "\n") + 1
	top := max(min(headroom, m.height-frameHeight-high), (m.height-frameHeight-high)/2)
	return widget.Overlay(body, panel, (m.width-width)/2, top)
}

// withLook gives the screens with another look.
func (m model) withLook(l *look) model {
	m.look = l
	m.sale.look, m.pay.look, m.result.look, m.unfinished.look = l, l, l, l
	m.more.look, m.history.look, m.story.look, m.refund.look, m.settings.look = l, l, l, l, l
	m.tender.look, m.aside.look = l, l
	return m
}

// summaries gives those of a list that satisfy ok.
func summaries(list []pos.Summary, ok func(pos.Summary) bool) []pos.Summary {
	var out []pos.Summary
	for _, each := range list {
		if ok(each) {
			out = append(out, each)
		}
	}
	return out
}
