// Package testlog is what a program logs or prints, in memory. It is imported by tests
// only.
//
//	var log testlog.Log
//	logger := zerolog.New(&log)
//	log.Wait(t, time.Minute, "message ended", 1)
package testlog

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// Log is written while a test reads it.
type Log struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // closed with the next write
}

func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.more != nil {
		close(l.more)
		l.more = nil
	}
	return l.b.Write(b)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Wait waits until text has been written n times, and misses no moment.
func (l *Log) Wait(t testing.TB, patience time.Duration, text string, n int) {
	t.Helper()
	if !l.until(patience, func(all string) bool { return strings.Count(all, text) >= n }) {
		t.Fatalf("%q was not written %d times within %s, but:\n%s", text, n, patience, l)
	}
}

// After waits for a whole line with text and returns what comes behind it there.
func (l *Log) After(t testing.TB, patience time.Duration, text string) (line string) {
	t.Helper()
	there := func(all string) (whole bool) {
		_, rest, found := strings.Cut(all, text)
		line, _, whole = strings.Cut(rest, "\n")
		return found && whole
	}
	if !l.until(patience, there) {
		t.Fatalf("%q was not written within %s, but:\n%s", text, patience, l)
	}
	return line
}

// until looks at all that was written, and again with each write.
func (l *Log) until(patience time.Duration, ok func(all string) bool) bool {
	end := time.After(patience)
	for {
		l.mu.Lock()
		if l.more == nil {
			l.more = make(chan struct{})
		}
		all, more := l.b.String(), l.more
		l.mu.Unlock()
		if ok(all) {
			return true
		}
		select {
		case <-more:
		case <-end:
			return false
		}
	}
}
