package smpp

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/otagate/otagate/internal/wire"
)

// ESMClassReceipt is the esm_class of a deliver_sm that carries a delivery receipt.
const ESMClassReceipt = 0x04

// Receipt is the text of a delivery receipt (SMPP 3.4 appendix B):
//
//	id:IIIIIIIIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:...
//
// The appendix calls the format specific to the message centre, so that
// ParseReceipt takes many variants and Append writes this one.
type Receipt struct {
	ID         string
	Sub        int
	Dlvrd      int
	SubmitDate time.Time
	DoneDate   time.Time
	Stat       MessageState
	Err        string
	Text       string
}

// receiptStats are the seven letters of each final state.
var receiptStats = [...]struct {
	word  string
	state MessageState
}{
	{"ENROUTE", MessageEnroute},
	{"DELIVRD", MessageDelivered},
	{"EXPIRED", MessageExpired},
	{"DELETED", MessageDeleted},
	{"UNDELIV", MessageUndeliverable},
	{"ACCEPTD", MessageAccepted},
	{"UNKNOWN", MessageUnknown},
	{"REJECTD", MessageRejected},
	{"SCHEDLD", MessageScheduled},
	{"SKIPPED", MessageSkipped},
}

// Append appends the text. The dates are written in their own time zone; err
// defaults to 000 and text is cut to 20 octets, as the appendix orders.
func (r *Receipt) Append(dst []byte) ([]byte, error) {
	if r.ID == "" || strings.ContainsAny(r.ID, " \x00") || len(r.ID) > MaxMessageID {
		return dst, wire.Unencodable(proto, "id", wire.ErrValue)
	}
	if r.Sub < 0 || r.Sub > 999 || r.Dlvrd < 0 || r.Dlvrd > 999 {
		return dst, wire.Unencodable(proto, "sub", wire.ErrValue)
	}
	stat := ""
	for _, s := range receiptStats {
		if s.state == r.Stat {
			stat = s.word
		}
	}
	if stat == "" {
		return dst, wire.Unencodable(proto, "stat", wire.ErrValue)
	}
	code := r.Err
	if code == "" {
		code = "000"
	}
	if strings.ContainsAny(code, " \x00") || len(code) > 3 {
		return dst, wire.Unencodable(proto, "err", wire.ErrValue)
	}
	dst = append(append(dst, "id:"...), r.ID...)
	dst = appendThree(append(dst, " sub:"...), r.Sub)
	dst = appendThree(append(dst, " dlvrd:"...), r.Dlvrd)
	dst = append(dst, " submit date:"...)
	dst = r.SubmitDate.AppendFormat(dst, "0601021504")
	dst = append(dst, " done date:"...)
	dst = r.DoneDate.AppendFormat(dst, "0601021504")
	dst = append(append(dst, " stat:"...), stat...)
	dst = append(append(dst, " err:"...), code...)
	dst = append(dst, " text:"...)
	return append(dst, r.Text[:min(len(r.Text), 20)]...), nil
}

// appendThree appends three digits.
func appendThree(dst []byte, n int) []byte {
	return append(dst, byte('0'+n/100), byte('0'+n/10%10), byte('0'+n%10))
}

// receiptKeys are the field names in the order in which a longer one must be
// tried before one that it ends with.
var receiptKeys = [...]string{"submit date", "submitdate", "submit_date", "done date", "donedate", "done_date", "dlvrd", "stat", "sub", "err", "id"}

// ParseReceipt reads the text of a receipt. It needs an id and takes the rest
// as it comes: fields in any order and case, missing or unknown ones, seconds
// in the dates, any error code, and states by their seven letters or by name; also
// in UCS2, whatever data_coding says.
// Dates are read as times of loc (nil is UTC); an unreadable one is zero.
func ParseReceipt(text []byte, loc *time.Location) (Receipt, error) {
	if loc == nil {
		loc = time.UTC
	}
	r := Receipt{Stat: MessageUnknown}
	rest := ofUCS2(text)
	if at := indexText(rest); at >= 0 {
		r.Text = rest[at+len("text:"):]
		rest = rest[:at]
	}
	for rest = strings.TrimLeft(rest, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		key, value, left := cutReceiptField(rest)
		rest = left
		r.set(key, value, loc)
	}
	if r.ID == "" {
		return r, &wire.Error{Proto: proto, Field: "id", Offset: 0, Err: wire.ErrMissing}
	}
	return r, nil
}

// ofUCS2 is a text that may be UCS2: then it begins with the upper half, 0, of an ASCII
// character.
func ofUCS2(text []byte) string {
	if len(text) < 2 || len(text)%2 != 0 || text[0] != 0 || text[1] == 0 {
		return string(text)
	}
	units := make([]uint16, len(text)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(text[2*i:])
	}
	return string(utf16.Decode(units))
}

// indexText finds text: or Text: at the start of a word; what follows it is
// the user's and must not be searched for fields.
func indexText(s string) int {
	const key = "text:"
	for i := 0; i+len(key) <= len(s); i++ {
		if s[i]|0x20 == 't' && (i == 0 || s[i-1] == ' ') && strings.EqualFold(s[i:i+len(key)], key) {
			return i
		}
	}
	return -1
}

func cutReceiptField(s string) (key, value, rest string) {
	for _, k := range receiptKeys {
		if n := len(k); len(s) > n && s[n] == ':' && strings.EqualFold(s[:n], k) {
			value, rest, _ = strings.Cut(s[n+1:], " ")
			return k, value, rest
		}
	}
	_, rest, _ = strings.Cut(s, " ")
	return "", "", rest
}

func (r *Receipt) set(key, value string, loc *time.Location) {
	switch key {
	case "id":
		r.ID = value
	case "sub":
		r.Sub = receiptNumber(value)
	case "dlvrd":
		r.Dlvrd = receiptNumber(value)
	case "submit date", "submitdate", "submit_date":
		r.SubmitDate = receiptDate(value, loc)
	case "done date", "donedate", "done_date":
		r.DoneDate = receiptDate(value, loc)
	case "stat":
		r.Stat = receiptState(value)
	case "err":
		r.Err = value
	}
}

func receiptNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func receiptDate(s string, loc *time.Location) time.Time {
	for _, layout := range [...]string{"0601021504", "060102150405", "20060102150405"} {
		if t, err := time.ParseInLocation(layout, s, loc); err == nil {
			return t
		}
	}
	return time.Time{}
}

func receiptState(s string) MessageState {
	for _, f := range receiptStats {
		if strings.EqualFold(s, f.word) || strings.EqualFold(s, f.state.String()) {
			return f.state
		}
	}
	return MessageUnknown
}

// AppendReceiptTLVs appends receipted_message_id, message_state and, when
// networkError is not nil, network_error_code.
func AppendReceiptTLVs(t TLVs, id string, state MessageState, networkError *NetworkError) TLVs {
	v := make([]byte, 0, len(id)+1)
	t = append(t, TLV{Tag: TagReceiptedMessageID, Value: append(append(v, id...), 0)})
	t = t.AppendU8(TagMessageState, uint8(state))
	if networkError != nil {
		t = append(t, TLV{Tag: TagNetworkErrorCode, Value: []byte{
			networkError.NetworkType, byte(networkError.Code >> 8), byte(networkError.Code)}})
	}
	return t
}

// NetworkError is the value of network_error_code (SMPP 3.4 section 5.3.2.31):
// the type of the network (1 ANSI-136, 2 IS-95, 3 GSM) and its error.
type NetworkError struct {
	NetworkType uint8
	Code        uint16
}

// ReceiptTLVs reads what AppendReceiptTLVs writes; found is false when the
// first of them is missing.
func ReceiptTLVs(t TLVs) (id string, state MessageState, networkError *NetworkError, found bool) {
	v, found := t.Find(TagReceiptedMessageID)
	id = string(bytes.TrimRight(v, "\x00"))
	state = MessageUnknown
	if v, ok := t.Find(TagMessageState); ok && len(v) == 1 {
		state = MessageState(v[0])
	}
	if v, ok := t.Find(TagNetworkErrorCode); ok && len(v) == 3 {
		networkError = &NetworkError{NetworkType: v[0], Code: uint16(v[1])<<8 | uint16(v[2])}
	}
	return id, state, networkError, found
}
