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
//	TLV                           tag     to the peer                                       from the peer
//	dest_addr_subunit             0x0005  passed on; left out below 3.4                     passed on
//	dest_network_type             0x0006  passed on; left out below 3.4                     passed on
//	dest_bearer_type              0x0007  passed on; left out below 3.4                     passed on
//	dest_telematics_id            0x0008  passed on; left out below 3.4                     passed on
//	source_addr_subunit           0x000d  passed on; left out below 3.4                     passed on
//	source_network_type           0x000e  passed on; left out below 3.4                     passed on
//	source_bearer_type            0x000f  passed on; left out below 3.4                     passed on
//	source_telematics_id          0x0010  passed on; left out below 3.4                     passed on
//	qos_time_to_live              0x0017  passed on; left out below 3.4                     passed on
//	payload_type                  0x0019  passed on; left out below 3.4                     passed on
//	additional_status_info_text   0x001d  passed on; left out below 3.4                     passed on
//	receipted_message_id          0x001e  passed on, AppendReceiptTLVs; left out below 3.4  passed on, ReceiptTLVs
//	ms_msg_wait_facilities        0x0030  passed on; left out below 3.4                     passed on
//	privacy_indicator             0x0201  passed on; left out below 3.4                     passed on
//	source_subaddress             0x0202  passed on; left out below 3.4                     passed on
//	dest_subaddress               0x0203  passed on; left out below 3.4                     passed on
//	user_message_reference        0x0204  passed on; left out below 3.4                     passed on
//	user_response_code            0x0205  passed on; left out below 3.4                     passed on
//	source_port                   0x020a  passed on; ErrVersion below 3.4                   passed on
//	destination_port              0x020b  passed on; ErrVersion below 3.4                   passed on
//	sar_msg_ref_num               0x020c  passed on; ErrVersion below 3.4                   passed on
//	language_indicator            0x020d  passed on; left out below 3.4                     passed on
//	sar_total_segments            0x020e  passed on; ErrVersion below 3.4                   passed on
//	sar_segment_seqnum            0x020f  passed on; ErrVersion below 3.4                   passed on
//	sc_interface_version          0x0210  from the server, with the bind, from 3.4          taken by the client
//	callback_num_pres_ind         0x0302  passed on; left out below 3.4                     passed on
//	callback_num_atag             0x0303  passed on; left out below 3.4                     passed on
//	number_of_messages            0x0304  passed on; left out below 3.4                     passed on
//	callback_num                  0x0381  passed on; left out below 3.4                     passed on
//	dpf_result                    0x0420  passed on; left out below 3.4                     passed on
//	set_dpf                       0x0421  passed on; left out below 3.4                     passed on
//	ms_availability_status        0x0422  passed on; left out below 3.4                     passed on
//	network_error_code            0x0423  passed on, AppendReceiptTLVs; left out below 3.4  passed on, ReceiptTLVs
//	message_payload               0x0424  passed on; ErrVersion below 3.4                   passed on
//	delivery_failure_reason       0x0425  passed on; left out below 3.4                     passed on
//	more_messages_to_send         0x0426  passed on; left out below 3.4                     passed on
//	message_state                 0x0427  passed on, AppendReceiptTLVs; left out below 3.4  passed on, ReceiptTLVs
//	congestion_state              0x0428  from the server, SetCongestion, from 5.0          passed on
//	ussd_service_op               0x0501  passed on; left out below 3.4                     passed on
//	broadcast_channel_indicator   0x0600  passed on; left out below 3.4                     passed on
//	broadcast_content_type        0x0601  passed on; left out below 3.4                     passed on
//	broadcast_content_type_info   0x0602  passed on; left out below 3.4                     passed on
//	broadcast_message_class       0x0603  passed on; left out below 3.4                     passed on
//	broadcast_rep_num             0x0604  passed on; left out below 3.4                     passed on
//	broadcast_frequency_interval  0x0605  passed on; left out below 3.4                     passed on
//	broadcast_area_identifier     0x0606  passed on; left out below 3.4                     passed on
//	broadcast_error_status        0x0607  passed on; left out below 3.4                     passed on
//	broadcast_area_success        0x0608  passed on; left out below 3.4                     passed on
//	broadcast_end_time            0x0609  passed on; left out below 3.4                     passed on
//	broadcast_service_group       0x060a  passed on; left out below 3.4                     passed on
//	billing_identification        0x060b  passed on; left out below 3.4                     passed on
//	source_network_id             0x060d  passed on; left out below 3.4                     passed on
//	dest_network_id               0x060e  passed on; left out below 3.4                     passed on
//	source_node_id                0x060f  passed on; left out below 3.4                     passed on
//	dest_node_id                  0x0610  passed on; left out below 3.4                     passed on
//	dest_addr_np_resolution       0x0611  passed on; left out below 3.4                     passed on
//	dest_addr_np_information      0x0612  passed on; left out below 3.4                     passed on
//	dest_addr_np_country          0x0613  passed on; left out below 3.4                     passed on
//	display_time                  0x1201  passed on; left out below 3.4                     passed on
//	sms_signal                    0x1203  passed on; left out below 3.4                     passed on
//	ms_validity                   0x1204  passed on; left out below 3.4                     passed on
//	alert_on_message_delivery     0x130c  passed on; left out below 3.4                     passed on
//	its_reply_type                0x1380  passed on; left out below 3.4                     passed on
//	its_session_info              0x1383  passed on; left out below 3.4                     passed on
//	any other                     -       passed on; left out below 3.4                     passed on
//	past the end                  -       never                                             ESME_RINVPARLEN
//	more than 256                 -       refused by Append                                 ESME_RINVPARLEN
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
