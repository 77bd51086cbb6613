package ansi41

import "strings"

// SMSChargeIndicator is the value of SMS_ChargeIndicator.
type SMSChargeIndicator uint8

var smsChargeIndicators = [...]string{
	"not used", "no charge", "charge original originator", "charge original destination",
}

func (v SMSChargeIndicator) String() string { return nameOf(smsChargeIndicators[:], uint8(v)) }

// SMSNotificationIndicator is the value of SMS_NotificationIndicator: whether
// the HLR shall send SMSNOT when a postponed terminal shows up.
type SMSNotificationIndicator uint8

// The notification indicators.
const (
	NotifyWhenAvailable SMSNotificationIndicator = 1
	DoNotNotify         SMSNotificationIndicator = 2
)

var smsNotificationIndicators = [...]string{"not used", "notify when available", "do not notify"}

func (v SMSNotificationIndicator) String() string {
	return nameOf(smsNotificationIndicators[:], uint8(v))
}

// SMSOriginationRestrictions is the value of SMS_OriginationRestrictions:
// bits B, A the default, bit C DIRECT, bit D force message centre.
type SMSOriginationRestrictions uint8

func (v SMSOriginationRestrictions) String() string {
	s := []string{restrictionDefaults[v&3]}
	if v&4 != 0 {
		s = append(s, "allow direct")
	}
	if v&8 != 0 {
		s = append(s, "force message centre")
	}
	return strings.Join(s, ", ")
}

// SMSTerminationRestrictions is the value of SMS_TerminationRestrictions, an
// unverified coding: bits B, A the default, bit C reverse charges.
type SMSTerminationRestrictions uint8

func (v SMSTerminationRestrictions) String() string {
	if v&4 != 0 {
		return restrictionDefaults[v&3] + ", reverse charges"
	}
	return restrictionDefaults[v&3]
}

var restrictionDefaults = [...]string{"block all", "default 1", "allow specific", "allow all"}
