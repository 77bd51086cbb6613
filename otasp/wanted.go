package otasp

import "github.com/otagate/otagate/otasp/is683"

// wanted reports whether the session needs phase p, as far as it has come.
func (m *machine) wanted(p Phase) bool {
	s := &m.s
	switch p {
	case PhaseAttach:
		return s.Way == ByUser || s.Way == ByCallback && s.Trigger.TRN != ""
	case PhaseDetach:
		return s.Way == ByCallback && s.taken&takenTRN != 0
	case PhaseInvite:
		return s.Way == ByCallback
	case PhaseOpenMMC:
		return s.OverMMC()
	case PhaseLocate:
		return s.Way == ByNetwork
	case PhaseOTAPAStart:
		return s.Way == ByNetwork || s.Way == ByCallback && s.Trigger.Options.OTAPAInMMC && s.needsIS683()
	case PhaseAway:
		return false // entered only when the handset is away
	case PhaseSPASM, PhaseValidateSPASM:
		return s.OTAPA.NAMLock && (s.Order.SPASM || s.Order.SPC == "")
	case PhaseCapability, PhaseReadOld:
		return s.needsIS683()
	case PhaseVerifySPC:
		return s.Order.SPC != "" && s.feature(is683.FeatureProgrammingLock)
	case PhaseKeyValues, PhaseMSKey, PhaseKeyGeneration, PhaseKeyAnswer, PhaseSSDUpdate:
		return s.Order.AKey && s.feature(is683.FeatureKeyExchange)
	case PhaseReAuthenticate, PhaseReAuthenticateAC:
		return s.Order.ReAuth
	case PhaseDownload:
		return s.feature(is683.FeatureNAMDownload) && s.downloads() != 0
	case PhaseSSPRDimensions:
		return s.listOpen() && (!s.listAsObject() || s.readsList()) || s.Order.ReadOut && s.feature(is683.FeatureSystemSelection)
	case PhaseSSPRDownload:
		return s.listOpen() && !s.listAsObject()
	case PhasePacketData:
		return int(s.Block) < len(s.Order.PacketData) && s.feature(is683.FeatureThreeGPD)
	case PhaseChangeSPC:
		return s.Order.NewSPC != "" && s.feature(is683.FeatureProgrammingLock)
	case PhaseObjects:
		return s.OverMMC() && len(s.Order.Objects) > 0
	case PhasePRLObject:
		return s.listOpen() && s.listAsObject()
	case PhaseCommit:
		return s.parts == 0 || s.parts&^s.objectParts() != 0 // or there is nothing to be decided
	case PhaseCommitMMC:
		return s.OverMMC() && s.parts != 0
	case PhaseReadBack, PhaseReadBackPRL:
		return false // entered only when a Commit is in doubt
	case PhaseCommitKey:
		return s.Committed && s.taken&takenAKey != 0
	case PhaseNewMSID, PhaseREGNOT:
		return s.Committed && s.parts&partNAM != 0 && s.Way == ByUser
	case PhaseOTAPAStop:
		return s.taken&takenOTAPA != 0
	case PhaseReleaseChannel:
		return s.taken&takenChannel != 0
	case PhaseDisconnect:
		return s.taken&takenMMC != 0
	case PhaseReleaseKey:
		return s.taken&takenAKey != 0
	case PhaseReleaseTRN:
		return s.taken&takenTRN != 0
	}
	return true
}

// downloads are the parts of the Download Request: what is ordered and not in
// the handset already.
func (s *Session) downloads() uint8 {
	o := &s.Order
	if o.ReadOut || s.byObjects() { // its MDN only says whom it is about
		return 0
	}
	return (bit(o.NAM != nil)*partNAM | bit(o.MDN != "")*partMDN | bit(o.IMSIT != nil)*partIMSIT) &^ s.same
}

func (s *Session) feature(id is683.FeatureID) bool {
	return int(id) < len(s.Handset.Features) && s.Handset.Features[id] != 0
}

func (s *Session) skipped(part string) bool {
	for _, k := range s.Result.Skipped {
		if k.Part == part {
			return true
		}
	}
	return false
}

// leaveOut notes what is ordered and what the handset has no feature for.
func (m *machine) leaveOut() {
	s := &m.s
	const why = "the handset does not have the feature"
	if s.downloads() != 0 && !s.feature(is683.FeatureNAMDownload) {
		m.skip("nam", why)
	}
	if s.Order.AKey && !s.feature(is683.FeatureKeyExchange) {
		m.skip("a_key", why)
	}
	if s.Order.PRL != nil && !s.listAsObject() && !s.feature(is683.FeatureSystemSelection) {
		m.skip("prl", why)
	}
	if p := s.Order.PRL; p != nil && p.Extended && s.feature(is683.FeatureSystemSelection) && s.Handset.Features[is683.FeatureSystemSelection] < 3 {
		m.skip("prl", "the handset takes no extended list")
	}
	if len(s.Order.PacketData) > 0 && !s.feature(is683.FeatureThreeGPD) {
		m.skip("packet_data", why)
	}
	if s.Order.NewSPC != "" && !s.feature(is683.FeatureProgrammingLock) {
		m.skip("spc", why)
	}
	if len(s.Order.Objects) > 0 && !s.OverMMC() {
		m.skip("objects", "only IOTA carries them")
	}
}
