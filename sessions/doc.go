// Package sessions keeps everything that outlives one message: provisioning
// sessions, their deadlines, their correlations, the outbox and the records
// that are written when a session ends.
//
// It knows no protocol. A protocol machine takes part by implementing [Flow]:
// a pure Step, an encoding of its state, and Perform for the effects. The
// [Runtime] drives the machines and the [Store] makes their steps durable.
//
// # Layout
//
//   - key.go, id.go, corr.go: what a session is found by, and what only one session may have
//   - change.go, outbox.go, order.go, errors.go, store.go: the contract with a store
//   - tx.go, flow.go: the contract with a machine
//   - runtime.go, options.go, stats.go: the driver from outside
//   - shard.go, step.go, complete.go, rest.go, entry.go, timer.go, mailbox.go: its inside
//   - pool.go, trn.go: activation MINs and temporary reference numbers
//   - page.go: what a log of pages writes
//   - sqlite: the embedded store; pages: the store of messages, over the log of pagelog; disk: both together; storetest: the
//     suite every store passes; cdr: the records
//
// # What is promised
//
//   - At most one live session holds an MDN or a TRN; the store enforces it. A
//     message on its way has a key of its own, so that a subscriber may have several.
//   - One step of one session commits as a whole or not at all: state, timers,
//     correlations, outbox rows, call detail records, order marks.
//   - Nothing is acknowledged and no effect is performed before COMMIT returned.
//   - Effects of one session come in the order of its steps.
//   - An outbox row is sent at least once. A crash between the send and its
//     settlement sends it again when the lease has run out. A sender whose peer
//     must not get it twice asks for what was leased when the process ended
//     ([Recall]) before it claims anything.
//   - What nobody has leased can be taken back; what somebody has leased cannot.
//   - Several flows may share a store: each runtime takes over only the sessions
//     whose keys it owns ([Options]), and knows of no others.
//   - A session that waits long takes little memory: after a step that says so
//     ([Tx.Rest]), and from the start to its Recovered step, its encoded state is all that
//     is kept of it. It is found, has its timers and takes its events as any other.
//     Its octets are decoded for each step; when that cannot be done just then
//     ([ErrStore], [ErrBusy]) the step is made later, before all that comes behind it.
//   - Queues are bounded and a full one is answered with [ErrBusy].
//
// # What is not here
//
// Several nodes on one store (leases, epochs, take-over), campaigns and the
// subscriber registry are not implemented by this package.
//
// # First example
//
//	store, err := sqlite.Open(ctx, "gateway.db", sqlite.Options{})
//	...
//	rt := sessions.NewRuntime(flow, store, sessions.Options{})
//	go rt.Run(ctx)
//	<-rt.Ready()
//	err = rt.Create(sessions.Create[State, Event]{ID: id, Key: sessions.MDNKey(5551234567),
//		Event: trigger}, func(r sessions.Result) { answer(r.Err) })
package sessions
