package pagetest

import (
	"testing"

	"centrapos/api"
	"centrapos/api/sandbox"
)

func (s *shop) connect() *api.Connection {
	s.Helper()
	client, err := api.New(s.server.URL(), api.WithAPIKey(sandbox.DemoAPIKey))
	s.must(err)
	defer client.Close()
	made, _, err := client.Connections.Create(s.Context(), api.CreateConnection{MerchantID: sandbox.DemoMerchantID})
	s.must(err)
	return made
}

// connected is a connection with a wallet, and something to pay.
func (s *shop) connected() *api.Connection {
	s.Helper()
	made := s.connect()
	_, err := s.server.Service().AuthorizeConnection(made.ID, "")
	s.must(err)
	asked := basket()
	asked.ConnectionID = made.ID
	s.ask(asked)
	return made
}

// A customer scans the shop's code once; what the shop asks for then comes up on the
// phone by itself.
func TestConnect(t *testing.T) {
	t.Parallel()
	s, p := openShop(t), take(t)
	made := s.connect()
	p.open(made.URL)
	p.shows("Centrapay Café", "wants to connect to your wallet", "Connecting pays nothing.")
	p.shoot("connect-light")
	p.press("Connect this wallet")
	p.shows("Connected", "Centrapay NZD Test of Aroha is connected to Centrapay Café.", "Nothing has to be paid yet")
	asked := basket()
	asked.ConnectionID = made.ID
	s.ask(asked)
	p.shows("Pay $34.40")
	p.said("asks for $34.40")
	p.shoot("connected-light")
	p.press("Pay $34.40")
	p.shows("Paying as Aroha", "2 × Flat white")
	p.press("Pay $34.40")
	p.shows("Paid $34.40")
}
