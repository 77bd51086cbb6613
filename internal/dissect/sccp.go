package dissect

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/sccp"
	"github.com/otagate/otagate/ss7/tcap/ansi"
)

// ssnManagement is the subsystem of SCCP management, whose messages are not
// TCAP.
const ssnManagement = 1

func readSCCP(d *dissection, c *wire.Cursor) (form, error) {
	m, err := sccp.Read(c, d.opt.Variant)
	if err != nil {
		return nil, err
	}
	own := func() ([]byte, error) { return sccp.ToJSON(m) }
	i := d.find(0, "data")
	if i < 0 {
		return own, nil
	}
	if !isANSITCAP(m.Payload()) || isSegment(m) || isManagement(m) {
		d.leave(i, whatItIs(m))
		return own, nil
	}
	if returned(m) {
		// A message that came back may have been cut on the way.
		inner, err := d.attempt(i, "ansi41", m.Payload(), readPackage)
		return withPayload(own, "ansi41", inner), err
	}
	inner, err := d.descend(i, "ansi41", m.Payload(), readPackage)
	return withPayload(own, "ansi41", inner), err
}

// isANSITCAP looks at the package type, which no ITU package shares.
func isANSITCAP(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	switch t := ansi.PackageType(b[0]); t {
	case ansi.Abort:
		return true
	default:
		return t >= ansi.Unidirectional && t <= ansi.ConversationWithoutPermission
	}
}

func isSegment(m sccp.Message) bool {
	o := optionalPart(m)
	return o != nil && o.Segmented && (o.Segmentation.Remaining > 0 || !o.Segmentation.First)
}

func optionalPart(m sccp.Message) *sccp.Optional {
	switch m := m.(type) {
	case *sccp.XUDT:
		return &m.Optional
	case *sccp.XUDTS:
		return &m.Optional
	}
	return nil
}

func isManagement(m sccp.Message) bool {
	called, _ := parties(m)
	return called.HasSSN && called.SSN == ssnManagement
}

func returned(m sccp.Message) bool {
	return m.Type() == sccp.TypeUDTS || m.Type() == sccp.TypeXUDTS
}

func parties(m sccp.Message) (called, calling sccp.Address) {
	switch m := m.(type) {
	case *sccp.UDT:
		return m.Called, m.Calling
	case *sccp.UDTS:
		return m.Called, m.Calling
	case *sccp.XUDT:
		return m.Called, m.Calling
	case *sccp.XUDTS:
		return m.Called, m.Calling
	}
	return
}

// whatItIs names a payload that stays octets.
func whatItIs(m sccp.Message) string {
	switch b := m.Payload(); {
	case isSegment(m):
		return "segment"
	case isManagement(m):
		return "SCCP management"
	case len(b) > 0 && b[0] >= 0x60 && b[0] <= 0x67:
		return "ITU TCAP"
	}
	return ""
}
