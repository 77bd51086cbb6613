package dissect

import (
	"strconv"

	"github.com/otagate/otagate/internal/sms/tpdu"
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/smpp"
)

func readSMPP(d *dissection, c *wire.Cursor) (form, error) {
	m, err := smpp.Read(c)
	d.concealDatagram()
	if err != nil {
		return nil, err
	}
	return func() ([]byte, error) { return smpp.ToJSON(m) }, nil
}

// concealDatagram hides a message that is no text. It is a push, mostly, whose
// settings have passwords in them, and an error may have kept us from the rest.
func (d *dissection) concealDatagram() {
	i := d.find(0, "data_coding")
	if i < 0 || !isBinary(d.trace.Fields[i].Value) {
		return
	}
	for payload := false; i < len(d.trace.Fields); i++ {
		switch f := &d.trace.Fields[i]; f.Name {
		case "tag":
			payload = f.Note == smpp.TagMessagePayload.String()
		case "short_message":
			f.Secret = f.Len > 0
		case "value":
			f.Secret = payload && f.Len > 0
		}
	}
}

// isBinary tells the data_coding of octets: 2 and 4 of SMPP, and behind those
// that SMPP knows the ones of 23.038.
func isBinary(coding string) bool {
	v, err := strconv.ParseUint(coding, 10, 8)
	return err == nil && (v == 2 || v == 4 || v >= 0x10 && tpdu.DCS(v).Alphabet() == tpdu.Octets)
}
