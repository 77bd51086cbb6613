package prl

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

// readExtended reads from PR_LIST_ID up to the CRC: a header of packed bits,
// then records that start on octets.
func (l *List) readExtended(c *wire.Cursor, size int) {
	if size < minExtended {
		c.FailAt(c.Off()-2, "PR_LIST_SIZE", wire.ErrLength)
		return
	}
	sizeAt := c.Off() - 2
	part := narrow(c, size-4)
	r := part.Bits(minExtended-4, "PR_LIST_SIZE")
	l.ID = uint16(r.U(16, "PR_LIST_ID"))
	l.PRev = uint8(r.U(8, "CUR_SSPR_P_REV"))
	l.PrefOnly = r.Flag("PREF_ONLY")
	l.readDefRoamInd(&r)
	acq := int(r.U(9, "NUM_ACQ_RECS"))
	common := int(r.U(9, "NUM_COMMON_SUBNET_RECS"))
	sys := int(r.U(14, "NUM_EXT_SYS_RECS"))
	if r.U(7, "reserved") != 0 {
		r.Note("not zero")
		l.odd("reserved bits of the header are not zero")
	}
	part.Adopt(r.Err())
	l.readExtendedAcquisition(&part, acq)
	l.readCommonSubnets(&part, common)
	l.readExtendedSystems(&part, sys)
	if part.More() {
		part.FailAt(sizeAt, "PR_LIST_SIZE", fmt.Errorf("%w: %s behind the last record", wire.ErrLength, octets(part.Len())))
	}
	c.Adopt(part.Err())
}

// narrow takes n octets from c as a cursor of their own. They were counted
// before.
func narrow(c *wire.Cursor, n int) wire.Cursor {
	off := c.Off()
	tr := c.Mute()
	b := c.Bytes(n, "PR_LIST_SIZE")
	c.Unmute(tr)
	return wire.NewCursorAt(proto, b, off, tr)
}

func (l *List) readExtendedAcquisition(c *wire.Cursor, n int) {
	if c.Count(n, 2, "NUM_ACQ_RECS") == 0 {
		return
	}
	l.Acquisition = make([]AcquisitionRecord, n)
	for i := range l.Acquisition {
		heading(c.Trace(), c.Off(), "acquisition record", i)
		odd := l.Acquisition[i].readExtended(c)
		endHeading(c.Trace())
		if odd {
			l.odd(fmt.Sprintf("acquisition record %d: padding is not zero", i))
		}
		if c.Err() != nil {
			return
		}
	}
}

func (l *List) readCommonSubnets(c *wire.Cursor, n int) {
	if c.Count(n, 1, "NUM_COMMON_SUBNET_RECS") == 0 {
		return
	}
	l.CommonSubnet = make([]CommonSubnetRecord, n)
	for i := range l.CommonSubnet {
		heading(c.Trace(), c.Off(), "common subnet record", i)
		r := c.Bits(1, "SUBNET_COMMON_LENGTH")
		if odd := reserved(&r, 4); odd != "" {
			l.odd(fmt.Sprintf("common subnet record %d: %s", i, odd))
		}
		length := int(r.U(4, "SUBNET_COMMON_LENGTH"))
		c.Adopt(r.Err())
		l.CommonSubnet[i].Subnet = append(wire.Hex(nil), c.Bytes(length, "SUBNET_COMMON")...)
		endHeading(c.Trace())
		if c.Err() != nil {
			return
		}
	}
}

func (l *List) readExtendedSystems(c *wire.Cursor, n int) {
	if c.Count(n, 3, "NUM_EXT_SYS_RECS") == 0 {
		return
	}
	l.System = make([]SystemRecord, n)
	for i := range l.System {
		heading(c.Trace(), c.Off(), "system record", i)
		odd := l.System[i].readExtended(c, len(l.Acquisition))
		endHeading(c.Trace())
		if odd != "" {
			l.odd(fmt.Sprintf("system record %d: %s", i, odd))
		}
		if c.Err() != nil {
			return
		}
	}
}

func (l *List) appendExtended(dst []byte) ([]byte, error) {
	w := wire.AppendBits(dst)
	w.U(16, uint64(l.ID))
	w.U(8, Extended)
	w.Flag(l.PrefOnly)
	w.U(8, uint64(l.DefRoamInd))
	w.U(9, uint64(len(l.Acquisition)))
	w.U(9, uint64(len(l.CommonSubnet)))
	w.U(14, uint64(len(l.System)))
	dst = w.Pad() // the 7 reserved bits
	var err error
	for i := range l.Acquisition {
		if dst, err = l.Acquisition[i].appendExtended(dst); err != nil {
			return dst, at("acquisition record", i, err)
		}
	}
	for i := range l.CommonSubnet {
		s := l.CommonSubnet[i].Subnet
		if len(s) > 15 {
			return dst, at("common subnet record", i, wire.Unencodable(proto, "SUBNET_COMMON_LENGTH", wire.ErrTooLong))
		}
		dst = append(append(dst, byte(len(s))), s...)
	}
	for i := range l.System {
		if dst, err = l.System[i].appendExtended(dst); err != nil {
			return dst, at("system record", i, err)
		}
	}
	return dst, nil
}
