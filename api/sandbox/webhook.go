package sandbox

// notify is told, outside the store's lock, of each request that a transaction
// changed: before is nil for a new one. Neither may be changed.
func (s *Service) notify(before, after *request) {}
