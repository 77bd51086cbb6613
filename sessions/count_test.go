package sessions_test

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/sessions"
)

// countFlow counts and sets a timer anew with each step.
type countFlow struct{}

func (countFlow) Step(s *uint64, _ int, tx *sessions.Tx, out []int) []int {
	tx.Timer(1, time.Unix(1<<32, int64(*s)))
	*s++
	return append(out, 1)
}

func (countFlow) AppendState(dst []byte, s *uint64) ([]byte, error) {
	return binary.BigEndian.AppendUint64(dst, *s), nil
}

func (countFlow) DecodeState(b []byte) (uint64, error)      { return binary.BigEndian.Uint64(b), nil }
func (countFlow) Timeout(sessions.TimerKind, time.Time) int { return 2 }
func (countFlow) Recovered(time.Time) int                   { return 3 }
func (countFlow) Refused(error, time.Time) int              { return 4 }
func (countFlow) Perform(sessions.Ref, []int)               {}
