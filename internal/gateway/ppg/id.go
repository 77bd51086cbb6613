package ppg

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/otagate/otagate/internal/gateway/push"
	"github.com/otagate/otagate/sessions"
)

// name is what the ids of the messages of one push-message are made of.
type name struct{ initiator, pushID string }

// place is which of the messages of one push-message a message is: 0, 1, … and
// last. The only one is the last. So the ids of all can be found from the
// push-id: counting up until there is none, and the last. And a push-message
// whose last message is there is complete, since they are accepted in this
// order: see Server.accept.
type place uint32

const last place = 1<<32 - 1

func placeOf(i, of int) place {
	if i == of-1 {
		return last
	}
	return place(i)
}

// id is that of the message at a place.
func (n name) id(p place) sessions.ID {
	sum := n.sum(p)
	return sessions.ID(max(binary.BigEndian.Uint64(sum[:]), 1)) // 0 is no id
}

// sum keeps the texts apart by their lengths.
func (n name) sum(p place) [sha256.Size]byte {
	var b []byte
	for _, s := range [...]string{DoorName, n.initiator, n.pushID} {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
	}
	return sha256.Sum256(binary.BigEndian.AppendUint32(b, uint32(p)))
}

// seen is the key that refuses a second one at the i-th place. The first has it
// for the push-id itself: whatever comes with that push-id finds it.
func (n name) seen(i int, p place) string {
	sum := n.sum(last)
	key := DoorName + "|" + n.initiator + "|" + hex.EncodeToString(sum[:16])
	if i > 0 {
		key += "|" + strconv.FormatUint(uint64(p), 10)
	}
	return key
}

// one is a message that was found.
type one struct {
	id sessions.ID
	push.Status
}

// find is all messages of a push-message; none is sessions.ErrNotFound.
func (s *Server) find(ctx context.Context, n name) (all []one, err error) {
	for p := place(0); p < maxAddresses; p++ {
		st, err := s.cfg.Service.Status(ctx, n.id(p))
		if errors.Is(err, sessions.ErrNotFound) {
			break
		}
		if err != nil {
			return nil, err
		}
		all = append(all, one{n.id(p), st})
	}
	st, err := s.cfg.Service.Status(ctx, n.id(last))
	switch {
	case err == nil:
		all = append(all, one{n.id(last), st})
	case !errors.Is(err, sessions.ErrNotFound):
		return nil, err
	case len(all) == 0:
		return nil, sessions.ErrNotFound
	}
	return all, nil
}
