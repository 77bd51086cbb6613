package otasp

import (
	"github.com/otagate/otagate/internal/wire"
	"github.com/otagate/otagate/otasp/is683"
)

const defaultSegmentSize = 180

// request sends what the present phase asks, under a new number.
func (m *machine) request() {
	m.s.Req++
	m.clock()
	m.emit()
}

func (m *machine) emit() {
	s := &m.s
	switch s.Phase {
	case PhaseAttach:
		// Taken until the MSC says otherwise: an attach without an answer may
		// have been carried out.
		s.taken |= takenTRN
		m.send(Effect{Kind: Attach})
	case PhaseResolve:
		m.send(Effect{Kind: Resolve, Query: s.query()})
	case PhaseLocate:
		m.send(Effect{Kind: Locate})
	case PhaseOTAPAStart:
		// Taken until the MSC says otherwise, as above.
		s.taken |= takenOTAPA
		if s.Way == ByNetwork {
			s.taken |= takenChannel
		}
		m.relay(&is683.OTAPARequest{Start: true})
	case PhaseSPASM:
		m.ask(ACRequest{Action: AuthenticateBS, RandBS: s.OTAPA.RandOTAPA})
	case PhaseKeyValues:
		s.taken |= takenAKey
		m.ask(ACRequest{Action: GenerateValues, Versions: s.versions()})
	case PhaseKeyAnswer:
		m.ask(ACRequest{Action: GenerateAKey, MSKey: s.Key.MS})
	case PhaseSSDUpdate:
		m.ask(ACRequest{Action: SSDUpdate})
	case PhaseReAuthenticateAC:
		a := &s.Auth
		m.ask(ACRequest{Action: ReAuthenticate, AuthR: a.AuthR, Count: a.Count, AuthData: a.AuthData, Rand: s.Trigger.Rand})
	case PhaseCommitKey:
		m.ask(ACRequest{Action: CommitAKey, NewMIN: s.Order.MIN()})
	case PhaseReleaseKey:
		m.ask(ACRequest{Action: ReleaseAKey})
	case PhaseCommit:
		m.commit()
	case PhaseNewMSID:
		m.send(Effect{Kind: RecordNewMSID})
	case PhaseREGNOT:
		m.send(Effect{Kind: InitiateREGNOT})
	case PhaseReleaseChannel:
		m.send(Effect{Kind: ReleaseChannel})
	case PhaseInvite:
		m.send(Effect{Kind: Invite, At: s.Deadline, Again: s.MMC.Invited})
	case PhaseOpenMMC:
		m.send(Effect{Kind: OpenMMC})
	case PhaseObjects:
		m.send(Effect{Kind: WriteObjects, Objects: s.Order.Objects})
	case PhasePRLObject:
		if s.listGone() {
			m.fail(ReasonNotRepresent, "the list "+s.Order.PRL.Name+" is not in the store any more")
			return
		}
		m.send(s.chunk())
	case PhaseCommitMMC:
		s.inDoubt = true // until it is reported; there is no reading back
		m.send(Effect{Kind: CommitMMC})
	case PhaseDisconnect:
		m.send(Effect{Kind: Disconnect})
	case PhaseDetach, PhaseReleaseTRN:
		m.send(Effect{Kind: ReleaseTRN})
	default:
		m.relay(m.forward())
	}
}

// commit sends Commit, unless nothing in the handset waits for it.
func (m *machine) commit() {
	s := &m.s
	switch {
	case s.parts != 0:
		s.commits++
		s.answered = false
		m.relay(&is683.CommitRequest{})
	case s.doubt != 0:
		m.recall()
	case s.Order.ReadOut:
		m.settled(ReasonReadOut)
	case s.same == 0:
		m.fail(ReasonRefused, "nothing of the order could be given to the handset")
	case len(s.Result.Skipped) > 0:
		m.settled(ReasonSkipped)
	default:
		m.settled(ReasonNothingToDo)
	}
}

// settled ends a session that succeeded without a change of the handset.
func (m *machine) settled(why Reason) {
	m.s.Result.Reason = why
	m.release()
}

func (m *machine) send(e Effect) {
	e.Req, e.Attempt = m.s.Req, m.s.Attempt
	e.Repeatable = m.repeatable()
	m.out = append(m.out, e)
}

// repeatable: a crash may take this step back. Until Commit the handset has
// nothing of what it was sent in effect, so a session that is found in an
// earlier phase may send it all again. What must be known after a crash is
// that an SPC, a Commit or an SSD update was under way or done, and what was
// taken from the network.
func (m *machine) repeatable() bool {
	if m.s.OverMMC() {
		return false // the number of a document has to be known, as the handset names it
	}
	switch m.s.Phase {
	case PhaseResolve, PhaseLocate, PhaseSPASM, PhaseCapability, PhaseReadOld, PhaseMSKey, PhaseKeyGeneration, PhaseKeyAnswer,
		PhaseReAuthenticate, PhaseReAuthenticateAC, PhaseDownload, PhaseSSPRDimensions, PhaseSSPRDownload, PhasePacketData:
	case PhaseREGNOT:
		return m.from == PhaseNewMSID // both may be asked for twice while the TRN is ours
	default:
		return false
	}
	switch m.from {
	case PhaseAttach, PhaseResolve, PhaseLocate, PhaseOTAPAStart, PhaseCapability, PhaseReadOld, PhaseKeyValues, PhaseMSKey, PhaseKeyGeneration,
		PhaseReAuthenticate, PhaseReAuthenticateAC, PhaseDownload, PhaseSSPRDimensions, PhaseSSPRDownload, PhasePacketData:
		return true
	}
	return false
}

func (m *machine) ask(r ACRequest) { m.send(Effect{Kind: AskAC, AC: r}) }

// relay sends an IS-683 message; one that cannot be encoded ends the session.
func (m *machine) relay(msg is683.Message) {
	b, err := msg.Append(nil)
	if err != nil {
		m.fail(ReasonNotRepresent, err.Error())
		return
	}
	m.send(Effect{Kind: Relay, Message: b, Channel: m.s.Phase == PhaseOTAPAStart && m.s.Way == ByNetwork})
}

// forward is the IS-683 message of the present phase.
func (m *machine) forward() is683.Message {
	s := &m.s
	switch s.Phase {
	case PhaseOTAPAStop:
		return &is683.OTAPARequest{}
	case PhaseValidateSPASM:
		return s.spasm()
	case PhaseCapability:
		return &is683.ProtocolCapabilityRequest{}
	case PhaseVerifySPC:
		return validation(is683.ValidationVerifySPC, s.Order.SPC, s.spcOrder())
	case PhaseChangeSPC:
		return validation(is683.ValidationChangeSPC, s.Order.NewSPC, s.spcOrder())
	case PhaseReadOld:
		return &is683.ConfigurationRequest{BlockIDs: []uint8{is683.BlockCDMAAnalogNAM, is683.BlockMDN, is683.BlockCDMANAM, is683.BlockIMSIT}}
	case PhaseMSKey:
		return &is683.MSKeyRequest{AKeyPRev: aKeyVersion, P: wire.Hex(s.Key.P), G: wire.Hex(s.Key.G)}
	case PhaseKeyGeneration:
		return &is683.KeyGenerationRequest{BSResult: wire.Hex(s.Key.BS)}
	case PhaseReAuthenticate:
		return &is683.ReAuthenticateRequest{Rand: s.Trigger.Rand}
	case PhaseDownload:
		return s.Order.download(s.namBlock(), s.downloads())
	case PhaseSSPRDimensions, PhaseReadBackPRL:
		return &is683.SSPRConfigurationRequest{BlockID: s.Handset.PRLBlock}
	case PhaseSSPRDownload:
		return m.segment()
	case PhasePacketData:
		b := s.Order.PacketData[s.Block]
		return &is683.ThreeGPDDownloadRequest{Blocks: []is683.Block{{ID: b.ID, Data: b.Data}}}
	case PhaseReadBack:
		return &is683.ConfigurationRequest{BlockIDs: []uint8{s.namBlock(), is683.BlockMDN}}
	}
	return unencodable{wire.Unencodable("otasp", s.Phase.String(), wire.ErrUnsupported)}
}

func validation(block uint8, code SPC, order is683.NibbleOrder) is683.Message {
	spc, err := is683.ParseSPC(string(code), order)
	if err != nil {
		return unencodable{err}
	}
	return &is683.ValidationRequest{Blocks: []is683.Block{{ID: block, Data: spc[:]}}}
}

// spcOrder is the nibble order of SPCs, which the sources disagree about.
func (s *Session) spcOrder() is683.NibbleOrder {
	if s.Trigger.Options.SPCLowFirst {
		return is683.LowFirst
	}
	return is683.HighFirst
}

// unencodable stands for a message that the order gives no valid content for.
type unencodable struct{ err error }

func (unencodable) Type() is683.MessageType             { return 0 }
func (u unencodable) Append(dst []byte) ([]byte, error) { return dst, u.err }

func (s *Session) query() Query {
	return Query{OrderName: s.Trigger.OrderName, MDN: s.Trigger.MDN, MIN: s.Trigger.MIN, ESN: s.Terminal.ESN, MEID: s.Terminal.MEID}
}

func (s *Session) versions() []byte {
	if v := s.Trigger.Options.AKeyVersions; len(v) > 0 {
		return v
	}
	return []byte{aKeyVersion}
}

// namBlock is the block the NAM is written to and read from.
func (s *Session) namBlock() uint8 {
	if s.Handset.NAMBlock == noNAMBlock {
		return is683.BlockCDMANAM
	}
	return s.Handset.NAMBlock
}

// listGone reports whether the octets that are to go out next are not there: a
// restart may have lost what is stored by name.
func (s *Session) listGone() bool { return int(s.Offset) >= len(s.Order.PRL.Data) }

// segment is the next part of the PRL.
func (m *machine) segment() is683.Message {
	s := &m.s
	if s.listGone() {
		return unencodable{wire.Unencodable("otasp", "prl", wire.ErrMissing)}
	}
	list := s.Order.PRL.Data
	end := int(s.Offset) + s.segmentSize()
	seg := is683.PRLSegment{Last: end == len(list), Offset: s.Offset, Data: list[s.Offset:end]}
	data, err := seg.Append(nil)
	if err != nil {
		return unencodable{err}
	}
	id := uint8(is683.SSPRPRL)
	if s.Order.PRL.Extended {
		id = is683.SSPRExtendedPRL
	}
	return &is683.SSPRDownloadRequest{BlockID: id, Data: data}
}
