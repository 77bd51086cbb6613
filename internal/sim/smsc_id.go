package sim

import (
	"strconv"
	"strings"
)

// IDForm is how a centre spells a message_id. The zero value is decimal
// without leading zeros.
type IDForm struct {
	Hex   bool
	Width int // filled up with zeros
	Upper bool
}

func (f IDForm) spell(n uint64) string {
	base := 10
	if f.Hex {
		base = 16
	}
	s := strconv.FormatUint(n, base)
	if f.Upper {
		s = strings.ToUpper(s)
	}
	if len(s) < f.Width {
		s = strings.Repeat("0", f.Width-len(s)) + s
	}
	return s
}

// ReceiptTLVs says what optional parameters a receipt has beside its text.
type ReceiptTLVs uint8

// The kinds of receipt.
const (
	TLVsAsReceipt  ReceiptTLVs = iota // receipted_message_id is spelled as in the text
	TLVsAsResponse                    // and as in the submit_sm_resp
	NoTLVs
)
