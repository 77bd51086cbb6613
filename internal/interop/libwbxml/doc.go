// Package libwbxml holds our binary XML against that of libwbxml, which somebody
// else wrote.
//
// It is tests only, behind the build tag interop, because they need wbxml2xml and
// xml2wbxml (Debian: libwbxml2-utils):
//
//	make interop-libwbxml
//	go test -tags interop ./internal/interop/libwbxml -args -seed 7 -documents 5000
//
// Documents of each kind are generated from a seed. What our encoder gives is
// read by wbxml2xml, and its XML compared with ours, element by element. Our XML
// is encoded by xml2wbxml, what that gives is read by our decoder, which has to
// find the message that it was made from, and compared with what our encoder
// gives, octet for octet: both write attributes in the order of the document,
// so nothing else is left to choice. Where the two differ on purpose, a
// table says so; a difference that was not met fails, since it excuses nothing.
//
// Another kind of document is one entry in the table of subjects.
package libwbxml
