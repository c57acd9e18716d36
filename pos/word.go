package pos

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// This file holds a person's word: how an operation is ended that the till can
// find out nothing more of, by somebody who has asked Centrapay.

// Verdict is what Centrapay told a person of an operation.
type Verdict string

// The verdicts: two for each kind of operation that can need a person.
const (
	// VerdictPaid and VerdictUnpaid are of a sale.
	VerdictPaid   Verdict = "paid"
	VerdictUnpaid Verdict = "unpaid"
	// VerdictRefunded and VerdictNotRefunded are of a refund.
	VerdictRefunded    Verdict = "refunded"
	VerdictNotRefunded Verdict = "not-refunded"
	// VerdictConfirmed and VerdictNotConfirmed are of a confirmation.
	VerdictConfirmed    Verdict = "confirmed"
	VerdictNotConfirmed Verdict = "not-confirmed"
)

// Verdicts gives the verdicts there can be on a kind of operation, the one by which
// money moved first; none for kinds that the till always settles by itself.
func (k Kind) Verdicts() []Verdict {
	switch k {
	case KindSale:
		return []Verdict{VerdictPaid, VerdictUnpaid}
	case KindRefund:
		return []Verdict{VerdictRefunded, VerdictNotRefunded}
	case KindConfirm:
		return []Verdict{VerdictConfirmed, VerdictNotConfirmed}
	case KindVoid, KindRelease:
	}
	return nil
}

// on reports whether there can be this verdict on a kind of operation, and whether
// it says that money moved.
func (v Verdict) on(k Kind) (moved, fits bool) {
	for i, each := range k.Verdicts() {
		if each == v {
			return i == 0, true
		}
	}
	return false, false
}

// Limits of what a person says, in characters.
const (
	maxBy   = 60
	maxNote = 500
)

// Word is a person's word on how an operation ended. When it was given is the time
// of its entry.
type Word struct {
	Verdict Verdict `json:"verdict"`
	By      string  `json:"by"`   // who asked Centrapay, as staff know them
	Note    string  `json:"note"` // what was said, and by whom
}

// Check gives an InputError when the word is not one on a kind of operation, or
// when who gave it or what was said is missing or too long.
func (w Word) Check(kind Kind) error {
	bad := func(problem, remedy string) error {
		return &InputError{Code: CodeInvalidWord, Problem: problem, Remedy: remedy}
	}
	if _, fits := w.Verdict.on(kind); !fits {
		can := kind.Verdicts()
		if len(can) == 0 {
			return bad(fmt.Sprintf("a %s is never settled by hand", kind), "the till finishes it by itself")
		}
		return bad(fmt.Sprintf("a %s does not end as %q", kind, w.Verdict), fmt.Sprintf("say %s or %s", can[0], can[1]))
	}
	switch {
	case strings.TrimSpace(w.By) == "":
		return bad("nobody says so", "give the name of whoever asked Centrapay")
	case strings.TrimSpace(w.Note) == "":
		return bad("it is not said why", "write down what Centrapay said, and who said it")
	case utf8.RuneCountInString(w.By) > maxBy:
		return bad("the name is too long", fmt.Sprintf("give at most %d characters", maxBy))
	case utf8.RuneCountInString(w.Note) > maxNote:
		return bad("the note is too long", fmt.Sprintf("give at most %d characters", maxNote))
	}
	return nil
}

// WordGiven says that a person settled the operation by hand.
type WordGiven struct {
	Word
}

// FactName implements Fact.
func (WordGiven) FactName() string { return "word-given" }

// PersonSaid is a person's word on an operation that needs one. Where the till can
// still find out by itself, it changes nothing.
type PersonSaid struct{ Word Word }

func (PersonSaid) isEvent() {}

// personSaid ends the operation by a person's word, if it needs one.
func (t *step) personSaid(w Word) {
	kind := t.s.Record.Kind
	moved, fits := w.Verdict.on(kind)
	if !fits || !t.s.NeedsPerson(t.at) {
		return
	}
	t.note(WordGiven{Word: w})
	t.s.Live.inDoubt = false
	switch {
	case kind == KindSale && moved:
		t.writeOff("a person has asked Centrapay")
		t.end(t.s.Record.outcomeByWord(), nil, "")
	case kind == KindSale:
		t.writeOff("a person has asked Centrapay")
		t.end(OutcomeNotMade, nil, "by the word of "+w.By)
	case !moved && !t.s.Record.Action.judged():
		t.end(OutcomeNotMade, nil, "by the word of "+w.By)
	case !moved:
		t.end(OutcomeRefused, t.s.Record.Action.Refusal, "")
	case kind == KindConfirm:
		t.end(OutcomeConfirmed, nil, "")
	default:
		t.end(OutcomeRefunded, nil, "")
	}
}

// outcomeByWord is the outcome of a sale that a person says is paid.
func (r Record) outcomeByWord() Outcome {
	if r.Sale.PreAuth {
		return OutcomeAuthorized
	}
	return OutcomePaid
}
