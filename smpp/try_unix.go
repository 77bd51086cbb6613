//go:build unix

package smpp

import "syscall"

// tryWriter writes to a socket without waiting for it. Its closures are made
// once, so that a write does not allocate; the connection lets one goroutine
// at a time use it.
type tryWriter struct {
	raw   syscall.RawConn
	b     []byte
	n     int
	fn    func(fd uintptr) bool
	quick func(fd uintptr)
}

func (t *tryWriter) init(sc syscall.Conn) {
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	t.raw = raw
	t.fn = func(fd uintptr) bool {
		for {
			n, err := syscall.Write(int(fd), t.b)
			if err == syscall.EINTR {
				continue
			}
			// An error shows again when the writer takes over what is left.
			t.n = max(n, 0)
			return true
		}
	}
	t.quick = setQuickAck
}

func (t *tryWriter) ready() bool { return t.raw != nil }

// write returns the number of octets that the socket took.
func (t *tryWriter) write(b []byte) int {
	t.b, t.n = b, 0
	if err := t.raw.Write(t.fn); err != nil {
		return 0
	}
	t.b = nil
	return t.n
}

func (t *tryWriter) quickAck() {
	if t.raw != nil {
		// Only a hint to the kernel: its failure changes nothing.
		_ = t.raw.Control(t.quick)
	}
}
