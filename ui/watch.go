package ui

import (
	"slices"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"centrapos/pos"
)

// This file keeps count of what is unfinished.

// openElsewhere are the operations that are not closed, but for the payment staff
// are looking at.
func (m model) openElsewhere() []pos.Summary {
	front := pos.OpID("")
	if held, there := m.payments.attempt(m.frontAttempt()); there {
		front = held.now.id
	}
	listed := slices.DeleteFunc(slices.Clone(m.listed), func(each pos.Summary) bool {
		return slices.Contains(m.closed, each.Op)
	})
	return m.payments.unfinishedOf(listed, front)
}

// refreshed brings the screens up to date with what is unfinished.
func (m model) refreshed() model {
	list := m.openElsewhere()
	m.sale.unfinished = len(list)
	m.unfinished = m.unfinished.with(list, m.payments, m.listTrouble)
	m.unfinished.news, m.unfinished.lates = m.sale.news, len(m.lates)
	return m
}

// unfinishedListed takes a listing, and sets the next one.
func (m model) unfinishedListed(msg unfinishedListed) (tea.Model, tea.Cmd) {
	if msg.id != m.listID {
		return m, nil
	}
	m.listID++
	m.listTrouble = ""
	if msg.err != nil {
		m.listTrouble = msg.err.Error()
	} else {
		m.listed = msg.list
	}
	return m.refreshed(), after(listEvery, unfinishedDue{id: m.listID})
}

func itoa(n int) string { return strconv.Itoa(n) }
