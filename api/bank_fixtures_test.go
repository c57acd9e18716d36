package api

// bankModel returns the model that an answer of the named endpoint decodes into,
// for bank accounts and authorities; nil for others.
func bankModel(string) any { return nil }
