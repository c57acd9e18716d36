package sandbox

// legacyRoutes are the endpoints of the first generation, requests.*.
func legacyRoutes() []route { return nil }
