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

// hasToken marks a state with a token, in its time of beginning: states of before
// IOTA have none.
const hasToken = 1 << 63

// append appends the stored form: origin first, then the machine's own.
func (c *call) append(dst []byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint64(dst, c.id)
	began := uint64(c.began.UnixMilli()) &^ hasToken
	token := c.token.Octets()
	if len(token) > 0 {
		began |= hasToken
	}
	dst = binary.BigEndian.AppendUint64(dst, began)
	dst = c.origin.append(dst)
	if len(token) > 0 {
		dst = append(append(dst, byte(len(token))), token...)
	}
	return c.otasp.Append(dst)
}

func (c *call) decode(b []byte) error {
	r := wire.NewCursor("call state", b)
	c.id = r.U64("id")
	began := r.U64("began")
	c.began = time.UnixMilli(int64(began &^ hasToken))
	c.origin.read(&r)
	if began&hasToken != 0 {
		at := r.Off()
		token, err := iota.NewToken(r.Bytes(int(r.U8("length")), "token"))
		if err != nil {
			r.FailAt(at, "token", wire.ErrValue)
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
