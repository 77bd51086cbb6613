package sccp

import "strconv"

// ReturnCause says why a message came back (T1.112.3 §3.12, Q.713 §3.12).
type ReturnCause uint8

// The return causes.
const (
	NoTranslationForNature   ReturnCause = 0
	NoTranslation            ReturnCause = 1
	SubsystemCongestion      ReturnCause = 2
	SubsystemFailure         ReturnCause = 3
	UnequippedUser           ReturnCause = 4
	MTPFailure               ReturnCause = 5
	NetworkCongestion        ReturnCause = 6
	Unqualified              ReturnCause = 7
	ErrorInMessageTransport  ReturnCause = 8
	ErrorInLocalProcessing   ReturnCause = 9
	CannotReassemble         ReturnCause = 10
	SCCPFailure              ReturnCause = 11
	HopCounterViolation      ReturnCause = 12
	SegmentationNotSupported ReturnCause = 13
	SegmentationFailure      ReturnCause = 14
)

func (r ReturnCause) String() string {
	switch r {
	case NoTranslationForNature:
		return "no translation for an address of such nature"
	case NoTranslation:
		return "no translation for this specific address"
	case SubsystemCongestion:
		return "subsystem congestion"
	case SubsystemFailure:
		return "subsystem failure"
	case UnequippedUser:
		return "unequipped user"
	case MTPFailure:
		return "MTP failure"
	case NetworkCongestion:
		return "network congestion"
	case Unqualified:
		return "unqualified"
	case ErrorInMessageTransport:
		return "error in message transport"
	case ErrorInLocalProcessing:
		return "error in local processing"
	case CannotReassemble:
		return "destination cannot perform reassembly"
	case SCCPFailure:
		return "SCCP failure"
	case HopCounterViolation:
		return "hop counter violation"
	case SegmentationNotSupported:
		return "segmentation not supported"
	case SegmentationFailure:
		return "segmentation failure"
	}
	return "return cause " + strconv.Itoa(int(r))
}
