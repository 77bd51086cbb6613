package otasp

import (
	"time"

	"github.com/otagate/otagate/otasp/is683"
)

// Phase is what the session waits for. The phases stand in the order in which
// a session passes them.
type Phase uint8

// The phases.
const (
	Idle Phase = iota
	PhaseAttach
	PhaseResolve
	PhaseDetach
	PhaseInvite
	PhaseOpenMMC
	PhaseLocate
	PhaseAway
	PhaseOTAPAStart
	PhaseSPASM
	PhaseValidateSPASM
	PhaseCapability
	PhaseVerifySPC
	PhaseReadOld
	PhaseKeyValues
	PhaseMSKey
	PhaseKeyGeneration
	PhaseKeyAnswer
	PhaseSSDUpdate
	PhaseReAuthenticate
	PhaseReAuthenticateAC
	PhaseDownload
	PhaseSSPRDimensions
	PhaseSSPRDownload
	PhasePacketData
	PhaseChangeSPC
	PhaseObjects
	PhasePRLObject
	PhaseCommit
	PhaseReadBack
	PhaseReadBackPRL
	PhaseCommitMMC
	PhaseCommitKey
	PhaseNewMSID
	PhaseREGNOT
	PhaseOTAPAStop
	PhaseReleaseChannel
	PhaseDisconnect
	PhaseReleaseKey
	PhaseReleaseTRN
	Ended
	numPhases = iota
)

var phaseNames = [numPhases]string{
	"Idle", "Attach", "Resolve", "Detach", "Invite", "OpenMMC", "Locate", "Away", "OTAPAStart", "SPASM", "ValidateSPASM",
	"Capability", "VerifySPC", "ReadOld", "KeyValues", "MSKey",
	"KeyGeneration", "KeyAnswer", "SSDUpdate", "ReAuthenticate", "ReAuthenticateAC", "Download",
	"SSPRDimensions", "SSPRDownload", "PacketData", "ChangeSPC", "Objects", "PRLObject",
	"Commit", "ReadBack", "ReadBackPRL", "CommitMMC",
	"CommitKey", "NewMSID", "REGNOT", "OTAPAStop", "ReleaseChannel", "Disconnect", "ReleaseKey", "ReleaseTRN", "Ended",
}

func (p Phase) String() string {
	if int(p) < len(phaseNames) {
		return phaseNames[p]
	}
	return "Phase(?)"
}

// Parts of an order, as bits of what the handset has accepted, and of what it
// had already.
const (
	partNAM uint8 = 1 << iota
	partMDN
	partIMSIT
	partPRL
	partPacketData
	partSPC
	partAKey
	partObjects
)

// Things taken from the network that have to be given back.
const (
	takenTRN uint8 = 1 << iota
	takenAKey
	maybeTRN // an attach was not answered: whatever the next one meets, it may have been carried out
	takenOTAPA
	takenChannel
	maybeOTAPA // an OTAPA Request was not answered, as above
	takenMMC   // a conversation with the handset over MMC
)

// noNAMBlock says that the handset showed no NAM block.
const noNAMBlock = 0xff

// numFeatures is the number of FEATURE_IDs with a meaning (sheet of IS-683-D).
const numFeatures = 12

// Session is the state of one programming session. Copy it by value; Step
// never changes what a copy holds.
type Session struct {
	Phase    Phase
	Req      uint16 // number of the request that is outstanding
	Attempt  uint8  // how often it was repeated
	Trigger  Trigger
	Way      StartKind // what is tried now: Trigger.Start, then Trigger.Ways
	Attempts []Attempt // the ways that were tried before it; replaced as a whole, never written to
	Deadline time.Time // when the timer is due
	Order    Order
	HasOrder bool
	Terminal Terminal
	Handset  Handset
	Key      KeyExchange
	Auth     Authentication
	OTAPA    OTAPA
	MMC      MMC

	Offset    uint16 // next octet of the PRL
	Block     uint8  // next packet-data block
	parts     uint8  // accepted by the handset
	same      uint8  // found in the handset as ordered, and left out therefore
	taken     uint8
	doubt     uint8 // accepted in a way before, whose Commit is in doubt still
	changed   uint8 // of these, what the handset showed otherwise before
	listAgain bool  // the list was begun a second time
	answered  bool  // the last Commit was confirmed
	inDoubt   bool  // a Commit was sent whose answer is missing
	commits   uint8

	Committed  bool
	Recoveries uint8
	Result     Result // complete when Phase is Ended
}

// Handset is what was read from the handset, before it was programmed: what a
// read-out is for.
type Handset struct {
	Features  [numFeatures]uint8 // FEATURE_P_REV by FEATURE_ID, 0 = not there
	Firmware  uint16             // MOB_FIRM_REV
	Model     uint8              // MOB_MODEL
	NAMBlock  uint8              // block id of the NAM it shows, noNAMBlock when none
	MaxSIDNID uint8
	SIDNID    []is683.SIDNID // replaced as a whole, never written to
	MDN, MIN  string
	IMSI      IMSI  // IMSI_M; its parts are empty when no NAM was shown
	IMSIT     IMSI  // as above
	PRLBlock  uint8 // dimensions block it answers
	MaxPRL    uint16
	CurPRL    uint16 // octets of the list it holds, 0 for none
	PRLID     uint16
	PRLPRev   uint8 // SSPR_P_REV of the list it holds
	HasPRL    bool  // the dimensions were read
	Profile   Profile
}

// KeyExchange holds the public values of an A-key exchange while it runs.
type KeyExchange struct {
	P, G, BS, MS Octets
}

// Authentication holds a re-authentication response until the AC has seen it;
// OTASPREQ has no parameter for its RANDC.
type Authentication struct {
	AuthR    uint32
	Count    uint8
	AuthData uint32
}

// OTAPA is what a session that the network initiated remembers of its beginning.
type OTAPA struct {
	AwayUntil time.Time // how long a handset that is away is waited for; zero before it was found away
	NAMLock   bool      // NAM_LOCK_IND: the handset wants a signature
	RandOTAPA uint32    // its challenge
	AuthOTAPA uint32    // the AC's answer, 18 bits
}

// Parts lists what the handset has accepted, in words.
func (s *Session) Parts() []string { return partWords(s.parts) }

// Same lists what the handset had already as ordered, and was not sent for
// that reason.
func (s *Session) Same() []string { return partWords(s.same) }

func partWords(parts uint8) []string {
	var words []string
	for i, w := range [...]string{"nam", "mdn", "imsi_t", "prl", "packet_data", "spc", "a_key", "objects"} {
		if parts&(1<<i) != 0 {
			words = append(words, w)
		}
	}
	return words
}

// MDN is the subscriber's number, as far as it is known: what the order gives
// him, or what the trigger said.
func (s *Session) MDN() string {
	if s.Order.MDN != "" {
		return s.Order.MDN
	}
	return s.Trigger.MDN
}

// Over reports whether the session has ended.
func (s *Session) Over() bool { return s.Phase == Ended }
