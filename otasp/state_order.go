package otasp

import (
	"encoding/binary"

	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

// What an order has, as bits of its stored form.
const (
	orderNAM = 1 << iota
	orderAnalog
	orderIMSIT
	orderPRL
	orderExtended
	orderAKey
	orderReAuth
	orderSPASM // from here on since version 4
	orderReadOut
	orderObjects // since version 5
)

// append appends the stored form of the order: it goes with every step of its
// session, so it is packed and not JSON.
//
//	bits, revision, name, mdn, spc, new spc, then what the bits say: nam, imsi_t, prl,
//	and the packet-data blocks and objects, each behind their number
func (o *Order) append(dst []byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint16(dst, o.bits())
	dst = binary.BigEndian.AppendUint64(dst, uint64(o.Revision))
	for _, s := range []string{o.Name, o.MDN, string(o.SPC), string(o.NewSPC)} {
		dst = appendText(dst, s)
	}
	if o.NAM != nil {
		dst = o.NAM.append(dst)
	}
	if o.IMSIT != nil {
		dst = o.IMSIT.append(dst)
	}
	if o.PRL != nil {
		dst = appendText(dst, o.PRL.Name)
		dst = binary.BigEndian.AppendUint16(dst, o.PRL.ID)
	}
	if len(o.PacketData) > 255 || o.NAM != nil && len(o.NAM.SIDNID) > 255 {
		return dst, wire.Unencodable("otasp state", "order", wire.ErrTooLong)
	}
	dst = append(dst, byte(len(o.PacketData)))
	for _, b := range o.PacketData {
		dst = append(dst, b.ID)
		dst = appendOctets(dst, b.Data)
	}
	return o.appendObjects(dst)
}

func (o *Order) bits() uint16 {
	b := uint16(bit(o.AKey))*orderAKey | uint16(bit(o.ReAuth))*orderReAuth | uint16(bit(o.SPASM))*orderSPASM | uint16(bit(o.ReadOut))*orderReadOut
	if o.NAM != nil {
		b |= orderNAM
		if o.NAM.Analog != nil {
			b |= orderAnalog
		}
	}
	if o.IMSIT != nil {
		b |= orderIMSIT
	}
	if len(o.Objects) > 0 {
		b |= orderObjects
	}
	if o.PRL != nil {
		b |= orderPRL | uint16(bit(o.PRL.Extended))*orderExtended
	}
	return b
}

// read reads what append wrote, now or in the versions before.
func (o *Order) read(c *wire.Cursor, version uint8) {
	var bits uint16
	if version == stateOldest {
		bits = uint16(c.U8("order"))
	} else {
		bits = c.U16("order")
	}
	o.Revision = int64(c.U64("revision"))
	o.Name, o.MDN = text(c, "order"), text(c, "order")
	o.SPC, o.NewSPC = SPC(text(c, "order")), SPC(text(c, "order"))
	o.AKey, o.ReAuth = bits&orderAKey != 0, bits&orderReAuth != 0
	o.SPASM, o.ReadOut = bits&orderSPASM != 0, bits&orderReadOut != 0
	if bits&orderNAM != 0 {
		o.NAM = new(NAM)
		o.NAM.read(c, bits&orderAnalog != 0)
	}
	if bits&orderIMSIT != 0 {
		o.IMSIT = new(IMSI)
		o.IMSIT.read(c)
	}
	if bits&orderPRL != 0 {
		o.PRL = &PRL{Name: text(c, "prl"), ID: c.U16("prl id"), Extended: bits&orderExtended != 0}
	}
	for range c.Count(int(c.U8("packet data")), 3, "packet data") {
		o.PacketData = append(o.PacketData, Block{ID: c.U8("block"), Data: octets(c, "block")})
	}
	if bits&orderObjects != 0 {
		o.readObjects(c)
	}
}

func (i *IMSI) append(dst []byte) []byte {
	return appendText(appendText(appendText(dst, i.MCC), i.IMSI1112), i.S)
}

func (i *IMSI) read(c *wire.Cursor) {
	i.MCC, i.IMSI1112, i.S = text(c, "mcc"), text(c, "imsi_11_12"), text(c, "imsi_s")
}

func (n *NAM) append(dst []byte) []byte {
	dst = n.IMSI.append(dst)
	dst = append(dst, n.ACCOLC<<4|bit(n.LocalControl)<<3|bit(n.MobTermHome)<<2|bit(n.MobTermForSID)<<1|bit(n.MobTermForNID))
	if a := n.Analog; a != nil {
		dst = binary.BigEndian.AppendUint16(dst, a.FirstCHP)
		dst = binary.BigEndian.AppendUint16(dst, a.HomeSID)
		dst = append(dst, bit(a.EX))
	}
	dst = append(dst, byte(len(n.SIDNID)))
	for _, p := range n.SIDNID {
		dst = binary.BigEndian.AppendUint16(dst, p.SID)
		dst = binary.BigEndian.AppendUint16(dst, p.NID)
	}
	return dst
}

func (n *NAM) read(c *wire.Cursor, analog bool) {
	n.IMSI.read(c)
	f := c.U8("access")
	n.ACCOLC, n.LocalControl = f>>4, f&8 != 0
	n.MobTermHome, n.MobTermForSID, n.MobTermForNID = f&4 != 0, f&2 != 0, f&1 != 0
	if analog {
		n.Analog = &Analog{FirstCHP: c.U16("firstchp"), HomeSID: c.U16("home_sid"), EX: c.U8("ex") != 0}
	}
	for range c.Count(int(c.U8("sid/nid")), 4, "sid/nid") {
		n.SIDNID = append(n.SIDNID, is683.SIDNID{SID: c.U16("sid"), NID: c.U16("nid")})
	}
}
