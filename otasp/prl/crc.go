package prl

// CRC is the PR_LIST_CRC of b, which is everything before it: CRC-16 with
// polynomial 1021 (x^16+x^12+x^5+1), start FFFF, most significant bit first,
// result inverted; catalogues call it CRC-16/GENIBUS. Over "123456789" it is
// D64E.
func CRC(b []byte) uint16 {
	crc := uint16(0xffff)
	for _, o := range b {
		// One octet at once: x folds the eight shifts of the bitwise form.
		x := crc>>8 ^ uint16(o)
		x ^= x >> 4
		crc = crc<<8 ^ x<<12 ^ x<<5 ^ x
	}
	return ^crc
}
