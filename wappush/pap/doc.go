// Package pap codes the Push Access Protocol (WAP-164 PAP 1.0, WAP-247 PAP 2.0):
// what a push initiator and a push proxy gateway say to each other over HTTP. It
// is the codec only; the HTTP server and the queue are of the gateway.
//
//	POST /pap
//	Content-Type: multipart/related; boundary=…; type="application/xml"
//	├─ application/xml           control entity: <pap><push-message …>
//	├─ text/vnd.wap.si, …        content, with headers such as X-Wap-Application-Id
//	└─ capabilities, RDF         may be absent
//
// Everything but a push-message is one application/xml body. The answer is
// HTTP 202 with a control entity, errors included:
//
//	env, err := pap.Decode(contentType, body, pap.Limits{})
//	if err != nil {
//		env = &pap.Envelope{Control: pap.Control{Message: pap.BadMessage(err)}}
//	}
//	…
//	contentType, body, err = env.Encode("")
//
// # Elements
//
// Every element of a control entity is a struct with the attributes of the
// standard; times, codes, states and quality of service are typed. Names and
// attributes have two public sources. How often an element may occur and what
// the default of an attribute is follows recollection of the DTD, which is not
// public: so reading is lenient and writing strict.
//
// # Reading
//
// Any public identifier will do, the DTD is never fetched, and entities cannot
// be declared. Attributes and elements that are not known are passed over. A
// required attribute that is missing, a number, time or word that cannot be
// read, and more parts or octets than the [Limits] are an [*Error] of code
// 2000, which [BadMessage] makes the answer of. What an address means is read by
// [Address.Client]; it is 2002 where it is no client.
//
// # Writing
//
// [Control.AppendXML] writes the DOCTYPE, attributes in the order of the table,
// no attribute that has its default, and refuses what the standard requires and
// is not there.
package pap
