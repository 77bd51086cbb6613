// Package stp holds our M3UA against a signalling transfer point that nobody
// here wrote, Osmocom's osmo-stp, over the SCTP of the Linux kernel, and runs
// the star-code activation and the delivery of a message through it with every
// node in a process of its own. `make interop-stp` runs it; there is nothing in
// the package but tests.
//
//	go test -tags interop -count=1 ./internal/interop/stp [-run NAME] [-write-docs]
//
// The test binary is two programs. On the machine (host_test.go) it looks for
// the Debian packages it needs, which setup.sh installs, builds otagate, and
// starts itself under a guest kernel with SCTP (run-in-sctp-kernel.sh); there
// it is the tests. One guest serves all of them. At the end the machine's half
// prints the table of what was shown and, with -write-docs, puts it into
// docs/interop.md.
//
// Standards: RFC 4666 (M3UA), RFC 9260 (SCTP). A system call takes some 70
// times as long in the guest as outside, so nothing here measures speed.
//
// Layout:
//
//	run-in-sctp-kernel.sh setup.sh     guest kernel, packages
//	main_test.go host_test.go          which half this is; the machine's half
//	table_test.go                      the table
//	osmo_test.go asp_test.go           osmo-stp and our ASPs as test peers
//	network_test.go capture_test.go    paths, loss and delay; what was on the wire
//	testdata/                          osmo-stp's configurations, the gateway's
package stp
