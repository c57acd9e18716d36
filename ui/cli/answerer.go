package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"centrapos/pos"
	"centrapos/ui/widget"
)

// answerMode is how payment conditions are answered (--on-condition).
type answerMode string

const (
	answerAsk     answerMode = "ask"
	answerAccept  answerMode = "accept"
	answerDecline answerMode = "decline"
)

// maxAnswers bounds how often a condition is answered by itself when the service
// keeps refusing the answer.
const maxAnswers = 3

// answerer answers payment conditions, by asking where it is to ask.
type answerer struct {
	mode  answerMode
	in    io.Reader
	out   io.Writer // where questions go
	grace time.Duration

	answers map[string]int // answers given, by condition
	asking  pos.Condition  // the open question; no ID for none
	askedAt time.Time
	input   chan string
}

// see looks whether a condition wants an answer.
func (a *answerer) see(op *pos.Operation, s pos.State) {
	if a == nil {
		return
	}
	waiting := a.waiting(s)
	if a.asking.ID != "" && (len(waiting) == 0 || waiting[0].ID != a.asking.ID) {
		fmt.Fprintln(a.out, "No answer is needed any more.")
		a.asking = pos.Condition{}
	}
	if len(waiting) == 0 || a.asking.ID != "" {
		return
	}
	c := waiting[0]
	switch a.mode {
	case answerAccept, answerDecline:
		if a.answers[c.ID] < maxAnswers {
			a.give(op, c, a.mode == answerAccept)
		}
	case answerAsk:
		a.ask(c)
	}
}

// waiting are the conditions that staff must answer and that have not been
// answered; an answer that has not been taken in yet counts.
func (a *answerer) waiting(s pos.State) []pos.Condition {
	var out []pos.Condition
	for _, c := range s.PendingConditions() {
		taken := 0
		for _, d := range s.Record.Decisions {
			if d.ConditionID == c.ID {
				taken++
			}
		}
		if a.answers[c.ID] <= taken {
			out = append(out, c)
		}
	}
	return out
}

func (a *answerer) give(op *pos.Operation, c pos.Condition, accept bool) {
	if a.answers == nil {
		a.answers = map[string]int{}
	}
	a.answers[c.ID]++
	a.asking = pos.Condition{}
	word := "declined"
	if accept {
		word = "accepted"
	}
	fmt.Fprintf(a.out, "Check: %s - %s\n", widget.Clean(c.Message), word)
	op.Answer(c.ID, accept)
}

// ask puts a question. Only the letters answer it: a scanner ends with Enter and
// types digits.
func (a *answerer) ask(c pos.Condition) {
	a.asking, a.askedAt = c, time.Now()
	fmt.Fprintf(a.out, "Check: %s - accept? Type y or n: ", widget.Clean(c.Message))
	if a.input == nil {
		a.input = make(chan string)
		go readLines(a.in, a.input)
	}
}

// readLines passes on what is typed, line by line, until there is no more.
func readLines(in io.Reader, to chan<- string) {
	defer close(to)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		to <- lines.Text()
	}
}

// lines is what is being typed; nil before the first question.
func (a *answerer) lines() <-chan string {
	if a == nil {
		return nil
	}
	return a.input
}

// typed takes a line as the answer to the open question, if it is one. Where
// there is nobody to ask any more, conditions are declined.
func (a *answerer) typed(op *pos.Operation, line string, more bool) {
	switch {
	case !more:
		fmt.Fprintln(a.out, "Nobody is there to ask.")
		a.mode, a.input = answerDecline, nil
		a.asking = pos.Condition{}
		return
	case a.asking.ID == "" || time.Since(a.askedAt) < a.grace:
		return
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		a.give(op, a.asking, true)
	case "n", "no":
		a.give(op, a.asking, false)
	default:
		fmt.Fprint(a.out, "Type y or n: ")
	}
}
