package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"centrapos/pos"
	"centrapos/ui/screentest"
	"centrapos/ui/theme"
)

// anAfternoon is what was sold and given back before a scene.
type anAfternoon struct{ entries map[pos.OpID][]pos.Entry }

func (a anAfternoon) list() []pos.Summary {
	var out []pos.Summary
	for _, op := range []pos.OpID{"refund1", "sale3", "sale2", "sale1"} {
		out = append(out, pos.Replay(a.entries[op]).Summary(op))
	}
	return out
}

func (a anAfternoon) Search(_ context.Context, q RecordQuery) ([]pos.Summary, error) {
	return summaries(a.list(), func(s pos.Summary) bool {
		return (q.Kind == "" || s.Kind == q.Kind) && strings.Contains(s.ShortCode+s.ExternalRef, q.Words)
	}), nil
}

func (a anAfternoon) Named(_ context.Context, key string) ([]pos.Summary, error) {
	return summaries(a.list(), func(s pos.Summary) bool { return s.RequestID == key || s.ShortCode == key }), nil
}

func (a anAfternoon) Entries(_ context.Context, op pos.OpID) ([]pos.Entry, error) {
	return a.entries[op], nil
}

func (a anAfternoon) Request(_ context.Context, key string) (pos.Request, pos.Reply) {
	for _, each := range a.list() {
		if each.RequestID == key && each.Kind == pos.KindSale {
			return pos.Replay(a.entries[each.Op]).Request, done
		}
	}
	return pos.Request{}, pos.Reply{Answer: pos.AnswerRefused, Refusal: pos.Refusal{Code: "FORBIDDEN", Status: 403}}
}

func (a anAfternoon) Activities(_ context.Context, id string) ([]pos.Activity, pos.Reply) {
	all := []pos.Activity{
		{ID: "2", Type: pos.ActivityPaid, CreatedAt: noon.Add(-50 * time.Minute), Value: cents(2300)},
		{ID: "1", Type: pos.ActivityPayment, CreatedAt: noon.Add(-50 * time.Minute), Value: cents(2300), ShortCode: "CP-B2B-002"},
		{ID: "0", Type: pos.ActivityRequest, CreatedAt: noon.Add(-51 * time.Minute), Value: cents(2300), ShortCode: "CP-B2B"},
	}
	if id == "req2" {
		all = append([]pos.Activity{{ID: "3", Type: pos.ActivityRefund, CreatedAt: noon.Add(-20 * time.Minute), Value: cents(600), ShortCode: "CP-B2B-003", ExternalRef: "TILL1-BACK"}}, all...)
	}
	return all, done
}

func afternoon() anAfternoon {
	a := anAfternoon{entries: map[pos.OpID][]pos.Entry{}}
	sale := func(op, id, code string, ago time.Duration, sum int64, lines ...pos.LineItem) pos.Request {
		at := noon.Add(-ago)
		made := pos.Request{ID: id, ShortCode: code, Status: pos.StatusNew, Value: cents(sum), CreatedAt: at, ExternalRef: "TILL1-" + id}
		a.entries[pos.OpID(op)] = []pos.Entry{
			{At: at, Fact: pos.Opened{Kind: pos.KindSale, Service: "test", Sale: &pos.Sale{Amount: cents(sum), ExternalRef: "TILL1-" + id, Lines: lines}}},
			{At: at.Add(time.Second), Fact: pos.Adopted{Request: made}},
		}
		return made
	}
	end := func(op string, ago time.Duration, facts ...pos.Fact) {
		for _, f := range facts {
			a.entries[pos.OpID(op)] = append(a.entries[pos.OpID(op)], pos.Entry{At: noon.Add(-ago), Fact: f})
		}
	}
	for op, made := range map[string]pos.Request{
		"sale1": sale("sale1", "req1", "CP-A1A", 30*time.Hour, 1100),
		"sale2": sale("sale2", "req2", "CP-B2B", 51*time.Minute, 2300, pos.LineItem{Name: "Flat white", Qty: dec("2"), Price: dec("1100"), SKU: "FW"},
			pos.LineItem{Name: "Cheese scone", Qty: dec("2"), Price: dec("1200"), SKU: "CS"}),
	} {
		made.Status, made.PaidBy = pos.StatusPaid, []pos.Tender{{AssetType: "centrapay.nzd.main", Description: "Centrapay NZD", Total: made.Value}}
		end(op, 50*time.Minute, pos.Noted{Request: made}, pos.Ended{Outcome: pos.OutcomePaid})
	}
	made := sale("sale3", "req3", "CP-C3C", 30*time.Minute, 550)
	made.Status, made.CancellationReason = pos.StatusCancelled, "CANCELLED_BY_PATRON"
	end("sale3", 29*time.Minute, pos.Noted{Request: made}, pos.Ended{Outcome: pos.OutcomeCancelled})
	back := pos.Refund{Target: pos.Target{RequestID: "req2", ShortCode: "CP-B2B", Value: cents(2300)}, Value: cents(600), ExternalRef: "TILL1-BACK",
		Lines: []pos.LineItem{{Name: "Cheese scone", Qty: dec("1"), Price: dec("600"), SKU: "CS"}}}
	end("refund1", 21*time.Minute, pos.Opened{Kind: pos.KindRefund, Service: "test", Refund: &back}, pos.ActionSent{})
	end("refund1", 20*time.Minute, pos.ActionDone{Activity: pos.Activity{Type: pos.ActivityRefund, Value: cents(600), ShortCode: "CP-B2B-003"}}, pos.Ended{Outcome: pos.OutcomeRefunded})
	return a
}

// knowing lets a scene look up the afternoon.
func knowing(play func(d *desk)) func(d *desk) {
	return func(d *desk) {
		d.m.work.records = afternoon()
		l := *d.m.look
		l.records = true
		d.m = d.m.withLook(&l)
		d.m.prefs = Preferences{Theme: "dark", Bell: true, ScanGap: 60 * time.Millisecond}
		d.m.themes = themes{names: []string{"dark", "light"}, of: func(string) *theme.Styles { return l.styles }}
		d.m.work.refund = func(context.Context, pos.Refund) (operation, error) { return d.work.op, nil }
		play(d)
		d.pass(time.Second)
	}
}

// moreScenes are the screens behind the menu.
var moreScenes = map[string]func(d *desk){
	"more":     knowing(func(d *desk) { d.press("f3") }),
	"settings": knowing(func(d *desk) { d.press("f3", "s", "down") }),
	"history":  knowing(func(d *desk) { d.press("f3", "h", "down") }),
	"history narrowed": knowing(func(d *desk) {
		d.press("f3", "h")
		d.write("B2B")
	}),
	"story":          knowing(func(d *desk) { d.press("f3", "h", "down", "down", "enter") }),
	"refund finding": knowing(func(d *desk) { d.press("f3", "r") }),
	"refund":         knowing(func(d *desk) { d.press("f3", "r"); d.scan("CP-B2B"); d.press("down", "+") }),
	"refund by amount": knowing(func(d *desk) {
		d.press("f3", "r")
		d.scan("CP-B2B")
		d.press("9", "9")
	}),
	"refund asked": knowing(func(d *desk) { d.press("f3", "r"); d.scan("CP-B2B"); d.press("down", "+", "enter") }),
	"refund sent": knowing(func(d *desk) {
		d.press("f3", "r")
		d.scan("CP-B2B")
		back := pos.Refund{Target: pos.Target{RequestID: "req2", ShortCode: "CP-B2B"}, Value: cents(600), ExternalRef: "TILL1-BACK2"}
		st, _ := pos.Step(pos.State{Op: "back"}, d.m.clock(), pos.Begun{Intent: pos.Opened{Kind: pos.KindRefund, Service: "test", Refund: &back}})
		d.work.op = newFakeOp(d.work, st)
		d.press("down", "+", "enter", "y")
	}),
	"refund not there": knowing(func(d *desk) { d.press("f3", "r"); d.scan("CP-NOT-HER") }),
	"late payment": knowing(func(d *desk) {
		rungUp(d)
		late := pos.Replay(afternoon().entries["sale3"])
		late.Outcome, late.Late = pos.OutcomePaidLate, []pos.Request{{ID: "req3", ShortCode: "CP-C3C", Status: pos.StatusPaid, Value: cents(550)}}
		d.send(cameLate{payment: pos.LatePayment{Op: "sale3", Record: late}})
	}),
	"tender": knowing(func(d *desk) { rungUp(d); d.press("f12", "5", "c", "y", "9") }),
	"tender cash": knowing(func(d *desk) {
		rungUp(d)
		d.press("f12", "5", "0", "c")
	}),
	"tender done": knowing(func(d *desk) { rungUp(d); d.press("f12", "5", "0", "c", "y") }),
	"held": knowing(func(d *desk) {
		d.m.sale.drafts.held = []pos.BasketSummary{
			{ID: "b1", Name: "Table 4", Lines: 3, Total: cents(4250), ChangedAt: noon.Add(-time.Hour), ChangedBy: "Mia", Till: "till-1"},
			{ID: "b2", Name: "Wētā Workshop", Lines: 12, Total: cents(123450), Paid: cents(2000), ChangedAt: noon.Add(-30 * time.Hour), ChangedBy: "Sam", Till: "till-2", Customer: "4711"},
		}
		d.m, _ = d.m.open(onHeld)
		d.send()
	}),
}

func TestMoreScreens(t *testing.T) {
	t.Parallel()
	for name, play := range moreScenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctestEach(t, play)
		})
	}
}

// The screens read the same in every theme, and their colours are those of the golden
// files: green for what is paid, and for nothing else.
func TestThemes(t *testing.T) {
	t.Parallel()
	all := map[string]func(d *desk){"result paid": scenes["result paid"], "pay not known": scenes["pay not known"]}
	for _, name := range []string{"settings", "history", "refund", "refund asked", "late payment", "tender"} {
		all[name] = moreScenes[name]
	}
	for name, play := range all {
		for _, tokens := range []theme.Tokens{theme.Dark(), theme.Light()} {
			var reads, drawn string
			driven(t, func(d *desk) {
				play(d)
				reads, drawn = d.screen(), d.m.View()
			}, func(c *Config) { c.Styles = styles(termenv.ANSI256, tokens) })
			t.Run(name+"/"+tokens.Name, func(t *testing.T) { screentest.GoldenText(t, visible(drawn)) })
			driven(t, func(d *desk) {
				d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
				play(d)
				if d.screen() != reads {
					t.Errorf("%s reads otherwise in %s", name, tokens.Name)
				}
			})
		}
	}
}

// visible writes escape sequences so that a golden file can be read.
func visible(text string) string { return strings.ReplaceAll(text, "\x1b", "␛") }
