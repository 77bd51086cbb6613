// Package storetest is the conformance suite that every store of package
// sessions passes: each promise of sessions.Store as one test, and a random
// run against a model.
//
// # Layout
//
// run.go lists the tests; change.go, refuse.go, race.go, outbox.go, recall.go,
// keep.go have them; model.go is the random run. kill.go has what a store must
// keep when its process is killed, and crash.go how a process is.
//
// # First example
//
//	func TestStore(t *testing.T) { storetest.Run(t, open) }
//	func TestKill(t *testing.T)  { storetest.Kill(t, open) }
package storetest
