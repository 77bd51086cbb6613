// Package relay is the door of the messages of others: what accounts submit and no
// trigger takes goes on as it came, through internal/gateway/push, to the link that
// the routes say, and what became of it goes back as a delivery receipt.
//
//	ESME ─ submit_sm ─▶ Door.Submit ─▶ push.Service.Accept ─▶ COMMIT ─▶ submit_sm_resp with our message id
//	link ─ deliver_sm, data_sm of a handset ─▶ Door.Deliver ─▶ the same, to an account or another link
//	push.Service ─▶ Door.Report: the row of a receipt, in the commit that ends the message
//	     ▶ postman (internal/gateway) ─▶ Receipt.DeliverSM ─▶ deliver_sm, deleted when the ESME has answered
//
// # What is kept
//
// All fields and all TLVs of a PDU, in their order; a data_sm stays one, unless its peer
// is of 3.3. Ours are, on the way out:
// registered_delivery (receipts and intermediate notifications; what is asked of the
// handset stays), user_message_reference where a receipt is to come (the sender's
// own goes back to it in its receipt), schedule_delivery_time (the message waits
// here), validity_period (what is left of it, when the sender said one) and
// replace_if_present_flag. The link may change more: configs.LinkRelay.
//
// The datagram and transaction modes of esm_class are passed on, and answered as
// store and forward: when the message is on the disk.
//
// # Segments
//
// A link with way payload has the segments of a long message joined that an account submits in several
// submit_sm: by a user data header with a reference of 8 or 16 bits, or by the sar_ TLVs. They
// are of one message when account, addresses, service_type, esm_class, protocol_id, priority,
// data_coding, kind of reference, reference and number of segments are the same. Each is
// answered when it is on the disk, and waits there for the others:
//
//	all are there       one submit_sm with their texts in message_payload, or in short_message if
//	                    one takes it; TLVs are those of the first segment, ports of a header become
//	                    source_port and destination_port. It is of use as long as all of them are,
//	                    and waits for the latest schedule
//	one is missing      after relay.join, from the first that came on, they go as they came; so do
//	                    those that come later, for as long again
//	one came twice      with the same text it counts once; with another none of them are joined
//
// Each has its message_id, its record (with the step joined:2/3, behind those of the joined one) and,
// as it asked, its receipt: what became of the whole is told of each. query_sm is ENROUTE while they wait
// and until the whole is over. cancel_sm of one that waits takes that one back; of one that
// was joined it takes the whole back, of which all are told (DELETED), and cancel_sm of the others is
// ESME_RCANCELFAIL then, as it is in the moment of the joining itself. replace_sm is ESME_RREPLACEFAIL as long
// as it waits and when it was joined.
//
// Segments go at once, as they came, that say more in their header than ports of 16 bits and their
// place, that have sm_default_msg_id or replace_if_present_flag, of data_sm, submit_multi and handsets, and those
// of an account of which 10,000 wait already. What waits counts for max_queue.
//
// # To accounts
//
// A message that the routes lead to an account waits until that has a bind which
// receives, and goes as deliver_sm, or as data_sm when it came so and the bind is
// of 3.4. The ESME that takes it is its end (DELIVRD); one that has not answered in time, or
// when its bind ends, gets it again. What was asked of a centre is not in it: schedule,
// validity, requests for receipts, the mode.
//
// A message of a handset that no route takes is refused with ESME_RX_P_APPN, and
// ESME_RX_T_APPN is the answer while the store or a queue is full. Nobody is told what
// becomes of it.
//
// # To the signalling network
//
// A text of which all characters are ASCII, in one short message and without a user data
// header, goes to the handset as IS-637, with the source address where that is a number.
// All else that the routes lead to ss7 is refused with ESME_RSUBMITFAIL.
//
// # Operations
//
//	submit_multi  a message for each destination, under the one message id that is
//	            answered: receipts have it, query_sm is ENROUTE while one of them is under
//	            way, cancel_sm is for all. There are no distribution lists (ESME_RINVDLNAME)
//	query_sm    ENROUTE while a message is not over, with us or with its centre; then
//	            what its record says, with our error codes (below) in error_code
//	cancel_sm   one that no centre has yet, or without a message_id all between the two
//	            addresses (and of the service_type, if one is given): ESME_RCANCELFAIL where
//	            there is none
//	replace_sm  the text of one that no centre has yet, under its id; ESME_RREPLACEFAIL
//
// A message is known to the account that submitted it, by its message_id and, if the
// operation names one, its source address; any other is ESME_RINVMSGID. A message with
// replace_if_present_flag gets an id of its own; what it replaces ends as cancelled.
// A message that the account has sent before, by the TLV of dedup, is answered as it was.
//
// # Receipts
//
// The text is that of SMPP 3.4 appendix B, with the first 20 octets of a text that
// is not UCS2; beside it are receipted_message_id, message_state, network_error_code
// where the centre gave one, and the sender's user_message_reference. stat and err are
// those of the centre's receipt. When there was none:
//
//	ACCEPTD  000  the centre has it, and its link asks for no receipts
//	EXPIRED  070  the validity was over first
//	UNDELIV  071  the centre refused it for good
//	UNDELIV  072  too many attempts
//	DELETED  073  cancelled
//	UNKNOWN  074  it was sent and never answered
//	UNKNOWN  075  the centre has it, and its receipt did not come
//
// A receipt waits for its account to bind, receipt_ttl at most. An ESME that answers
// ESME_RTHROTTLED or ESME_RMSGQFUL gets fewer receipts and messages at a time, and those
// that it has refused next; one that takes none is left alone for up to ten seconds.
//
// # Layout
//
//	door.go      what comes in      status.go   what an error is in SMPP
//	multi.go     submit_multi
//	operations.go query_sm, cancel_sm, replace_sm
//	handsets.go  messages of links
//	origin.go    what is kept of who sent a message
//	receipt.go   what goes back
package relay
