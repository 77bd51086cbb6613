package sim

import (
	"bytes"
	"maps"
	"slices"
	"sync"

	"github.com/otagate/otagate/otasp/is683"
)

// Memory is what a handset keeps.
type Memory struct {
	IMSIM   is683.IMSIM
	Access  is683.Access
	SIDNID  []is683.SIDNID
	Analog  Analog // of a dual-mode handset
	MDN     string
	IMSIT   is683.IMSIT
	PRL     []byte
	SPC     is683.SPC
	AKey    [8]byte
	Packet  map[uint8]string // 3GPD download blocks, as octets
	HasAKey bool
	NAMLock bool // by SPASM: who programs the idle handset has to prove who he is
}

// Analog is what the NAM of a dual-mode handset has beside that of another.
type Analog struct {
	FirstCHP, HomeSID uint16
	EX                bool
}

// Differs names a part in which two memories differ; empty when there is none.
func (m *Memory) Differs(o *Memory) string {
	switch {
	case m.IMSIM != o.IMSIM:
		return "IMSI_M"
	case m.Access != o.Access:
		return "access"
	case !slices.Equal(m.SIDNID, o.SIDNID):
		return "SID/NID"
	case m.Analog != o.Analog:
		return "analog NAM"
	case m.MDN != o.MDN:
		return "MDN"
	case m.IMSIT != o.IMSIT:
		return "IMSI_T"
	case !bytes.Equal(m.PRL, o.PRL):
		return "roaming list"
	case m.SPC != o.SPC:
		return "SPC"
	case m.AKey != o.AKey || m.HasAKey != o.HasAKey:
		return "A-key"
	case !maps.Equal(m.Packet, o.Packet):
		return "packet data"
	case m.NAMLock != o.NAMLock:
		return "NAM lock"
	}
	return ""
}

func (m *Memory) clone() Memory {
	c := *m
	c.SIDNID = append([]is683.SIDNID(nil), m.SIDNID...)
	c.PRL = append([]byte(nil), m.PRL...)
	c.Packet = make(map[uint8]string, len(m.Packet))
	for k, v := range m.Packet {
		c.Packet[k] = v
	}
	return c
}

// HandsetConfig is how a handset leaves the factory.
type HandsetConfig struct {
	ESN      uint32
	Features []is683.Feature
	Memory   Memory
	MaxPRL   uint16
	MaxPairs uint8
	Analog   bool // dual mode: answers the CDMA/analog NAM, not the CDMA NAM
	Refuse   map[Refusal]is683.ResultCode
}

// Refusal names a block that the handset does not take.
type Refusal struct {
	Type  is683.MessageType
	Block uint8
}

// DefaultHandset is a handset of IS-683-A and later that has everything the
// OTASP machine can use, with the memory of a factory-new one.
func DefaultHandset() HandsetConfig {
	return HandsetConfig{
		ESN: 0x81234567,
		Features: []is683.Feature{
			{ID: is683.FeatureNAMDownload, PRev: 2}, {ID: is683.FeatureKeyExchange, PRev: 2},
			{ID: is683.FeatureSystemSelection, PRev: 3}, {ID: is683.FeatureProgrammingLock, PRev: 1},
			{ID: is683.FeatureThreeGPD, PRev: 2},
		},
		Memory: Memory{
			IMSIM: is683.IMSIM{MCC: "310", IMSI1112: "00", S: "0000004567"},
			MDN:   "0000004567", IMSIT: is683.IMSIT{MCC: "310", IMSI1112: "00", S: "0000004567"},
		},
		MaxPRL: 16384, MaxPairs: 4,
	}
}

// Handset answers IS-683 messages. It is safe for concurrent use, as a radio
// channel may repeat a message while the first is worked on.
type Handset struct {
	cfg HandsetConfig

	mu       sync.Mutex
	active   Memory
	pending  Memory // what Commit will make active
	dirty    bool   // something was downloaded since the last Commit
	unlocked bool
	wrong    int // wrong SPCs in a row
	list     []byte
	listID   int // block id of the list being downloaded, -1 for none
	keys     exchange
	otapa    otapa
	mmc      *MMC // the data session it is in, or nil
	commits  int  // Commits that changed the memory
}

// NewHandset switches a handset on.
func NewHandset(cfg HandsetConfig) *Handset {
	h := &Handset{cfg: cfg, active: cfg.Memory.clone(), listID: -1}
	h.pending = h.active.clone()
	return h
}

// ESN is the handset's serial number.
func (h *Handset) ESN() uint32 { return h.cfg.ESN }

// Memory is a copy of what is in effect.
func (h *Handset) Memory() Memory {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.active.clone()
}

// Commits is how often a Commit changed the memory: more than one for one
// order means that the handset was programmed twice.
func (h *Handset) Commits() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.commits
}

// CallEnded forgets what was downloaded and not committed.
func (h *Handset) CallEnded() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loseMMC()
	h.forget()
	h.otapa = otapa{}
}

// forget drops what no IS-683 Commit has let through.
func (h *Handset) forget() {
	base := &h.active
	if h.mmc != nil && h.mmc.staged != nil {
		base = h.mmc.staged
	}
	h.pending, h.dirty, h.unlocked = base.clone(), false, false
	h.list, h.listID, h.keys = nil, -1, exchange{}
}

// Answer is the handset's answer to one message on the radio; nil when it has
// none. A data session that it was in is lost.
func (h *Handset) Answer(forward []byte) []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loseMMC()
	return h.answer(forward)
}

func (h *Handset) answer(forward []byte) []byte {
	msg, err := is683.DecodeForward(forward)
	if err != nil {
		return nil
	}
	reply := h.reply(msg)
	if reply == nil {
		return nil
	}
	b, err := reply.Append(nil)
	if err != nil {
		return nil
	}
	return b
}

func (h *Handset) reply(msg is683.Message) is683.Message {
	if r, closed := h.closed(msg); closed {
		return r
	}
	switch m := msg.(type) {
	case *is683.OTAPARequest:
		return h.otapaRequest(m)
	case *is683.ProtocolCapabilityRequest:
		return &is683.ProtocolCapabilityResponse{MobFirmRev: 0x0102, MobModel: 0x42, Features: h.cfg.Features, Additional: []byte{0x60}}
	case *is683.ValidationRequest:
		return h.validate(m)
	case *is683.ConfigurationRequest:
		return h.configuration(m)
	case *is683.DownloadRequest:
		return h.download(m)
	case *is683.SSPRConfigurationRequest:
		return h.dimensions(m)
	case *is683.SSPRDownloadRequest:
		return h.segment(m)
	case *is683.ThreeGPDDownloadRequest:
		return h.packetData(m)
	case *is683.MSKeyRequest:
		return &is683.MSKeyResponse{Result: h.keys.begin(m.P, m.G)}
	case *is683.KeyGenerationRequest:
		return h.generate(m)
	case *is683.ReAuthenticateRequest:
		return h.reAuthenticate(m)
	case *is683.CommitRequest:
		return h.commit()
	}
	return nil
}

// locked: the default SPC 000000 means that no lock is set.
func (h *Handset) locked() bool { return !h.active.SPC.Default() && !h.unlocked || h.namLocked() }

// maxWrong is how many wrong SPCs lock the handset for good.
const maxWrong = 3

func (h *Handset) validate(m *is683.ValidationRequest) is683.Message {
	r := &is683.ValidationResponse{}
	for _, b := range m.Blocks {
		r.Results = append(r.Results, is683.BlockResult{ID: b.ID, Result: h.validateBlock(b)})
	}
	return r
}

func (h *Handset) validateBlock(b is683.Block) is683.ResultCode {
	var spc is683.SPC
	if code, refused := h.cfg.Refuse[Refusal{is683.TypeValidation, b.ID}]; refused {
		return code
	}
	switch {
	case b.ID == is683.ValidationValidateSPASM && h.has(is683.FeatureOTAPA):
		return h.validateSPASM(b.Data)
	case b.ID > is683.ValidationChangeSPC:
		return is683.BlockIDNotSupported
	case spc.Decode(b.Data) != nil:
		return is683.DataSizeMismatch
	case h.wrong >= maxWrong:
		return is683.MobileLocked
	case b.ID == is683.ValidationVerifySPC && spc != h.active.SPC:
		h.wrong++
		return is683.InvalidSPC
	case b.ID == is683.ValidationVerifySPC:
		h.unlocked, h.wrong = true, 0
	case h.locked():
		return is683.MobileLocked
	default:
		h.pending.SPC, h.dirty = spc, true
	}
	return is683.Accepted
}

func (h *Handset) commit() is683.Message {
	if !h.dirty {
		return &is683.CommitResponse{Result: is683.Accepted}
	}
	h.dirty = false
	if h.mmc != nil { // the commit of the session has to come as well
		staged := h.pending.clone()
		h.mmc.staged = &staged
		return &is683.CommitResponse{Result: is683.Accepted}
	}
	h.active = h.pending.clone()
	h.commits++
	return &is683.CommitResponse{Result: is683.Accepted}
}
