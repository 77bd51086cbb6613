package sim

import (
	"bytes"

	"github.com/otagate/otagate/otasp/is683"
	"github.com/otagate/otagate/otasp/prl"
)

// dimensions tells what list is active. A handset with an extended list does
// not answer the classic dimensions.
func (h *Handset) dimensions(m *is683.SSPRConfigurationRequest) is683.Message {
	r := &is683.SSPRConfigurationResponse{BlockID: m.BlockID}
	list, _ := prl.Decode(h.active.PRL)
	extended := list != nil && list.PRev == is683.SSPRPRevExtended
	var block is683.TypedBlock
	switch {
	case m.BlockID == is683.SSPRDimensions && extended:
		r.Result = is683.PRLFormatMismatch
	case m.BlockID == is683.SSPRDimensions:
		d := &is683.PRLDimensions{MaxSize: h.cfg.MaxPRL, CurSize: uint16(len(h.active.PRL))}
		if list != nil {
			d.PRListID, d.NumAcqRecs, d.NumSysRecs = list.ID, uint16(len(list.Acquisition)), uint16(len(list.System))
		}
		block = d
	case m.BlockID == is683.SSPRExtendedDimensions:
		d := &is683.ExtendedPRLDimensions{MaxSize: h.cfg.MaxPRL, CurSize: uint16(len(h.active.PRL)), SSPRPRev: is683.SSPRPRevClassic}
		if extended {
			d.SSPRPRev = is683.SSPRPRevExtended
		}
		if list != nil {
			d.PRListID, d.NumAcqRecs, d.NumSysRecs = list.ID, uint16(len(list.Acquisition)), uint16(len(list.System))
		}
		block = d
	default:
		r.Result = is683.BlockIDNotSupported
	}
	if block != nil {
		r.Data, _ = block.Append(nil) // the numbers fit: they come from a list that was decoded
	}
	return r
}

// segment takes the parts of a list in order; after the last it checks length,
// CRC and format.
func (h *Handset) segment(m *is683.SSPRDownloadRequest) is683.Message {
	var seg is683.PRLSegment
	r := &is683.SSPRDownloadResponse{BlockID: m.BlockID}
	if seg.Decode(m.Data) != nil {
		r.Result = is683.DataSizeMismatch
		return r
	}
	r.Offset, r.Size = seg.Offset, uint8(len(seg.Data))
	r.Result = h.takeSegment(m.BlockID, &seg)
	return r
}

func (h *Handset) takeSegment(id uint8, seg *is683.PRLSegment) is683.ResultCode {
	if code, refused := h.cfg.Refuse[Refusal{is683.TypeSSPRDownload, id}]; refused {
		return code
	}
	if h.locked() {
		return is683.MobileLocked
	}
	at, end := int(seg.Offset), int(seg.Offset)+len(seg.Data)
	switch {
	case int(id) != h.listID && at == 0:
		h.list, h.listID = nil, int(id)
	case int(id) != h.listID:
		return is683.UnexpectedPRLBlockIDChange
	case at > len(h.list):
		return is683.InvalidParameter // a part in between is missing
	}
	// A part that came before changes nothing: its answer was lost, or the
	// network has repeated it. Any other takes its place and what followed goes.
	if end > len(h.list) || !bytes.Equal(h.list[at:end], seg.Data) {
		h.list = append(h.list[:at], seg.Data...)
	}
	if !seg.Last {
		return is683.Accepted
	}
	code := h.takeList(id, h.list[:end])
	if code != is683.Accepted {
		h.list, h.listID = nil, -1
	}
	return code
}

func (h *Handset) takeList(id uint8, list []byte) is683.ResultCode {
	if code := h.checkList(id, list); code != is683.Accepted {
		return code
	}
	h.pending.PRL, h.dirty = bytes.Clone(list), true
	return is683.Accepted
}

func (h *Handset) checkList(id uint8, list []byte) is683.ResultCode {
	if len(list) < 4 || len(list) > int(h.cfg.MaxPRL) || len(list) != int(list[0])<<8|int(list[1]) {
		return is683.PRLLengthMismatch
	}
	n := len(list) - 2
	if prl.CRC(list[:n]) != uint16(list[n])<<8|uint16(list[n+1]) {
		return is683.CRCError
	}
	l, err := prl.Decode(list)
	if err != nil || (l.PRev == is683.SSPRPRevExtended) != (id == is683.SSPRExtendedPRL) {
		return is683.PRLFormatMismatch
	}
	return is683.Accepted
}
