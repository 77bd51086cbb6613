// Package omacp reads, writes, checks and signs the settings documents of OMA
// Client Provisioning 1.1 (OMA-WAP-TS-ProvCont, OMA-WAP-TS-ProvBoot): access
// points, proxies, accounts and vendors' settings that a push brings to a device.
//
//	apn := omacp.APN{Access: omacp.GPRS{NAPID: "N1", Name: "Acme", APN: "internet.acme"}}
//	d, err := apn.Document()    // or ParseXML, FromJSON, or by hand; Validate then
//	body, err := d.Append(nil)  // WBXML, the body of the push
//	mac, err := omacp.MAC(body, omacp.USERPIN, omacp.Key{PIN: pin})
//
// A document is characteristics, which have a type, parms and characteristics
// inside; a parm has a name and a value, or no value where it is a flag:
//
//	wap-provisioningdoc version="1.0"
//	  characteristic type="NAPDEF"
//	    parm name="NAPID" value="N1"
//	    parm name="INTERNET"
//
// Files: document.go is the model; grammar.go the table of what belongs where,
// validate.go and value.go hold a document against it; encode.go with token.go,
// decode.go, parsexml.go, appendxml.go and json.go are its forms; sec.go,
// networksecret.go and secret.go say who it is from. One file per ready-made
// document: browserproxy.go, apn.go, mms.go, email.go, dmaccount.go and
// brewserver.go, with connection.go and cdma2000.go for what they share.
//
// # Reading
//
// Decode takes both habits of code pages, string tables and empty strings behind
// tokens. Tokens of later editions, which a device does not know either, are
// passed over and listed as anomalies. A parm with two names, as broken
// encoders have sent, is an error.
//
// # Limits
//
// The grammar and the tokens are what independent public implementations of the
// standard agree on; how often a parm may stand is partly recollection, and so
// is the network secret of CDMA, whose layout is configuration. The push around
// the document, with SEC and MAC in its content type, is not here.
//
// Security: PINs, network secrets and passwords mask themselves when printed, as
// do the values of parms that have them. Append, AppendXML and ToJSON have them
// in clear: they are the message.
package omacp
