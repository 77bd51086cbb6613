package sim

import (
	"github.com/otagate/otagate/otasp/is683"
)

func (h *Handset) configuration(m *is683.ConfigurationRequest) is683.Message {
	r := &is683.ConfigurationResponse{}
	for _, id := range m.BlockIDs {
		b := is683.ConfiguredBlock{ID: id}
		if block := h.stored(id); block == nil {
			b.Result = is683.BlockIDNotSupported
		} else if data, err := block.Append(nil); err == nil {
			b.Data = data
		}
		r.Blocks = append(r.Blocks, b)
	}
	return r
}

// stored is the block of the active memory, or nil when the handset has no such block.
func (h *Handset) stored(id uint8) is683.TypedBlock {
	m := &h.active
	switch {
	case id == is683.BlockMDN:
		return &is683.MDN{Digits: m.MDN}
	case id == is683.BlockIMSIT:
		t := m.IMSIT
		return &t
	case id == is683.BlockCDMANAM && !h.cfg.Analog:
		return &is683.CDMANAMResponse{SlottedMode: true, MobPRev: 6, IMSIM: m.IMSIM, Access: m.Access, MaxSIDNID: h.cfg.MaxPairs, StoredSIDNID: m.SIDNID}
	case id == is683.BlockCDMAAnalogNAM && h.cfg.Analog:
		return &is683.CDMAAnalogNAMResponse{FirstCHP: m.Analog.FirstCHP, HomeSID: m.Analog.HomeSID, EX: m.Analog.EX, MobPRev: 3, IMSIM: m.IMSIM, Access: m.Access, MaxSIDNID: h.cfg.MaxPairs, StoredSIDNID: m.SIDNID}
	}
	return nil
}

func (h *Handset) download(m *is683.DownloadRequest) is683.Message {
	r := &is683.DownloadResponse{}
	for _, b := range m.Blocks {
		r.Results = append(r.Results, is683.BlockResult{ID: b.ID, Result: h.take(b)})
	}
	return r
}

func (h *Handset) take(b is683.Block) is683.ResultCode {
	if code, refused := h.cfg.Refuse[Refusal{is683.TypeDownload, b.ID}]; refused {
		return code
	}
	if h.locked() {
		return is683.MobileLocked
	}
	p := &h.pending
	switch {
	case b.ID == is683.BlockMDN:
		var n is683.MDN
		if n.Decode(b.Data) != nil {
			return is683.DataSizeMismatch
		}
		p.MDN = n.Digits
	case b.ID == is683.BlockIMSIT:
		var n is683.IMSIT
		if n.Decode(b.Data) != nil {
			return is683.DataSizeMismatch
		}
		p.IMSIT = n
	case b.ID == is683.BlockCDMANAM && !h.cfg.Analog:
		var n is683.CDMANAM
		if n.Decode(b.Data) != nil {
			return is683.DataSizeMismatch
		}
		return h.takeNAM(n.IMSIM, n.Access, n.SIDNIDs)
	case b.ID == is683.BlockCDMAAnalogNAM && h.cfg.Analog:
		var n is683.CDMAAnalogNAM
		if n.Decode(b.Data) != nil {
			return is683.DataSizeMismatch
		}
		code := h.takeNAM(n.IMSIM, n.Access, n.SIDNIDs)
		if code == is683.Accepted {
			p.Analog = Analog{FirstCHP: n.FirstCHP, HomeSID: n.HomeSID, EX: n.EX}
		}
		return code
	default:
		return is683.BlockIDNotSupported
	}
	h.dirty = true
	return is683.Accepted
}

func (h *Handset) takeNAM(i is683.IMSIM, a is683.Access, pairs []is683.SIDNID) is683.ResultCode {
	if len(pairs) > int(h.cfg.MaxPairs) {
		return is683.SIDNIDLengthMismatch
	}
	h.pending.IMSIM, h.pending.Access, h.pending.SIDNID, h.dirty = i, a, pairs, true
	return is683.Accepted
}

func (h *Handset) packetData(m *is683.ThreeGPDDownloadRequest) is683.Message {
	r := &is683.ThreeGPDDownloadResponse{}
	for _, b := range m.Blocks {
		code, refused := h.cfg.Refuse[Refusal{is683.TypeThreeGPDDownload, b.ID}]
		switch {
		case refused:
		case h.locked():
			code = is683.MobileLocked
		default:
			h.pending.Packet[b.ID], h.dirty = string(b.Data), true
		}
		r.Results = append(r.Results, is683.BlockResult{ID: b.ID, Result: code})
	}
	return r
}
