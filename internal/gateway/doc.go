// Package gateway puts otagate together. It is the one place that knows every
// package, and it holds no protocol of its own.
//
// A trigger takes this way:
//
//	smpp.Server ─ submit_sm ─▶ Gateway.SubmitSM (submit.go): which trigger, which values, may it start
//	     ▶ sessions.Runtime.Create ─▶ flow.Step (flow.go) ─▶ otasp.Session.Step
//	     ▶ COMMIT {state, timers, correlations, outbox, CDR}
//	     ▶ submit_sm_resp, and flow.Perform (perform.go): effects become invokes
//	          tcap.Endpoint ▶ sccp.Endpoint ▶ m3ua.Client
//	     ◀ answers become events (answer.go) ◀ Runtime.Post
//	     … until the session reports: CDR and receipt row in the last COMMIT
//	postman (postman.go): receipt rows ─▶ deliver_sm, deleted when the IVR has answered;
//	     by which bind, and how many at a time, package binds says
//
// Messages take a similar way (package push) and are kept beside the sessions, in
// pages of the same file (messages.go), with the receipts that their ends order:
// an account has a postman for each of the two.
//
// A submit_sm that no trigger takes, and what links deliver that is no receipt, is
// relayed (package relay), through push. That needs no signalling network: without a
// section ss7 there is none (signalling.go), and nothing but messages over SMPP.
//
// Effects that must be durable go into the transaction of the step; effects
// that touch the network are composed in the step (invoke.go) and sent after
// the commit. One table (status_map.go) translates between SMPP statuses,
// session outcomes and what a person reads.
package gateway
