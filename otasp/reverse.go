package otasp

import (
	"fmt"
	"slices"

	"github.com/otagate/otagate/otasp/is683"
)

// reverse handles what the handset answered in the present phase.
func (m *machine) reverse() {
	msg, err := is683.DecodeReverse(m.ev.Message)
	if err != nil {
		m.misfit(err.Error())
		return
	}
	switch r := msg.(type) {
	case *is683.OTAPAResponse:
		m.otapa(r)
	case *is683.ProtocolCapabilityResponse:
		m.accept(PhaseCapability, func() { m.capability(r) })
	case *is683.ValidationResponse:
		m.validated(r)
	case *is683.ConfigurationResponse:
		m.configuration(r)
	case *is683.MSKeyResponse:
		m.accept(PhaseMSKey, func() { m.keyStep(r.Result) })
	case *is683.KeyGenerationResponse:
		m.accept(PhaseKeyGeneration, func() {
			m.s.Key.MS = own(r.MSResult)
			m.keyStep(r.Result)
		})
	case *is683.ReAuthenticateResponse:
		m.accept(PhaseReAuthenticate, func() {
			m.s.Auth = Authentication{AuthR: r.AuthR, Count: r.Count, AuthData: r.AuthData}
			m.advance()
		})
	case *is683.DownloadResponse:
		m.accept(PhaseDownload, func() { m.downloaded(r) })
	case *is683.SSPRConfigurationResponse:
		m.dimensions(r)
	case *is683.SSPRDownloadResponse:
		m.accept(PhaseSSPRDownload, func() { m.segmentTaken(r) })
	case *is683.ThreeGPDDownloadResponse:
		m.accept(PhasePacketData, func() { m.packetData(r) })
	case *is683.CommitResponse:
		m.accept(PhaseCommit, func() { m.committed(r.Result) })
	default:
		m.misfit(fmt.Sprintf("%s was not asked for", msg.Type()))
	}
}

// accept runs fn when the message answers phase p.
func (m *machine) accept(p Phase, fn func()) {
	if m.s.Phase != p {
		m.misfit("the message answers " + p.String() + ", not " + m.s.Phase.String())
		return
	}
	fn()
}

// misfit is an answer that cannot be used: the request counts as unanswered.
func (m *machine) misfit(why string) {
	m.anomaly("%s", why)
	m.failed(Failure{Class: HandsetMute, Detail: "the handset's answer does not fit the request"})
}

func (m *machine) capability(r *is683.ProtocolCapabilityResponse) {
	h := &m.s.Handset
	h.Firmware, h.Model = r.MobFirmRev, r.MobModel
	for _, f := range r.Features {
		if int(f.ID) < numFeatures {
			h.Features[f.ID] = f.PRev
		}
	}
	m.leaveOut()
	if p := m.s.Order.PRL; p != nil {
		h.PRLBlock = is683.SSPRDimensions
		if p.Extended {
			h.PRLBlock = is683.SSPRExtendedDimensions
		}
	}
	m.advance()
}

// validated: a signature or an SPC that is refused ends the session. Only a new
// SPC that the handset does not take is left out, the rest of the order stands.
func (m *machine) validated(r *is683.ValidationResponse) {
	var want uint8
	switch m.s.Phase {
	case PhaseValidateSPASM:
		want = is683.ValidationValidateSPASM
	case PhaseVerifySPC:
		want = is683.ValidationVerifySPC
	case PhaseChangeSPC:
		want = is683.ValidationChangeSPC
	default:
		m.misfit("a Validation Response was not asked for")
		return
	}
	if len(r.Results) != 1 || r.Results[0].ID != want {
		m.misfit("the Validation Response is about other blocks")
		return
	}
	res := r.Results[0].Result
	switch {
	case res == is683.Accepted && want == is683.ValidationChangeSPC:
		m.s.parts |= partSPC
		m.advance()
	case res == is683.Accepted:
		m.advance()
	case want == is683.ValidationChangeSPC:
		m.skip("spc", res.String())
		m.advance()
	case want == is683.ValidationValidateSPASM:
		m.fail(ReasonSPASM, res.String())
	case res == is683.InvalidSPC:
		m.fail(ReasonWrongSPC, "the handset did not accept the SPC of the order")
	case res == is683.MobileLocked:
		m.fail(ReasonLocked, res.String())
	default:
		m.fail(ReasonRefused, "Verify SPC: "+res.String())
	}
}

func (m *machine) keyStep(res is683.ResultCode) {
	if res != is683.Accepted {
		m.fail(ReasonRefused, "A-key exchange: "+res.String())
		return
	}
	m.advance()
}

// downloaded looks for the result of each block that was sent: one that the
// handset says nothing about counts as left out.
func (m *machine) downloaded(r *is683.DownloadResponse) {
	sent := m.s.sent()
	for _, p := range sent {
		i := slices.IndexFunc(r.Results, func(b is683.BlockResult) bool { return b.ID == p.block })
		switch {
		case i < 0:
			m.skip(p.part, "no result")
		case r.Results[i].Result == is683.Accepted:
			m.s.parts |= p.bit
		default:
			m.skip(p.part, r.Results[i].Result.String())
		}
	}
	for _, b := range r.Results {
		if !slices.ContainsFunc(sent, func(p sentBlock) bool { return p.block == b.ID }) {
			m.anomaly("result for block %d, which was not sent", b.ID)
		}
	}
	if m.essential("nam", partNAM) && m.essential("mdn", partMDN) {
		m.advance()
	}
}

// sentBlock is a block of the Download Request.
type sentBlock struct {
	part       string
	block, bit uint8
}

func (s *Session) sent() []sentBlock {
	blocks, parts := make([]sentBlock, 0, 3), s.downloads()
	if parts&partNAM != 0 {
		blocks = append(blocks, sentBlock{"nam", s.namBlock(), partNAM})
	}
	if parts&partMDN != 0 {
		blocks = append(blocks, sentBlock{"mdn", is683.BlockMDN, partMDN})
	}
	if parts&partIMSIT != 0 {
		blocks = append(blocks, sentBlock{"imsi_t", is683.BlockIMSIT, partIMSIT})
	}
	return blocks
}

// essential: without its NAM and MDN a handset must not be committed.
func (m *machine) essential(part string, bit uint8) bool {
	if m.s.downloads()&bit == 0 || m.has(bit) {
		return true
	}
	m.fail(ReasonRefused, "the handset did not take the "+part+" block")
	return false
}

func (m *machine) packetData(r *is683.ThreeGPDDownloadResponse) {
	b := &m.s.Order.PacketData[m.s.Block]
	if len(r.Results) != 1 || r.Results[0].ID != b.ID {
		m.misfit("the 3GPD Download Response is about other blocks")
		return
	}
	if res := r.Results[0].Result; res == is683.Accepted {
		m.s.parts |= partPacketData
	} else {
		m.skip(fmt.Sprintf("packet_data block %d", b.ID), res.String())
	}
	m.s.Block++
	m.s.Phase--
	m.advance()
}
