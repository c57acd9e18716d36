package centrapay

import (
	"errors"
	"net/http"
	"strings"

	"centrapos/api"
	"centrapos/pos"
)

// replyOf tells how a call ended in the payment rules' terms.
func replyOf(meta api.Meta, err error) pos.Reply {
	reply := pos.Reply{Answer: answerOf(api.OutcomeOf(err)), Clock: clockOf(meta)}
	if err == nil {
		return reply
	}
	reply.Detail = err.Error()
	var e *api.Error
	if !errors.As(err, &e) {
		return reply
	}
	reply.RetryAfter = e.RetryAfter
	if reply.Answer == pos.AnswerRefused {
		reply.Refusal = refusalOf(e)
	}
	return reply
}

// answerOf turns an outcome into an answer. Whatever is not one of the definite
// outcomes is unknown.
func answerOf(o api.Outcome) pos.Answer {
	switch o {
	case api.Done:
		return pos.AnswerDone
	case api.Refused:
		return pos.AnswerRefused
	case api.NotSent:
		return pos.AnswerNotSent
	case api.Unknown:
		return pos.AnswerUnknown
	default:
		return pos.AnswerUnknown
	}
}

// refusalOf is the service's no. Where its message is free text, the code is
// the one the service uses for that status, and the text becomes the reason.
func refusalOf(e *api.Error) pos.Refusal {
	refusal := pos.Refusal{Code: string(e.Code), Status: e.Status, Reason: e.Reason}
	if refusal.Code == "" {
		refusal.Code = strings.ToUpper(strings.ReplaceAll(http.StatusText(e.Status), " ", "_"))
		if refusal.Reason == "" {
			refusal.Reason = e.Message
		}
	}
	if refusal.Code == "" {
		refusal.Code = "REFUSED"
	}
	return refusal
}

// unreadable is the reply for a success whose content the till cannot go by.
func unreadable(meta api.Meta, err error) pos.Reply {
	return pos.Reply{Answer: pos.AnswerUnknown, Detail: "the answer cannot be used: " + err.Error(), Clock: clockOf(meta)}
}

func clockOf(meta api.Meta) pos.Clock {
	return pos.Clock{Sent: meta.SentAt, Received: meta.ReceivedAt, Server: meta.ServerTime}
}
