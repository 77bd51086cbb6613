// Package ansi41 codes the operations of ANSI-41 MAP (TIA/EIA-41, X.S0004-540)
// that provisioning and short messages use, with the additions of N.S0011
// (IS-725) for OTASP and OTAPA. It codes the value of one parameter set, the F2
// of a TCAP component; packages and components belong to tcap/ansi, transactions
// to tcap. What SMS_BearerData holds is opaque.
//
//	INVOKE E9 ── CF component ID
//	          ├─ D1 09 35      operation: family 9 and an Operation
//	          └─ F2 parameter set ──▶ SMDPPInvoke
//	                9F69 SMS_BearerData, 9F74 SMS_TeleserviceIdentifier,
//	                89 ESN, 88 MIN, 9F8141 ServiceIndicator, …
//
// Typed, each in a file of its own: SMDPP, OTASPREQ, SMSREQ, SMSNOT, REGNOT and
// MSINACT, INVOKE and RETURN RESULT. Every other operation decodes to [Generic],
// parameters with names but uninterpreted. Of a RETURN ERROR there is the
// [ErrorCode]; its parameter set, of which no coding was found, is not read.
//
//	m := ansi41.SMDPPInvoke{
//		ActionCode:       ansi41.Some(ansi41.ActionAttachMSCToOTAF),
//		MIN:              ansi41.Some(activation),
//		ServiceIndicator: ansi41.Some(ansi41.ServiceCDMAOTASP),
//		TRN:              ansi41.Some(trn),
//	}
//	b, err := m.Append(nil)
//
// # Rules
//
// Parameters are accepted in any order and appended in the order of the struct.
// A parameter that comes twice, a mandatory one that is missing and a wrong
// length are errors; parameters that the operation does not list are kept in
// Unknown, in their order. A message borrows what it was decoded from and
// decoding into it again reuses Unknown.
//
// # Unverified
//
// The texts of the standards are not public. The numbers of operations and
// parameters have two public sources; these codings have none and follow
// recollection, marked Unverified in the table of parameters:
//
//   - AUTHR, AUTHBS, AUTHU, COUNT, RAND, RANDBS, RANDSSD, RANDU,
//     AuthenticationData, SMEKEY, SSD, VPMASK and CDMAPLCM: their lengths and
//     the justification of their bits
//   - IMSI, MobileStationIMSI, NewlyAssignedIMSI: digits and filler (Wireshark
//     4.0 reads IMSI so, and shows the other two as octets)
//   - MEID: that its first octet is the most significant one
//   - SMS_TerminationRestrictions
//   - which causes are [SMSCauseCode.Temporary]
//
// An unverified parameter of another length is not refused: its octets are
// kept in Unknown. The PC and SSN form of [Digits] has a single source.
// SSDUpdateReport is accepted in two octets as well, because that source's
// table for it is a wrong one; it is appended in one.
package ansi41
