package dissect

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
)

func (g Gister) is637(c *wire.Cursor) (string, error) {
	if beginsBearer(c) {
		return g.is637Bearer(c)
	}
	m, err := is637.Read(c)
	if err != nil {
		return "", err
	}
	parts := []string{m.Type.String()}
	if m.Teleservice.OK {
		parts = append(parts, "teleservice "+m.Teleservice.V.String())
	}
	if m.ServiceCategory.OK {
		parts = append(parts, "category "+m.ServiceCategory.V.String())
	}
	if m.OriginatingAddress.OK {
		parts = append(parts, "from "+g.address(m.OriginatingAddress.V.Text()))
	}
	if m.DestinationAddress.OK {
		parts = append(parts, "to "+g.address(m.DestinationAddress.V.Text()))
	}
	if v := m.CauseCodes.V; m.CauseCodes.OK {
		parts = append(parts, fmt.Sprintf("reply %d: %v", v.ReplySeq, v.Class))
		if v.Class != is637.NoError {
			parts = append(parts, v.Code.String())
		}
	}
	if m.BearerData.OK {
		inside := wire.NewCursor("is637-bearer", m.BearerData.V)
		about, err := g.bearer(&inside, m.Teleservice.V)
		switch {
		case err == nil:
			parts = append(parts, about)
		case m.Type == is637.Broadcast || m.Teleservice.V.CarriesBearer():
			return "", err
		default:
			parts = append(parts, octets(len(m.BearerData.V)))
		}
	}
	return strings.Join(parts, ", "), nil
}

func (g Gister) is637Bearer(c *wire.Cursor) (string, error) { return g.bearer(c, noTeleservice) }

// bearer is about bearer data; what the message says is the subscriber's.
func (g Gister) bearer(c *wire.Cursor, t is637.Teleservice) (string, error) {
	b, err := is637.ReadBearer(c)
	if err != nil {
		return "", err
	}
	s := fmt.Sprintf("%v %d", b.Identifier.Type, b.Identifier.ID)
	if w, err := is637.WDPOf(t, b); err == nil {
		s += fmt.Sprintf(", segment %d of %d", int(w.Number)+1, w.Total)
		if w.Number == 0 {
			s += fmt.Sprintf(" to port %v", w.Destination)
		}
		return s + ", " + octets(len(w.Data)), nil
	}
	if u := &b.UserData.V; b.UserData.OK {
		s += fmt.Sprintf(", %v, %d characters", u.Encoding, u.NumFields)
	}
	if b.Status.OK {
		s += ", " + b.Status.V.String()
	}
	return s, nil
}
