package ui

import (
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// This file takes what comes from the keyboard to where it belongs.

// key takes a key as it arrives: the scanner's detector sees it first.
func (m model) key(msg tea.KeyMsg) (tea.Model, tea.Cmd) {
	var inputs []input
	m.scan, inputs = m.scan.feed(m.now, msg, m.means)
	m, cmd := m.inputs(inputs)
	if id, wait, waiting := m.scan.waiting(); waiting {
		cmd = tea.Batch(cmd, after(wait, holdDue{id: id}))
	}
	return m, cmd
}

// held takes the end of the wait for what may follow a shortcut.
func (m model) held(msg holdDue) (tea.Model, tea.Cmd) {
	var inputs []input
	m.scan, inputs = m.scan.due(msg.id)
	return m.inputs(inputs)
}

func (m model) inputs(inputs []input) (model, tea.Cmd) {
	var cmds []tea.Cmd
	for _, in := range inputs {
		var cmd tea.Cmd
		m, cmd = m.input(in)
		cmds = append(cmds, cmd)
	}
	return m, tea.Batch(cmds...)
}

// means says what a character would do if it were typed by itself now. Where there
// is no line to type into, it might answer something.
func (m model) means(r rune) meaning {
	_, text := m.keys()
	switch {
	case text:
		return meansItself
	case m.prompt.open():
		return meansDecision
	case m.place != onSale || m.help.open || m.tooSmall():
		return meansAnswer
	case r != '/' && m.sale.Keys().isShortcut(r):
		return meansShortcut
	}
	// Typed into the empty line, "/" opens the command list by itself.
	return meansItself
}

func (m model) input(in input) (model, tea.Cmd) {
	switch in := in.(type) {
	case keyTyped:
		return m.typed(in)
	case scanned:
		return m.scanned(in)
	case textTyped:
		return m.text(in, in.text)
	case pasted:
		return m.pasted(in)
	}
	return m, nil
}

// pasted takes what was pasted: on the sale screen line by line, into any other line
// as one.
func (m model) pasted(in pasted) (model, tea.Cmd) {
	switch {
	case m.tooSmall():
		return m, nil
	case m.prompt.open():
		return m.say(toneWarn, "Nothing was pasted: answer the question first.")
	case in.problem != "":
		return m.say(toneWarn, in.problem)
	case m.place == onSale && !m.line.open && !m.help.open:
		return m.toFront(in)
	}
	return m.text(in, in.text)
}

// typed takes one key. Until patience ends, it was meant for what is gone.
func (m model) typed(in keyTyped) (model, tea.Cmd) {
	leaving := in.key.Type == tea.KeyCtrlC
	if !leaving && (m.tooSmall() || in.at.Before(m.patience)) {
		return m, nil
	}
	table, text := m.keys()
	c, found := table.forKey(in.key, text)
	switch {
	case m.prompt.open() && isCharacter(in.key) && !in.first:
		// It goes on from what was being typed or scanned when the question opened.
		return m, nil
	case leaving:
		return m.act(quit{})
	case found && c.off != "":
		if a, isSign := c.act.(addQty); isSign {
			m.sale.sign = sign{by: a.by, at: m.now}
		}
		return m.say(toneInfo, c.off)
	case found && c.act != nil:
		return m.act(c.act)
	case m.prompt.open(), m.help.open:
		return m, nil
	case m.line.open:
		m.line.line, m.line.choice = m.line.line.typed(in.key), 0
		return m, nil
	}
	return m.toFront(in)
}

// text takes characters that are no shortcuts, to where text goes.
func (m model) text(in input, text string) (model, tea.Cmd) {
	switch {
	case m.tooSmall(), m.help.open:
		return m, nil
	case m.prompt.open() && utf8.RuneCountInString(text) >= minScan:
		return m.keepScan(text)
	case m.prompt.open():
		return m.say(toneWarn, text+" was not taken for an answer: press one letter.")
	case m.line.open:
		m.line.line, m.line.choice = m.line.line.inserted(text), 0
		return m, nil
	case m.place == onSale, m.takesText():
		return m.toFront(in)
	case m.takesAmount():
		return m.say(toneInfo, "An amount is typed key by key, so that a scan is never taken for one.")
	case len(text) > 1 && text[0] == '/':
		m.line = openCommandLine(text[1:])
	}
	return m, nil
}

// scanned takes a scan: into the sale, or aside while a question is open.
func (m model) scanned(in scanned) (model, tea.Cmd) {
	m.line = commandLine{}
	code, isCustomer := m.customerCode(in.text)
	switch {
	case m.prompt.open(), m.tooSmall():
		if in.echoed && m.place == onSale {
			m.sale = m.sale.unechoed()
		}
		return m.keepScan(in.text)
	case m.place == onSale:
		m.help = help{}
		return m.toFront(in)
	case isCustomer && !(m.place == onResult && m.now.Before(m.patience)):
		return m.scannedCustomer(code)
	case m.takesScan():
		return m.toFront(in)
	case in.text[0] == '/':
		return m.act(run{text: in.text[1:]})
	case m.place == onResult && m.result.takesScan() && !m.now.Before(m.patience):
		m.help = help{}
		m, cmd := m.act(leaveResult{})
		if m.place != onSale {
			m, kept := m.keepScan(in.text)
			return m, tea.Batch(cmd, kept)
		}
		in.echoed = false
		m, more := m.toFront(in)
		return m, tea.Batch(cmd, more)
	}
	return m.keepScan(in.text)
}

// keepScan puts a scan aside and says so.
func (m model) keepScan(text string) (model, tea.Cmd) {
	m.sale = m.sale.keep(text)
	return m.say(toneWarn, "Scan kept: "+text+" waits for the entry line.")
}

// say shows a note on the screen in front, where it has a place for one.
func (m model) say(t tone, text string) (model, tea.Cmd) {
	var cmd tea.Cmd
	if m.place == onPay {
		m.pay, cmd = m.pay.say(t, text)
		return m, cmd
	}
	if n, hasNote := m.front().(noting); hasNote {
		s, cmd := n.noted(t, text)
		return m.with(s), cmd
	}
	m.sale, cmd = m.sale.say(t, text)
	return m, cmd
}

// toFront gives a message to the screen in front and does what it asks for.
func (m model) toFront(msg tea.Msg) (model, tea.Cmd) {
	s, a, cmd := m.front().Update(msg)
	return m.with(s).follow(a, cmd)
}

// toSale gives a message to the sale screen, wherever it is. What it asks for
// behind another screen waits until it is in front again.
func (m model) toSale(msg tea.Msg) (tea.Model, tea.Cmd) {
	s, a, cmd := m.sale.Update(msg)
	m = m.with(s)
	if a != nil && m.place != onSale {
		m.sale = m.sale.postponed(a)
		return m, cmd
	}
	return m.follow(a, cmd)
}

// toPay gives a message to the pay screen, wherever it is.
func (m model) toPay(msg tea.Msg) (tea.Model, tea.Cmd) {
	s, a, cmd := m.pay.Update(msg)
	return m.with(s).follow(a, cmd)
}

// follow does what a screen asked for and, on the sale screen, what waits in the
// queue behind that.
func (m model) follow(a action, cmd tea.Cmd) (model, tea.Cmd) {
	cmds := []tea.Cmd{cmd}
	for a != nil {
		m, cmd = m.act(a)
		cmds = append(cmds, cmd)
		if m.place != onSale {
			break
		}
		var s screen
		s, a, cmd = m.sale.proceed()
		m = m.with(s)
		cmds = append(cmds, cmd)
	}
	return m, tea.Batch(cmds...)
}
