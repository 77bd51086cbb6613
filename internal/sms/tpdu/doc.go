// Package tpdu reads and writes the transfer protocol data units of short
// messages, 3GPP TS 23.040 9.2.2: what MAP, or the air interface, carries
// between a service centre and a mobile.
//
//	first two bits  to the mobile (mt)    from the mobile (mo)
//	00              [Deliver]             [DeliverReport]
//	01              [SubmitReport]        [Submit]
//	10              [StatusReport]        [Command]
//	11              reserved, refused     reserved, refused
//
// The octets do not say where they go: [Read] and [Decode] have to be told the
// [Direction]. Given [Either], they take SMS-DELIVER, SMS-SUBMIT or
// SMS-STATUS-REPORT when the octets read as that, and else its counterpart; and
// when they read as neither, the error is that of the first. What reads as both
// is rare and taken for the first.
//
//	var m tpdu.Deliver
//	err := m.Decode(octets)
//	text, err := m.UserData.AppendText(nil, m.DCS)
//
// Files: message.go has the dispatch, one file per message (deliver.go,
// submit.go …); address.go, pid.go, dcs.go, timestamp.go, validity.go,
// userdata.go, parameters.go, fcs.go and status.go hold the fields; json.go prints.
//
// [UserData] keeps the text as it is on the wire, packed or not, behind a header
// of typed elements; its methods pack and unpack. The alphabets are those of
// package gsm7, UCS2 and octets. Compressed text is carried but not read.
//
// An acknowledgement and an error report are told apart by TP-FCS, whose values
// are 80 and above, while TP-PI, which would stand in its place, is below. Reserved
// bits of the first octet and of TP-PI, and the octets of an extended TP-PI, are
// passed over and not kept.
//
// Decoded messages borrow the octets they were decoded from; Clone copies what
// has to be kept.
package tpdu
