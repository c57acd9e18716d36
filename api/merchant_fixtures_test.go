package api

// merchantModel returns the model that an answer of the named endpoint decodes
// into, for merchants, codes, connections and accounts; nil for others.
func merchantModel(string) any { return nil }
