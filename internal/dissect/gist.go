package dissect

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/prl"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// Gister says on one line what a message is about, for ladders and traces:
//
//	submit_sm 5551000 → *228 seq 7
//	SMDPP invoke  attach MSC to OTAF MIN 619***4000 TRN 2222222222
//	smdpp result  Protocol Capability Response: NAM download 2
//
// Secrets never appear, identities of subscribers masked unless Reveal is set.
type Gister struct {
	Options
	Reveal bool
	// Queries, when not nil, remembers what was asked under each transaction
	// id, so that an answer is read as the answer to that.
	Queries *Queries
}

// Gist is the line with the zero options.
func Gist(proto string, b []byte) string { return Gister{}.Gist(proto, b) }

// Gist is the line about b, one whole message. A message that cannot be
// decoded gives its length and what is wrong where.
func (g Gister) Gist(proto string, b []byte) string {
	p, err := find(proto)
	if err == nil {
		c := wire.NewCursor(proto, b)
		var s string
		if s, err = p.gist(g, &c); err == nil {
			return s
		}
		// The error of a payload counts from the payload's start; that of the
		// whole message is of use to somebody.
		if _, outer := Decode(proto, b, g.Options); outer != nil {
			err = outer
		}
	}
	return fmt.Sprintf("%s, %v", octets(len(b)), err)
}

func gistPRL(l *prl.List) string {
	form := "classic"
	if l.PRev == prl.Extended {
		form = "extended"
	}
	return fmt.Sprintf("roaming list %d, %s, %d acquisition and %d system records",
		l.ID, form, len(l.Acquisition), len(l.System))
}

func (g Gister) m3ua(c *wire.Cursor) (string, error) {
	m, err := m3ua.Read(c)
	if err != nil {
		return "", err
	}
	switch m := m.(type) {
	case *m3ua.Data:
		head := fmt.Sprintf("DATA %v → %v  ", m.OPC, m.DPC)
		if g.Variant == sccp.ITU {
			head = fmt.Sprintf("DATA %s → %s  ", m.OPC.Decimal(), m.DPC.Decimal())
		}
		switch {
		case m.SI != siSCCP:
			return fmt.Sprintf("%sSI %d, %s", head, m.SI, octets(len(m.UserData))), nil
		case !isConnectionless(m.UserData):
			return head + "SCCP, " + octets(len(m.UserData)), nil
		}
		inside := wire.NewCursor("sccp", m.UserData)
		inner, err := g.sccp(&inside)
		return head + inner, err
	case *m3ua.Notify:
		return fmt.Sprintf("NTFY %v", m.Status), nil
	case *m3ua.Error:
		return fmt.Sprintf("ERR %v", m.Code), nil
	}
	return m.Type().String() + affected(m), nil
}

// affected lists the destinations of a management message.
func affected(m m3ua.Message) string {
	var d []m3ua.AffectedPointCode
	switch m := m.(type) {
	case *m3ua.DUNA:
		d = m.Affected
	case *m3ua.DAVA:
		d = m.Affected
	case *m3ua.DAUD:
		d = m.Affected
	case *m3ua.DRST:
		d = m.Affected
	}
	var s strings.Builder
	for _, a := range d {
		fmt.Fprintf(&s, " %v", a.PC)
	}
	return s.String()
}

func (g Gister) sccp(c *wire.Cursor) (string, error) {
	m, err := sccp.Read(c, g.Variant)
	if err != nil {
		return "", err
	}
	head := ""
	switch m := m.(type) {
	case *sccp.UDTS:
		head = fmt.Sprintf("UDTS %v  ", m.Cause)
	case *sccp.XUDTS:
		head = fmt.Sprintf("XUDTS %v  ", m.Cause)
	}
	if isANSITCAP(m.Payload()) && !isManagement(m) && !isSegment(m) {
		inside := wire.NewCursor("ansi41", m.Payload())
		inner, err := g.ansi41(&inside)
		if err != nil && returned(m) {
			return head + octets(len(m.Payload())), nil
		}
		return head + inner, err
	}
	if head == "" {
		head = m.Type().String() + " "
	}
	return head + gistPayload(m), nil
}

// gistPayload is about a payload that nobody looks into.
func gistPayload(m sccp.Message) string {
	s := octets(len(m.Payload()))
	if what := whatItIs(m); what != "" {
		s = what + ", " + s
	}
	if o := optionalPart(m); o != nil && isSegment(m) {
		s += fmt.Sprintf(", %d more", o.Segmentation.Remaining)
	}
	return s
}

func (g Gister) tcap(c *wire.Cursor) (string, error) {
	m, err := ansi.Read(c)
	if err != nil {
		return "", err
	}
	p, is := m.(*ansi.Package)
	if !is {
		return "", wire.ErrUnsupported
	}
	s := gistPackage(p)
	for i := range p.Components {
		s += "  " + p.Components[i].Type.String()
		if p.Components[i].Type.IsInvoke() {
			s += " " + p.Components[i].Operation.String()
		}
	}
	return s, nil
}

// gistPackage is type and transaction ids.
func gistPackage(p *ansi.Package) string {
	s := p.Type.String()
	if p.Originating != 0 {
		s += " from " + p.Originating.String()
	}
	if p.Responding != 0 {
		s += " to " + p.Responding.String()
	}
	return s
}
