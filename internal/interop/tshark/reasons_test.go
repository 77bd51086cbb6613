//go:build interop

package tshark_test

import (
	"path"
	"strings"
)

// reason explains why we and tshark judge vectors differently: those whose name
// has the pattern, and, of the ones that we refuse, whose error has the text.
type reason struct {
	vectors string // pattern of path.Match
	text    string // part of our error; empty for vectors that we take
	why     string
	met     int
}

// reasons: first what we refuse and tshark takes, then what we take and tshark
// complains of.
var reasons = []*reason{
	{vectors: "m3ua/bad/*", text: "version at octet 0", why: "RFC 4666 §3.1.1 has one version; Wireshark shows the number"},
	{vectors: "m3ua/bad/*", text: "mandatory field missing", why: "Wireshark shows parameters without asking which a message must have"},
	{vectors: "m3ua/bad/*", text: "message_length at octet 4", why: "Wireshark shows the length and reads to the end of the packet"},
	{vectors: "m3ua/bad/*", text: "length does not fit", why: "Wireshark takes a list of no elements, and ignores what is left of one that is no multiple of four"},
	{vectors: "m3ua/bad/*", text: "opc at octet", why: "a point code has 24 bits; Wireshark shows the 32 that carry it"},
	{vectors: "m3ua/bad/*", text: "value not allowed", why: "Wireshark shows the parameters of a routing key without asking which destination they belong to"},
	{vectors: "sccp/bad/*", text: "pointer to", why: "Wireshark follows a pointer to where another part is"},
	{vectors: "sccp/bad/*", text: "the message ends before", why: "Wireshark shows the data that there are"},
	{vectors: "sccp/bad/*", text: "octets left over", why: "Wireshark ignores what no pointer leads to"},
	{vectors: "sccp/xudt/*", text: "octets left over", why: "Wireshark stops at the end of the optional part"},
	{vectors: "tcap/bad/*", text: "package type", why: "Wireshark shows nothing of a package of an unknown type"},
	{vectors: "tcap/bad/*", text: "indefinite length", why: "T1.114 has definite lengths; Wireshark's BER has both"},
	{vectors: "tcap/bad/*", text: "octets left over", why: "Wireshark shows the package and ignores what is behind it"},
	{vectors: "tcap/bad/*", text: "length does not fit", why: "Wireshark shows transaction ids, component ids and problem codes of any length"},
	{vectors: "tcap/bad/*", text: "value not allowed", why: "Wireshark ignores components and causes that it does not know"},
	{vectors: "tcap/bad/*", text: "mandatory field missing", why: "in Wireshark's ASN.1 ids and operations are optional"},
	{vectors: "ansi41/set-faults/*", text: "value not allowed", why: "a SET has each parameter once; Wireshark shows it twice"},
	{vectors: "ansi41/set-faults/*", text: "length at octet", why: "five octets of length are more than any message has; Wireshark takes them"},
	{vectors: "ansi41/set-faults/*", text: "length does not fit", why: "Wireshark has parameters of a fixed size as octet strings of any size, and does not hold a count against the octets"},
	{vectors: "ansi41/set-faults/*", text: "MSID at octet", why: "in Wireshark's ASN.1 the MSID is optional everywhere"},
	{vectors: "is683-fwd/commit/*", text: "octets left over", why: "Wireshark ignores what is behind a Commit Request"},
	{vectors: "is683-fwd/reserved/*", text: "OTASP_MSG_TYPE", why: "Wireshark shows the number of a reserved message"},
	{vectors: "is683-rev/reserved", text: "OTASP_MSG_TYPE", why: "Wireshark shows the number of a reserved message"},
	{vectors: "is637/bad/*", text: "TELESERVICE_IDENTIFIER at octet 3", why: "Wireshark passes over a teleservice identifier of no octets"},
	{vectors: "is637/bad/*", text: "mandatory field missing", why: "Wireshark shows parameters without asking which a message must have"},
	{vectors: "is637/bad/*", text: "octets left over", why: "Wireshark shows a cause also where the class says that there is no error"},
	{vectors: "is637/bad/*", text: "CAUSE_CODE", why: "Wireshark does not ask for the cause of an error"},
	{vectors: "is637-bearer/bad/*", text: "mandatory field missing", why: "Wireshark shows subparameters without asking which there must be"},
	{vectors: "is637-bearer/bad/*", text: "MSG_ENCODING", why: "Wireshark passes over user data of no octets"},
	{vectors: "is637-bearer/bad/*", text: "octets left over", why: "Wireshark ignores what is behind a call-back number"},
	{vectors: "smpp/bad/*", text: "command_length", why: "without a TCP stream Wireshark does not need the length"},
	{vectors: "smpp/bad/*", text: "too long for its field", why: "Wireshark does not know how long a C-octet string may be"},
	{vectors: "smpp/bad_operations/*", text: "too long for its field", why: "Wireshark does not know how long a C-octet string may be"},
	{vectors: "smpp/bad_operations/*", text: "dest_flag", why: "Wireshark takes every dest_flag but 1 for that of a distribution list"},
	{vectors: "smpp/bad_operations/*", text: "tag at octet", why: "Wireshark ignores a body where there is none"},
	{vectors: "wsp/bad/*", text: "PDU type", why: "Wireshark has the other PDUs of WSP as well"},
	{vectors: "wsp/bad/*", text: "media type", why: "Wireshark shows a content type that is empty or has a number of any length"},
	{vectors: "wsp/bad/*", text: "charset", why: "Wireshark does not miss the value of a parameter"},
	{vectors: "wsp/bad/*", text: "header at octet", why: "Wireshark takes 00 for a shift to a code page"},
	{vectors: "smpp/bad/*", text: "tag at octet", why: "Wireshark ignores a body where there is none"},
	{vectors: "sms-tpdu/faults/*", text: "TP-MTI", why: "Wireshark shows nothing of a reserved message"},
	{vectors: "sms-tpdu/faults/*", text: "TP-UDL", why: "Wireshark does not hold the length against the 140 octets that user data has"},
	{vectors: "sms-tpdu/faults/*", text: "TP-UD at octet", why: "Wireshark shows the octets that there are"},
	{vectors: "sms-tpdu/faults/*", text: "octets left over", why: "Wireshark shows the user data and ignores what is behind it"},
	{vectors: "sms-tpdu/faults/*", text: "IEIDL", why: "Wireshark shows nothing of half an element"},

	{vectors: "ansi41/set-generic", why: "Wireshark's AuthenticationDirective has no VoicePrivacyMask"},
	{vectors: "ansi41/set-msinact/*", why: "Wireshark's MSInactive has no IMSI"},
	{vectors: "ansi41/set-smdpp/*", why: "parameters that the operation does not have: kept by us, noted by Wireshark"},
	{vectors: "is683-fwd/download/*", why: "the data of a block are opaque to the message; these octets are no MDN"},
	{vectors: "is683-fwd/validation/*", why: "the data of a block are opaque to the message; SPC.Decode refuses two octets"},
	{vectors: "is683-rev/threegpdconfiguration/*", why: "result codes behind all blocks: the standard's text was not to be had, so both places are taken"},
	{vectors: "is637-bearer/indicators/*", why: "an alert of two octets, which another implementation takes since networks send it"},
	{vectors: "is637-bearer/rare/*", why: "see the known faults: texts in the middle; and layouts that we do not know, which stay octets"},
	{vectors: "is637-bearer/userdata/*", why: "see the known faults: IS-91"},
	{vectors: "sccp/udt/*", why: "see the known faults: titles of addresses in ITU form"},
	{vectors: "sms-tpdu/either/*", why: "Wireshark, not told the direction, takes these for SMS-DELIVER and SMS-STATUS-REPORT; we look which they can be"},
	{vectors: "sms-tpdu/submit/*", why: "of an enhanced validity period of format 1 Wireshark takes two octets of seven"},
	{vectors: "tcap/component/*", why: "see the known faults: national codes; an operation code of one octet, which we take, is one too"},
	{vectors: "tcap/published/*", why: "user abort information without an EXTERNAL, from the tests of another implementation"},
}

func findReason(v verdict) *reason {
	for _, r := range reasons {
		match, err := path.Match(r.vectors, v.vector.Name)
		if err != nil || !match || (r.text == "") != (v.refused == nil) {
			continue
		}
		if v.refused == nil || strings.Contains(v.refused.Error(), r.text) {
			return r
		}
	}
	return nil
}
