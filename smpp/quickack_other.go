//go:build unix && !linux

package smpp

// setQuickAck does nothing where the kernel has no such option.
func setQuickAck(uintptr) {}
