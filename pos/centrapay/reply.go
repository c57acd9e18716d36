package centrapay

import (
	"errors"

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
	} else {
		reply.Code = string(e.Code)
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

// refusalOf is the service's no, with what it said for people beside the code.
func refusalOf(e *api.Error) pos.Refusal {
	return pos.Refusal{Code: string(e.Code), Status: e.Status, Reason: e.Detail()}
}

// unreadable is the reply for a success whose content the till cannot go by.
func unreadable(meta api.Meta, err error) pos.Reply {
	return pos.Reply{Answer: pos.AnswerUnknown, Detail: "the answer cannot be used: " + err.Error(), Clock: clockOf(meta)}
}

func clockOf(meta api.Meta) pos.Clock {
	return pos.Clock{Sent: meta.SentAt, Received: meta.ReceivedAt, Server: meta.ServerTime}
}
