package sessions

import "time"

// TimerKind tells the timers of one session apart. A session has at most one
// timer of a kind.
type TimerKind uint8

// Ref names a live session.
type Ref struct {
	ID  ID
	Key Key
}

// Flow is one kind of session: a machine with state S, events E, effects F.
//
// Step is pure. It changes s, which is a copy of the state that is its own, but not
// what that points to, and writes everything durable into tx. A step may be done
// again with the same state and event when the store had trouble.
type Flow[S, E, F any] interface {
	Step(s *S, ev E, tx *Tx, out []F) []F

	// AppendState appends the encoded state to dst. Equal states give equal octets.
	AppendState(dst []byte, s *S) ([]byte, error)
	// DecodeState decodes what AppendState wrote: at the start, for each session
	// that is loaded, and on the goroutine of its shard before a step of one that
	// rests (Tx.Rest), to which a loaded one belongs until its first step. What
	// it does beside that must do no harm when it is done again.
	// b is only valid during the call. ErrStore and ErrBusy say that it may
	// succeed at another time.
	DecodeState(b []byte) (S, error)

	// Timeout is the event of an expired timer.
	Timeout(kind TimerKind, at time.Time) E
	// Recovered is the first event after a restart. Timers are not stored:
	// its step must set those the state waits for.
	Recovered(at time.Time) E
	// Refused is the event of a step that the store refused because of
	// another session (ErrKeyTaken, ErrCorrTaken) or of its order (ErrOrderChanged). The state is the one before
	// the refused step, whose timers, correlations and effects are void.
	Refused(cause error, at time.Time) E

	// Perform carries out the effects of a committed step. It runs on the
	// goroutine of the session's shard and must not block; effects is only
	// valid during the call, and so is the state that Step was given to change.
	Perform(ref Ref, effects []F)
}

// Dropper is a Flow that is told of posted events which came too late: their
// session had ended before they could be stepped. Dropped runs like Perform.
type Dropper[E any] interface {
	Dropped(ref Ref, ev E)
}

// Create asks for a new session.
type Create[S, E any] struct {
	ID    ID
	Key   Key
	State *S // before the first step, from then on the runtime's; nil is a zero one. See Runtime.Room
	Event E  // of the first step
	Seen  Seen
	Corr  []Corr
}
