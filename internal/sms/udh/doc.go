// Package udh is the user data header of a short message, 3GPP TS 23.040
// 9.2.3.24: an octet UDHL, which does not count itself, and information elements.
//
//	octet  0     UDHL
//	       1     IEI, an ID
//	       2     IEIDL, octets of data
//	       3...  data
//	       ...   further elements
//
//	var h udh.Header
//	err := h.Decode([]byte{0x06, 0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0})
//	ports, ok := h.Ports() // to 2948 from 9200
//
// A [Header] keeps all elements in their order, known or not. Those that a
// gateway acts upon have accessors: concatenation (IEs 00 and 08), ports (04 and
// 05) and national language shifts (24 and 25). As the standard demands, of
// several elements that say the same thing the last counts, and one that makes
// no sense, such as part 3 of 2, is as if it were not there. The elements of EMS,
// of the SIM toolkit and others have a name at most and stay octets.
//
// Decoded elements borrow the octets that they were decoded from.
package udh
