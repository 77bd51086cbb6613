//go:build linux && !386

package sctp

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/ishidawataru/sctp"
)

// Kernel is an association of the operating system.
type Kernel struct {
	conn    *sctp.SCTPConn
	streams uint16
	recv    recvmsg
	oob     [256]byte // control messages of the read that goes on
	// users holds off the closing of the descriptor while a read or a write
	// is inside the kernel with its number, which could be given out again.
	users  sync.RWMutex
	closed chan struct{}
	once   sync.Once
}

// DialKernel establishes an association. The wait for the peer is bounded by
// five seconds and the deadline of ctx; the kernel cannot be interrupted in
// between.
func DialKernel(ctx context.Context, addr KernelAddr) (*Kernel, error) {
	wait := dialTimeout
	if d, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(d))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	remote := kernelAddr(addr.Remote, addr.RemotePort)
	var local *sctp.SCTPAddr
	if len(addr.Local) > 0 || addr.LocalPort != 0 {
		local = kernelAddr(addr.Local, addr.LocalPort)
	}
	cfg := sctp.SocketConfig{
		InitMsg: sctp.InitMsg{NumOstreams: streams, MaxInstreams: streams},
		Control: func(_, _ string, c syscall.RawConn) error { return sendTimeout(c, wait) },
	}
	conn, err := cfg.Dial(network(addr.Remote), local, remote)
	if err != nil {
		return nil, kernelError("connect to "+remote.String(), err)
	}
	return newKernel(conn)
}

func newKernel(conn *sctp.SCTPConn) (*Kernel, error) {
	k := &Kernel{conn: conn, closed: make(chan struct{}), streams: 1}
	var c syscall.RawConn
	err := conn.SubscribeEvents(sctp.SCTP_EVENT_DATA_IO)
	if err == nil {
		err = noDelay(conn)
	}
	if err == nil {
		c, err = conn.SyscallConn()
	}
	if err == nil {
		err = sendTimeout(c, writeTimeout)
	}
	if err == nil {
		k.recv, err = receiver(c)
	}
	if err != nil {
		return nil, errors.Join(kernelError("set up the association", err), conn.Close())
	}
	if st, err := conn.GetStatus(); err == nil && st.Ostreams > 0 {
		k.streams = st.Ostreams
	}
	return k, nil
}

// noDelay sends every message at once: signalling does not wait for company.
func noDelay(conn *sctp.SCTPConn) error {
	on := int32(1)
	_, _, err := conn.Setsockopt(sctp.SCTP_NODELAY, uintptr(unsafe.Pointer(&on)), unsafe.Sizeof(on))
	runtime.KeepAlive(&on)
	return err
}

// sendTimeout bounds connect and every write, which the library leaves to block.
func sendTimeout(c syscall.RawConn, d time.Duration) error {
	tv := syscall.NsecToTimeval(max(d, time.Millisecond).Nanoseconds())
	var err error
	if cerr := c.Control(func(fd uintptr) {
		err = syscall.SetsockoptTimeval(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDTIMEO, &tv)
	}); cerr != nil {
		return cerr
	}
	return err
}

func network(addrs []netip.Addr) string {
	for _, a := range addrs {
		if a.Is6() && !a.Is4In6() {
			return "sctp"
		}
	}
	if len(addrs) == 0 {
		return "sctp"
	}
	return "sctp4"
}

func kernelAddr(addrs []netip.Addr, port uint16) *sctp.SCTPAddr {
	a := &sctp.SCTPAddr{Port: int(port)}
	for _, ip := range addrs {
		a.IPAddrs = append(a.IPAddrs, net.IPAddr{IP: ip.Unmap().AsSlice(), Zone: ip.Zone()})
	}
	return a
}

func kernelError(what string, err error) error {
	switch {
	case errors.Is(err, syscall.EPROTONOSUPPORT), errors.Is(err, syscall.ESOCKTNOSUPPORT):
		return ErrNoKernel
	case errors.Is(err, syscall.EINPROGRESS), errors.Is(err, syscall.EAGAIN):
		err = os.ErrDeadlineExceeded
	}
	return fmt.Errorf("sctp: %s: %w", what, err)
}

// recvmsg is recvmsg(2) on one descriptor. The library's own keeps back the
// flags, which tell where a message ends.
type recvmsg func(p, oob []byte) (n, oobn, flags int, err error)

func receiver(c syscall.RawConn) (r recvmsg, err error) {
	err = c.Control(func(fd uintptr) {
		r = func(p, oob []byte) (n, oobn, flags int, err error) {
			n, oobn, flags, _, err = syscall.Recvmsg(int(fd), p, oob, 0)
			return n, oobn, flags, err
		}
	})
	return r, err
}

// ReadMessage copies the next message into buf. The kernel may deliver a long
// message in parts and marks the last one.
func (k *Kernel) ReadMessage(buf []byte) (n int, stream uint16, err error) {
	k.users.RLock()
	defer k.users.RUnlock()
	for {
		select {
		case <-k.closed:
			return 0, 0, net.ErrClosed
		default:
		}
		if n == len(buf) {
			return 0, 0, ErrBufferTooSmall
		}
		got, oobn, flags, err := k.recv(buf[n:], k.oob[:])
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return 0, 0, err
		case got == 0 && oobn == 0:
			return 0, 0, io.EOF
		}
		n += got
		if s, told := streamOf(k.oob[:oobn]); told {
			stream = s
		}
		if flags&syscall.MSG_EOR != 0 {
			return n, stream, nil
		}
	}
}

// streamOf finds the stream in struct sctp_sndrcvinfo, which it begins.
func streamOf(oob []byte) (stream uint16, told bool) {
	list, err := syscall.ParseSocketControlMessage(oob)
	if err != nil {
		return 0, false
	}
	for _, m := range list {
		if m.Header.Level == sctp.SOL_SCTP && m.Header.Type == sctp.SCTP_CMSG_SNDRCV && len(m.Data) >= 2 {
			return binary.NativeEndian.Uint16(m.Data), true
		}
	}
	return 0, false
}

// WriteMessage sends one message on a stream.
func (k *Kernel) WriteMessage(b []byte, stream uint16) error {
	k.users.RLock()
	defer k.users.RUnlock()
	for {
		select {
		case <-k.closed:
			return net.ErrClosed
		default:
		}
		_, err := k.conn.SCTPWrite(b, &sctp.SndRcvInfo{Stream: stream, PPID: PPID})
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if errors.Is(err, syscall.EAGAIN) {
			return fmt.Errorf("sctp: write: the peer does not read: %w", os.ErrDeadlineExceeded)
		}
		return err
	}
}

// Streams is the number of outgoing streams that were agreed.
func (k *Kernel) Streams() uint16 { return k.streams }

// Close shuts the association down. Reads and writes in progress return first.
func (k *Kernel) Close() error { return k.end(func(int) {}) }

// Abort ends the association without waiting for the peer to take what is on
// its way. After Close the kernel does wait, for minutes when the peer is gone,
// and our port stays in use as long.
func (k *Kernel) Abort() error {
	return k.end(func(fd int) {
		// A refusal would leave what Close does.
		_ = syscall.SetsockoptLinger(fd, syscall.SOL_SOCKET, syscall.SO_LINGER, &syscall.Linger{Onoff: 1})
	})
}

func (k *Kernel) end(prepare func(fd int)) error {
	err := net.ErrClosed
	k.once.Do(func() {
		close(k.closed)
		if c, cerr := k.conn.SyscallConn(); cerr == nil {
			_ = c.Control(func(fd uintptr) {
				prepare(int(fd))
				_ = syscall.Shutdown(int(fd), syscall.SHUT_RDWR)
			})
		}
		k.users.Lock()
		defer k.users.Unlock()
		err = k.conn.Close()
	})
	return err
}

// LocalAddr is our end with all its addresses.
func (k *Kernel) LocalAddr() net.Addr { return k.conn.LocalAddr() }

// RemoteAddr is the peer's end with all its addresses.
func (k *Kernel) RemoteAddr() net.Addr { return k.conn.RemoteAddr() }

// KernelListener accepts associations of the operating system.
type KernelListener struct {
	ln *sctp.SCTPListener
	// socket is ln's, on the runtime's poller: an accept that blocks in the
	// kernel goes on after the descriptor is closed.
	socket *os.File
	closed atomic.Bool
}

// ListenKernel listens on the local half of addr.
func ListenKernel(addr KernelAddr) (*KernelListener, error) {
	cfg := sctp.SocketConfig{InitMsg: sctp.InitMsg{NumOstreams: streams, MaxInstreams: streams}}
	local := kernelAddr(addr.Local, addr.LocalPort)
	ln, err := cfg.Listen(network(addr.Local), local)
	if err != nil {
		return nil, kernelError("listen on "+local.String(), err)
	}
	socket, err := pollable(ln)
	if err != nil {
		return nil, errors.Join(kernelError("listen on "+local.String(), err), ln.Close())
	}
	return &KernelListener{ln: ln, socket: socket}, nil
}

// pollable is the socket of ln, not blocking, as a file of its own.
func pollable(ln *sctp.SCTPListener) (*os.File, error) {
	c, err := ln.SyscallConn()
	if err != nil {
		return nil, err
	}
	var socket *os.File
	if cerr := c.Control(func(fd uintptr) {
		n, _, errno := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, 0)
		if errno != 0 {
			err = errno
			return
		}
		if err = syscall.SetNonblock(int(n), true); err == nil {
			socket = os.NewFile(n, "sctp listener")
		} else {
			_ = syscall.Close(int(n))
		}
	}); cerr != nil {
		return nil, cerr
	}
	return socket, err
}

// Accept waits for the next association.
func (l *KernelListener) Accept() (*Kernel, error) {
	for {
		fd, err := l.accept()
		switch {
		case errors.Is(err, syscall.EINTR), errors.Is(err, syscall.ECONNABORTED):
			continue
		case err != nil && l.closed.Load(): // the error of the file's poller has no name
			return nil, net.ErrClosed
		case err != nil:
			return nil, kernelError("accept", err)
		}
		return newKernel(sctp.NewSCTPConn(fd, nil))
	}
}

func (l *KernelListener) accept() (fd int, err error) {
	c, err := l.socket.SyscallConn()
	if err != nil {
		return 0, err
	}
	var aerr error
	err = c.Read(func(s uintptr) bool {
		fd, _, aerr = syscall.Accept4(int(s), syscall.SOCK_CLOEXEC)
		return !errors.Is(aerr, syscall.EAGAIN)
	})
	if err != nil {
		return 0, err
	}
	return fd, aerr
}

// Close stops listening; associations that were accepted stay.
func (l *KernelListener) Close() error {
	if l.closed.Swap(true) {
		return net.ErrClosed
	}
	return errors.Join(l.socket.Close(), l.ln.Close())
}

// Addr is where it listens.
func (l *KernelListener) Addr() net.Addr { return l.ln.Addr() }
