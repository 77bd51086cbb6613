package ansi41

import "github.com/otagate/otagate/internal/wire"

// SSDUpdateReport is the outcome of an SSD update. One public dissector prints
// other names for its values; those are misplaced.
type SSDUpdateReport uint8

// UniqueChallengeReport is the outcome of a unique challenge.
type UniqueChallengeReport uint8

// SignalingMessageEncryptionReport is the outcome of an order to encrypt.
type SignalingMessageEncryptionReport uint8

// VoicePrivacyReport is the outcome of an order to scramble the voice.
type VoicePrivacyReport uint8

// The value that means success, of every report.
const (
	SSDUpdateSuccessful               SSDUpdateReport                  = 3
	UniqueChallengeSuccessful         UniqueChallengeReport            = 3
	SignalingMessageEncryptionEnabled SignalingMessageEncryptionReport = 3
	VoicePrivacyActive                VoicePrivacyReport               = 3
)

var reports = [...]string{"not used", "not attempted", "no response", "successful", "failed"}
var encryptionReports = [...]string{"not used", "enabling not attempted", "no response", "enabled", "failed"}
var privacyReports = [...]string{"not used", "not attempted", "no response", "active", "failed"}

func (v SSDUpdateReport) String() string       { return nameOf(reports[:], uint8(v)) }
func (v UniqueChallengeReport) String() string { return nameOf(reports[:], uint8(v)) }
func (v SignalingMessageEncryptionReport) String() string {
	return nameOf(encryptionReports[:], uint8(v))
}
func (v VoicePrivacyReport) String() string { return nameOf(privacyReports[:], uint8(v)) }

// readSSDUpdateReport accepts the value in two octets as well: one public
// dissector, which has the wrong table for it, expects it so.
func readSSDUpdateReport(s *set, o *Optional[SSDUpdateReport]) {
	if s.n != 2 {
		readEnum(s, o)
		return
	}
	if !s.ready(o.OK) {
		return
	}
	v := s.c.U16(s.info.Name)
	if v > 0xff {
		s.c.FailAt(s.off, s.info.Name, wire.ErrValue)
		return
	}
	*o = Some(wire.Say(&s.c, SSDUpdateReport(v)))
	s.c.Note("two octets")
}

// ReportType says why an authentication failure is reported.
type ReportType uint8

var reportTypes = [...]string{
	1: "unspecified security violation", 2: "MSID/ESN mismatch", 3: "RANDC mismatch",
	5: "SSD update failed", 7: "COUNT mismatch", 9: "unique challenge failed",
	10: "unsolicited base station challenge", 11: "SSD update no response",
	12: "COUNT update no response", 13: "unique challenge no response", 14: "AUTHR mismatch",
	15: "TERMTYP mismatch", 16: "missing authentication parameters",
}

func (v ReportType) String() string { return nameOf(reportTypes[:], uint8(v)) }
