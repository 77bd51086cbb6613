package smpp

import "fmt"

// CommandID names an operation (SMPP 3.4 table 5-1). A response has the
// operation's number with the top bit set.
type CommandID uint32

// The operations of SMPP 3.4, and at the end those that 5.0 adds.
const (
	CommandGenericNack         CommandID = 0x80000000
	CommandBindReceiver        CommandID = 0x00000001
	CommandBindReceiverResp    CommandID = 0x80000001
	CommandBindTransmitter     CommandID = 0x00000002
	CommandBindTransmitterResp CommandID = 0x80000002
	CommandQuerySM             CommandID = 0x00000003
	CommandQuerySMResp         CommandID = 0x80000003
	CommandSubmitSM            CommandID = 0x00000004
	CommandSubmitSMResp        CommandID = 0x80000004
	CommandDeliverSM           CommandID = 0x00000005
	CommandDeliverSMResp       CommandID = 0x80000005
	CommandUnbind              CommandID = 0x00000006
	CommandUnbindResp          CommandID = 0x80000006
	CommandReplaceSM           CommandID = 0x00000007
	CommandReplaceSMResp       CommandID = 0x80000007
	CommandCancelSM            CommandID = 0x00000008
	CommandCancelSMResp        CommandID = 0x80000008
	CommandBindTransceiver     CommandID = 0x00000009
	CommandBindTransceiverResp CommandID = 0x80000009
	CommandOutbind             CommandID = 0x0000000b
	CommandEnquireLink         CommandID = 0x00000015
	CommandEnquireLinkResp     CommandID = 0x80000015
	CommandSubmitMulti         CommandID = 0x00000021
	CommandSubmitMultiResp     CommandID = 0x80000021
	CommandAlertNotification   CommandID = 0x00000102
	CommandDataSM              CommandID = 0x00000103
	CommandDataSMResp          CommandID = 0x80000103
	CommandBroadcastSM         CommandID = 0x00000111
	CommandQueryBroadcastSM    CommandID = 0x00000112
	CommandCancelBroadcastSM   CommandID = 0x00000113
)

const responseBit CommandID = 0x80000000

// IsResponse reports whether id is a response or generic_nack.
func (id CommandID) IsResponse() bool { return id&responseBit != 0 }

// Response is the response's id of a request's id.
func (id CommandID) Response() CommandID { return id | responseBit }

// String is the standard's word, such as submit_sm_resp.
func (id CommandID) String() string {
	if id == CommandGenericNack {
		return "generic_nack"
	}
	name := id.request()
	if name == "" || id.IsResponse() && (name == "outbind" || name == "alert_notification") { // which have none
		return fmt.Sprintf("0x%08x", uint32(id))
	}
	if id.IsResponse() {
		return name + "_resp"
	}
	return name
}

func (id CommandID) request() string {
	switch id &^ responseBit {
	case CommandBindReceiver:
		return "bind_receiver"
	case CommandBindTransmitter:
		return "bind_transmitter"
	case CommandQuerySM:
		return "query_sm"
	case CommandSubmitSM:
		return "submit_sm"
	case CommandDeliverSM:
		return "deliver_sm"
	case CommandUnbind:
		return "unbind"
	case CommandReplaceSM:
		return "replace_sm"
	case CommandCancelSM:
		return "cancel_sm"
	case CommandBindTransceiver:
		return "bind_transceiver"
	case CommandOutbind:
		return "outbind"
	case CommandEnquireLink:
		return "enquire_link"
	case CommandSubmitMulti:
		return "submit_multi"
	case CommandAlertNotification:
		return "alert_notification"
	case CommandDataSM:
		return "data_sm"
	case CommandBroadcastSM:
		return "broadcast_sm"
	case CommandQueryBroadcastSM:
		return "query_broadcast_sm"
	case CommandCancelBroadcastSM:
		return "cancel_broadcast_sm"
	}
	return ""
}
