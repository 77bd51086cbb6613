// Package ber reads and writes the part of BER (ITU-T X.690) that signalling
// uses: definite lengths, identifier octets of any class, tag numbers above 30.
//
// A [Tag] is the complete identifier as it stands in the octets, so the sheet
// of a protocol and its code show the same number: 0xe2, 0x9f69, 0x9f8100.
//
//	for c.More() {
//		tag, l := ber.Enter(&c)
//		switch tag {
//		case 0x88:
//			...
//		}
//		c.Leave(l)
//	}
//
// Writing reserves one length octet and widens it afterwards:
//
//	dst, at := ber.Open(dst, 0xe8)
//	dst = append(dst, ...)
//	dst = ber.Close(dst, at)
//
// Lengths are emitted in the shortest form and accepted in any definite form
// up to four octets. Indefinite lengths are refused.
package ber
