// Package ansi is the codec of ANSI TCAP, T1.114.3: packages, components, the
// dialogue portion and aborts. It has no state; package tcap has.
//
//	E2 len                      package type: Query With Permission
//	   C7 04 xxxxxxxx           transaction id
//	   F9 len …                 dialogue portion, optional
//	   E8 len                   component sequence
//	      E9 len                INVOKE (Last)
//	         CF 01 00           component id
//	         D1 02 09 35        operation, private: family 9, specifier 0x35
//	         F2 len …           parameter set
//
// Parameters are opaque: the value of the set or sequence, and which of the
// two it was. Decoding borrows the buffer and reuses the slices of the value
// decoded into; a query with one invoke costs no allocation.
//
//	p := ansi.Package{Type: ansi.QueryWithPermission, Originating: 0x100,
//		Components: []ansi.Component{{Type: ansi.InvokeLast, HasInvokeID: true,
//			Operation: ansi.PrivateOperation(0x35), Parameters: set}}}
//	b, err := p.Append(nil)
//
// Lengths are accepted in any definite form and emitted in the shortest.
// Unknown elements of a dialogue portion are kept; anywhere else they are an
// error, and [Diagnose] says what T1.114 wants to be answered. Operations of
// one octet, seen in tests of another stack, are read and written back.
// The security and confidentiality parts of the dialogue portion follow one
// source and were not held against a second.
package ansi
