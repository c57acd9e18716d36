package sandbox

import (
	"fmt"
	"net/http"
	"strconv"

	"centrapos/api"
)

// Refusal is the sandbox saying no, as it says it over HTTP.
type Refusal struct {
	// Status is the HTTP status: 400, 401, 403, 404 or 429.
	Status int
	// Message is a message code such as REQUEST_EXPIRED, or free text.
	Message string
	// Reason is text for people.
	Reason string
	Quotas []api.Quota
	// RetryAfter is in seconds, for status 429.
	RetryAfter int
}

// Error says what was refused.
func (r *Refusal) Error() string {
	text := "refused: " + strconv.Itoa(r.Status) + " " + r.Message
	if r.Reason != "" {
		text += " (" + r.Reason + ")"
	}
	return text
}

// Code returns the message code, "" when the message is free text.
func (r *Refusal) Code() api.Code { return api.CodeOf(r.Message) }

// body is the documented envelope; a 400 has no error member there.
func (r *Refusal) body() api.ErrorBody {
	b := api.ErrorBody{StatusCode: api.Int(r.Status), Message: r.Message, Reason: r.Reason, Quotas: r.Quotas}
	if r.Status != http.StatusBadRequest {
		b.Error = http.StatusText(r.Status)
	}
	return b
}

// denied refuses by a business rule.
func denied(code api.Code) *Refusal {
	return &Refusal{Status: http.StatusForbidden, Message: string(code)}
}

func deniedBecause(code api.Code, reason string) *Refusal {
	r := denied(code)
	r.Reason = reason
	return r
}

// forbidden answers for what is missing and for what may not be seen, alike.
func forbidden() *Refusal { return &Refusal{Status: http.StatusForbidden, Message: "Forbidden"} }

// malformed refuses a call that is not as documented.
func malformed(format string, args ...any) *Refusal {
	return &Refusal{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...)}
}

func required(field string) *Refusal { return malformed("%s is required", field) }
