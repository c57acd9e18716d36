//go:build unix

package cli

import "syscall"

// withoutCore keeps the process from leaving a core file.
func withoutCore() {
	// Where the limit cannot be set it stays as the system has it.
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}
