package is683

import "strconv"

// BLOCK_ID of Configuration Request and Response, Download Request and Response.
const (
	BlockCDMAAnalogNAM uint8 = 0
	BlockMDN           uint8 = 1
	BlockCDMANAM       uint8 = 2
	BlockIMSIT         uint8 = 3
	BlockEHRPDIMSI     uint8 = 4 // unverified, layout unknown
)

// BLOCK_ID of Validation Request and Response.
const (
	ValidationVerifySPC     uint8 = 0
	ValidationChangeSPC     uint8 = 1
	ValidationValidateSPASM uint8 = 2
)

// BLOCK_ID of SSPR Configuration Request and Response.
const (
	SSPRDimensions         uint8 = 0
	SSPRSegment            uint8 = 1
	SSPRExtendedDimensions uint8 = 2
)

// BLOCK_ID of SSPR Download Request and Response; not the configuration's.
const (
	SSPRPRL         uint8 = 0
	SSPRExtendedPRL uint8 = 1
)

// BLOCK_ID of PUZL Configuration Request and Response.
const (
	PUZLDimensions uint8 = 0
	PUZLPriorities uint8 = 1
	PUZLUserZone   uint8 = 2
	PUZLWhole      uint8 = 3
)

// BLOCK_ID of PUZL Download Request and Response.
const (
	PUZLInsert         uint8 = 0
	PUZLUpdate         uint8 = 1
	PUZLDelete         uint8 = 2
	PUZLPriorityChange uint8 = 3
	PUZLFlags          uint8 = 4
)

// BLOCK_ID of 3GPD Configuration Request and Response.
const (
	ThreeGPDOperationCapability     uint8 = 0
	ThreeGPDOperationMode           uint8 = 1
	ThreeGPDSimpleIPCapability      uint8 = 2
	ThreeGPDMobileIPCapability      uint8 = 3
	ThreeGPDSimpleIPUserProfile     uint8 = 4
	ThreeGPDMobileIPUserProfile     uint8 = 5
	ThreeGPDSimpleIPStatus          uint8 = 6
	ThreeGPDMobileIPStatus          uint8 = 7
	ThreeGPDSimpleIPPAPSecret       uint8 = 8
	ThreeGPDSimpleIPCHAPSecret      uint8 = 9
	ThreeGPDMobileIPSecrets         uint8 = 10
	ThreeGPDHRPDCapability          uint8 = 11
	ThreeGPDHRPDUserProfile         uint8 = 12
	ThreeGPDHRPDCHAPSecret          uint8 = 13
	ThreeGPDDownloadOperationMode   uint8 = 0
	ThreeGPDDownloadSimpleIPProfile uint8 = 1
	ThreeGPDDownloadMobileIPProfile uint8 = 2
	ThreeGPDDownloadSimpleIPStatus  uint8 = 6
	ThreeGPDDownloadMobileIPStatus  uint8 = 7
	ThreeGPDDownloadSimpleIPPAP     uint8 = 8
	ThreeGPDDownloadSimpleIPCHAP    uint8 = 9
	ThreeGPDDownloadMobileIPSecrets uint8 = 10
	ThreeGPDDownloadHRPDUserProfile uint8 = 11
	ThreeGPDDownloadHRPDCHAPSecret  uint8 = 12
)

// notDownloadable marks a 3GPD block that can only be read.
const notDownloadable = 0xff

var threeGPDDownloadIDs = [...]uint8{notDownloadable, 0, notDownloadable, notDownloadable, 1, 2, 6, 7, 8, 9, 10, notDownloadable, 11, 12}

// ThreeGPDDownloadID is the BLOCK_ID under which a 3GPD block is downloaded
// that is read under configID; ok is false when it can only be read.
func ThreeGPDDownloadID(configID uint8) (id uint8, ok bool) {
	if int(configID) >= len(threeGPDDownloadIDs) || threeGPDDownloadIDs[configID] == notDownloadable {
		return 0, false
	}
	return threeGPDDownloadIDs[configID], true
}

// BLOCK_ID of the MMD messages: there is one block.
const MMDApplicationParameters uint8 = 0

// BLOCK_ID of System Tag Configuration Request and Response.
const (
	SystemTagHome                 uint8 = 0
	SystemTagGroupDimensions      uint8 = 1
	SystemTagGroupList            uint8 = 2
	SystemTagSpecificDimensions   uint8 = 3
	SystemTagSpecificList         uint8 = 4
	SystemTagCallPromptDimensions uint8 = 5
	SystemTagCallPromptList       uint8 = 6
)

// BLOCK_ID of System Tag Download Request and Response.
const (
	SystemTagDownloadHome           uint8 = 0
	SystemTagDownloadGroupList      uint8 = 1
	SystemTagDownloadSpecificList   uint8 = 2
	SystemTagDownloadCallPromptList uint8 = 3
)

// BLOCK_ID of the MMS messages; a URI alone can be downloaded.
const (
	MMSBlockURI           uint8 = 0
	MMSBlockURICapability uint8 = 1
)

var (
	namBlockNames = []string{"CDMA/Analog NAM", "MDN", "CDMA NAM", "IMSI_T", "eHRPD IMSI"}
	gpdBlockNames = []string{"operation capability", "operation mode", "SimpleIP capability", "MobileIP capability",
		"SimpleIP user profile", "MobileIP user profile", "SimpleIP status", "MobileIP status", "SimpleIP PAP SS",
		"SimpleIP CHAP SS", "MobileIP SS", "HRPD capability", "HRPD user profile", "HRPD CHAP SS"}
	gpdDownloadBlockNames = []string{"operation mode", "SimpleIP user profile", "MobileIP user profile", "", "", "",
		"SimpleIP status", "MobileIP status", "SimpleIP PAP SS", "SimpleIP CHAP SS", "MobileIP SS", "HRPD user profile", "HRPD CHAP SS"}
)

// blockNames is indexed by message type: the same BLOCK_ID means different
// blocks in different messages.
var blockNames = [...][]string{
	TypeConfiguration:          namBlockNames,
	TypeDownload:               namBlockNames,
	TypeSSPRConfiguration:      {"PRL dimensions", "PRL segment", "extended PRL dimensions"},
	TypeSSPRDownload:           {"PRL", "extended PRL"},
	TypeValidation:             {"Verify SPC", "Change SPC", "Validate SPASM"},
	TypePUZLConfiguration:      {"PUZL dimensions", "PUZL priorities", "user zone", "PUZL"},
	TypePUZLDownload:           {"insert user zone", "update user zone", "delete user zone", "change priority", "PUZL flags"},
	TypeThreeGPDConfiguration:  gpdBlockNames,
	TypeThreeGPDDownload:       gpdDownloadBlockNames,
	TypeMMDConfiguration:       {"MMD application parameters"},
	TypeMMDDownload:            {"MMD application parameters"},
	TypeSystemTagConfiguration: {"home tag", "group tag dimensions", "group tag list", "specific tag dimensions", "specific tag list", "call prompt dimensions", "call prompt list"},
	TypeSystemTagDownload:      {"home tag", "group tag list", "specific tag list", "call prompt list"},
	TypeMMSConfiguration:       {"MMS URI", "MMS URI capability"},
	TypeMMSDownload:            {"MMS URI"},
}

// BlockName is the name of a block in messages of type t; an unknown one keeps
// its number.
func BlockName(t MessageType, id uint8) string {
	if int(t) < len(blockNames) && int(id) < len(blockNames[t]) && blockNames[t][id] != "" {
		return blockNames[t][id]
	}
	return "block " + strconv.Itoa(int(id))
}
