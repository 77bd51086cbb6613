package sim

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// strike takes a fault of a kind that may strike request n.
func (c *IOTA) strike(n int, kind IOTAFaultKind) (f IOTAFault, ok bool) {
	return c.take(n, func(f IOTAFault) bool { return f.Kind == kind })
}

func (c *IOTA) take(n int, fits func(IOTAFault) bool) (f IOTAFault, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.faults, func(f IOTAFault) bool { return f.At <= n && fits(f) })
	if i < 0 {
		return f, false
	}
	f = c.faults[i]
	c.faults = slices.Delete(c.faults, i, i+1)
	return f, true
}

// Fault has the handset do something wrong, from now on.
func (c *IOTA) Fault(f ...IOTAFault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, f...)
}

// strikes tells whether a fault has something to strike in a request.
func (s *iotaSession) strikes(f IOTAFault, r *iotaRequest) bool {
	post := r.method == http.MethodPost
	switch f.Kind {
	case IOTAReplayURL, IOTADropBefore, IOTADropAfter, IOTALoseAnswer, IOTARepeat, IOTASlow, IOTAGone:
		return true
	case IOTAOtherESN:
		return s.c.cfg.ESNHeader != ""
	case IOTAOtherMDN:
		return s.c.cfg.MDNHeader != ""
	case IOTAWrongMMCID, IOTABigPOST, IOTAEmpty:
		return post
	case IOTAMissingCID:
		return post && r.report.hasPart()
	case IOTAOldURI, IOTAOldReport:
		return post && s.before != nil
	}
	return false
}

// exchange sends a request, with what is wrong with it.
func (s *iotaSession) exchange(ctx context.Context, r *iotaRequest) (*iotaAnswer, error) {
	f, struck := s.c.take(s.n, func(f IOTAFault) bool { return s.strikes(f, r) })
	s.n++
	send := func(r *iotaRequest, fault IOTAFaultKind) (*iotaAnswer, error) { return s.send(ctx, s.c.http, r, fault) }
	if !struck {
		return send(r, "")
	}
	var answer *iotaAnswer
	err := ErrIOTALost
	switch f.Kind {
	case IOTAReplayURL, IOTARepeat:
		answer, err = send(r, "")
		if f.Kind == IOTAReplayURL {
			r = s.get()
		}
		_, _ = send(r, f.Kind) // what it is answered is noted
		return answer, err
	case IOTADropBefore, IOTAGone:
	case IOTADropAfter:
		if e := s.cut(ctx, r); e != nil {
			return nil, e
		}
	case IOTALoseAnswer:
		_, _ = send(r, f.Kind)
	case IOTASlow:
		answer, err = s.send(ctx, slowly(s.c.http, f), r, f.Kind)
	default:
		var wrong *iotaRequest
		if wrong, err = s.spoil(f, r); err == nil {
			answer, err = send(wrong, f.Kind)
		}
	}
	if f.Again {
		return send(r, "")
	}
	return answer, err
}

// bigPOST is the length of a report that no report has.
const bigPOST = 10 << 20

// spoil is a request that differs from r in what the fault says.
func (s *iotaSession) spoil(f IOTAFault, r *iotaRequest) (*iotaRequest, error) {
	wrong := *r
	switch f.Kind {
	case IOTAOtherESN:
		wrong.esn = r.esn ^ 1
		if f.Value != "" {
			esn, err := strconv.ParseUint(f.Value, 16, 32)
			wrong.esn = uint32(esn)
			return &wrong, err
		}
	case IOTAOtherMDN:
		wrong.mdn = cmp.Or(f.Value, "5550000000")
	case IOTAWrongMMCID:
		return s.post(r.url, r.report.with(func(m *mmcReport) {
			m.mmcID = (m.mmcID + 1) % (maxMMCID + 1)
			if n, err := strconv.Atoi(f.Value); err == nil {
				m.mmcID = n
			}
		}))
	case IOTAMissingCID:
		return s.post(r.url, r.report.with(func(m *mmcReport) { m.without = true }))
	case IOTAOldURI:
		wrong.url = s.before.url
		if f.Value != "" {
			wrong.url = wrong.url[:strings.LastIndexByte(wrong.url, '/')+1] + f.Value
		}
	case IOTAOldReport:
		wrong.contentType, wrong.body = s.before.contentType, s.before.body
	case IOTABigPOST:
		wrong.body = make([]byte, bigPOST)
	case IOTAEmpty:
		wrong.body = nil
	}
	return &wrong, nil
}

// otherAnswer is the answer to an IS-683 message that was not asked: whether the
// handset can do something is asked without harm.
func (s *iotaSession) otherAnswer(f IOTAFault, forward []byte) []byte {
	if b, err := hex.DecodeString(f.Value); err == nil && len(b) > 0 {
		return b
	}
	if forward[0] == 6 { // Protocol Capability Request
		return []byte{5, 0}
	}
	if b, err := s.mmc.Answer([]byte{6}); err == nil && b != nil {
		return b
	}
	return []byte{6}
}

// slowly is a client that sends octet by octet.
func slowly(c *http.Client, f IOTAFault) *http.Client {
	pause := f.Pause
	if pause <= 0 {
		pause = 100 * time.Millisecond
	}
	t := &http.Transport{Protocols: http1()}
	if own, ok := c.Transport.(*http.Transport); ok {
		t = own.Clone()
	}
	dial := t.DialContext
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	t.DisableKeepAlives = true
	t.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &slowConn{Conn: conn, pause: pause, head: f.Value == "body", closed: make(chan struct{})}, nil
	}
	slow := *c
	slow.Transport = t
	return &slow
}

// slowConn writes octet by octet.
type slowConn struct {
	net.Conn
	pause  time.Duration
	head   bool // what comes first is the head, which goes at once
	once   sync.Once
	closed chan struct{}
}

func (c *slowConn) Write(b []byte) (int, error) {
	from := 0
	if end := bytes.Index(b, []byte("\r\n\r\n")); c.head && end >= 0 {
		from, c.head = end+4, false
		if n, err := c.Conn.Write(b[:from]); err != nil {
			return n, err
		}
	}
	for i := from; i < len(b); i++ {
		select {
		case <-c.closed:
			return i, net.ErrClosed
		case <-time.After(c.pause):
		}
		if _, err := c.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}

func (c *slowConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
