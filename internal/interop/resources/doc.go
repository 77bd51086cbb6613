// Package resources takes the machine away from a running gateway: the disk is
// full or read-only, fsync fails, file descriptors and memory are short, the
// clock is set, names are not resolved any more. `make fault` runs it; there is
// nothing in the package but tests.
//
//	go test -tags interop -count=1 ./internal/interop/resources [-run NAME] [-write-docs]
//
// The gateway is the program itself, `otagate serve` as a process, with what
// internal/sim has in the test: the network and an IVR that triggers, or a message
// centre and an account whose messages are relayed. Only the clock is another
// matter: a process has no clock of its own, so that test has the gateway in itself.
//
// The test binary starts itself again in namespaces of its own (mounts and
// network, as an ordinary user in a user namespace too), so that what is mounted
// and listened on is nobody else's and goes with it. What needs root fails
// without it, unless ALLOW_SKIP names root.
//
// Layout:
//
//	main_test.go host_test.go      which half this is; the half outside
//	table_test.go                  the table of what was done and what came of it
//	site_test.go process_test.go   the gateway as a process; programs and their figures
//	lab_test.go relay_lab_test.go  network and IVR; message centre and account
//	disk_test.go loop_test.go      full, read-only, and a disk that fails beneath
//	relay_test.go                  all that with messages, whose log can be full alone
//	fsync_test.go seccomp_test.go  fsync that fails, on order
//	descriptors_test.go memory_test.go names_test.go clock_test.go
package resources
