package ui

import tea "github.com/charmbracelet/bubbletea"

// priceMenu is F8: what can be done to prices. Each answer makes the entry line ready
// for it to be typed, where it is shown before anything happens.
func (m model) priceMenu() (model, tea.Cmd) {
	line, there := m.sale.current()
	if why := m.sale.unchangeable(); why != "" || !there {
		return m.say(toneInfo, why)
	}
	answers := commands{
		{keys: letter("P", "Sell it at another price"), act: fillLine{name: editPrice.name()}},
		{keys: letter("D", "A discount on it"), act: fillLine{name: editDiscount.name()}},
		{keys: letter("B", "A discount on the whole basket"), act: fillLine{name: editDiscountAll.name()}},
	}
	if line.Off != nil {
		answers = append(answers, command{keys: letter("X", "No discount on it any more"),
			act: editBasket{what: editDiscount, text: takeOff}})
	}
	if n := len(m.sale.basket.Discounts()); n > 0 {
		answers = append(answers, command{keys: letter("T", "Take the latest discount of the basket away"),
			act: editBasket{what: editDiscountAll, text: takeOff}})
	}
	m.prompt = prompt{
		kind: promptPrice, title: "Price", answers: answers,
		text:   describe(line.Name, line.Qty, line.Each, line.Unit),
		advice: "What it comes to is shown before anything is changed.",
	}
	return m, nil
}
