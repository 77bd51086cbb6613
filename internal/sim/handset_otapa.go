package sim

import (
	"crypto/rand"
	"encoding/binary"

	"github.com/otagate/otagate/otasp/is683"
)

// OTAPAHandset is a [DefaultHandset] that the network may program while it is idle.
func OTAPAHandset() HandsetConfig {
	c := DefaultHandset()
	c.Features = append(c.Features, is683.Feature{ID: is683.FeatureOTAPA, PRev: 1})
	return c
}

// otapa is the part of a handset that the network programs without a call of
// its user. On a channel that the network set up nothing but an OTAPA Request
// opens it.
type otapa struct {
	channel    bool // set up by the network, or for data
	optional   bool // it is open without a Request too
	open       bool // between OTAPA Request start and stop
	rand       uint32
	challenged bool // rand waits for its signature; a wrong one uses it up
	proved     bool
}

// Paged sets up a traffic channel to the idle handset, until CallEnded.
func (h *Handset) Paged() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loseMMC()
	h.otapa = otapa{channel: true}
}

func (h *Handset) has(id is683.FeatureID) bool {
	for _, f := range h.cfg.Features {
		if f.ID == id {
			return true
		}
	}
	return false
}

// otapaRequest opens the handset or closes it; what was not committed then is lost.
func (h *Handset) otapaRequest(m *is683.OTAPARequest) is683.Message {
	code, refused := h.cfg.Refuse[Refusal{is683.TypeOTAPA, 0}]
	switch {
	case !h.otapa.channel || !h.has(is683.FeatureOTAPA), !m.Start && !h.otapa.open:
		return &is683.OTAPAResponse{Result: is683.MessageNotExpected}
	case m.Start && refused:
		return &is683.OTAPAResponse{Result: code}
	case !m.Start:
		h.forget()
		h.otapa = otapa{channel: true, optional: h.otapa.optional}
		return &is683.OTAPAResponse{}
	}
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	h.otapa = otapa{channel: true, optional: h.otapa.optional, open: true, rand: binary.BigEndian.Uint32(b[:]), challenged: true}
	return &is683.OTAPAResponse{NAMLock: h.active.NAMLock, RandOTAPA: h.otapa.rand}
}

// namLocked: a locked NAM wants a signature from the network. That an SPC does
// instead is an assumption, but not that the SPC of a handset without a lock does.
func (h *Handset) namLocked() bool {
	return h.otapa.open && h.active.NAMLock && !h.otapa.proved && (!h.unlocked || h.active.SPC.Default())
}

// validateSPASM checks the signature. Whether the NAM is locked from then on is
// in effect after Commit, as all else.
func (h *Handset) validateSPASM(data []byte) is683.ResultCode {
	var s is683.SPASM
	o := &h.otapa
	switch {
	case s.Decode(data) != nil:
		return is683.DataSizeMismatch
	case !o.open:
		return is683.BlockIDNotExpected
	case h.active.NAMLock && !h.signed(&s):
		o.challenged = false
		return is683.InvalidSPASM
	}
	o.proved = true
	if s.NAMLock != h.pending.NAMLock {
		h.pending.NAMLock, h.dirty = s.NAMLock, true
	}
	return is683.Accepted
}

func (h *Handset) signed(s *is683.SPASM) bool {
	return s.AuthOTAPAIncluded && h.otapa.challenged && h.active.HasAKey &&
		s.AuthOTAPA == standInSignature(h.active.AKey, h.otapa.rand, h.cfg.ESN)
}

// closed is the answer of a handset on a channel of the network that no OTAPA
// Request has opened; false when it is to answer as ever.
func (h *Handset) closed(msg is683.Message) (is683.Message, bool) {
	if !h.otapa.channel || h.otapa.open || h.otapa.optional {
		return nil, false
	}
	const code = is683.MessageNotExpected
	switch m := msg.(type) {
	case *is683.OTAPARequest, *is683.ProtocolCapabilityRequest:
		return nil, false
	case *is683.ValidationRequest:
		return &is683.ValidationResponse{Results: refuseAll(m.Blocks, code)}, true
	case *is683.DownloadRequest:
		return &is683.DownloadResponse{Results: refuseAll(m.Blocks, code)}, true
	case *is683.ThreeGPDDownloadRequest:
		return &is683.ThreeGPDDownloadResponse{Results: refuseAll(m.Blocks, code)}, true
	case *is683.ConfigurationRequest:
		r := &is683.ConfigurationResponse{}
		for _, id := range m.BlockIDs {
			r.Blocks = append(r.Blocks, is683.ConfiguredBlock{ID: id, Result: code})
		}
		return r, true
	case *is683.SSPRConfigurationRequest:
		return &is683.SSPRConfigurationResponse{BlockID: m.BlockID, Result: code}, true
	case *is683.SSPRDownloadRequest:
		return &is683.SSPRDownloadResponse{BlockID: m.BlockID, Result: code}, true
	case *is683.MSKeyRequest:
		return &is683.MSKeyResponse{Result: code}, true
	case *is683.KeyGenerationRequest:
		return &is683.KeyGenerationResponse{Result: code}, true
	case *is683.CommitRequest:
		return &is683.CommitResponse{Result: code}, true
	}
	return nil, true // it has no result to say it with
}

func refuseAll(blocks []is683.Block, code is683.ResultCode) []is683.BlockResult {
	var rs []is683.BlockResult
	for _, b := range blocks {
		rs = append(rs, is683.BlockResult{ID: b.ID, Result: code})
	}
	return rs
}
