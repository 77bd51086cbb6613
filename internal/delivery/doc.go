// Package delivery is the way of one message to a handset, as a machine: a pure
// function from state and event to state and effects. It knows no protocol:
// what a message holds and who carries it are opaque, errors come in as classes.
//
// A message has one or more parts (short messages), which are sent one after
// the other, so that they leave in order and none is wasted behind one that
// failed. There are two bearers:
//
//	ByCentre   a message centre takes each part (submit_sm) and may tell with a
//	           receipt what became of it
//	ByMSC      the HLR is asked where the handset is (SMSREQ) and its MSC takes
//	           each part (SMDPP), whose answer is the end of it; a handset that is
//	           away is waited for (SMSNOT)
//
// # The way
//
//	(Gathering ─▶ Joining) ─▶
//	Scheduled ─▶ Locating ─▶ Sending ─▶ … next part … ─▶ Settling ─▶ Ended
//	             │    ▲       │ │  ▲                      (receipts)
//	             ▼    │       │ ▼  │
//	             Away         │ Pausing (temporary error)
//	                          ▼
//	                        Doubtful (sent, and no answer)
//
// What nobody has yet can be taken back and begun again (Recall), with another text,
// time or carrier, which the machine does not know; of several parts only before the
// first has left.
//
// A message that is one segment of a longer one waits for its siblings first (Gathering), when
// the Session has a Wake before Start. Who knows the siblings says how it goes on: by itself
// (Alone), or one takes the others over (Join) and these leave (Absorb). It is sent when
// all have left (Joined): so no crash leaves one of them to be sent as well, and since the
// others leave after the commit that has what they were, none is lost.
//
// A delivery that is decided while a part is with its sender is Ending: the part
// is taken back, or its answer awaited.
//
// # What is promised
//
//   - A part is handed out (Hand) in the transaction that says so: after a crash it
//     is handed out again under the same name, which an outbox knows.
//   - A part whose answer is known is never sent again unless the answer was a
//     temporary error, or said that the handset is away.
//   - A part that may have been sent is in doubt. A receipt settles the doubt. When
//     none comes in time the part is sent again only if the policy says that the
//     bearer or the handset recognises a repetition; else the message ends as
//     unknown, which is an outcome of its own. A receipt that comes after the part
//     was handed out again has that sending taken back if no sender has it yet.
//   - A session ends once, with one Report, and not while a part is with a sender; or it
//     leaves without one, when a sibling goes for it.
//
// # First example
//
//	s := delivery.Session{Bearer: delivery.ByCentre, Policy: policy, Parts: delivery.NewParts(4), Validity: at.Add(day)}
//	s, effects := s.Step(delivery.Event{Kind: delivery.Start, At: at}, nil)
//	// effects: Hand part 0, SetTimer
package delivery
