package tcap

// IDs walks through ids of so many bits.
func IDs(bits uint8) func() uint32 {
	d := newIDs(0, 32-bits)
	return d.next
}
