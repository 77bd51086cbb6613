// Package xmldoc reads small XML documents that strangers send: Service
// Indication and Loading, provisioning documents, the control entities of PAP.
//
//	root, err := xmldoc.Parse(octets, xmldoc.Limits{})
//	if err != nil { … } // *xmldoc.Error: line, column and what is wrong
//	href, ok := root.Attr("href")
//
// It is the tokenizer of encoding/xml, which knows nothing of a DTD, with what
// that leaves to its user. A document is one well-formed element in UTF-8,
// US-ASCII or ISO-8859-1. A DOCTYPE is read and not obeyed: nothing is ever
// fetched, no entity exists beside the five of XML. Refused are
//
//   - declarations inside the DOCTYPE, of entities or of anything else;
//   - processing instructions, but for the XML declaration, and wap-pap-ver
//     inside the DOCTYPE, where PAP has the versions it speaks;
//   - an attribute twice, two root elements, text outside of them;
//   - whatever exceeds the [Limits].
//
// It does not validate, and it does not change white space in attributes.
package xmldoc
