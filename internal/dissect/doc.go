// Package dissect is the one table of protocols behind `otagate decode` and
// `otagate encode`, the gateway's trace writer and the ladders of the demo.
//
//	r, err := dissect.Decode("m3ua", octets, dissect.Options{})
//	fmt.Print(r.Trace.Text(false)) // fields, one a line, with absolute offsets
//	if err != nil { … }            // the first wrong field; r has what came before
//	j, err := r.JSON()
//	octets, err = dissect.Encode("m3ua", j)
//	line := dissect.Gist("m3ua", octets)
//
// The protocols are those of [Protocols]. Each takes one whole message:
//
//	smpp        a PDU
//	m3ua        a message; DATA with service indicator 3 descends into SCCP
//	sccp        a connectionless message; descends into ANSI-41
//	tcap        an ANSI TCAP package, parameter sets as octets
//	ansi41      an ANSI TCAP package with its parameter sets; descends into IS-683
//	ansi41-set  one parameter set alone; Options say of what
//	is683-fwd   a request to the handset
//	is683-rev   a response of the handset
//	sms-tpdu    a short message of 23.040, without the service centre's address
//	is637       a short message of CDMA: a message of the transport layer, or
//	            bearer data alone, known by its message identifier (00 03) in front
//	is637-bearer bearer data alone
//	prl         a preferred roaming list
//	cp          a settings document of client provisioning, the body of its push
//	wsp         a connectionless push; descends into what its content type says
//	dm          a notification of OMA device management (package 0)
//	mmc         a document or report of IOTA, XML without its parts
//	wbxml       a document of WAP Binary XML, its language told by the public id
//	si          a Service Indication in that form, and
//	sl          a Service Loading: the same tokens, JSON of the message
//
// # Descending
//
// A payload that is understood is shown as fields under its own field, with
// offsets of the outermost message. What a layer cannot tell is left as
// octets: other users of M3UA and SCCP, segments, ITU TCAP. Octets that were
// left so may hold keys, so the text shows their length only, unless secrets
// are asked for; the same goes for a short message that is no text. SMS_BearerData of an SMDPP INVOKE is an IS-683 request when
// ServiceIndicator is CDMA OTASP or OTAPA, and then a bad one is an error. With
// a teleservice of IS-637 it is bearer data if it reads as that.
//
// User data of a short message is a segment of WDP where the teleservice is WAP,
// and bearer data once more, with a segment in it, where it is that of China
// Telecom; if it does not read as that it stays octets. Bearer data alone does
// not say its teleservice, and many octets look like a segment, so it is never
// taken for one. User data begins inside of an octet: a field in it begins five
// bits into the octet that its offset says, ten where it is nested.
//
// The content type of a push says what its body is: then a bad one is an error.
//
// A RETURN RESULT does not say which operation it answers. Options.Operation
// does; without it, it is taken for an SMDPP when all its parameters are those
// of one, and shown parameter by parameter otherwise. Its SMS_BearerData is
// taken for an IS-683 response when it reads as one.
//
// The octets of an sms-tpdu do not say whether the mobile sends or receives it.
// Options.Direction does; without it, it is an SMS-DELIVER, SMS-SUBMIT or
// SMS-STATUS-REPORT when it reads as one, and else an SMS-DELIVER-REPORT,
// SMS-SUBMIT-REPORT or SMS-COMMAND. The JSON names the message, and so Encode
// need not be told. Text is shown beside the user data. A push that is whole in
// one sms-tpdu, or in one segment of WDP, is shown; other payloads stay octets.
//
// # JSON
//
// The JSON of a message is that of its own package with the payload in
// hexadecimal, so that decoding and encoding give the same octets for canonical
// input. Beside it, "payload" shows the inside; Encode ignores that. In
// "ansi41" each component has its parameter set as "message" instead of
// "parameters", and that is what Encode takes. JSON masks nothing.
package dissect
