package sandbox_test

func inChild() string          { return "" }
func createUntilKilled(string) {}
