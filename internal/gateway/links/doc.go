// Package links keeps the named links to message centres: the binds of each, how
// much may be under way on them and how fast, and what slows them down.
//
//	caller ─▶ Room: how many submit_sm or data_sm it may give now
//	       ─▶ Submit, Data ─▶ the bind with the most room ─▶ the centre
//	       ◀ done: the answer, or that there will be none (in doubt); once
//	       ◀ OnRoom: there may be room again
//	centre ─▶ deliver_sm, data_sm ─▶ Handler, which answers when the message is safe
//
// # Binds
//
// A link has one host or several, which are tried in turn, and one or more binds
// of its kind: transceivers, or pairs of which one bind submits and the other
// takes what is delivered. Each bind is a goroutine with a state of its own:
//
//	Down ─▶ Connecting ─▶ Up ─▶ Leaving ─▶ Down
//	 ▲          │         │                 │
//	 └──pause───┴─────────┴─────────────────┘
//
// The pause between two binds has jitter and grows while binds fail or are ended
// soon: what is under way then is in doubt each time. Connecting, a request,
// enquire_link and unbinding have deadlines. Nothing of a link runs on when Run
// has returned.
//
// # Too much
//
// When the centre refuses a submit_sm for want of room (ESME_RTHROTTLED,
// ESME_RMSGQFUL), or says that it is full (congestion_state of SMPP 5.0), the whole
// link pauses; see [Throttled]. Behind the pause one request is sent alone, once
// nothing else is under way; if that is refused too the next pause is twice as
// long, and each request that is taken halves it again. Whoever has submitted what
// was refused can so put it back in its old place before anything else is sent.
//
// The rate counts short messages: one for a submit_sm, but those that the centre
// will make of it for message_payload.
//
// Not here: what a message holds, what an answer means for it, and whether to send
// again what is in doubt. That is the caller's.
//
// # First example
//
//	l := links.New(links.Config{Link: &cfg.Links[0], Handler: h, OnRoom: wake, Log: log})
//	go l.Run(ctx)
//	if l.Room() > 0 {
//		err := l.Submit(pdu, func(status smpp.Status, resp *smpp.SubmitSMResp, err error) { … })
//	}
package links
