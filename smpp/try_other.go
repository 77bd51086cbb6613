//go:build !unix

package smpp

import "syscall"

// tryWriter does nothing here: the writer goroutine writes everything.
type tryWriter struct{}

func (t *tryWriter) init(syscall.Conn)  {}
func (t *tryWriter) ready() bool        { return false }
func (t *tryWriter) write(b []byte) int { return 0 }
func (t *tryWriter) quickAck()          {}
