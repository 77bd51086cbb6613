// Package differential holds otagate's codecs against those of Go libraries
// that somebody else wrote: go-m3ua (M3UA), gosmpp and go-smpp (SMPP), go-tcap
// (elements of BER).
//
// It is tests only. The libraries are modules of the tests, so it needs nothing
// but Go, no build tag, and `go test ./...` and `make fuzz` run it too:
//
//	make interop-differential
//	make interop-differential ARGS="-seed 7 -messages 20000"
//
// Each peer is held against us in three ways:
//
//   - Messages that we encode: the peer decodes them, each field is compared
//     with what was meant, the peer encodes them again, and our decoder has to
//     find the same.
//   - Messages that the peer encodes from generated values: our decoder has to
//     find those values.
//   - Octets that are broken: both take them or both refuse them, and when both
//     take them they find the same. A panic or an endless loop of the peer is a
//     difference and not the end of the run.
//
// Where the two disagree, one row of a table (smpp_rows_test.go,
// m3ua_rows_test.go, go_tcap_test.go) has to explain it: in whose favour the standard settles
// it, where, and octets that show it. A row explains only what it describes. A
// disagreement without a row fails the run; so does a row that the run does not
// meet, and one whose octets do not show it.
package differential
