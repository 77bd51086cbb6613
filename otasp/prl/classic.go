package prl

import (
	"fmt"

	"github.com/otagate/otagate/internal/wire"
)

const acqClassicMin = 6 // bits of the shortest acquisition record

// readClassic reads from PR_LIST_ID up to the CRC, all of it packed bits.
func (l *List) readClassic(c *wire.Cursor, size int) {
	sizeAt := c.Off() - 2
	r := c.Bits(size-4, "PR_LIST_SIZE")
	l.PRev = Classic
	l.ID = uint16(r.U(16, "PR_LIST_ID"))
	l.PrefOnly = r.Flag("PREF_ONLY")
	l.readDefRoamInd(&r)
	acq := int(r.U(9, "NUM_ACQ_RECS"))
	sys := int(r.U(14, "NUM_SYS_RECS"))
	l.readClassicAcquisition(&r, acq)
	l.readClassicSystems(&r, sys)
	if r.Pad() {
		l.odd("padding before the CRC is not zero")
	}
	if r.Len() > 0 {
		c.FailAt(sizeAt, "PR_LIST_SIZE", fmt.Errorf("%w: %s behind the last record", wire.ErrLength, octets(r.Len()/8)))
	}
	c.Adopt(r.Err())
}

func (l *List) readClassicAcquisition(r *wire.Bits, n int) {
	if !fits(r, n, acqClassicMin, "NUM_ACQ_RECS") {
		return
	}
	l.Acquisition = make([]AcquisitionRecord, n)
	for i := range l.Acquisition {
		heading(r.Trace(), r.Off(), "acquisition record", i)
		l.Acquisition[i].readClassic(r)
		endHeading(r.Trace())
		if r.Err() != nil {
			return
		}
	}
}

func (l *List) readClassicSystems(r *wire.Bits, n int) {
	if !fits(r, n, systemClassicMin, "NUM_SYS_RECS") {
		return
	}
	l.System = make([]SystemRecord, n)
	for i := range l.System {
		heading(r.Trace(), r.Off(), "system record", i)
		l.System[i].readClassic(r, len(l.Acquisition))
		endHeading(r.Trace())
		if r.Err() != nil {
			return
		}
	}
}

func (l *List) appendClassic(dst []byte) ([]byte, error) {
	if len(l.CommonSubnet) > 0 {
		return dst, wire.Unencodable(proto, "NUM_COMMON_SUBNET_RECS", wire.ErrUnsupported)
	}
	w := wire.AppendBits(dst)
	w.U(16, uint64(l.ID))
	w.Flag(l.PrefOnly)
	w.U(8, uint64(l.DefRoamInd))
	w.U(9, uint64(len(l.Acquisition)))
	w.U(14, uint64(len(l.System)))
	for i := range l.Acquisition {
		if err := l.Acquisition[i].appendClassic(&w); err != nil {
			return dst, at("acquisition record", i, err)
		}
	}
	for i := range l.System {
		if err := l.System[i].appendClassic(&w); err != nil {
			return dst, at("system record", i, err)
		}
	}
	return w.Pad(), nil
}

func at(table string, i int, err error) error {
	return fmt.Errorf("%s %d: %w", table, i, err)
}
