// Package testlog is a log in memory. It is imported by tests only.
//
//	var log testlog.Log
//	logger := zerolog.New(&log)
package testlog

import (
	"bytes"
	"sync"
)

// Log is written while a test reads it.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
