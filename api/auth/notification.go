package auth

import (
	"encoding/json"
	"fmt"

	"centrapos/api"
)

// NotificationType says what a notification is about. New types must be
// expected.
type NotificationType string

// The documented types. Source: Centrapay docs, notifications.
const (
	NotificationPaid            NotificationType = "payment-request:paid"
	NotificationRefundInitiated NotificationType = "payment-request:refund-initiated"
	NotificationRefundCompleted NotificationType = "payment-request:refund-completed"
)

// Notification is what a webhook brings. Source: Centrapay docs, notifications.
type Notification struct {
	// ID tells repeats: a notification may come more than once.
	ID string
	// Type is what the notification is about; unknown types are passed on.
	Type NotificationType
	// Data is what happened to a payment request; nil when the data is of another
	// kind, which types that are not documented yet may bring.
	Data *api.PaymentActivity
	// RawData is the data as it came.
	RawData json.RawMessage
	// AccountID is the account that is told.
	AccountID string
	// Test says that no real money is concerned.
	Test bool
	// CreatedAt is when the service made the notification, not when the event was.
	CreatedAt api.Timestamp
}

// notificationWire is the wire form of a notification.
type notificationWire struct {
	ID        api.Text        `json:"id"`
	Type      api.Text        `json:"type"`
	Data      json.RawMessage `json:"data,omitempty"`
	AccountID api.Text        `json:"accountId,omitempty"`
	Test      api.Bool        `json:"test"`
	CreatedAt api.Timestamp   `json:"createdAt,omitzero"`
}

// UnmarshalJSON reads a notification. Data that is no payment activity does not
// fail it.
func (n *Notification) UnmarshalJSON(data []byte) error {
	var w notificationWire
	if err := json.Unmarshal(data, &w); err != nil {
		return fmt.Errorf("decode notification: %w", err)
	}
	*n = Notification{
		ID: string(w.ID), Type: NotificationType(w.Type), RawData: w.Data,
		AccountID: string(w.AccountID), Test: bool(w.Test), CreatedAt: w.CreatedAt,
	}
	activity := new(api.PaymentActivity)
	if json.Unmarshal(w.Data, activity) == nil && activity.Type != "" {
		n.Data = activity
	}
	return nil
}

// MarshalJSON writes a notification in the form in which the service sends it,
// so that a service can be built from it.
func (n Notification) MarshalJSON() ([]byte, error) {
	w := notificationWire{
		ID: api.Text(n.ID), Type: api.Text(n.Type), Data: n.RawData,
		AccountID: api.Text(n.AccountID), Test: api.Bool(n.Test), CreatedAt: n.CreatedAt,
	}
	if len(w.Data) == 0 && n.Data != nil {
		data, err := json.Marshal(n.Data)
		if err != nil {
			return nil, err
		}
		w.Data = data
	}
	return json.Marshal(w)
}
