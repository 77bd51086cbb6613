package m3ua_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/otagate/otagate/ss7/m3ua"
)

// tester is the other end of the associations of an implementation under test.
type tester struct {
	t    *testing.T
	ends []*end
	user *user
}

// end is one association in the hands of the tester.
type end struct {
	a    m3ua.Association
	mu   sync.Mutex
	got  []string
	sent [][]byte
	gone chan struct{}
}

func (e *end) read() {
	defer close(e.gone)
	buf := make([]byte, 1<<16)
	for {
		n, stream, err := e.a.ReadMessage(buf)
		e.mu.Lock()
		if err != nil {
			e.got = append(e.got, "closed")
			e.mu.Unlock()
			return
		}
		e.got = append(e.got, e.observe(buf[:n], stream))
		e.mu.Unlock()
	}
}

// observe writes down a message, and beside it what must hold for every one:
// stream 0 is for everything but DATA (§1.4.7), and ERR tells of which message
// it speaks (§3.8.1).
func (e *end) observe(b []byte, stream uint16) string {
	s := notation(b)
	if strings.HasPrefix(s, "DATA") != (stream != 0) {
		s += fmt.Sprintf(" on stream %d", stream)
	}
	var m m3ua.Error
	if m.Decode(b) != nil {
		return s
	}
	for _, sent := range e.sent {
		if len(m.Diagnostic) > 0 && bytes.HasPrefix(sent, m.Diagnostic) {
			return s
		}
	}
	return s + " without diagnostic"
}

// add takes an association; from is which one it replaces, or its number.
func (r *tester) add(a m3ua.Association, at int) {
	e := &end{a: a, gone: make(chan struct{})}
	if at < len(r.ends) {
		r.ends[at] = e
	} else {
		r.ends = append(r.ends, e)
	}
	go e.read()
	synctest.Wait()
}

func (r *tester) fatalf(format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf(format, args...)
}

// send sends the message that s denotes on association i.
func (r *tester) send(i int, s string) {
	r.t.Helper()
	stream := uint64(0)
	if at := strings.Index(s, " stream="); at >= 0 {
		stream, _ = strconv.ParseUint(s[at+8:], 10, 16)
		s = s[:at]
	} else if strings.HasPrefix(s, "DATA") {
		stream = 1
	}
	b, err := encode(s)
	if err != nil {
		r.fatalf("%s: %v", s, err)
	}
	e := r.ends[i]
	e.mu.Lock()
	e.sent = append(e.sent, b)
	e.mu.Unlock()
	if err := e.a.WriteMessage(b, uint16(stream)); err != nil {
		r.fatalf("%s: %v", s, err)
	}
	synctest.Wait()
}

// common does what is the same for all roles, or reports that it is not.
func (r *tester) common(i int, step string) bool {
	verb, arg, _ := strings.Cut(step, " ")
	switch {
	case verb == "wait":
		d, err := time.ParseDuration(arg)
		if err != nil {
			r.fatalf("%v", err)
		}
		time.Sleep(d)
		synctest.Wait()
	case verb == "lost":
		r.ends[i].a.Close()
		synctest.Wait()
	case strings.ToUpper(verb) == verb || verb == "hex":
		r.send(i, step)
	default:
		return false
	}
	return true
}

// which splits off the association that a step is for: "2: BEAT".
func which(step string) (i int, rest string) {
	if n, s, is := strings.Cut(step, ": "); is && len(n) == 1 {
		i, _ = strconv.Atoi(n)
		return i - 1, s
	}
	return 0, step
}

// answers is what came on each association and went to the user.
func (r *tester) answers() string {
	synctest.Wait()
	var all []string
	for i, e := range r.ends {
		e.mu.Lock()
		s := strings.Join(e.got, "; ")
		e.got = nil
		e.mu.Unlock()
		if s != "" && len(r.ends) > 1 {
			s = fmt.Sprintf("%d: %s", i+1, s)
		}
		if s != "" {
			all = append(all, s)
		}
	}
	if s := strings.Join(r.user.heard(), "; "); s != "" {
		all = append(all, "user: "+s)
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, " / ")
}

func (r *tester) end() {
	for _, e := range r.ends {
		e.a.Close()
		<-e.gone
	}
}
