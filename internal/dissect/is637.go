package dissect

import (
	"fmt"

	"github.com/otagate/otagate/internal/sms/is637"
	"github.com/otagate/otagate/internal/wire"
)

// noTeleservice is what bearer data alone says.
const noTeleservice = is637.Teleservice(0)

// readShortMessage reads a message of the transport layer, or bearer data.
func readShortMessage(d *dissection, c *wire.Cursor) (form, error) {
	if beginsBearer(c) {
		return bearerOf(noTeleservice)(d, c)
	}
	m, err := is637.Read(c)
	if err != nil {
		return nil, err
	}
	own := func() ([]byte, error) { return is637.ToJSON(m) }
	i := d.find(0, "BEARER_DATA")
	if i < 0 {
		return own, nil
	}
	inward := (*dissection).attempt
	if m.Type == is637.Broadcast || m.Teleservice.V.CarriesBearer() {
		inward = (*dissection).descend
	}
	inner, err := inward(d, i, "is637-bearer", m.BearerData.V, bearerOf(m.Teleservice.V))
	return withPayload(own, "is637-bearer", inner), err
}

// beginsBearer looks at the octets without reading them.
func beginsBearer(c *wire.Cursor) bool {
	tr := c.Mute()
	defer c.Unmute(tr)
	return is637.IsBearer(c.Ahead())
}

// bearerOf makes the reader of the bearer data of a teleservice.
func bearerOf(t is637.Teleservice) reader {
	return func(d *dissection, c *wire.Cursor) (form, error) {
		b, err := is637.ReadBearer(c)
		if err != nil {
			return nil, err
		}
		own := func() ([]byte, error) { return is637.ToJSON(b) }
		i := d.userData(b)
		if i < 0 {
			return own, nil
		}
		proto, read := "", reader(nil)
		switch t {
		case is637.TeleserviceWAP:
			proto, read = "wdp", readWDP
		case is637.TeleserviceCTWAP:
			proto, read = "is637-bearer", bearerOf(is637.TeleserviceWAP)
		default:
			return own, nil
		}
		inner, err := d.attempt(i, proto, b.UserData.V.Octets, read)
		return withPayload(own, proto, inner), err
	}
}

// readWDP reads a segment, and the push in it when that is whole.
func readWDP(d *dissection, c *wire.Cursor) (form, error) {
	w, err := is637.ReadWDP(c)
	if err != nil {
		return nil, err
	}
	own := func() ([]byte, error) { return is637.ToJSON(w) }
	i := d.find(0, "DATA")
	if w.Total != 1 || w.Destination != is637.PortPush || i < 0 {
		return own, nil
	}
	inner, err := d.attempt(i, "wsp", w.Data, readWSP)
	return withPayload(own, "wsp", inner), err
}

// userData is the index of the octets of user data, -1 when there are none.
func (d *dissection) userData(b *is637.Bearer) int {
	if !b.UserData.OK || b.UserData.V.Encoding != is637.EncodingOctet || len(b.UserData.V.Octets) == 0 {
		return -1
	}
	for i := range d.trace.Fields {
		if f := &d.trace.Fields[i]; f.Name == "SUBPARAMETER_ID" && f.Note == is637.SubUserData.String() {
			return d.find(i, "CHARi") // the first of them, as ReadBearer takes it
		}
	}
	return -1
}

// parseShortMessage reads the JSON of a transport message or of bearer data.
func parseShortMessage(text []byte) (message, error) {
	f, err := is637.FromJSON(text)
	if err != nil {
		return nil, err
	}
	if _, is := f.(*is637.WDP); is {
		return nil, fmt.Errorf("is637: a segment of WDP: want a transport message or bearer data")
	}
	return f, nil
}

// parseBearer reads the JSON of bearer data.
func parseBearer(text []byte) (message, error) {
	f, err := is637.FromJSON(text)
	if err != nil {
		return nil, err
	}
	if b, is := f.(*is637.Bearer); is {
		return b, nil
	}
	return nil, fmt.Errorf("is637-bearer: not bearer data")
}
