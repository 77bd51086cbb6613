package ansi41_test

import (
	"fmt"
	"testing"

	"github.com/otagate/otagate/ss7/ansi41"
)

func TestNames(t *testing.T) {
	for want, v := range map[string]fmt.Stringer{
		"SMSDeliveryPointToPoint":               ansi41.SMSDeliveryPointToPoint,
		"200":                                   ansi41.Operation(200),
		"QualificationRequest2":                 ansi41.Operation(112),
		"attach MSC to OTAF":                    ansi41.ActionAttachMSCToOTAF,
		"99":                                    ansi41.ActionCode(99),
		"CDMA OTAPA":                            ansi41.ServiceCDMAOTAPA,
		"MS disconnect":                         ansi41.CauseMSDisconnect,
		"7":                                     ansi41.SMSCauseCode(7),
		"unable to commit":                      ansi41.ResultUnableToCommit,
		"Diffie-Hellman 512/160/160":            ansi41.AKeyDH512_160_160,
		"successful":                            ansi41.SSDUpdateSuccessful,
		"enabled":                               ansi41.SignalingMessageEncryptionEnabled,
		"active":                                ansi41.VoicePrivacyActive,
		"postponed":                             ansi41.AccessPostponed,
		"notify when available":                 ansi41.NotifyWhenAvailable,
		"OTASP":                                 ansi41.AccessOTASP,
		"MIN/IMSI or ESN authorization failure": ansi41.DenyAccess(10),
		"requested service code not supported":  ansi41.AuthorizationDenied(11),
		"profile only":                          ansi41.QualificationInformationCode(4),
		"MS power-down":                         ansi41.DeregistrationType(3),
		"IS-2000":                               ansi41.TerminalType(36),
		"Phoenix":                               ansi41.SystemMyTypeCode(34),
		"missing authentication parameters":     ansi41.ReportType(16),
		"charge original destination":           ansi41.SMSChargeIndicator(3),
		"allow all, allow direct, force message centre": ansi41.SMSOriginationRestrictions(15),
		"block all, reverse charges":                    ansi41.SMSTerminationRestrictions(4),
		"authentication parameters requested, SME":      ansi41.SystemCapabilities{3},
		"none": ansi41.SystemCapabilities{0, 0xff},
		"international, user provided, not screened": ansi41.NatureInternational,
		"SS7 PC and SSN":   ansi41.PlanSS7,
		"MissingParameter": ansi41.MissingParameter,
		"141":              ansi41.ErrorCode(141),
		"128":              ansi41.ErrorCode(128),
		"12-6":             ansi41.MSCID{MarketID: 12, SwitchNumber: 6},
		"SMS_BearerData":   ansi41.ParamSMSBearerData,
		"7777":             ansi41.ParameterID(7777),
	} {
		if v.String() != want {
			t.Errorf("got %q, want %q", v.String(), want)
		}
	}
	if s := ansi41.RegistrationNotification.Acronym(); s != "REGNOT" {
		t.Errorf("got %q", s)
	}
}

// Every operation is found by its name, its acronym and its number.
func TestParseOperation(t *testing.T) {
	for op := range 256 {
		want := ansi41.Operation(op)
		for _, s := range []string{want.String(), want.Acronym(), fmt.Sprint(op)} {
			if got, ok := ansi41.ParseOperation(s); !ok || got != want {
				t.Errorf("%s: got %v, %v", s, got, ok)
			}
		}
	}
	for _, s := range []string{"", "SMDP", "256", "-1"} {
		if got, ok := ansi41.ParseOperation(s); ok {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestTemporary(t *testing.T) {
	n := 0
	for v := range 256 {
		if ansi41.SMSCauseCode(v).Temporary() {
			n++
		}
	}
	if n != 10 || !ansi41.CauseSMSDeliveryPostponed.Temporary() || ansi41.CauseMSDisconnect.Temporary() {
		t.Errorf("%d temporary causes", n)
	}
}

// The identifiers of the table, as the standard's text writes them.
func TestTags(t *testing.T) {
	for id, want := range map[ansi41.ParameterID]string{
		ansi41.ParamMIN: "88", ansi41.ParamPCSSN: "9f20", ansi41.ParamSMSBearerData: "9f69",
		ansi41.ParamActionCode: "9f8100", ansi41.ParamServiceIndicator: "9f8141",
		ansi41.ParamIMSI: "9f8172", ansi41.ParamNewMINExtension: "9f8248", ansi41.ParamMEID: "9f8306",
		ansi41.ParamCountUpdateReport: "9f810a", ansi41.ParamRequiredParametersMask: "9f816c",
	} {
		if got := id.Tag().String(); got != want {
			t.Errorf("%v: got %s, want %s", id, got, want)
		}
	}
}
