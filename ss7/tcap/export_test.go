package tcap

// IDs walks through ids of so many bits.
func IDs(bits uint8) (next func() uint32, used func(uint32) bool) {
	d := newIDs(0, 32-bits)
	return d.next, d.used
}
