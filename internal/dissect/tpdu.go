package dissect

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/wappush"
)

func readTPDU(d *dissection, c *wire.Cursor) (form, error) {
	m, err := tpdu.Read(c, d.opt.Direction)
	if err != nil {
		return nil, err
	}
	own := func() ([]byte, error) { return tpdu.ToJSON(m) }
	push, i := wholePush(m), d.find(0, "TP-UD")
	if push == nil || i < 0 {
		return own, nil
	}
	inner, err := d.attempt(i, "wsp", push, readWSP)
	return withPayload(own, "wsp", inner), err
}

// wholePush is the user data for the port of pushes when it is no part, or nil.
func wholePush(m tpdu.Message) []byte {
	u, coding := tpdu.Data(m)
	if u == nil || coding.Alphabet() != tpdu.Octets || !u.HasHeader {
		return nil
	}
	ports, ok := u.Header.Ports()
	if _, part := u.Header.Concatenation(); part || !ok || ports.Destination != wappush.Port {
		return nil
	}
	return u.Octets
}

// tpdu is who writes to whom and how much; what is said is the subscriber's.
func (g Gister) tpdu(c *wire.Cursor) (string, error) {
	m, err := tpdu.Read(c, g.Direction)
	if err != nil {
		return "", err
	}
	s := m.Type().String()
	switch m := m.(type) {
	case *tpdu.Deliver:
		s += " from " + g.party(m.Originating)
	case *tpdu.Submit:
		s += " to " + g.party(m.Destination)
	case *tpdu.StatusReport:
		s += fmt.Sprintf(" of %s, %v", g.party(m.Recipient), m.Status)
	case *tpdu.Command:
		s += fmt.Sprintf(" %v, message to %s", m.CommandType, g.party(m.Destination))
	case *tpdu.DeliverReport:
		s += " " + m.FCS.String()
	case *tpdu.SubmitReport:
		s += " " + m.FCS.String()
	}
	return s + gistData(m), nil
}

func (g Gister) party(a tpdu.Address) string { return g.address(printable([]byte(a.Text()))) }

// gistData is about the user data: how much, for which port, which part.
func gistData(m tpdu.Message) string {
	u, d := tpdu.Data(m)
	if u == nil {
		return ""
	}
	length := octets(int(u.Length))
	if d.Septets() {
		length = strings.Replace(length, "octet", "septet", 1)
	}
	s := fmt.Sprintf(", %v, %s", d, length)
	if !u.HasHeader {
		return s
	}
	if p, ok := u.Header.Ports(); ok {
		s += fmt.Sprintf(", to port %d", p.Destination)
	}
	if k, ok := u.Header.Concatenation(); ok {
		s += fmt.Sprintf(", part %d of %d", k.Number, k.Total)
	}
	return s
}
