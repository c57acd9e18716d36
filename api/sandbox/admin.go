package sandbox

// adminState is what the sandbox keeps beside payment requests. It is written to
// the file of WithFile as JSON.
type adminState struct{}

// clone is a copy that can be changed while the original stays as it is.
func (a adminState) clone() adminState { return a }
