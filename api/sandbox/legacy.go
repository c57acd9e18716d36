package sandbox

// legacyRoutes are the endpoints of the first generation, requests.*.
func legacyRoutes() []route { return nil }

// legacyAsked is what a request of the first generation was created with beyond
// what the second knows.
type legacyAsked struct {
	NotifyURL   string `json:"notifyUrl,omitempty"`
	Description string `json:"description,omitempty"`
}
