//go:build linux && !386

package sctp_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"syscall"
	"testing"

	"github.com/otagate/otagate/ss7/sctp"
)

// received is one return of recvmsg(2).
type received struct {
	b      []byte
	stream uint16
	flags  int
	err    error
}

// sndrcv is a control message SCTP_SNDRCV: header, struct sctp_sndrcvinfo.
func sndrcv(stream uint16) []byte {
	b := make([]byte, syscall.CmsgSpace(32))
	n := syscall.CmsgLen(0)
	if n == 16 {
		binary.NativeEndian.PutUint64(b, uint64(n+32))
	} else {
		binary.NativeEndian.PutUint32(b, uint32(n+32))
	}
	binary.NativeEndian.PutUint32(b[n-8:], 132)
	binary.NativeEndian.PutUint32(b[n-4:], 1)
	binary.NativeEndian.PutUint16(b[n:], stream)
	return b
}

// TestKernelMessageBoundaries: a message is what SCTP says it is. What its
// header claims is M3UA's business: one that claims more than came must not
// take in the messages behind it.
func TestKernelMessageBoundaries(t *testing.T) {
	const eor = syscall.MSG_EOR
	false256 := msg(8, 0)
	false256[6] = 1
	long := msg(1000, 7)
	script := []received{
		{b: false256, stream: 1, flags: eor},
		{b: msg(8, 0), stream: 2, flags: eor},
		{b: long[:400], stream: 3},
		{err: syscall.EINTR},
		{b: long[400:999], stream: 3},
		{b: long[999:], stream: 3, flags: eor},
		{b: msg(2000, 1), stream: 4},
		{b: msg(12, 9), stream: 5, flags: eor},
		{},
	}
	k := sctp.KernelThatReads(func(p, oob []byte) (n, oobn, flags int, err error) {
		r := script[0]
		if script = script[1:]; r.err != nil || r.flags == 0 && len(r.b) == 0 {
			return 0, 0, 0, r.err
		}
		return copy(p, r.b), copy(oob, sndrcv(r.stream)), r.flags, nil
	})
	buf := make([]byte, 2000)
	read := func(want []byte, wantStream uint16, wantErr error) {
		t.Helper()
		n, stream, err := k.ReadMessage(buf)
		if !bytes.Equal(buf[:n], want) || stream != wantStream || err != wantErr {
			t.Errorf("%d octets on stream %d, %v; want %d on %d, %v", n, stream, err, len(want), wantStream, wantErr)
		}
	}
	read(false256, 1, nil)
	read(msg(8, 0), 2, nil)
	read(long, 3, nil)
	read(nil, 0, sctp.ErrBufferTooSmall)
	read(msg(12, 9), 5, nil)
	read(nil, 0, io.EOF)
}
