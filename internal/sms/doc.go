// Package sms is what every bearer of short messages shares: a [Message] that
// knows no link, text to and from its codings, and how a message is carried that
// is longer than one short message.
//
//	coding, payload, err := sms.EncodeText("hello")
//	m := sms.Message{Coding: coding, Payload: payload}
//	plan, err := sms.Split(&m, sms.UDH8, sms.Limits{})
//	for i := range plan.Segments() {
//		ud = plan.AppendUserData(ud[:0], i)
//	}
//
// # Ways
//
//	[UDH8]     a user data header (3GPP TS 23.040) with IE 00 when there are
//	           several segments, and IE 05 when the message has ports, in this order
//	[UDH16]    the same with IE 08
//	[SAR]      the parts alone; number and ports go into TLVs of SMPP
//	[Payload]  the whole alone, for message_payload of SMPP; the peer splits it
//	[WDP]      the header of the CDMA WAP teleservice (IS-637), octets only
//
//	WDP   octet 0    MSG_TYPE, 0
//	      1          TOTAL_SEGMENTS
//	      2          SEGMENT_NUMBER, from 0 on
//	      3-4        source port        } in segment 0 only, and in the
//	      5-6        destination port   } reverse order of a user data header
//	      3- or 7-   part of the datagram
//
// A message that fits into one short message is not numbered. Segments are as
// long as they can be, but no character is parted: not the escape of the 7-bit
// alphabet from what is behind it, and no surrogates of UTF-16.
//
// # Room
//
// The parts of SAR leave the room that the header of UDH16 takes, with its ports
// if there are some, because a service centre of GSM has to put one in front of
// them; with several segments that is 152 characters of 7 bits, 133 octets or 66
// UCS2 characters. A GSM7 message counts as packed, seven bits a character, also
// where the link carries a septet an octet; all other codings count in octets.
//
// Below are gsm7 (the 7-bit alphabet), udh (user data headers) and tpdu (the
// messages of 23.040). National language tables are gsm7's; messages made here
// use the default alphabet. Segments that were received are not put together here.
package sms
