package sandbox

// bankRoutes are the endpoints of bank accounts and bank authorities.
func bankRoutes() []route { return nil }
