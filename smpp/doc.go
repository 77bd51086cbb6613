// Package smpp speaks SMPP 3.3, 3.4 (Short Message Peer to Peer, issue 1.2) and
// 5.0 without broadcasting, on both sides of a connection.
//
// Codec: every operation of 3.4 and its response, a file each. TLVs keep their
// order, repetitions and empty values; unknown ones are kept as octets. The
// broadcast operations of 5.0 and any number without an operation are a [PDU]
// with an [Opaque] body. Statuses and TLVs of 5.0 have their names.
//
// [Session] is the bind machine of section 2 as a pure function. [Server] and
// [Client] drive it, over TCP or TLS. [Dial] makes a client that calls,
// [ServeOutbind] clients that are called, and [Server.Outbind] calls them.
//
//	p := smpp.SubmitSM{SourceAddr: []byte("2280"), DestinationAddr: []byte("12025550123"), ShortMessage: []byte("hello")}
//	b, err := smpp.AppendPDU(nil, smpp.Header{Sequence: 1}, &p)
//
// # Conformance
//
// What the two sides do with each operation. A refused one gets the status in its
// response and, where it has none, in a generic_nack. An interface of the Handler
// or a callback of the ClientConfig stands for: yes where it is there. Without it
// the answer is ESME_RINVCMDID; to a deliver_sm it is ESME_RX_T_APPN, so that the
// message centre keeps the message; an alert_notification is passed over. An
// operation that is taken gets ESME_RINVBNDSTS where the bind does not allow it,
// a bind ESME_RALYBND where there is one, and ESME_RTHROTTLED over the window.
//
//	operation            server takes        server sends  client takes     client sends
//	bind_transmitter     yes                 no            ESME_RINVBNDSTS  yes
//	bind_receiver        yes                 no            ESME_RINVBNDSTS  yes
//	bind_transceiver     yes                 no            ESME_RINVBNDSTS  yes
//	outbind              ESME_RINVBNDSTS     yes           yes              no
//	unbind               yes                 yes           yes              yes
//	enquire_link         yes                 yes           yes              yes
//	generic_nack         yes                 yes           yes              yes
//	submit_sm            yes                 no            ESME_RINVBNDSTS  yes
//	submit_multi         SubmitMultiHandler  no            ESME_RINVBNDSTS  yes
//	data_sm              DataSMHandler       yes           OnData           yes
//	deliver_sm           ESME_RINVBNDSTS     yes           OnDeliver        no
//	query_sm             QuerySMHandler      no            ESME_RINVBNDSTS  yes
//	cancel_sm            CancelSMHandler     no            ESME_RINVBNDSTS  yes
//	replace_sm           ReplaceSMHandler    no            ESME_RINVBNDSTS  yes
//	alert_notification   ESME_RINVBNDSTS     yes           OnAlert          no
//	broadcast_sm         ESME_RINVCMDID      no            ESME_RINVCMDID   no
//	query_broadcast_sm   ESME_RINVCMDID      no            ESME_RINVCMDID   no
//	cancel_broadcast_sm  ESME_RINVCMDID      no            ESME_RINVCMDID   no
//	any other            ESME_RINVCMDID      no            ESME_RINVCMDID   no
//
// And with TLVs, whatever the operation. A peer of 3.3, by its interface_version
// or sc_interface_version, is sent none, nor a data_sm or alert_notification; a
// message that would be lost without its TLV fails with ErrVersion.
//
//	TLV                   to the peer                                       from the peer
//	sc_interface_version  from the server, with the bind, from 3.4          taken by the client
//	congestion_state      from the server, SetCongestion, from 5.0          passed on
//	message_payload       passed on; ErrVersion below 3.4                   passed on
//	sar_msg_ref_num       passed on; ErrVersion below 3.4                   passed on
//	sar_total_segments    passed on; ErrVersion below 3.4                   passed on
//	sar_segment_seqnum    passed on; ErrVersion below 3.4                   passed on
//	source_port           passed on; ErrVersion below 3.4                   passed on
//	destination_port      passed on; ErrVersion below 3.4                   passed on
//	receipted_message_id  passed on, AppendReceiptTLVs; left out below 3.4  passed on, ReceiptTLVs
//	message_state         passed on, AppendReceiptTLVs; left out below 3.4  passed on, ReceiptTLVs
//	network_error_code    passed on, AppendReceiptTLVs; left out below 3.4  passed on, ReceiptTLVs
//	every other           passed on; left out below 3.4                     passed on
//	past the end          never                                             ESME_RINVPARLEN
//	more than 256         refused by Append                                 ESME_RINVPARLEN
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
