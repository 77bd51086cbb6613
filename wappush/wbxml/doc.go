// Package wbxml reads and writes WAP Binary XML, versions 1.1 to 1.3
// (WAP-192-WBXML): the form that Service Indication, Service Loading, client
// provisioning, SyncML and the older settings messages have on the air.
//
//	version | public id | charset | string table length | string table | body
//
// The body is tags, attribute starts and attribute values, an octet each, in
// code pages of which tags and attributes have separate ones; strings stand
// inline or in the string table. What the octets mean is told by a [Language],
// which the public id in the header chooses:
//
//	var d wbxml.Document
//	err := d.Decode(octets, nil) // nil: by the public id
//	fmt.Println(d.Root.Name)
//	octets, err = d.Append(nil)
//
// Encoders that know their tokens use [AppendHeader], [AppendString],
// [AppendOpaque] and the lookups of [Language] instead.
//
// # Reading
//
// Strings from the table, inline strings, entities and value tokens that follow
// one another become one text. A token that the language does not have keeps
// its number ("tag-2f", "attr-45", "value-9c") and is listed in
// Document.Anomalies, as are extension tokens and processing instructions,
// which are skipped. Everything is bounded: depth, lengths, the number of parts,
// and what references into the string table expand to. Octets behind the
// document are an error.
//
// # Writing
//
// Version, public id and charset are those of the document, strings are inline;
// the string table has only what needs it: the text form of the public id and
// the names that have no token. Attribute starts are the longest that fit.
//
// Charsets are UTF-8, US-ASCII and ISO-8859-1, which is read into UTF-8; others
// are refused. The tables are those of SI 1.0, SL 1.0, CO 1.0, EMN 1.0,
// PROV 1.0, SyncML 1.0 to 1.2 (with MetInf and DM DDF) and the settings messages
// of Nokia and Ericsson; other documents read with numbers in place of names.
package wbxml
