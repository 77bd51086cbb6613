package ansi41

import "strconv"

// Operation is the operation specifier of family 9, the second octet of the
// private operation code (tag D1).
type Operation uint8

// The operation specifiers.
const (
	QualificationRequest               Operation = 0x06
	QualificationDirective             Operation = 0x07
	RegistrationNotification           Operation = 0x0d
	RegistrationCancellation           Operation = 0x0e
	FeatureRequest                     Operation = 0x11
	MSInactive                         Operation = 0x16
	AuthenticationDirective            Operation = 0x1b
	AuthenticationRequest              Operation = 0x1c
	BaseStationChallenge               Operation = 0x1d
	AuthenticationFailureReport        Operation = 0x1e
	CountRequest                       Operation = 0x1f
	BulkDeregistration                 Operation = 0x22
	AuthenticationDirectiveForward     Operation = 0x27
	AuthenticationStatusReport         Operation = 0x28
	InformationDirective               Operation = 0x2a
	InformationForward                 Operation = 0x2b
	RandomVariableRequest              Operation = 0x30
	SMSDeliveryBackward                Operation = 0x33
	SMSDeliveryForward                 Operation = 0x34
	SMSDeliveryPointToPoint            Operation = 0x35
	SMSNotification                    Operation = 0x36
	SMSRequest                         Operation = 0x37
	OTASPRequest                       Operation = 0x38
	InformationBackward                Operation = 0x39
	ParameterRequest                   Operation = 0x3c
	TMSIDirective                      Operation = 0x3d
	ServiceRequest                     Operation = 0x3f
	SMSDeliveryPointToPointAck         Operation = 0x4e
	BulkDisconnection                  Operation = 0x50
	InterSystemSMSPage                 Operation = 0x65
	InterSystemSMSDeliveryPointToPoint Operation = 0x6f
	QualificationRequest2              Operation = 0x70
)

type operationName struct{ name, acronym string }

var operations = [...]operationName{
	QualificationRequest:               {"QualificationRequest", "QUALREQ"},
	QualificationDirective:             {"QualificationDirective", "QUALDIR"},
	RegistrationNotification:           {"RegistrationNotification", "REGNOT"},
	RegistrationCancellation:           {"RegistrationCancellation", "REGCANC"},
	FeatureRequest:                     {"FeatureRequest", "FEATREQ"},
	MSInactive:                         {"MSInactive", "MSINACT"},
	AuthenticationDirective:            {"AuthenticationDirective", "AUTHDIR"},
	AuthenticationRequest:              {"AuthenticationRequest", "AUTHREQ"},
	BaseStationChallenge:               {"BaseStationChallenge", "BSCHALL"},
	AuthenticationFailureReport:        {"AuthenticationFailureReport", "AFREPORT"},
	CountRequest:                       {"CountRequest", "COUNTREQ"},
	BulkDeregistration:                 {"BulkDeregistration", "BULKDEREG"},
	AuthenticationDirectiveForward:     {"AuthenticationDirectiveForward", "AUTHDIRFWD"},
	AuthenticationStatusReport:         {"AuthenticationStatusReport", "ASREPORT"},
	InformationDirective:               {"InformationDirective", "INFODIR"},
	InformationForward:                 {"InformationForward", "INFOFWD"},
	RandomVariableRequest:              {"RandomVariableRequest", "RANDREQ"},
	SMSDeliveryBackward:                {"SMSDeliveryBackward", "SMDBACK"},
	SMSDeliveryForward:                 {"SMSDeliveryForward", "SMDFWD"},
	SMSDeliveryPointToPoint:            {"SMSDeliveryPointToPoint", "SMDPP"},
	SMSNotification:                    {"SMSNotification", "SMSNOT"},
	SMSRequest:                         {"SMSRequest", "SMSREQ"},
	OTASPRequest:                       {"OTASPRequest", "OTASPREQ"},
	InformationBackward:                {"InformationBackward", "INFOBACK"},
	ParameterRequest:                   {"ParameterRequest", "PARMREQ"},
	TMSIDirective:                      {"TMSIDirective", "TMSIDIR"},
	ServiceRequest:                     {"ServiceRequest", "SERVREQ"},
	SMSDeliveryPointToPointAck:         {"SMSDeliveryPointToPointAck", "SMDPPACK"},
	BulkDisconnection:                  {"BulkDisconnection", "BULKDISC"},
	InterSystemSMSPage:                 {"InterSystemSMSPage", "ISSMSPAGE"},
	InterSystemSMSDeliveryPointToPoint: {"InterSystemSMSDeliveryPointToPoint", "ISSMDPP"},
	QualificationRequest2:              {"QualificationRequest2", "QUALREQ2"},
}

// String is the name of the operation, or its number when it has none here.
func (op Operation) String() string {
	if int(op) < len(operations) && operations[op].name != "" {
		return operations[op].name
	}
	return strconv.Itoa(int(op))
}

// Acronym is the short name, such as SMDPP.
func (op Operation) Acronym() string {
	if int(op) < len(operations) && operations[op].acronym != "" {
		return operations[op].acronym
	}
	return strconv.Itoa(int(op))
}

// ParseOperation reads a name, an acronym or a decimal number.
func ParseOperation(s string) (Operation, bool) {
	for i := range operations {
		if s != "" && (operations[i].name == s || operations[i].acronym == s) {
			return Operation(i), true
		}
	}
	v, err := strconv.ParseUint(s, 10, 8)
	return Operation(v), err == nil
}
