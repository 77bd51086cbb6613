// Package smpp speaks SMPP 3.4 (Short Message Peer to Peer, issue 1.2), with
// the status codes and TLVs of SMPP 5.0, on both sides of a connection.
//
// Codec: bind_transmitter, bind_receiver, bind_transceiver, unbind,
// enquire_link, generic_nack, submit_sm and deliver_sm with their responses.
// TLVs keep their order, repetitions and empty values; unknown ones are kept
// as octets. Any other operation is a [PDU] with an [Opaque] body, which the
// server and the client answer with generic_nack and ESME_RINVCMDID. Not here
// yet: outbind, data_sm, submit_multi, query_sm, cancel_sm, replace_sm,
// alert_notification and the broadcast operations.
//
// [Session] is the bind machine of section 2 as a pure function. [Server] and
// [Client] drive it.
//
//	p := smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("12025550123"), ShortMessage: []byte("hello")}
//	b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &p)
//
// # Goroutines, windows and memory
//
// A connection has one goroutine that reads and one that writes and minds the
// timers. What the reading goroutine causes to be sent is written once per
// batch of received PDUs. Nothing queues without bound: requests of ours are
// limited by a window, requests of the peer by another (ESME_RTHROTTLED over
// it), and a peer that does not read is closed when a write does not finish
// within the write timeout.
//
// A connection holds one read buffer (ReadBuffer, 16 KiB by default; up to
// PDULimit while a larger PDU arrives) and two write buffers that grow with
// what is queued and are given back above 64 KiB. No request is queued while
// more than 256 KiB wait (QueueLimit) and no PDU is read while that much
// waits, so that a connection holds at most
//
//	max(ReadBuffer, PDULimit) + 2 × (QueueLimit + PDULimit)
//	+ 130 octets × OutboundWindow + 180 octets × InboundWindow
//
// in the worst case, and about 20 KiB when it is idle. Looking at a password
// takes about 20 MiB, which ServerConfig.Hashing of them may do at a time.
package smpp
