package smpp

import "github.com/otagate/otagate/internal/wire"

// DataSMResp answers data_sm (SMPP 3.4 section 4.7.2).
//
//	message_id  C-octet string, 65 octets with NUL                 M
//	TLVs        delivery_failure_reason, network_error_code,
//	            additional_status_info_text, dpf_result            O
type DataSMResp SubmitSMResp

// CommandID is data_sm_resp.
func (p *DataSMResp) CommandID() CommandID { return CommandDataSMResp }

// Clone copies what p borrows.
func (p *DataSMResp) Clone() *DataSMResp { return (*DataSMResp)((*SubmitSMResp)(p).Clone()) }

// Append appends the body.
func (p *DataSMResp) Append(dst []byte) ([]byte, error) { return (*SubmitSMResp)(p).Append(dst) }

// Decode fills p from a whole body and borrows b.
func (p *DataSMResp) Decode(b []byte) error { return (*SubmitSMResp)(p).Decode(b) }

func (p *DataSMResp) read(c *wire.Cursor) { (*SubmitSMResp)(p).read(c) }
