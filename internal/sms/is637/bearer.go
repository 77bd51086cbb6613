package is637

import (
	"slices"

	"github.com/otagate/otagate/internal/wire"
)

// Bearer is bearer data: what SMS_BearerData of ANSI-41 holds, and parameter 08
// of the transport layer. Identifier is mandatory, all else optional.
//
//	{8:SUBPARAMETER_ID 8:SUBPARAM_LEN data}
type Bearer struct {
	Identifier        MessageIdentifier          `json:"message_identifier"`
	UserData          Optional[UserData]         `json:"user_data,omitzero"`
	UserResponseCode  Optional[uint8]            `json:"user_response_code,omitzero"`
	MessageCenterTime Optional[Timestamp]        `json:"message_center_time_stamp,omitzero"`
	ValidityAbsolute  Optional[Timestamp]        `json:"validity_period_absolute,omitzero"`
	ValidityRelative  Optional[RelativeTime]     `json:"validity_period_relative,omitzero"`
	DeferredAbsolute  Optional[Timestamp]        `json:"deferred_delivery_time_absolute,omitzero"`
	DeferredRelative  Optional[RelativeTime]     `json:"deferred_delivery_time_relative,omitzero"`
	Priority          Optional[Priority]         `json:"priority_indicator,omitzero"`
	Privacy           Optional[Privacy]          `json:"privacy_indicator,omitzero"`
	ReplyOption       Optional[ReplyOption]      `json:"reply_option,omitzero"`
	NumberOfMessages  Optional[MessageCount]     `json:"number_of_messages,omitzero"`
	Alert             Optional[AlertPriority]    `json:"alert_on_message_delivery,omitzero"`
	Language          Optional[Language]         `json:"language_indicator,omitzero"`
	CallBack          Optional[Address]          `json:"call_back_number,omitzero"`
	DisplayMode       Optional[DisplayMode]      `json:"message_display_mode,omitzero"`
	MultipleEncoding  Optional[MultipleEncoding] `json:"multiple_encoding_user_data,omitzero"`
	DepositIndex      Optional[uint16]           `json:"message_deposit_index,omitzero"`
	CategoryProgram   Optional[CategoryProgram]  `json:"service_category_program_data,omitzero"`
	CategoryResults   Optional[CategoryResults]  `json:"service_category_program_results,omitzero"`
	Status            Optional[MessageStatus]    `json:"message_status,omitzero"`
	TPFailureCause    Optional[uint8]            `json:"tp_failure_cause,omitzero"`
	EnhancedVMN       Optional[wire.Hex]         `json:"enhanced_vmn,omitzero"`
	EnhancedVMNAck    Optional[wire.Hex]         `json:"enhanced_vmn_ack,omitzero"`
	Other             []Subparameter             `json:"other,omitempty"`
}

// ReadBearer reads bearer data, which borrows the cursor's octets.
func ReadBearer(c *wire.Cursor) (*Bearer, error) {
	b := new(Bearer)
	b.read(c)
	if err := c.End(); err != nil {
		return nil, err
	}
	return b, nil
}

// Decode fills b from octets, the whole of the bearer data, which Other
// borrows; use Clone to keep b.
func (b *Bearer) Decode(octets []byte) error {
	c := wire.NewCursor(proto, octets)
	b.read(&c)
	return c.End()
}

// reset empties b and keeps the slices that reading fills.
func (b *Bearer) reset() {
	n := Bearer{Other: b.Other[:0]}
	n.UserData.V.Octets = b.UserData.V.Octets
	n.CallBack.V.Digits = b.CallBack.V.Digits
	*b = n
}

func (b *Bearer) read(c *wire.Cursor) {
	b.reset()
	var seen uint
	for c.More() {
		id := wire.Say(c, SubparameterID(c.U8("SUBPARAMETER_ID")))
		r := c.Bits(int(c.U8("SUBPARAM_LEN")), "SUBPARAM_DATA")
		if id > SubEnhancedVMNAck || seen&(1<<id) != 0 || misfit(id, r) {
			b.Other = append(b.Other, Subparameter{id, r.Rest("SUBPARAM_DATA")})
		} else {
			b.subparameter(id, &r)
		}
		seen |= 1 << id
		c.Adopt(r.End())
	}
	if seen&(1<<SubMessageIdentifier) == 0 {
		c.Fail("MESSAGE_ID", wire.ErrMissing)
	}
}

// misfit tells whether a subparameter of which one source only has the layout
// came in another one. It stays octets then.
func misfit(id SubparameterID, probe wire.Bits) bool {
	m := markTrace(&probe)
	switch id {
	case SubMultipleEncoding:
		new(MultipleEncoding).read(&probe)
	case SubCategoryProgramData:
		new(CategoryProgram).read(&probe)
	case SubCategoryProgramResult:
		new(CategoryResults).read(&probe)
	default:
		return false
	}
	misfit := probe.End() != nil
	if tr := probe.Trace(); tr != nil {
		tr.Fields = tr.Fields[:m.at]
	}
	return misfit
}

func (b *Bearer) subparameter(id SubparameterID, r *wire.Bits) {
	switch id {
	case SubMessageIdentifier:
		b.Identifier.read(r)
	case SubUserData:
		b.UserData.OK = true
		b.UserData.V.read(r)
	case SubUserResponseCode:
		b.UserResponseCode = Some(uint8(r.U(8, "USER_CODE")))
	case SubMessageCenterTime:
		b.MessageCenterTime.OK = true
		b.MessageCenterTime.V.read(r)
	case SubValidityAbsolute:
		b.ValidityAbsolute.OK = true
		b.ValidityAbsolute.V.read(r)
	case SubValidityRelative:
		b.ValidityRelative = Some(wire.SayBits(r, RelativeTime(r.U(8, "VALIDITY"))))
	case SubDeferredAbsolute:
		b.DeferredAbsolute.OK = true
		b.DeferredAbsolute.V.read(r)
	case SubDeferredRelative:
		b.DeferredRelative = Some(wire.SayBits(r, RelativeTime(r.U(8, "DELIVERY_TIME"))))
	case SubPriority:
		b.Priority = top2[Priority](r, "PRIORITY")
	case SubPrivacy:
		b.Privacy = top2[Privacy](r, "PRIVACY")
	case SubReplyOption:
		b.ReplyOption = Some(readReplyOptions(r))
	default:
		b.laterSubparameter(id, r)
	}
}

func (b *Bearer) laterSubparameter(id SubparameterID, r *wire.Bits) {
	switch id {
	case SubNumberOfMessages:
		b.NumberOfMessages = Some(wire.SayBits(r, MessageCount(r.U(8, "MSG_COUNT"))))
	case SubAlertOnDelivery:
		b.Alert = top2[AlertPriority](r, "ALERT_PRIORITY")
		if r.Len() == 8 { // some networks send two octets
			reserved(r, 8)
		}
	case SubLanguage:
		b.Language = Some(wire.SayBits(r, Language(r.U(8, "LANGUAGE"))))
	case SubCallBackNumber:
		b.CallBack.OK = true
		b.CallBack.V.read(r, true)
	case SubDisplayMode:
		b.DisplayMode = top2[DisplayMode](r, "MSG_DISPLAY_MODE")
	case SubMultipleEncoding:
		b.MultipleEncoding.OK = true
		b.MultipleEncoding.V.read(r)
	case SubDepositIndex:
		b.DepositIndex = Some(uint16(r.U(16, "MESSAGE_DEPOSIT_INDEX")))
	case SubCategoryProgramData:
		b.CategoryProgram.OK = true
		b.CategoryProgram.V.read(r)
	case SubCategoryProgramResult:
		b.CategoryResults.OK = true
		b.CategoryResults.V.read(r)
	case SubMessageStatus:
		b.Status.OK = true
		b.Status.V.read(r)
	case SubTPFailureCause:
		b.TPFailureCause = Some(uint8(r.U(8, "TP_FAILURE_CAUSE")))
	case SubEnhancedVMN:
		b.EnhancedVMN = Some(wire.Hex(r.Rest("SUBPARAM_DATA")))
	case SubEnhancedVMNAck:
		b.EnhancedVMNAck = Some(wire.Hex(r.Rest("SUBPARAM_DATA")))
	}
}

// Append appends b in wire form to dst. It fails only if b cannot be
// represented.
func (b *Bearer) Append(dst []byte) ([]byte, error) {
	w := writer{dst: dst}
	put(&w, uint8(SubMessageIdentifier), Some(b.Identifier), appendIdentifier)
	put(&w, uint8(SubUserData), b.UserData, appendUserData)
	put(&w, uint8(SubUserResponseCode), b.UserResponseCode, appendU8)
	put(&w, uint8(SubMessageCenterTime), b.MessageCenterTime, appendTimestamp)
	put(&w, uint8(SubValidityAbsolute), b.ValidityAbsolute, appendTimestamp)
	put(&w, uint8(SubValidityRelative), b.ValidityRelative, appendU8)
	put(&w, uint8(SubDeferredAbsolute), b.DeferredAbsolute, appendTimestamp)
	put(&w, uint8(SubDeferredRelative), b.DeferredRelative, appendU8)
	put(&w, uint8(SubPriority), b.Priority, appendTop2)
	put(&w, uint8(SubPrivacy), b.Privacy, appendTop2)
	put(&w, uint8(SubReplyOption), b.ReplyOption, appendReplyOptions)
	put(&w, uint8(SubNumberOfMessages), b.NumberOfMessages, appendU8)
	put(&w, uint8(SubAlertOnDelivery), b.Alert, appendTop2)
	put(&w, uint8(SubLanguage), b.Language, appendU8)
	put(&w, uint8(SubCallBackNumber), b.CallBack, appendCallBack)
	put(&w, uint8(SubDisplayMode), b.DisplayMode, appendTop2)
	put(&w, uint8(SubMultipleEncoding), b.MultipleEncoding, appendMultiple)
	put(&w, uint8(SubDepositIndex), b.DepositIndex, appendU16)
	put(&w, uint8(SubCategoryProgramData), b.CategoryProgram, appendProgram)
	put(&w, uint8(SubCategoryProgramResult), b.CategoryResults, appendResults)
	put(&w, uint8(SubMessageStatus), b.Status, appendU8)
	put(&w, uint8(SubTPFailureCause), b.TPFailureCause, appendU8)
	put(&w, uint8(SubEnhancedVMN), b.EnhancedVMN, appendHex)
	put(&w, uint8(SubEnhancedVMNAck), b.EnhancedVMNAck, appendHex)
	for i := range b.Other {
		put(&w, uint8(b.Other[i].ID), Some(b.Other[i].Data), appendHex)
	}
	return w.dst, w.err
}

// Clone returns a copy that borrows nothing.
func (b *Bearer) Clone() *Bearer {
	n := *b
	n.UserData.V = b.UserData.V.Clone()
	n.CallBack.V = b.CallBack.V.Clone()
	n.MultipleEncoding.V = b.MultipleEncoding.V.clone()
	n.CategoryProgram.V = b.CategoryProgram.V.clone()
	n.CategoryResults.V = slices.Clone(b.CategoryResults.V)
	n.EnhancedVMN.V = slices.Clone(b.EnhancedVMN.V)
	n.EnhancedVMNAck.V = slices.Clone(b.EnhancedVMNAck.V)
	n.Other = slices.Clone(b.Other)
	for i := range n.Other {
		n.Other[i].Data = slices.Clone(n.Other[i].Data)
	}
	return &n
}
