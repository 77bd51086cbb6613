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
//	prl         a preferred roaming list
//
// # Descending
//
// A payload that is understood is shown as fields under its own field, with
// offsets of the outermost message. What a layer cannot tell is left as
// octets: other users of M3UA and SCCP, segments, ITU TCAP. Octets that were
// left so may hold keys, so the text shows their length only, unless secrets
// are asked for. SMS_BearerData of an SMDPP INVOKE is an IS-683 request when
// ServiceIndicator is CDMA OTASP or OTAPA, and then a bad one is an error.
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
// need not be told. Text is shown beside the user data; a payload behind port
// numbers stays octets.
//
// # JSON
//
// The JSON of a message is that of its own package with the payload in
// hexadecimal, so that decoding and encoding give the same octets for canonical
// input. Beside it, "payload" shows the inside; Encode ignores that. In
// "ansi41" each component has its parameter set as "message" instead of
// "parameters", and that is what Encode takes. JSON masks nothing.
package dissect
