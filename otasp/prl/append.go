package prl

import "github.com/otagate/otagate/internal/wire"

const (
	maxAcquisition  = 1<<9 - 1
	maxCommonSubnet = 1<<9 - 1
	maxSystem       = 1<<14 - 1
)

// Append appends the list in the form that PRev says, with PR_LIST_SIZE and
// PR_LIST_CRC computed. It does not ask whether the list makes sense: Validate
// does.
func (l *List) Append(dst []byte) ([]byte, error) {
	switch {
	case len(l.Acquisition) > maxAcquisition:
		return dst, wire.Unencodable(proto, "NUM_ACQ_RECS", wire.ErrTooLong)
	case len(l.CommonSubnet) > maxCommonSubnet:
		return dst, wire.Unencodable(proto, "NUM_COMMON_SUBNET_RECS", wire.ErrTooLong)
	case len(l.System) > maxSystem:
		return dst, wire.Unencodable(proto, "NUM_SYS_RECS", wire.ErrTooLong)
	}
	start := len(dst)
	dst = append(dst, 0, 0)
	var err error
	switch l.PRev {
	case Classic:
		dst, err = l.appendClassic(dst)
	case Extended:
		dst, err = l.appendExtended(dst)
	default:
		err = wire.Unencodable(proto, "CUR_SSPR_P_REV", wire.ErrUnsupported)
	}
	if err != nil {
		return dst, err
	}
	size := len(dst) - start + 2
	if size > 0xffff {
		return dst, wire.Unencodable(proto, "PR_LIST_SIZE", wire.ErrTooLong)
	}
	dst[start], dst[start+1] = byte(size>>8), byte(size)
	crc := CRC(dst[start:])
	return append(dst, byte(crc>>8), byte(crc)), nil
}
