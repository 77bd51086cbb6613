package smpp

import "syscall"

// setQuickAck makes the kernel acknowledge what was received now. Linux falls
// back to delayed acknowledgements by itself, so that it has to be said again.
func setQuickAck(fd uintptr) {
	_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
}
