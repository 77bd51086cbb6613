package otasp

import "github.com/otagate/otagate/internal/wire"

// phases3 are the phases by the numbers of version 3.
var phases3 = [...]Phase{
	Idle, PhaseAttach, PhaseResolve,
	PhaseCapability, PhaseVerifySPC, PhaseReadOld, PhaseKeyValues, PhaseMSKey, PhaseKeyGeneration, PhaseKeyAnswer,
	PhaseSSDUpdate, PhaseReAuthenticate, PhaseReAuthenticateAC, PhaseDownload, PhaseSSPRDimensions, PhaseSSPRDownload,
	PhasePacketData, PhaseChangeSPC, PhaseCommit, PhaseReadBack, PhaseReadBackPRL, PhaseCommitKey, PhaseNewMSID, PhaseREGNOT,
	PhaseReleaseKey, PhaseReleaseTRN, Ended,
}

// phases4 are those by the numbers of version 4.
var phases4 = [...]Phase{
	Idle, PhaseAttach, PhaseResolve, PhaseLocate, PhaseAway, PhaseOTAPAStart, PhaseSPASM, PhaseValidateSPASM,
	PhaseCapability, PhaseVerifySPC, PhaseReadOld, PhaseKeyValues, PhaseMSKey, PhaseKeyGeneration, PhaseKeyAnswer,
	PhaseSSDUpdate, PhaseReAuthenticate, PhaseReAuthenticateAC, PhaseDownload, PhaseSSPRDimensions, PhaseSSPRDownload,
	PhasePacketData, PhaseChangeSPC, PhaseCommit, PhaseReadBack, PhaseReadBackPRL, PhaseCommitKey, PhaseNewMSID, PhaseREGNOT,
	PhaseOTAPAStop, PhaseReleaseChannel, PhaseReleaseKey, PhaseReleaseTRN, Ended,
}

// readPhase reads the number of a phase as a version gave it.
func readPhase(c *wire.Cursor, version uint8) Phase {
	n := c.U8("phase")
	var known []Phase
	switch version {
	case stateOldest:
		known = phases3[:]
	case stateBefore:
		known = phases4[:]
	default:
		return Phase(n)
	}
	if int(n) >= len(known) {
		return numPhases
	}
	return known[n]
}
