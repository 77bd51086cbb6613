package dissect

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/ss7/m3ua"
	"github.com/otagate/otagate/ss7/sccp"
)

// siSCCP is the service indicator of SCCP.
const siSCCP = 3

func readM3UA(d *dissection, c *wire.Cursor) (form, error) {
	m, err := m3ua.Read(c)
	if err != nil {
		return nil, err
	}
	own := func() ([]byte, error) { return m3ua.ToJSON(m) }
	data, is := m.(*m3ua.Data)
	if !is {
		return own, nil
	}
	i := d.find(0, "user_data")
	if i < 0 || data.SI != siSCCP || !isConnectionless(data.UserData) {
		d.leave(i, "")
		return own, nil
	}
	inner, err := d.descend(i, "sccp", data.UserData, readSCCP)
	return withPayload(own, "sccp", inner), err
}

// isConnectionless looks at the message type: connections are somebody else's.
func isConnectionless(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	switch sccp.MessageType(b[0]) {
	case sccp.TypeUDT, sccp.TypeUDTS, sccp.TypeXUDT, sccp.TypeXUDTS:
		return true
	}
	return false
}
