package is637

import (
	"fmt"
	"strings"

	"github.com/otagate/otagate/internal/wire"
)

// Priority is PRIORITY, two bits.
type Priority uint8

// The priorities.
const (
	PriorityNormal      Priority = 0
	PriorityInteractive Priority = 1
	PriorityUrgent      Priority = 2
	PriorityEmergency   Priority = 3
)

var priorities = [...]string{"normal", "interactive", "urgent", "emergency"}

func (v Priority) String() string { return nameOf(priorities[:], uint8(v)) }

// Privacy is PRIVACY, two bits.
type Privacy uint8

// The levels of privacy.
const (
	NotRestricted Privacy = 0
	Restricted    Privacy = 1
	Confidential  Privacy = 2
	Secret        Privacy = 3
)

var privacies = [...]string{"not restricted", "restricted", "confidential", "secret"}

func (v Privacy) String() string { return nameOf(privacies[:], uint8(v)) }

// ReplyOption is what the sender asks to be told, in the upper four bits.
type ReplyOption uint8

// The requests.
const (
	UserAckRequest     ReplyOption = 0x80
	DeliveryAckRequest ReplyOption = 0x40
	ReadAckRequest     ReplyOption = 0x20
	ReportRequest      ReplyOption = 0x10

	replyOptions = UserAckRequest | DeliveryAckRequest | ReadAckRequest | ReportRequest
)

func (v ReplyOption) String() string {
	var s []string
	for i, name := range [...]string{"user", "delivery", "read", "report"} {
		if v&(UserAckRequest>>i) != 0 {
			s = append(s, name)
		}
	}
	if s == nil {
		return "none"
	}
	return strings.Join(s, ", ")
}

func readReplyOptions(r *wire.Bits) (v ReplyOption) {
	for i, field := range [...]string{"USER_ACK_REQ", "DAK_REQ", "READ_ACK_REQ", "REPORT_REQ"} {
		if r.Flag(field) {
			v |= UserAckRequest >> i
		}
	}
	reserved(r, 4)
	return v
}

func appendReplyOptions(dst []byte, v ReplyOption) ([]byte, error) {
	if v&^replyOptions != 0 {
		return dst, wire.Unencodable(proto, "reply option", wire.ErrValue)
	}
	return append(dst, byte(v)), nil
}

// MessageCount is MSG_COUNT, the octet as it came. It should be two decimal
// digits, but an implementation is known that writes a binary number, and
// nothing in the message tells.
type MessageCount uint8

// MessageCountOf writes n, 99 at most, as two digits.
func MessageCountOf(n int) MessageCount { return MessageCount(bcd(min(max(n, 0), 99))) }

// BCD is the count when the octet is two digits.
func (v MessageCount) BCD() (n int, ok bool) {
	return int(v>>4)*10 + int(v&15), v>>4 <= 9 && v&15 <= 9
}

func (v MessageCount) String() string {
	if n, ok := v.BCD(); ok {
		return fmt.Sprintf("%02d", n)
	}
	return fmt.Sprintf("not decimal: %d", uint8(v))
}

// AlertPriority is ALERT_PRIORITY, two bits.
type AlertPriority uint8

// The alerts.
const (
	AlertDefault AlertPriority = 0
	AlertLow     AlertPriority = 1
	AlertMedium  AlertPriority = 2
	AlertHigh    AlertPriority = 3
)

var alerts = [...]string{"default", "low", "medium", "high"}

func (v AlertPriority) String() string { return nameOf(alerts[:], uint8(v)) }

// Language is LANGUAGE.
type Language uint8

// The languages.
const (
	LanguageUnspecified Language = 0
	LanguageEnglish     Language = 1
	LanguageFrench      Language = 2
	LanguageSpanish     Language = 3
	LanguageJapanese    Language = 4
	LanguageKorean      Language = 5
	LanguageChinese     Language = 6
	LanguageHebrew      Language = 7
)

var languages = [...]string{
	"unspecified", "English", "French", "Spanish", "Japanese", "Korean", "Chinese", "Hebrew",
}

func (v Language) String() string { return nameOf(languages[:], uint8(v)) }

// DisplayMode is MSG_DISPLAY_MODE, two bits.
type DisplayMode uint8

// The display modes; 3 is reserved.
const (
	DisplayImmediate DisplayMode = 0
	DisplayDefault   DisplayMode = 1
	DisplayUser      DisplayMode = 2
)

var displayModes = [...]string{"immediate", "default", "as the user has set"}

func (v DisplayMode) String() string { return nameOf(displayModes[:], uint8(v)) }

// top2 reads an indicator of two bits and six reserved ones.
func top2[T interface {
	~uint8
	wire.Stringer
}](r *wire.Bits, field string) Optional[T] {
	v := wire.SayBits(r, T(r.U(2, field)))
	reserved(r, 6)
	return Some(v)
}
