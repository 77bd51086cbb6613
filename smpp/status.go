package smpp

import "fmt"

// Status is a command_status (SMPP 3.4 table 5-2, SMPP 5.0 table 4-45).
type Status uint32

// The statuses of both editions. 5.0 renamed those from 0xc0 to 0xc4; the
// other edition's name is in the remark.
const (
	StatusOK                             Status = 0x00  // ESME_ROK: no error
	StatusInvalidMessageLength           Status = 0x01  // ESME_RINVMSGLEN: sm_length does not fit
	StatusInvalidCommandLength           Status = 0x02  // ESME_RINVCMDLEN: command_length does not fit
	StatusInvalidCommandID               Status = 0x03  // ESME_RINVCMDID: unknown or unsupported operation
	StatusInvalidBindStatus              Status = 0x04  // ESME_RINVBNDSTS: operation not allowed in this bind state
	StatusAlreadyBound                   Status = 0x05  // ESME_RALYBND: already bound
	StatusInvalidPriorityFlag            Status = 0x06  // ESME_RINVPRTFLG: priority_flag
	StatusInvalidRegisteredDelivery      Status = 0x07  // ESME_RINVREGDLVFLG: registered_delivery
	StatusSystemError                    Status = 0x08  // ESME_RSYSERR: system error
	StatusInvalidSourceAddress           Status = 0x0a  // ESME_RINVSRCADR: source_addr
	StatusInvalidDestinationAddress      Status = 0x0b  // ESME_RINVDSTADR: destination_addr
	StatusInvalidMessageID               Status = 0x0c  // ESME_RINVMSGID: message_id
	StatusBindFailed                     Status = 0x0d  // ESME_RBINDFAIL: bind failed
	StatusInvalidPassword                Status = 0x0e  // ESME_RINVPASWD: password
	StatusInvalidSystemID                Status = 0x0f  // ESME_RINVSYSID: system_id
	StatusCancelFailed                   Status = 0x11  // ESME_RCANCELFAIL: cancel_sm failed
	StatusReplaceFailed                  Status = 0x13  // ESME_RREPLACEFAIL: replace_sm failed
	StatusMessageQueueFull               Status = 0x14  // ESME_RMSGQFUL: message queue full
	StatusInvalidServiceType             Status = 0x15  // ESME_RINVSERTYP: service_type
	StatusInvalidNumberOfDestinations    Status = 0x33  // ESME_RINVNUMDESTS: number_of_dests
	StatusInvalidDistributionListName    Status = 0x34  // ESME_RINVDLNAME: dl_name
	StatusInvalidDestinationFlag         Status = 0x40  // ESME_RINVDESTFLAG: dest_flag
	StatusInvalidSubmitWithReplace       Status = 0x42  // ESME_RINVSUBREP: submit_sm with replace_if_present_flag
	StatusInvalidESMClass                Status = 0x43  // ESME_RINVESMCLASS: esm_class
	StatusCannotSubmitToDistributionList Status = 0x44  // ESME_RCNTSUBDL: cannot submit to the distribution list
	StatusSubmitFailed                   Status = 0x45  // ESME_RSUBMITFAIL: submit_sm or submit_multi failed
	StatusInvalidSourceTON               Status = 0x48  // ESME_RINVSRCTON: source_addr_ton
	StatusInvalidSourceNPI               Status = 0x49  // ESME_RINVSRCNPI: source_addr_npi
	StatusInvalidDestinationTON          Status = 0x50  // ESME_RINVDSTTON: dest_addr_ton
	StatusInvalidDestinationNPI          Status = 0x51  // ESME_RINVDSTNPI: dest_addr_npi
	StatusInvalidSystemType              Status = 0x53  // ESME_RINVSYSTYP: system_type
	StatusInvalidReplaceFlag             Status = 0x54  // ESME_RINVREPFLAG: replace_if_present_flag
	StatusInvalidNumberOfMessages        Status = 0x55  // ESME_RINVNUMMSGS: number of messages
	StatusThrottled                      Status = 0x58  // ESME_RTHROTTLED: the ESME exceeded its message limits
	StatusInvalidScheduledTime           Status = 0x61  // ESME_RINVSCHED: schedule_delivery_time
	StatusInvalidExpiry                  Status = 0x62  // ESME_RINVEXPIRY: validity_period
	StatusInvalidPredefinedMessage       Status = 0x63  // ESME_RINVDFTMSGID: sm_default_msg_id
	StatusReceiverTemporaryError         Status = 0x64  // ESME_RX_T_APPN: receiver, temporary application error
	StatusReceiverPermanentError         Status = 0x65  // ESME_RX_P_APPN: receiver, permanent application error
	StatusReceiverRejects                Status = 0x66  // ESME_RX_R_APPN: receiver rejects the message
	StatusQueryFailed                    Status = 0x67  // ESME_RQUERYFAIL: query_sm failed
	StatusInvalidTLVStream               Status = 0xc0  // ESME_RINVTLVSTREAM: the optional part (ESME_RINVOPTPARSTREAM in 3.4)
	StatusTLVNotAllowed                  Status = 0xc1  // ESME_RTLVNOTALLWD: TLV not allowed (ESME_ROPTPARNOTALLWD in 3.4)
	StatusInvalidTLVLength               Status = 0xc2  // ESME_RINVPARLEN: TLV length (ESME_RINVTLVLEN in 5.0)
	StatusMissingTLV                     Status = 0xc3  // ESME_RMISSINGTLV: an expected TLV is missing (ESME_RMISSINGOPTPARAM in 3.4)
	StatusInvalidTLVValue                Status = 0xc4  // ESME_RINVTLVVAL: TLV value (ESME_RINVOPTPARAMVAL in 3.4)
	StatusDeliveryFailure                Status = 0xfe  // ESME_RDELIVERYFAILURE: delivery failed (transaction mode)
	StatusUnknownError                   Status = 0xff  // ESME_RUNKNOWNERR: unknown error
	StatusServiceTypeUnauthorised        Status = 0x100 // ESME_RSERTYPUNAUTH: 5.0: not authorised for the service_type
	StatusProhibited                     Status = 0x101 // ESME_RPROHIBITED: 5.0: operation prohibited
	StatusServiceTypeUnavailable         Status = 0x102 // ESME_RSERTYPUNAVAIL: 5.0: service_type unavailable
	StatusServiceTypeDenied              Status = 0x103 // ESME_RSERTYPDENIED: 5.0: service_type denied
	StatusInvalidDataCoding              Status = 0x104 // ESME_RINVDCS: 5.0: data_coding
	StatusInvalidSourceSubunit           Status = 0x105 // ESME_RINVSRCADDRSUBUNIT: 5.0: source_addr_subunit
	StatusInvalidDestinationSubunit      Status = 0x106 // ESME_RINVDSTADDRSUBUNIT: 5.0: dest_addr_subunit
	StatusInvalidBroadcastInterval       Status = 0x107 // ESME_RINVBCASTFREQINT: 5.0: broadcast_frequency_interval
	StatusInvalidBroadcastAlias          Status = 0x108 // ESME_RINVBCASTALIAS_NAME: 5.0: broadcast alias name
	StatusInvalidBroadcastAreaFormat     Status = 0x109 // ESME_RINVBCASTAREAFMT: 5.0: broadcast area format
	StatusInvalidNumberOfBroadcastAreas  Status = 0x10a // ESME_RINVNUMBCAST_AREAS: 5.0: number of broadcast areas
	StatusInvalidBroadcastContentType    Status = 0x10b // ESME_RINVBCASTCNTTYPE: 5.0: broadcast_content_type
	StatusInvalidBroadcastMessageClass   Status = 0x10c // ESME_RINVBCASTMSGCLASS: 5.0: broadcast_message_class
	StatusBroadcastFailed                Status = 0x10d // ESME_RBCASTFAIL: 5.0: broadcast_sm failed
	StatusBroadcastQueryFailed           Status = 0x10e // ESME_RBCASTQUERYFAIL: 5.0: query_broadcast_sm failed
	StatusBroadcastCancelFailed          Status = 0x10f // ESME_RBCASTCANCELFAIL: 5.0: cancel_broadcast_sm failed
	StatusInvalidBroadcastRepetitions    Status = 0x110 // ESME_RINVBCAST_REP: 5.0: number of repeated broadcasts
	StatusInvalidBroadcastServiceGroup   Status = 0x111 // ESME_RINVBCASTSRVGRP: 5.0: broadcast_service_group
	StatusInvalidBroadcastChannel        Status = 0x112 // ESME_RINVBCASTCHANIND: 5.0: broadcast_channel_indicator
)

// String is the standard's word, such as ESME_RTHROTTLED. A number that no
// edition names is printed as such.
func (s Status) String() string {
	switch s {
	case StatusOK:
		return "ESME_ROK"
	case StatusInvalidMessageLength:
		return "ESME_RINVMSGLEN"
	case StatusInvalidCommandLength:
		return "ESME_RINVCMDLEN"
	case StatusInvalidCommandID:
		return "ESME_RINVCMDID"
	case StatusInvalidBindStatus:
		return "ESME_RINVBNDSTS"
	case StatusAlreadyBound:
		return "ESME_RALYBND"
	case StatusInvalidPriorityFlag:
		return "ESME_RINVPRTFLG"
	case StatusInvalidRegisteredDelivery:
		return "ESME_RINVREGDLVFLG"
	case StatusSystemError:
		return "ESME_RSYSERR"
	case StatusInvalidSourceAddress:
		return "ESME_RINVSRCADR"
	case StatusInvalidDestinationAddress:
		return "ESME_RINVDSTADR"
	case StatusInvalidMessageID:
		return "ESME_RINVMSGID"
	case StatusBindFailed:
		return "ESME_RBINDFAIL"
	case StatusInvalidPassword:
		return "ESME_RINVPASWD"
	case StatusInvalidSystemID:
		return "ESME_RINVSYSID"
	case StatusCancelFailed:
		return "ESME_RCANCELFAIL"
	case StatusReplaceFailed:
		return "ESME_RREPLACEFAIL"
	case StatusMessageQueueFull:
		return "ESME_RMSGQFUL"
	case StatusInvalidServiceType:
		return "ESME_RINVSERTYP"
	case StatusInvalidNumberOfDestinations:
		return "ESME_RINVNUMDESTS"
	case StatusInvalidDistributionListName:
		return "ESME_RINVDLNAME"
	case StatusInvalidDestinationFlag:
		return "ESME_RINVDESTFLAG"
	case StatusInvalidSubmitWithReplace:
		return "ESME_RINVSUBREP"
	case StatusInvalidESMClass:
		return "ESME_RINVESMCLASS"
	case StatusCannotSubmitToDistributionList:
		return "ESME_RCNTSUBDL"
	case StatusSubmitFailed:
		return "ESME_RSUBMITFAIL"
	case StatusInvalidSourceTON:
		return "ESME_RINVSRCTON"
	case StatusInvalidSourceNPI:
		return "ESME_RINVSRCNPI"
	case StatusInvalidDestinationTON:
		return "ESME_RINVDSTTON"
	case StatusInvalidDestinationNPI:
		return "ESME_RINVDSTNPI"
	case StatusInvalidSystemType:
		return "ESME_RINVSYSTYP"
	case StatusInvalidReplaceFlag:
		return "ESME_RINVREPFLAG"
	case StatusInvalidNumberOfMessages:
		return "ESME_RINVNUMMSGS"
	case StatusThrottled:
		return "ESME_RTHROTTLED"
	case StatusInvalidScheduledTime:
		return "ESME_RINVSCHED"
	case StatusInvalidExpiry:
		return "ESME_RINVEXPIRY"
	case StatusInvalidPredefinedMessage:
		return "ESME_RINVDFTMSGID"
	case StatusReceiverTemporaryError:
		return "ESME_RX_T_APPN"
	case StatusReceiverPermanentError:
		return "ESME_RX_P_APPN"
	case StatusReceiverRejects:
		return "ESME_RX_R_APPN"
	case StatusQueryFailed:
		return "ESME_RQUERYFAIL"
	case StatusInvalidTLVStream:
		return "ESME_RINVTLVSTREAM"
	case StatusTLVNotAllowed:
		return "ESME_RTLVNOTALLWD"
	case StatusInvalidTLVLength:
		return "ESME_RINVPARLEN"
	case StatusMissingTLV:
		return "ESME_RMISSINGTLV"
	case StatusInvalidTLVValue:
		return "ESME_RINVTLVVAL"
	case StatusDeliveryFailure:
		return "ESME_RDELIVERYFAILURE"
	case StatusUnknownError:
		return "ESME_RUNKNOWNERR"
	case StatusServiceTypeUnauthorised:
		return "ESME_RSERTYPUNAUTH"
	case StatusProhibited:
		return "ESME_RPROHIBITED"
	case StatusServiceTypeUnavailable:
		return "ESME_RSERTYPUNAVAIL"
	case StatusServiceTypeDenied:
		return "ESME_RSERTYPDENIED"
	case StatusInvalidDataCoding:
		return "ESME_RINVDCS"
	case StatusInvalidSourceSubunit:
		return "ESME_RINVSRCADDRSUBUNIT"
	case StatusInvalidDestinationSubunit:
		return "ESME_RINVDSTADDRSUBUNIT"
	case StatusInvalidBroadcastInterval:
		return "ESME_RINVBCASTFREQINT"
	case StatusInvalidBroadcastAlias:
		return "ESME_RINVBCASTALIAS_NAME"
	case StatusInvalidBroadcastAreaFormat:
		return "ESME_RINVBCASTAREAFMT"
	case StatusInvalidNumberOfBroadcastAreas:
		return "ESME_RINVNUMBCAST_AREAS"
	case StatusInvalidBroadcastContentType:
		return "ESME_RINVBCASTCNTTYPE"
	case StatusInvalidBroadcastMessageClass:
		return "ESME_RINVBCASTMSGCLASS"
	case StatusBroadcastFailed:
		return "ESME_RBCASTFAIL"
	case StatusBroadcastQueryFailed:
		return "ESME_RBCASTQUERYFAIL"
	case StatusBroadcastCancelFailed:
		return "ESME_RBCASTCANCELFAIL"
	case StatusInvalidBroadcastRepetitions:
		return "ESME_RINVBCAST_REP"
	case StatusInvalidBroadcastServiceGroup:
		return "ESME_RINVBCASTSRVGRP"
	case StatusInvalidBroadcastChannel:
		return "ESME_RINVBCASTCHANIND"
	}
	return fmt.Sprintf("0x%08x", uint32(s))
}
