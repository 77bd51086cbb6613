package gateway

import (
	"encoding/binary"
	"time"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp"
	"github.com/otagate/otagate/otasp/iota"
)

// call is one session as the runtime keeps it: the machine, and who asked.
type call struct {
	id     uint64
	otasp  otasp.Session
	origin origin
	began  time.Time
	token  iota.Token // of the call-back; none where the handset is not called back
}

// origin is the trigger's SMPP side, kept for the receipt and the CDR.
type origin struct {
	Account     string
	Source      address
	Destination address
	Corr        string // the IVR's own reference
	Receipt     uint8  // registered_delivery

	// UserReference is the value of user_message_reference: it goes back in the
	// receipt, which is the only way to tell whose a receipt of a refused
	// trigger is.
	UserReference string
}

// address is an SMPP address.
type address struct {
	TON, NPI uint8
	Addr     string
}

// hasToken marks a state with a token; registered_delivery does not use the bit.
const hasToken = 0x80

// append appends the stored form: origin first, then the machine's own.
func (c *call) append(dst []byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint64(dst, c.id)
	dst = binary.BigEndian.AppendUint64(dst, uint64(c.began.UnixMilli()))
	mark := len(dst)
	dst = c.origin.append(dst)
	if !c.token.IsZero() {
		dst[mark] |= hasToken
		token := c.token.Octets()
		dst = append(append(dst, byte(len(token))), token...)
	}
	return c.otasp.Append(dst)
}

func (c *call) decode(b []byte) error {
	r := wire.NewCursor("call state", b)
	c.id = r.U64("id")
	c.began = time.UnixMilli(int64(r.U64("began")))
	c.origin.read(&r)
	if c.origin.Receipt&hasToken != 0 {
		c.origin.Receipt &^= hasToken
		token, err := iota.NewToken(r.Bytes(int(r.U8("length")), "token"))
		if err != nil && r.Err() == nil {
			return err
		}
		c.token = token
	}
	rest := r.Rest("otasp")
	if err := r.End(); err != nil {
		return err
	}
	return c.otasp.Decode(rest)
}

func (o *origin) append(dst []byte) []byte {
	dst = append(dst, o.Receipt, o.Source.TON, o.Source.NPI, o.Destination.TON, o.Destination.NPI)
	for _, s := range []string{o.Account, o.Source.Addr, o.Destination.Addr, o.Corr, o.UserReference} {
		s = s[:min(len(s), 255)]
		dst = append(append(dst, byte(len(s))), s...)
	}
	return dst
}

func (o *origin) read(r *wire.Cursor) {
	o.Receipt = r.U8("registered_delivery")
	o.Source.TON, o.Source.NPI = r.U8("source ton"), r.U8("source npi")
	o.Destination.TON, o.Destination.NPI = r.U8("destination ton"), r.U8("destination npi")
	for _, p := range []*string{&o.Account, &o.Source.Addr, &o.Destination.Addr, &o.Corr, &o.UserReference} {
		*p = string(r.Bytes(int(r.U8("length")), "origin"))
	}
}
