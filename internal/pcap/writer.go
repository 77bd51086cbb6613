package pcap

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"sync"
	"time"
)

const (
	magicNano    = 0xa1b23c4d
	snapLen      = 262144
	linkEthernet = 1
)

var errClosed = errors.New("pcap: the writer is closed")

// Writer writes one capture file. Its methods may be called at the same time.
// The first error stops it and is what Flush and Close return, so that a tap
// need not look at every message.
type Writer struct {
	mu  sync.Mutex
	out *bufio.Writer
	err error
	tcp map[path]*tcpHalf
	sct map[path]*sctpHalf
	buf []byte
	id  uint16
}

// path is one direction between two endpoints.
type path struct{ from, to netip.AddrPort }

func (p path) back() path { return path{p.to, p.from} }

// New starts a capture file on w. Close does not close w.
func New(w io.Writer) *Writer {
	p := &Writer{
		out: bufio.NewWriter(w),
		tcp: make(map[path]*tcpHalf),
		sct: make(map[path]*sctpHalf),
	}
	h := binary.LittleEndian.AppendUint32(nil, magicNano)
	h = binary.LittleEndian.AppendUint16(h, 2)
	h = binary.LittleEndian.AppendUint16(h, 4)
	h = append(h, make([]byte, 8)...) // time zone and accuracy, always 0
	h = binary.LittleEndian.AppendUint32(h, snapLen)
	h = binary.LittleEndian.AppendUint32(h, linkEthernet)
	p.write(h)
	return p
}

// Flush hands what was written to the underlying writer.
func (p *Writer) Flush() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.flush()
}

// Close flushes. What comes after it is an error.
func (p *Writer) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	err := p.flush()
	p.fail(errClosed)
	return err
}

func (p *Writer) flush() error {
	if p.err != nil {
		return p.err
	}
	p.fail(p.out.Flush())
	return p.err
}

func (p *Writer) fail(err error) {
	if p.err == nil && err != nil {
		p.err = err
	}
}

func (p *Writer) write(b []byte) {
	if p.err != nil {
		return
	}
	_, err := p.out.Write(b)
	p.fail(err)
}

// packet writes the frame in p.buf as one record.
func (p *Writer) packet(at time.Time) {
	if len(p.buf) > snapLen {
		p.fail(fmt.Errorf("pcap: a frame of %d octets", len(p.buf)))
		return
	}
	var h [16]byte
	binary.LittleEndian.PutUint32(h[0:], uint32(at.Unix()))
	binary.LittleEndian.PutUint32(h[4:], uint32(at.Nanosecond()))
	binary.LittleEndian.PutUint32(h[8:], uint32(len(p.buf)))
	binary.LittleEndian.PutUint32(h[12:], uint32(len(p.buf)))
	p.write(h[:])
	p.write(p.buf)
}
