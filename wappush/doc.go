// Package wappush has the two oldest things that a WAP push carries: Service
// Indication (WAP-167), a text with a link that the handset shows, and Service
// Loading (WAP-168), a link that it follows.
//
//	si := wappush.ServiceIndication{Href: "https://www.example.com/a", Action: wappush.SignalHigh, Text: "New settings"}
//	if err := si.Validate(); err != nil { … } // *wappush.InvalidError
//	octets, err := si.Append(nil)
//
// Both have a binary form, which goes to the handset (application/vnd.wap.sic
// and .slc), and an XML form, which a push initiator sends (text/vnd.wap.si and
// .sl): Append and Decode, AppendXML and [ParseXML].
//
//	03 05 6A 00 | 45 | C6 attributes 01 | 03 text 00 | 01 | 01
//	03 06 6A 00 | 85 | attributes 01
//
// Append writes WBXML 1.3 in UTF-8 without a string table, attributes in the
// order href, si-id, action, created, si-expires, and tokens for the beginning
// of the address and for .com/ .edu/ .net/ .org/ anywhere in it. Decode takes
// what package wbxml takes, and leaves out what it does not know.
//
// [Content] puts the WSP header in front of these and of the bodies of other
// packages, as handsets expect it. The SMS around it is other packages'.
package wappush
