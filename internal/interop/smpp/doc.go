// Package smpp holds our SMPP against implementations that nobody here wrote, as
// clients of our server and as servers of our client: go-smpp and gosmpp, which are
// modules of the tests; node-smpp, which npm installs from testdata/node; and Kannel
// (Debian: kannel). It consists of tests, behind the build tag interop:
//
//	make interop-smpp
//	go test -tags interop -count=1 ./internal/interop/smpp [-run NAME] [-write-docs]
//
// One list of exchanges is run with every peer in each of its roles. Our side is
// `otagate serve` as a process: peers that are clients bind as its account, peers that
// are servers are behind one of its links. What the gateway does not do is done by
// smpp.Server and smpp.Client, and the table says so.
//
// What counts is what was on the wire, where every PDU is read by our decoder, and
// what the peer says it has sent and heard. A difference is known with its cause or
// fails, and one that is known and does not show fails too. So does a peer that is not
// there, unless ALLOW_SKIP names it: node, kannel.
//
// `make interop-kannel` is the throughput of Kannel with receipts, against otagate
// serve and against a server that leaves acknowledging to the kernel.
//
// Layout:
//
//	main_test.go table_test.go     what there is; the table
//	quirks_test.go                 what is known to differ, and why
//	wire_test.go                   PDUs on their way
//	gateway_test.go sink_test.go   otagate serve, and the centre behind it
//	client_test.go server_test.go  the exchanges
//	go_smpp_test.go gosmpp_test.go node_test.go kannel*_test.go   the peers
//	throughput_test.go             Kannel with receipts
package smpp
