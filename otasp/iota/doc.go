// Package iota codes what IOTA over HTTP carries: MMC documents, the reports
// about them, and the multipart bodies that hold both with their binary parts.
// It is the codec only; the HTTP server and the session are of the gateway.
//
//	GET  call-back URL  ─────────▶
//	     ◀───────── document: open, read phone:model, …   status-uri, methods
//	POST status-uri, report ─────▶                        status, details
//	     ◀───────── document: write phone:cdma.is683, …   cid:… is a part
//	…                                                     until disconnect
//
// # The grammar is reconstructed
//
// The standard, 3GPP2 C.S0040, and the document type of its predecessor, the MMC
// 2.0 of Phone.com, are not public. What is here follows one client that is:
// elements, attributes, words, names of objects, the content type. All of these
// stand in a [Dialect], so that configuration can put right what a handset has
// otherwise. [Phonecom20] is what that client speaks; [IOTA10] has the registered
// content type of the standard and the same words, because nobody knows others.
// The binary form of either is not coded: its tokens are unknown.
//
//	mmc     status-uri, mmcID                                  method*, or one status
//	method  id, name, object, value|valueref, reportstatus, size, offset
//	status  mmc, mmcID                                         detail*
//	detail  id, name, object, value|valueref, result
//
//	dialects := iota.Standard()
//	d := dialects.ForAccept(request.Header.Get("Accept"))
//	contentType, body, err := d.Encode(&iota.Message{Document: …}, boundary)
//	…
//	m, err := d.Decode(contentType, body, iota.Limits{})
//	err = m.Report.Answers(document)
//
// # Reading and writing
//
// Writing is strict: UTF-8, the attributes in the order above, none that has its
// default, no entity but the five of XML; line ends and tabs in a value are
// character references. Parts are written as they are, each must be referred
// to, and every cid must have its part.
//
// Reading takes any DOCTYPE without declarations inside, passes over elements and
// attributes that are not known, over parts that have no Content-ID and over
// what a method has no use for, and compares names to the letter. It never
// fetches anything. An error in octets is a *wire.Error, with the offset of the
// element that is wrong; of a part, and of a body that is none, it is 0.
//
// # Secrets
//
// The status-uri of a document ends in a [Token] that lets its bearer act for a
// handset, and an OTASP message may hold a service programming code. Neither is
// in an error, a gist, or, unless asked for, a trace. A Token masks itself.
package iota
