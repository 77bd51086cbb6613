package sim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// maxMMCID is the highest number that the handset draws for a session.
const maxMMCID = 2499

// critical tells whether a session is over after a result.
func (c *IOTA) critical(result string) bool {
	if c.cfg.Critical != nil {
		return slices.Contains(c.cfg.Critical, result)
	}
	switch result {
	case iotaCidMissing, iotaDownLoad, iotaCheckFailed, iotaUnknownError:
		return true
	}
	return false
}

// do does what a document asks, in order, and tells how it went. After a
// critical failure the rest is not done, and what is temporary goes.
func (s *iotaSession) do(ctx context.Context, d *mmcDocument, cancelled bool) *mmcReport {
	r := &mmcReport{status: "ok"}
	abort := cancelled
	if cancelled {
		s.fail(r, "cancelled by the user")
	}
	for i := range d.methods {
		m := &d.methods[i]
		detail := mmcDetail{id: m.id, name: m.name, object: m.object, result: iotaAbort}
		if !abort && !r.ends {
			s.method(ctx, d, m, &detail)
			switch {
			case detail.result == iotaOK:
				r.ends = m.name == "disconnect"
			case s.c.critical(detail.result):
				s.fail(r, fmt.Sprintf("%s %s: %s", m.name, m.object, detail.result))
				abort = true
			case r.status == "ok":
				r.status = "warning"
			}
		}
		if m.report {
			r.details = append(r.details, detail)
		}
	}
	r.mmcID = s.mmcID
	return r
}

// fail drops what is temporary.
func (s *iotaSession) fail(r *mmcReport, why string) {
	r.status, r.failed = "error", why
	s.mmc.End()
	s.written, s.result = nil, nil
}

// method does one method.
func (s *iotaSession) method(ctx context.Context, d *mmcDocument, m *mmcMethod, out *mmcDetail) {
	switch open := s.mmcID >= 0; {
	case m.name == "open" && !open:
		s.mmcID = rand.IntN(maxMMCID + 1)
		s.note(func(r *IOTASession) { r.MMCID = s.mmcID })
		out.result = iotaOK
	case m.name == "read":
		s.read(m.object, out)
	case m.name == "write" && open:
		out.result = s.write(ctx, d, m)
	case m.name == "commit" && open:
		out.result = s.commit()
	case m.name == "disconnect":
		out.result = iotaOK
	default:
		out.result = iotaUnknownError
	}
}

func (s *iotaSession) read(object string, out *mmcDetail) {
	switch access := s.c.access(object); {
	case access == accessNone:
		out.result = iotaUnknownObject
	case access == accessWrite || access == accessAction:
		out.result = iotaWriteOnly
	case object != objectResult:
		out.value, out.result = s.c.text(object), iotaOK
	case s.result == nil: // nothing was asked
		out.result = iotaUnknownError
	default:
		out.part, out.result = s.result, iotaOK
	}
}

func (s *iotaSession) write(ctx context.Context, d *mmcDocument, m *mmcMethod) (result string) {
	access := s.c.access(m.object)
	if access == accessNone {
		return iotaUnknownObject
	}
	if access == accessRead {
		return iotaUnknownError
	}
	data, at, result := s.data(ctx, d, m)
	if result != iotaOK {
		return result
	}
	switch value := string(data); {
	case m.valueRef == "" && (m.object == objectIS683 || m.object == objectPRL):
		return iotaUnknownError // octets do not stand in an attribute
	case m.object == objectIS683:
		return s.is683(data)
	case m.object == objectPRL:
		if at+len(data) > prlStorage || s.mmc.WriteList(at, data) != nil {
			return iotaUnknownError
		}
	case !fits(m.object, value):
		return iotaUnknownError
	default:
		s.written = append(s.written, [2]string{m.object, value})
	}
	return iotaOK
}

// data is what a method writes, and at which position.
func (s *iotaSession) data(ctx context.Context, d *mmcDocument, m *mmcMethod) (b []byte, at int, result string) {
	at = max(m.offset, 0)
	switch {
	case m.valueRef == "":
		return []byte(m.value), at, iotaOK
	case strings.HasPrefix(m.valueRef, "cid:"):
		b, ok := d.part(m.valueRef)
		if !ok {
			return nil, 0, iotaCidMissing
		}
		if m.size >= 0 && m.size != len(b) {
			return nil, 0, iotaUnknownError
		}
		return b, at, iotaOK
	}
	b, at, err := s.download(ctx, m.valueRef, at, m.size)
	if err != nil {
		return nil, 0, iotaDownLoad
	}
	return b, at, iotaOK
}

// is683 hands a message to the handset. Its answer waits to be read.
func (s *iotaSession) is683(forward []byte) (result string) {
	s.c.see(Sight{At: time.Now(), From: "otagate", To: "handset", Proto: "is683-fwd", Octets: bytes.Clone(forward)})
	s.result = nil
	answer, err := s.mmc.Answer(forward)
	if err != nil || answer == nil {
		return iotaUnknownError
	}
	if f, ok := s.c.strike(s.n, IOTAOtherAnswer); ok {
		if f.Again {
			s.right = answer
		}
		answer = s.otherAnswer(f, forward)
	}
	s.c.see(Sight{At: time.Now(), From: "handset", To: "otagate", Proto: "is683-rev", Octets: bytes.Clone(answer)})
	s.result = answer
	return iotaOK
}

// commit makes permanent what was written.
func (s *iotaSession) commit() (result string) {
	if f, ok := s.c.strike(s.n, IOTARefuse); ok {
		if f.Value == "" {
			return iotaCheckFailed
		}
		return f.Value
	}
	switch err := s.mmc.Commit(); {
	case errors.Is(err, errMMCList):
		return iotaCheckFailed
	case err != nil:
		return iotaUnknownError
	}
	s.c.apply(s.written)
	s.written = nil
	s.note(func(r *IOTASession) { r.Committed = true })
	return iotaOK
}

// apply puts the objects written into effect, in order.
func (c *IOTA) apply(written [][2]string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range written {
		switch object, value := w[0], w[1]; {
		case accessTo(object) == accessAction:
			c.actions = append(c.actions, object)
		case object == objectTrusted:
			c.trusted = trustedList(value)
			fallthrough
		default:
			c.objects[object] = value
		}
	}
}
