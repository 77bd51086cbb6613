package is683

import "strconv"

// ResultCode is RESULT_CODE, the handset's verdict on a block or a message.
type ResultCode uint8

// The result codes. 51 to 127 and 255 are reserved, 128 to 254 are the
// manufacturer's. 47 to 50 come from a single source.
const (
	Accepted                        ResultCode = 0
	UnknownReason                   ResultCode = 1
	DataSizeMismatch                ResultCode = 2
	ProtocolVersionMismatch         ResultCode = 3
	InvalidParameter                ResultCode = 4
	SIDNIDLengthMismatch            ResultCode = 5
	MessageNotExpected              ResultCode = 6
	BlockIDNotSupported             ResultCode = 7
	PRLLengthMismatch               ResultCode = 8
	CRCError                        ResultCode = 9
	MobileLocked                    ResultCode = 10
	InvalidSPC                      ResultCode = 11
	SPCChangeDenied                 ResultCode = 12
	InvalidSPASM                    ResultCode = 13
	BlockIDNotExpected              ResultCode = 14
	UserZoneInPUZL                  ResultCode = 15
	UserZoneNotInPUZL               ResultCode = 16
	NoEntriesInPUZL                 ResultCode = 17
	OperationModeMismatch           ResultCode = 18
	SimpleIPMaxNumNAIMismatch       ResultCode = 19
	SimpleIPMaxNAILengthMismatch    ResultCode = 20
	MobileIPMaxNumNAIMismatch       ResultCode = 21
	MobileIPMaxNAILengthMismatch    ResultCode = 22
	SimpleIPPAPMaxSSLengthMismatch  ResultCode = 23
	SimpleIPCHAPMaxSSLengthMismatch ResultCode = 24
	MobileIPMaxAAASSLengthMismatch  ResultCode = 25
	MobileIPMaxHASSLengthMismatch   ResultCode = 26
	MobileIPAAAAlgorithmMismatch    ResultCode = 27
	MobileIPHAAlgorithmMismatch     ResultCode = 28
	SimpleIPActNAIIndexMismatch     ResultCode = 29
	MobileIPActNAIIndexMismatch     ResultCode = 30
	SimpleIPPAPNAIIndexMismatch     ResultCode = 31
	SimpleIPCHAPNAIIndexMismatch    ResultCode = 32
	MobileIPNAIIndexMismatch        ResultCode = 33
	UnexpectedPRLBlockIDChange      ResultCode = 34
	PRLFormatMismatch               ResultCode = 35
	HRPDMaxNAILengthMismatch        ResultCode = 36
	HRPDCHAPMaxSSLengthMismatch     ResultCode = 37
	MMDMaxNumIMPUMismatch           ResultCode = 38
	MMDMaxIMPULengthMismatch        ResultCode = 39
	MMDMaxNumPCSCFMismatch          ResultCode = 40
	MMDMaxPCSCFLengthMismatch       ResultCode = 41
	UnexpectedTagBlockIDChange      ResultCode = 42
	SystemTagFormatMismatch         ResultCode = 43
	NumMMSURIMismatch               ResultCode = 44
	MMSURILengthMismatch            ResultCode = 45
	InvalidMMSURI                   ResultCode = 46
	MMSSModeSettingsMismatch        ResultCode = 47
	MMSSMLPLMismatch                ResultCode = 48
	MMSSMSPLMismatch                ResultCode = 49
	MMSSWLANMismatch                ResultCode = 50
)

var resultNames = [...]string{
	Accepted:                        "accepted",
	UnknownReason:                   "unknown reason",
	DataSizeMismatch:                "data size mismatch",
	ProtocolVersionMismatch:         "protocol version mismatch",
	InvalidParameter:                "invalid parameter",
	SIDNIDLengthMismatch:            "SID/NID length mismatch",
	MessageNotExpected:              "message not expected in this mode",
	BlockIDNotSupported:             "BLOCK_ID not supported",
	PRLLengthMismatch:               "PRL length mismatch",
	CRCError:                        "CRC error",
	MobileLocked:                    "mobile locked",
	InvalidSPC:                      "invalid SPC",
	SPCChangeDenied:                 "SPC change denied by user",
	InvalidSPASM:                    "invalid SPASM",
	BlockIDNotExpected:              "BLOCK_ID not expected in this mode",
	UserZoneInPUZL:                  "user zone already in PUZL",
	UserZoneNotInPUZL:               "user zone not in PUZL",
	NoEntriesInPUZL:                 "no entries in PUZL",
	OperationModeMismatch:           "operation mode mismatch",
	SimpleIPMaxNumNAIMismatch:       "SimpleIP MAX_NUM_NAI mismatch",
	SimpleIPMaxNAILengthMismatch:    "SimpleIP MAX_NAI_LENGTH mismatch",
	MobileIPMaxNumNAIMismatch:       "MobileIP MAX_NUM_NAI mismatch",
	MobileIPMaxNAILengthMismatch:    "MobileIP MAX_NAI_LENGTH mismatch",
	SimpleIPPAPMaxSSLengthMismatch:  "SimpleIP PAP MAX_SS_LENGTH mismatch",
	SimpleIPCHAPMaxSSLengthMismatch: "SimpleIP CHAP MAX_SS_LENGTH mismatch",
	MobileIPMaxAAASSLengthMismatch:  "MobileIP MAX_MN-AAA_SS_LENGTH mismatch",
	MobileIPMaxHASSLengthMismatch:   "MobileIP MAX_MN-HA_SS_LENGTH mismatch",
	MobileIPAAAAlgorithmMismatch:    "MobileIP MN-AAA algorithm mismatch",
	MobileIPHAAlgorithmMismatch:     "MobileIP MN-HA algorithm mismatch",
	SimpleIPActNAIIndexMismatch:     "SimpleIP ACT_NAI_ENTRY_INDEX mismatch",
	MobileIPActNAIIndexMismatch:     "MobileIP ACT_NAI_ENTRY_INDEX mismatch",
	SimpleIPPAPNAIIndexMismatch:     "SimpleIP PAP NAI_ENTRY_INDEX mismatch",
	SimpleIPCHAPNAIIndexMismatch:    "SimpleIP CHAP NAI_ENTRY_INDEX mismatch",
	MobileIPNAIIndexMismatch:        "MobileIP NAI_ENTRY_INDEX mismatch",
	UnexpectedPRLBlockIDChange:      "unexpected PRL_BLOCK_ID change",
	PRLFormatMismatch:               "PRL format mismatch",
	HRPDMaxNAILengthMismatch:        "HRPD MAX_NAI_LENGTH mismatch",
	HRPDCHAPMaxSSLengthMismatch:     "HRPD CHAP MAX_SS_LENGTH mismatch",
	MMDMaxNumIMPUMismatch:           "MMD MAX_NUM_IMPU mismatch",
	MMDMaxIMPULengthMismatch:        "MMD MAX_IMPU_LENGTH mismatch",
	MMDMaxNumPCSCFMismatch:          "MMD MAX_NUM_P-CSCF mismatch",
	MMDMaxPCSCFLengthMismatch:       "MMD MAX_P-CSCF_LENGTH mismatch",
	UnexpectedTagBlockIDChange:      "unexpected System Tag BLOCK_ID change",
	SystemTagFormatMismatch:         "System Tag format mismatch",
	NumMMSURIMismatch:               "NUM_MMS_URI mismatch",
	MMSURILengthMismatch:            "MMS_URI_LENGTH mismatch",
	InvalidMMSURI:                   "invalid MMS_URI",
	MMSSModeSettingsMismatch:        "MMSS mode settings mismatch",
	MMSSMLPLMismatch:                "MMSS MLPL format mismatch",
	MMSSMSPLMismatch:                "MMSS MSPL format mismatch",
	MMSSWLANMismatch:                "MMSS WLAN format mismatch",
}

// String is the meaning; reserved and manufacturer's codes keep their number.
func (r ResultCode) String() string {
	switch {
	case int(r) < len(resultNames):
		return resultNames[r]
	case r >= 128 && r < 255:
		return "manufacturer's result " + strconv.Itoa(int(r))
	}
	return "reserved result " + strconv.Itoa(int(r))
}

// Defined reports whether the code has a meaning, the standard's or a
// manufacturer's.
func (r ResultCode) Defined() bool {
	return int(r) < len(resultNames) || r >= 128 && r < 255
}
