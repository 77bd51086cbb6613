// Package is637 reads and writes short messages of CDMA, IS-637 (C.S0015): the
// transport layer, the bearer data inside it, the user data inside that, and
// the WAP datagram that user data may hold.
//
// A transport message ([Message]) is an octet SMS_MSG_TYPE and parameters; one
// of them is the bearer data ([Bearer]), which are subparameters:
//
//	8:SMS_MSG_TYPE {8:PARAMETER_ID 8:PARAMETER_LEN data}
//	{8:SUBPARAMETER_ID 8:SUBPARAM_LEN data}
//
// The data is packed most significant bit first and padded to whole octets. In
// an SMDPP of ANSI-41 only the bearer data travels.
//
//	var b is637.Bearer
//	err := b.Decode(octets)
//	text, err := b.UserData.V.Text()
//
// The sender of many segments has a short way, [Deliver], which frames octets
// as bearer data and gives what [Bearer.Append] gives.
//
// What has no public layout, or a parameter that comes a second time, stays
// octets in Other, in the order it came; it is written behind what is known.
// Parameters are written in ascending order and read in any. Reserved bits are
// read and written as 0.
//
// Files: transport.go, parameter.go, cause.go, address.go and subaddress.go are
// the transport layer; bearer.go and subparameter.go the bearer data, userdata.go,
// chars.go, text.go and header.go the user data, is91.go its oldest form; time.go,
// indicators.go, status.go, mixed.go and category.go the other subparameters;
// deliver.go the short way; wdp.go the datagram; json.go prints.
//
// Decode may be used again on the same value: it reuses the slices in it, so a
// value that is kept is cloned first. Octets in Other, and BearerData of a
// Message, borrow what was decoded; Clone copies.
//
// Implemented: all transport parameters (00 to 08) and all subparameters up to
// 17; of these 16 and 17 (enhanced voice mail notification) have no public
// layout and are octets. The layouts follow what independent public
// implementations agree on; no text of the standard was at hand, so nothing
// here is a claim of conformity. Single sources only are behind subaddresses,
// multiple encoding user data, service category programming, TP-failure cause,
// message status codes and GSM data coding. Where multiple encoding user data or
// service category programming came in another layout, they stay octets.
// Characters of the GSM alphabet stay septets, which internal/sms/gsm7 turns
// into text; user data headers stay octets.
package is637

// proto names this protocol in errors.
const proto = "is637"
