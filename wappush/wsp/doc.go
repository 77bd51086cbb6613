// Package wsp codes the one PDU of WSP (WAP-230) that reaches a handset in a
// short message: the connectionless push, with its content type, parameters and
// headers. The body is opaque; SI, SL, provisioning documents and
// notifications are of the packages beside this one.
//
//	TID          1        a counter; nothing acknowledges it
//	PDU type     1        06 Push, 07 ConfirmedPush (of a session; decoded, and that is all)
//	HeadersLen   uintvar  octets of content type and headers
//	Content-Type          AE, or value-length, media type, parameters
//	headers               AF 82 = X-Wap-Application-Id: wml.ua
//	data                  the rest; there is no length
//
// A push without options:
//
//	p := wsp.Push{
//		TID:         0x25,
//		ContentType: wsp.ContentType{Type: wsp.SIC},
//		Headers:     []wsp.Header{wsp.ApplicationHeader(wsp.AppWMLUA), wsp.PushFlagHeader(wsp.LastPush)},
//		Body:        si,
//	}
//	b, err := p.Append(nil)
//
// # Values
//
// The first octet of a value says what it is, whatever header it belongs to:
// 80–FF a short-integer, 20–7F text up to a NUL, anything less a length.
// [Value] keeps just that, so that headers and parameters nobody has heard of
// come out as they went in; typed readers such as [Push.ApplicationID] are
// beside it.
//
// # Rules
//
// Appended is the shortest form: a content type without parameters is one
// octet or text, lengths above 30 have the quote 1F. Accepted are longer forms
// of lengths and of the content type (01 AE, 1F 01 AE), long-integers with
// leading zeros, a quote in front of text that needs none, and code-page
// shifts, which are passed over: there is no second page in use. SEC and MAC of
// a provisioning document are octets here.
//
// Sessions (Connect, Get, Reply …), WTP and multipart bodies are not
// implemented. The numbers of media types, headers and applications are those
// of the OMNA registry, as far as two public implementations agree on them.
package wsp
