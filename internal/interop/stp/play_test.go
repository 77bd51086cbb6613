//go:build interop

package stp

// play is a process that a test starts, to end it as a crash would.
func play(role string) int { return 2 }
