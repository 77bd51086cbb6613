package smpp

import "fmt"

// Tag names a TLV (SMPP 3.4 table 5-7, SMPP 5.0 table 4-60).
type Tag uint16

// The tags of both editions.
const (
	TagDestAddrSubunit            Tag = 0x0005
	TagDestNetworkType            Tag = 0x0006
	TagDestBearerType             Tag = 0x0007
	TagDestTelematicsID           Tag = 0x0008
	TagSourceAddrSubunit          Tag = 0x000d
	TagSourceNetworkType          Tag = 0x000e
	TagSourceBearerType           Tag = 0x000f
	TagSourceTelematicsID         Tag = 0x0010
	TagQOSTimeToLive              Tag = 0x0017
	TagPayloadType                Tag = 0x0019
	TagAdditionalStatusInfoText   Tag = 0x001d
	TagReceiptedMessageID         Tag = 0x001e
	TagMSMsgWaitFacilities        Tag = 0x0030
	TagPrivacyIndicator           Tag = 0x0201
	TagSourceSubaddress           Tag = 0x0202
	TagDestSubaddress             Tag = 0x0203
	TagUserMessageReference       Tag = 0x0204
	TagUserResponseCode           Tag = 0x0205
	TagSourcePort                 Tag = 0x020a
	TagDestinationPort            Tag = 0x020b
	TagSARMsgRefNum               Tag = 0x020c
	TagLanguageIndicator          Tag = 0x020d
	TagSARTotalSegments           Tag = 0x020e
	TagSARSegmentSeqnum           Tag = 0x020f
	TagSCInterfaceVersion         Tag = 0x0210
	TagCallbackNumPresInd         Tag = 0x0302
	TagCallbackNumATag            Tag = 0x0303
	TagNumberOfMessages           Tag = 0x0304
	TagCallbackNum                Tag = 0x0381
	TagDPFResult                  Tag = 0x0420
	TagSetDPF                     Tag = 0x0421
	TagMSAvailabilityStatus       Tag = 0x0422
	TagNetworkErrorCode           Tag = 0x0423
	TagMessagePayload             Tag = 0x0424
	TagDeliveryFailureReason      Tag = 0x0425
	TagMoreMessagesToSend         Tag = 0x0426
	TagMessageState               Tag = 0x0427
	TagCongestionState            Tag = 0x0428
	TagUSSDServiceOp              Tag = 0x0501
	TagBroadcastChannelIndicator  Tag = 0x0600
	TagBroadcastContentType       Tag = 0x0601
	TagBroadcastContentTypeInfo   Tag = 0x0602
	TagBroadcastMessageClass      Tag = 0x0603
	TagBroadcastRepNum            Tag = 0x0604
	TagBroadcastFrequencyInterval Tag = 0x0605
	TagBroadcastAreaIdentifier    Tag = 0x0606
	TagBroadcastErrorStatus       Tag = 0x0607
	TagBroadcastAreaSuccess       Tag = 0x0608
	TagBroadcastEndTime           Tag = 0x0609
	TagBroadcastServiceGroup      Tag = 0x060a
	TagBillingIdentification      Tag = 0x060b
	TagSourceNetworkID            Tag = 0x060d
	TagDestNetworkID              Tag = 0x060e
	TagSourceNodeID               Tag = 0x060f
	TagDestNodeID                 Tag = 0x0610
	TagDestAddrNPResolution       Tag = 0x0611
	TagDestAddrNPInformation      Tag = 0x0612
	TagDestAddrNPCountry          Tag = 0x0613
	TagDisplayTime                Tag = 0x1201
	TagSMSSignal                  Tag = 0x1203
	TagMSValidity                 Tag = 0x1204
	TagAlertOnMessageDelivery     Tag = 0x130c
	TagITSReplyType               Tag = 0x1380
	TagITSSessionInfo             Tag = 0x1383
)

// String is the standard's word, such as message_payload; a tag without a name
// is printed as a number.
func (t Tag) String() string {
	switch t {
	case TagDestAddrSubunit:
		return "dest_addr_subunit"
	case TagDestNetworkType:
		return "dest_network_type"
	case TagDestBearerType:
		return "dest_bearer_type"
	case TagDestTelematicsID:
		return "dest_telematics_id"
	case TagSourceAddrSubunit:
		return "source_addr_subunit"
	case TagSourceNetworkType:
		return "source_network_type"
	case TagSourceBearerType:
		return "source_bearer_type"
	case TagSourceTelematicsID:
		return "source_telematics_id"
	case TagQOSTimeToLive:
		return "qos_time_to_live"
	case TagPayloadType:
		return "payload_type"
	case TagAdditionalStatusInfoText:
		return "additional_status_info_text"
	case TagReceiptedMessageID:
		return "receipted_message_id"
	case TagMSMsgWaitFacilities:
		return "ms_msg_wait_facilities"
	case TagPrivacyIndicator:
		return "privacy_indicator"
	case TagSourceSubaddress:
		return "source_subaddress"
	case TagDestSubaddress:
		return "dest_subaddress"
	case TagUserMessageReference:
		return "user_message_reference"
	case TagUserResponseCode:
		return "user_response_code"
	case TagSourcePort:
		return "source_port"
	case TagDestinationPort:
		return "destination_port"
	case TagSARMsgRefNum:
		return "sar_msg_ref_num"
	case TagLanguageIndicator:
		return "language_indicator"
	case TagSARTotalSegments:
		return "sar_total_segments"
	case TagSARSegmentSeqnum:
		return "sar_segment_seqnum"
	case TagSCInterfaceVersion:
		return "sc_interface_version"
	case TagCallbackNumPresInd:
		return "callback_num_pres_ind"
	case TagCallbackNumATag:
		return "callback_num_atag"
	case TagNumberOfMessages:
		return "number_of_messages"
	case TagCallbackNum:
		return "callback_num"
	case TagDPFResult:
		return "dpf_result"
	case TagSetDPF:
		return "set_dpf"
	case TagMSAvailabilityStatus:
		return "ms_availability_status"
	case TagNetworkErrorCode:
		return "network_error_code"
	case TagMessagePayload:
		return "message_payload"
	case TagDeliveryFailureReason:
		return "delivery_failure_reason"
	case TagMoreMessagesToSend:
		return "more_messages_to_send"
	case TagMessageState:
		return "message_state"
	case TagCongestionState:
		return "congestion_state"
	case TagUSSDServiceOp:
		return "ussd_service_op"
	case TagBroadcastChannelIndicator:
		return "broadcast_channel_indicator"
	case TagBroadcastContentType:
		return "broadcast_content_type"
	case TagBroadcastContentTypeInfo:
		return "broadcast_content_type_info"
	case TagBroadcastMessageClass:
		return "broadcast_message_class"
	case TagBroadcastRepNum:
		return "broadcast_rep_num"
	case TagBroadcastFrequencyInterval:
		return "broadcast_frequency_interval"
	case TagBroadcastAreaIdentifier:
		return "broadcast_area_identifier"
	case TagBroadcastErrorStatus:
		return "broadcast_error_status"
	case TagBroadcastAreaSuccess:
		return "broadcast_area_success"
	case TagBroadcastEndTime:
		return "broadcast_end_time"
	case TagBroadcastServiceGroup:
		return "broadcast_service_group"
	case TagBillingIdentification:
		return "billing_identification"
	case TagSourceNetworkID:
		return "source_network_id"
	case TagDestNetworkID:
		return "dest_network_id"
	case TagSourceNodeID:
		return "source_node_id"
	case TagDestNodeID:
		return "dest_node_id"
	case TagDestAddrNPResolution:
		return "dest_addr_np_resolution"
	case TagDestAddrNPInformation:
		return "dest_addr_np_information"
	case TagDestAddrNPCountry:
		return "dest_addr_np_country"
	case TagDisplayTime:
		return "display_time"
	case TagSMSSignal:
		return "sms_signal"
	case TagMSValidity:
		return "ms_validity"
	case TagAlertOnMessageDelivery:
		return "alert_on_message_delivery"
	case TagITSReplyType:
		return "its_reply_type"
	case TagITSSessionInfo:
		return "its_session_info"
	}
	return fmt.Sprintf("0x%04x", uint16(t))
}
